// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.table.Cells;
import io.github.masktape.table.ColumnProfile;
import io.github.masktape.table.DecimalParser;
import io.github.masktape.table.Dialect;
import io.github.masktape.table.FileSignature;
import io.github.masktape.table.HeaderSigns;
import io.github.masktape.table.Unit;
import io.github.masktape.table.Words;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One reading of a table: a scan of the whole file, decisions, and then the reading of its values. */
final class TableReader {
    private static final int MOST_REPEATED = 50;

    /** The largest number of lines below a table that are taken for remarks. */
    private static final int MOST_REMARKS = 10;

    /** The names of rows that sum up the others. */
    private static final Pattern SUMMARY = Pattern.compile(
            "(grand[ -]?|sub-?)?totals?|sums?|averages?|avg|means?|overall|gesamt|insgesamt|summe|durchschnitt|mittelwert"
                    + "|totale|totaal|somme|suma|moyenne|promedio|media",
            Pattern.CASE_INSENSITIVE);

    /** A number whose point may be the decimal point or separate thousands. */
    private static final Pattern POINT_GROUP = Pattern.compile("[+-]?[1-9][0-9]{0,2}[.][0-9]{3}");

    private final Csv csv;
    private final File file;
    private final @Nullable Preprocessing known;
    private final boolean labeled;
    private Dialect dialect;

    /** The number of all rows and of the skipped lines before them; −1 as long as nobody has asked. */
    private long allRows = -1;

    TableReader(Csv csv, @Nullable Preprocessing known, boolean labeled) throws IOException {
        this.csv = known == null ? csv : csv.withMissingValuesOf(known).withFormatOf(known);
        this.file = csv.file;
        this.known = known;
        this.labeled = labeled;
        FileSignature.requireTable(file);
        this.dialect = this.csv.dialect(known, this::fits);
    }

    /** True if a table with this first row may be one for the model. */
    private boolean fits(List<String> first) {
        Preprocessing model = Objects.requireNonNull(known);
        List<Column> columns = modelColumns(model);
        int without = columnsWithoutLabel(columns);
        Set<String> cells = new HashSet<>(first);
        boolean isNamed = columns.stream()
                .filter(column -> !column.isIgnored())
                .allMatch(column -> column.name() != null && cells.contains(column.name()));
        return isNamed || first.size() == without || first.size() == without + labelCount(model);
    }

    private static List<Column> modelColumns(Preprocessing model) {
        return model.columns().isEmpty() ? plainColumns(model) : model.columns();
    }

    private static int labelCount(Preprocessing model) {
        return Math.max(1, model.labelColumns().size());
    }

    Dataset dataset() throws IOException {
        TableValues values = values();
        return values.dataset();
    }

    Tensor features() throws IOException {
        return values().features();
    }

    /** The texts of some columns, in all rows, exactly. */
    List<Csv.TextColumn> texts(List<String> wanted) throws IOException {
        FirstRow first = firstRow();
        if (first == null) {
            throw empty();
        }
        Plan plan = modelPlan(first);
        int[] places = new int[wanted.size()];
        List<List<String>> texts = new ArrayList<>();
        for (int k = 0; k < places.length; k++) {
            places[k] = first.place("column", wanted.get(k), plan.hasHeader());
            texts.add(new ArrayList<>());
        }
        try (Cells cells = open(done -> {})) {
            boolean more = cells.next() && (!plan.hasHeader() || cells.next());
            while (more) {
                requireCount(cells, plan.count(), "");
                for (int k = 0; k < places.length; k++) {
                    texts.get(k).add(cells.text(places[k]));
                }
                more = cells.next();
            }
        }
        List<Csv.TextColumn> columns = new ArrayList<>();
        for (int k = 0; k < places.length; k++) {
            String name = plan.names() == null
                    ? "column " + (places[k] + 1)
                    : plan.names().get(places[k]);
            columns.add(new Csv.TextColumn(name, texts.get(k)));
        }
        return columns;
    }

    boolean hasHeader() throws IOException {
        FirstRow first = firstRow();
        return first != null && modelPlan(first).hasHeader();
    }

    /** The first row, past a line that counts rows and columns; null if there is none. */
    private @Nullable FirstRow firstRow() throws IOException {
        try (Cells cells = open(done -> {})) {
            if (!cells.next()) {
                return null;
            }
            FirstRow first = new FirstRow(file, cells, csv.missingValues);
            if (mayBeSkipped(first) && cells.next() && first.mayCount(cells.cells())) {
                dialect = dialect.withSkipped(dialect.skipped() + 1);
                return new FirstRow(file, cells, csv.missingValues);
            }
            return first;
        }
    }

    private boolean mayBeSkipped(FirstRow first) {
        return !csv.isStrict() && csv.header != Csv.Header.YES && first.count() > 2;
    }

    /** The largest number of columns with the name of another one. */
    private int mostRepeated() {
        return csv.isStrict() ? 0 : MOST_REPEATED;
    }

    private Cells open(LongConsumer progress) throws IOException {
        long rows = csv.skippedLast == 0 ? Long.MAX_VALUE : rows() - csv.skippedLast;
        Cells cells = new Cells(file, csv.textEncoding(), dialect, progress);
        cells.endAfter(Math.max(0, rows));
        return cells;
    }

    /** The number of all rows, those at the end that are none included. */
    private long rows() throws IOException {
        if (allRows < 0) {
            try (Cells cells = new Cells(file, csv.textEncoding(), dialect, done -> {})) {
                allRows = cells.countRows() + dialect.skipped();
            }
        }
        return allRows - dialect.skipped();
    }

    private TableValues values() throws IOException {
        Plan plan;
        TableScan scan;
        if (known == null) {
            scan = scan(null, null);
            if (isCountLine(scan)) {
                csv.notes.accept("the first line counts rows and columns, and is no row");
                dialect = dialect.withSkipped(dialect.skipped() + 1);
                scan = scan(null, null);
            }
            boolean hasHeader = hasHeader(scan);
            long unused = requireRows(scan, hasHeader);
            int[] labels = labels(scan, hasHeader);
            if (!Arrays.equals(labels, scan.labels)) {
                scan = scan(null, labels);
            }
            plan = trainingPlan(scan, hasHeader);
        } else {
            FirstRow first = firstRow();
            if (first == null) {
                throw empty();
            }
            plan = modelPlan(first);
            scan = scan(plan, plan.labels());
        }
        long total = requireRows(scan, plan.hasHeader());
        return new TableValues(csv, known, labeled, plan, scan, total, this::reopen);
    }

    /** The number of rows that are examples, at least one. */
    private long requireRows(TableScan scan, boolean hasHeader) throws DataFormatException {
        long total = scan.below + (hasHeader ? 0 : 1);
        if (total == 0) {
            throw new DataFormatException(file, scan.lastLine, 1, "a header only; expected rows below it");
        }
        return total;
    }

    /** The cells at the first example. */
    private Cells reopen(Plan plan) throws IOException {
        Cells cells = open(done -> csv.progress.bytes(file.length() + done, 2 * file.length()));
        if (!cells.next() || (plan.hasHeader() && !cells.next())) {
            throw new DataFormatException(file, cells.line(), 1, "the file changed while it was read");
        }
        return cells;
    }

    private DataFormatException empty() {
        return new DataFormatException(file, 1, 1, "empty file; expected a table");
    }

    private boolean isCountLine(TableScan scan) {
        return !csv.isStrict() && csv.header != Csv.Header.YES && scan.first.counts(scan.below, scan.columns);
    }

    // The scan.

    /** The facts of a first pass over the file. */
    static final class TableScan {
        private final Dialect dialect;
        private final FirstRow first;
        private final @Nullable HeaderSigns signs;
        private int columns;
        private int[] labels = {};
        private List<String> second = List.of();
        private long below;
        private long lastLine;
        private ColumnProfile[] profiles = {};
        private @Nullable DataFormatException stepSign;

        /** The rows, the first not among them, whose label is missing, and the line and text of the first of these. */
        private long missingLabels;

        private long missingLine;
        private String missingText = "";

        /** The place of the missing label among the labels. */
        private int missingLabel;

        /** The line of the label that was one too many; 0 if there is none. */
        private long manyLine;

        private long manyRows;

        /** The place of the first row's missing label among the labels; −1 if none is missing. */
        private int firstMissing = -1;

        TableScan(Dialect dialect, FirstRow first, @Nullable HeaderSigns signs) {
            this.dialect = dialect;
            this.first = first;
            this.signs = signs;
        }

        Dialect dialect() {
            return dialect;
        }

        @Nullable
        HeaderSigns signs() {
            return signs;
        }

        /** The column of labels, or of the first targets. */
        ColumnProfile label() {
            return profiles[labels[0]];
        }

        private boolean isLabel(int column) {
            for (int label : labels) {
                if (label == column) {
                    return true;
                }
            }
            return false;
        }

        long missingLabels(boolean hasHeader) {
            return missingLabels + (!hasHeader && firstMissing >= 0 ? 1 : 0);
        }

        long missingLine(boolean hasHeader) {
            return !hasHeader && firstMissing >= 0 ? first.line() : missingLine;
        }

        String missingText(boolean hasHeader) {
            return !hasHeader && firstMissing >= 0 ? first.texts().get(labels[firstMissing]) : missingText;
        }

        /** The place, among the labels, of the first that is missing. */
        int missingLabel(boolean hasHeader) {
            return !hasHeader && firstMissing >= 0 ? firstMissing : missingLabel;
        }

        long manyLine() {
            return manyLine;
        }

        long manyRows() {
            return manyRows;
        }
    }

    /**
     * Scans the file.
     *
     * @param plan the plan for a model, or null for training
     * @param places the places of the labels, or null if only the first row tells
     */
    private TableScan scan(@Nullable Plan plan, int @Nullable [] places) throws IOException {
        try (Cells cells = open(done -> csv.progress.bytes(done, 2 * file.length()))) {
            if (!cells.next()) {
                throw empty();
            }
            FirstRow first = new FirstRow(file, cells, csv.missingValues);
            return scan(cells, first, plan, places == null ? labelPlaces(first) : places);
        }
    }

    /** The places of the labels as far as the first row tells; none if they will not be found. */
    private int[] labelPlaces(FirstRow first) {
        if (csv.labels.isEmpty()) {
            return new int[] {first.count() - 1};
        }
        int[] places = csv.labels.stream()
                .mapToInt(wanted -> labelPlace(first, wanted))
                .toArray();
        return Arrays.stream(places).allMatch(place -> place >= 0) ? places : new int[0];
    }

    private int labelPlace(FirstRow first, String wanted) {
        int number = FirstRow.number(wanted, first.count());
        int named = csv.header == Csv.Header.NO ? -1 : first.texts().indexOf(wanted);
        return named >= 0 && (number < 0 || csv.header == Csv.Header.YES) ? named : number;
    }

    private TableScan scan(Cells cells, FirstRow first, @Nullable Plan plan, int[] labels) throws IOException {
        boolean asks = csv.header == Csv.Header.AUTO && (plan == null || !plan.hasHeader());
        TableScan scan = new TableScan(
                dialect,
                first,
                asks && !dialect.rowNames() && labels.length > 0 ? new HeaderSigns(file, cells, labels[0]) : null);
        scan.columns = first.count();
        scan.labels = labels;
        boolean training = plan == null;
        if (labels.length > 0 && labeled) {
            scan.firstMissing = missingLabel(cells, labels);
        }
        while (cells.next()) {
            if (scan.below == 0) {
                begin(scan, cells, training);
            }
            requireCount(cells, scan.columns, first.texts().get(0));
            for (int c = 0; training && c < scan.columns; c++) {
                if (scan.profiles[c] != null) {
                    scan.profiles[c].add(cells, c, csv.missingValues);
                }
            }
            scan.below++;
            if (labels.length > 0 && labeled) {
                scanLabel(scan, cells);
            }
        }
        if (scan.below == 0) {
            begin(scan, cells, training);
        }
        scan.lastLine = cells.line();
        return scan;
    }

    private void begin(TableScan scan, Cells second, boolean training) throws IOException {
        boolean mayCount = training && !csv.isStrict() && csv.header != Csv.Header.YES;
        if (mayCount && second.cells() != scan.columns && scan.first.mayCount(second.cells())) {
            scan.columns = second.cells();
            scan.labels = new int[] {scan.columns - 1};
        }
        if (scan.signs != null && second.cells() == scan.columns && scan.columns == scan.first.count()) {
            try {
                scan.signs.compare(second);
            } catch (DataFormatException e) {
                scan.stepSign = e;
            }
        }
        if (!training) {
            return;
        }
        if (second.cells() == scan.columns) {
            scan.second = new FirstRow(file, second, csv.missingValues).texts();
        }
        scan.profiles = new ColumnProfile[scan.columns];
        for (int c = 0; c < scan.columns; c++) {
            if (!csv.isStrict() || scan.isLabel(c)) {
                scan.profiles[c] = new ColumnProfile();
                boolean index = c < scan.first.count()
                        && ColumnKinds.isIndexName(scan.first.texts().get(c));
                if (scan.isLabel(c) || index) {
                    scan.profiles[c].rememberAll();
                }
            }
        }
    }

    private void requireCount(Cells cells, int columns, String first) throws IOException {
        int count = cells.cells();
        if (count != columns) {
            int c = Math.min(count, columns);
            long line = cells.line(c);
            String problem =
                    "expected " + columns + (columns == 1 ? " cell" : " cells") + " as in the first row, got " + count;
            throw new DataFormatException(file, line, c + 1, problem + "; " + advice(cells, columns, first));
        }
    }

    /** What to do about a row, the current one, that has not as many cells as the first row. */
    private String advice(Cells cells, int columns, String first) throws IOException {
        boolean isShort = cells.cells() < columns;
        for (String text : List.of(first, cells.word(0))) {
            if (dialect.comment() == 0 && text.matches("(?s)[#%].*")) {
                return "are lines that begin with '" + text.charAt(0) + "' comments (--comment '" + text.charAt(0)
                        + "')?";
            }
        }
        if (columns == 1) {
            return "is the first line a title? remove it";
        }
        int last = isShort ? shortRowsAtEnd(cells, columns) : 0;
        if (last > 0) {
            return last == 1
                    ? "is the last row cut off, or no part of the table (" + skipLast(last) + ")?"
                    : "are the last " + last + " rows no part of the table (" + skipLast(last) + ")?";
        }
        if (dialect.isAligned()) {
            return "spaces separate cells: "
                    + (isShort ? "is a cell empty? write NA in it" : "is there one within a cell? quote it");
        }
        return isShort
                ? "is the row cut off? complete it; an empty cell needs its delimiter too"
                : "does a cell hold " + dialect.delimiterName() + "? put it in quotes";
    }

    /** The option that leaves out more rows at the end. */
    private String skipLast(int more) {
        return "--skip-last " + (csv.skippedLast + more);
    }

    /** The number of rows from the current one to the end, if they are few and all shorter than the first row. */
    private static int shortRowsAtEnd(Cells cells, int columns) throws IOException {
        int rows = 1;
        try {
            while (cells.next()) {
                if (cells.cells() >= columns || ++rows > MOST_REMARKS) {
                    return 0;
                }
            }
            return rows;
        } catch (DataFormatException e) {
            return 0;
        }
    }

    private void scanLabel(TableScan scan, Cells cells) throws IOException {
        int missingOne = missingLabel(cells, scan.labels);
        if (missingOne >= 0 && scan.missingLabels++ == 0) {
            scan.missingLabel = missingOne;
            scan.missingLine = cells.line(scan.labels[missingOne]);
            scan.missingText = cells.word(scan.labels[missingOne]);
        }
        if (scan.manyLine == 0
                && scan.profiles.length > 0
                && scan.label().different().size() > TableValues.MOST_CLASSES) {
            scan.manyLine = cells.line(scan.labels[0]);
            scan.manyRows = scan.below;
        }
    }

    /**
     * The place, among a row's labels, of the first that is missing; −1 if there is none. A name that a model knows is a
     * label, whatever it looks like.
     */
    private int missingLabel(Cells cells, int[] labels) throws IOException {
        for (int k = 0; k < labels.length; k++) {
            int c = labels[k];
            boolean isMissing = cells.isMissing(c, csv.missingValues) || csv.missingValues.contains(cells.parsed(c));
            if (isMissing
                    && !(known != null
                            && known.targets() instanceof TargetKind.Classes classes
                            && classes.names().contains(cells.word(c)))) {
                return k;
            }
        }
        return -1;
    }

    // The plan for training.

    private int[] labels(TableScan scan, boolean hasHeader) throws DataFormatException {
        FirstRow first = scan.first;
        if (scan.columns == 1) {
            String text = first.texts().get(0);
            String better = text.contains(";") ? "';'" : text.contains("\t") ? "a tab" : null;
            throw first.broken(
                    0,
                    "expected features and a label separated by "
                            + (dialect.delimiter() == '\t' ? "tabs" : "'" + dialect.delimiter() + "'")
                            + ", got one column" + (better == null ? "" : "; is the delimiter " + better + "?"));
        }
        if (hasHeader) {
            first.separateRepeatedNames(mostRepeated(), csv.notes);
        }
        return csv.labels.isEmpty() ? new int[] {first.count() - 1} : places(first, hasHeader);
    }

    /** The places of the label columns that are given. */
    private int[] places(FirstRow first, boolean hasHeader) throws DataFormatException {
        int[] places = new int[csv.labels.size()];
        for (int k = 0; k < places.length; k++) {
            places[k] = first.place("label column", csv.labels.get(k), hasHeader);
            for (int other = 0; other < k; other++) {
                if (places[other] == places[k]) {
                    throw first.broken(
                            places[k],
                            "label column '" + Cells.shown(csv.labels.get(k)) + "': it is also label column '"
                                    + Cells.shown(csv.labels.get(other)) + "'");
                }
            }
        }
        return places;
    }

    /** The label column that the caller named, the first if there are several; null for the last column of the table. */
    private @Nullable String givenLabel() {
        return csv.labels.isEmpty() ? null : csv.labels.get(0);
    }

    private Plan trainingPlan(TableScan scan, boolean hasHeader) throws IOException {
        if (hasHeader) {
            // Another scan has read the names again.
            scan.first.separateRepeatedNames(mostRepeated(), note -> {});
        }
        if (!hasHeader && scan.stepSign != null && csv.header == Csv.Header.AUTO) {
            throw scan.stepSign;
        }
        return plan(scan, hasHeader);
    }

    private boolean hasHeader(TableScan scan) throws DataFormatException {
        if (scan.columns != scan.first.count()) {
            throw scan.first.broken(
                    0, "expected " + scan.columns + " cells as in the second row, got " + scan.first.count());
        }
        if (csv.header != Csv.Header.AUTO || dialect.rowNames()) {
            return csv.header != Csv.Header.NO;
        }
        if (csv.isStrict() || scan.below == 0) {
            return scan.first.isHeaderByItself(givenLabel(), csv.task == Csv.Task.REGRESSION);
        }
        return csv.labels.stream()
                        .anyMatch(label -> FirstRow.number(label, scan.columns) < 0
                                && scan.first.texts().contains(label))
                || scan.first.isHeader(scan.profiles);
    }

    private Plan plan(TableScan scan, boolean hasHeader) throws IOException {
        if (!hasHeader) {
            addFirstRow(scan);
        }
        Csv.Task task = task(scan);
        Column.@Nullable Measures[] measures = new Column.Measures[scan.labels.length];
        for (int k = 0; k < measures.length; k++) {
            int c = scan.labels[k];
            Column label = new Column(hasHeader ? scan.first.texts().get(c) : null, c + 1, new Column.Numbers());
            measures[k] = measures(scan.profiles[c], task);
            noteTargets(scan, task, label, measures[k]);
            requireLabels(scan, task, label, hasHeader);
        }
        notePointGroups(scan, hasHeader);
        noteSummary(scan, hasHeader);
        List<Column> columns = csv.isStrict() ? numbers(scan, hasHeader) : columns(scan, hasHeader);
        return new Plan(
                hasHeader,
                scan.columns,
                scan.labels,
                hasHeader ? scan.first.texts() : null,
                columns,
                task,
                places(columns),
                measures);
    }

    /** The unit of the targets in a column; null if they are plain numbers, or classes. */
    private Column.@Nullable Measures measures(ColumnProfile label, Csv.Task task) {
        Unit unit = csv.isStrict() || task == Csv.Task.CLASSIFICATION ? null : ColumnKinds.unit(label);
        return unit == null ? null : new Column.Measures(unit);
    }

    /** Notes what was assumed of a column of targets. */
    private void noteTargets(TableScan scan, Csv.Task task, Column label, Column.@Nullable Measures measures) {
        String symbol = measures == null ? "" : measures.symbol();
        String unit = symbol.isEmpty() ? "" : " with '" + Cells.shown(symbol) + "'";
        if (csv.task == null && task == Csv.Task.REGRESSION && scan.labels.length == 1) {
            Words different = scan.label().different();
            csv.notes.accept(label.title() + ": " + (different.isFull() ? "more than " : "") + different.size()
                    + " different numbers" + unit
                    + ", so this is a regression (--task classification if they are classes)");
        } else if (!unit.isEmpty()) {
            csv.notes.accept(label.title() + ": numbers" + unit);
        }
    }

    private Csv.Task task(TableScan scan) throws DataFormatException {
        if (scan.labels.length > 1) {
            if (csv.task == Csv.Task.CLASSIFICATION) {
                throw new DataFormatException(
                        file,
                        "label columns " + FirstRow.listed(csv.labels) + ": expected one for a classification, got "
                                + scan.labels.length);
            }
            return Csv.Task.REGRESSION;
        }
        return csv.task != null
                ? csv.task
                : csv.isStrict() ? Csv.Task.CLASSIFICATION : ColumnKinds.task(scan.label(), dialect.numbers());
    }

    private static int[] places(List<Column> columns) {
        return columns.stream()
                .filter(column -> !column.isIgnored())
                .mapToInt(column -> column.number() - 1)
                .toArray();
    }

    private void addFirstRow(TableScan scan) throws IOException {
        try (Cells cells = open(done -> {})) {
            if (!cells.next()) {
                throw empty();
            }
            for (int c = 0; c < scan.columns; c++) {
                if (scan.profiles[c] != null) {
                    scan.profiles[c].addFirst(cells, c, csv.missingValues);
                }
            }
        }
    }

    private List<Column> numbers(TableScan scan, boolean hasHeader) {
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < scan.columns; c++) {
            if (!scan.isLabel(c)) {
                columns.add(new Column(hasHeader ? scan.first.texts().get(c) : null, c + 1, new Column.Numbers()));
            }
        }
        return columns;
    }

    private List<Column> columns(TableScan scan, boolean hasHeader) throws IOException {
        Set<Integer> ignored = places(scan, "column to ignore", csv.ignored, hasHeader);
        Set<Integer> categorical = places(scan, "categorical column", csv.categorical, hasHeader);
        Set<Integer> numeric = places(scan, "numeric column", csv.numeric, hasHeader);
        Words[] texts = allTexts(scan, hasHeader, ignored, categorical, numeric);
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < scan.columns; c++) {
            if (scan.isLabel(c)) {
                continue;
            }
            String name = hasHeader ? scan.first.texts().get(c) : null;
            ColumnProfile profile = scan.profiles[c];
            List<Column.Kind> kinds;
            if (ignored.contains(c)) {
                kinds = List.of(new Column.Ignored("by option"));
            } else if (dialect.rowNames() && c == 0) {
                kinds = List.of(new Column.Ignored("names of the rows"));
            } else if (categorical.contains(c)) {
                kinds = List.of(categories(profile, new Column(name, c + 1, new Column.Numbers())));
            } else if (numeric.contains(c)) {
                kinds = List.of(new Column.Numbers());
            } else {
                refuseOddity(
                        profile,
                        ColumnKinds.oddity(profile, texts[c], dialect.numbers()),
                        new Column(name, c + 1, new Column.Numbers()),
                        hasHeader && texts[c] != null && isSecond(scan, c, texts[c]),
                        "; does it stand for a missing value (--na), are these categories (--categorical), or is"
                                + " the column of no use (--ignore)?");
                kinds = ColumnKinds.of(profile, name, c + 1);
                noteOtherForms(profile, kinds.get(0), new Column(name, c + 1, new Column.Numbers()));
            }
            for (Column.Kind kind : kinds) {
                columns.add(new Column(name, c + 1, kind));
            }
        }
        if (columns.stream().allMatch(Column::isIgnored)) {
            Column first = columns.get(0);
            throw new DataFormatException(
                    file,
                    "expected at least one column to learn from, got none: " + first.title() + ": "
                            + (first.kind() instanceof Column.Ignored reason ? reason.reason() : ""));
        }
        return columns;
    }

    private Column.Kind categories(ColumnProfile profile, Column column) throws DataFormatException {
        Words words = profile.different();
        if (words.isFull()) {
            throw new DataFormatException(
                    file, column.title() + ": expected at most " + ColumnProfile.MOST_WORDS + " categories, got more");
        }
        return words.size() == 0 ? new Column.Ignored("no values") : ColumnKinds.categories(words);
    }

    /** Notes that the texts of a column look like numbers or dates in a form that is not read. */
    private void noteOtherForms(ColumnProfile profile, Column.Kind kind, Column column) {
        boolean isText = kind instanceof Column.Categories || kind instanceof Column.Ignored;
        if (!isText || profile.texts() == 0) {
            return;
        }
        String option = numberOption(profile);
        if (option != null) {
            csv.notes.accept(column.title() + ": texts such as '"
                    + Cells.shown(profile.firstWith(thousands(profile))) + "' are not read as numbers without "
                    + option);
        } else if (profile.hasOtherDates()) {
            csv.notes.accept(column.title() + ": texts such as '"
                    + Cells.shown(profile.different().word(0))
                    + "' are not read as dates; write the year in four digits, such as 2021-01-05");
        } else if (ColumnKinds.hasSeveralUnits(profile, dialect.numbers())) {
            List<String> units = List.copyOf(profile.byUnit(dialect.numbers()).values());
            csv.notes.accept(column.title() + ": texts such as '" + Cells.shown(units.get(0)) + "' and '"
                    + Cells.shown(units.get(1)) + "' are not read as numbers, since they have different units");
        }
    }

    /**
     * Notes columns between semicolons in which all numbers look like 270.715: the point may separate thousands, as it
     * does where semicolons separate cells.
     */
    private void notePointGroups(TableScan scan, boolean hasHeader) throws IOException {
        boolean mayGroup = dialect.delimiter() == ';' && dialect.point() == '.' && !csv.isPointGiven();
        if (!mayGroup || csv.isStrict() || dialect.thousands() != 0) {
            return;
        }
        Set<Integer> open = new TreeSet<>();
        String[] shown = new String[scan.columns];
        for (int c = 0; c < scan.columns; c++) {
            if (scan.profiles[c].texts() == 0 && !scan.profiles[c].isWhole()) {
                open.add(c);
            }
        }
        try (Cells cells = open(done -> {})) {
            boolean more = cells.next() && (!hasHeader || cells.next());
            while (more && !open.isEmpty()) {
                for (int c : List.copyOf(open)) {
                    String word = cells.word(c);
                    if (POINT_GROUP.matcher(word).matches()) {
                        shown[c] = word;
                    } else if (!cells.isMissing(c, csv.missingValues)) {
                        open.remove(c);
                    }
                }
                more = cells.next();
            }
        }
        for (int c : open) {
            Column column = new Column(hasHeader ? scan.first.texts().get(c) : null, c + 1, new Column.Numbers());
            csv.notes.accept(column.title() + ": numbers such as " + shown[c]
                    + " are read with a decimal point; if the points separate thousands, say so (--thousands point),"
                    + " otherwise --decimal point");
        }
    }

    /** Notes that the last row seems to sum up the others, by a word such as {@code Total} or by the lack of a name. */
    private void noteSummary(TableScan scan, boolean hasHeader) throws IOException {
        if (csv.isStrict() || scan.below < 2) {
            return;
        }
        for (int c = 0; c < scan.columns; c++) {
            ColumnProfile profile = scan.profiles[c];
            boolean lacksName = c == 0 && profile.texts() > 0 && profile.numbers() == 0 && profile.missing() == 1;
            if (!lacksName && !hasSummary(profile)) {
                continue;
            }
            String last = lastText(scan, c);
            Column column = new Column(hasHeader ? scan.first.texts().get(c) : null, c + 1, new Column.Numbers());
            if (last.isEmpty() ? lacksName : isSummary(last)) {
                csv.notes.accept("the last row has " + (last.isEmpty() ? "no text" : "'" + Cells.shown(last) + "'")
                        + " in " + column.title() + "; if it sums up the others, leave it out (" + skipLast(1) + ")");
                return;
            }
        }
    }

    /** True if a text of a column, which occurs once, is a word such as {@code Total}. */
    private static boolean hasSummary(ColumnProfile profile) {
        Words words = profile.different();
        for (int w = 0; profile.texts() > 0 && w < words.size(); w++) {
            if (words.count(w) == 1 && isSummary(words.word(w))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSummary(String text) {
        return SUMMARY.matcher(text.replaceFirst(":$", "")).matches();
    }

    /** The text of a cell in the last row. */
    private String lastText(TableScan scan, int c) throws IOException {
        try (Cells cells = open(done -> {})) {
            for (long row = 0; row <= scan.below && cells.next(); row++) {
                // The last of these rows remains.
            }
            return cells.word(c);
        }
    }

    /** The separator of thousands by which the texts of a column are numbers; NUL if there is none. */
    private char thousands(ColumnProfile profile) {
        return dialect.thousands() != 0 ? 0 : profile.thousands(dialect.point());
    }

    /** The word for a separator of thousands on the command line. */
    private static String word(char separator) {
        return switch (separator) {
            case ',' -> "comma";
            case '.' -> "point";
            case ' ' -> "space";
            default -> "apostrophe";
        };
    }

    /**
     * Refuses a text among numbers that looks like a mistake.
     *
     * @param odd the text, or null if there is none
     * @param isSecond true if it is in the row below the header
     * @param ask what it may be otherwise
     */
    private void refuseOddity(ColumnProfile profile, @Nullable String odd, Column column, boolean isSecond, String ask)
            throws DataFormatException {
        if (odd != null) {
            String option = numberOption(profile);
            String question = option != null
                    ? "; does it separate thousands or decimals (" + option + ")?"
                    : isSecond
                            ? ", in the row below the header; does this row hold units? remove it"
                            : isSummary(odd)
                                    ? "; does its row sum up the others? leave it out, if it is the last ("
                                            + skipLast(1) + ")"
                                    : ask;
            throw new DataFormatException(
                    file,
                    column.title() + ": expected a number "
                            + (profile.numbers() > 0
                                    ? "as in " + profile.numbers() + " other cells"
                                    : "with a unit as in the other cells")
                            + ", got '" + Cells.shown(odd) + "'" + question);
        }
    }

    /** The option by which the texts of a column are numbers; null if there is none. */
    private @Nullable String numberOption(ColumnProfile profile) {
        char separator = thousands(profile);
        if (separator != 0) {
            return "--thousands " + word(separator);
        }
        if (profile.areNumbers(dialect.numbers())) {
            return null;
        }
        char other = dialect.point() == '.' ? ',' : '.';
        char thousands = dialect.thousands() == other ? 0 : dialect.thousands();
        String point = other == ',' ? "--decimal comma" : "--decimal point";
        if (profile.areNumbers(new DecimalParser(other, thousands))) {
            return point;
        }
        for (char group : new char[] {' ', '\''}) {
            if (profile.areNumbers(new DecimalParser(other, group))) {
                return point + " --thousands " + word(group);
            }
        }
        return null;
    }

    /** Refuses labels that look like numbers but are not read as such, and would be a class each. */
    private void requireLabels(TableScan scan, Csv.Task task, Column column, boolean hasHeader)
            throws DataFormatException {
        int c = column.number() - 1;
        ColumnProfile label = scan.profiles[c];
        Words different = label.different();
        boolean mayBeClasses = task == Csv.Task.CLASSIFICATION;
        boolean areClasses = mayBeClasses && (csv.task != null || different.size() <= ColumnKinds.MOST_NUMERIC_CLASSES);
        if (csv.isStrict() || label.texts() == 0 || areClasses || measures(label, task) != null) {
            return;
        }
        String expected = column.title() + ": expected " + (mayBeClasses ? "classes or numbers" : "numbers");
        String otherwise = mayBeClasses ? ", or say that they are classes (--task classification)" : "";
        String option = numberOption(label);
        if (option != null) {
            throw new DataFormatException(
                    file,
                    expected + ", got " + different.size() + " different texts such as '"
                            + Cells.shown(different.word(0)) + "'; read them as numbers (" + option + ")" + otherwise);
        }
        List<String> units = List.copyOf(label.byUnit(dialect.numbers()).values());
        if (units.size() > 1) {
            throw new DataFormatException(
                    file,
                    expected + " with one unit, got '" + Cells.shown(units.get(0)) + "' and '"
                            + Cells.shown(units.get(1)) + "'; convert all to one unit" + otherwise);
        }
        Words odd = new Words(ColumnProfile.MOST_WORDS);
        for (int w = 0; w < different.size(); w++) {
            if (Double.isNaN(dialect.numbers().parse(different.word(w)))) {
                odd.add(different.word(w));
            }
        }
        boolean isFirst =
                !hasHeader && odd.size() == 1 && scan.first.texts().get(c).equals(odd.word(0));
        if (mayBeClasses && !(isFirst && csv.header == Csv.Header.AUTO)) {
            refuseOddity(
                    label,
                    label.numbers() == 0
                            ? ColumnKinds.unitOddity(label, dialect.numbers())
                            : ColumnKinds.labelOddity(label, odd),
                    column,
                    hasHeader && isSecond(scan, c, odd),
                    "; does it stand for a missing value (--na), or are these classes (--task classification)?");
        }
    }

    /** True if the row below the header holds the only text of a column that is no number. */
    private static boolean isSecond(TableScan scan, int c, Words texts) {
        return c < scan.second.size() && texts.size() == 1 && scan.second.get(c).equals(texts.word(0));
    }

    private Set<Integer> places(TableScan scan, String what, List<String> names, boolean hasHeader)
            throws DataFormatException {
        Set<Integer> places = new HashSet<>();
        for (String name : names) {
            int place = scan.first.place(what, name, hasHeader);
            if (scan.isLabel(place)) {
                throw scan.first.broken(place, what + " " + Cells.shown(name) + ": it is the label column");
            }
            places.add(place);
        }
        return places;
    }

    /**
     * Gathers, in another pass over the file, the texts of all cells of the columns that hold texts and numbers.
     *
     * @return for these columns, the texts that are no numbers
     */
    private Words[] allTexts(
            TableScan scan, boolean hasHeader, Set<Integer> ignored, Set<Integer> categorical, Set<Integer> numeric)
            throws IOException {
        Words[] texts = new Words[scan.columns];
        boolean any = false;
        for (int c = 0; c < scan.columns; c++) {
            ColumnProfile profile = scan.profiles[c];
            boolean mixed = ColumnKinds.needsAllTexts(profile) || (categorical.contains(c) && profile.numbers() > 0);
            if (mixed && !scan.isLabel(c) && !ignored.contains(c) && !numeric.contains(c)) {
                texts[c] = profile.different();
                profile.forgetTexts();
                any = true;
            }
        }
        if (!any) {
            return texts;
        }
        try (Cells cells = open(done -> {})) {
            boolean more = cells.next() && (!hasHeader || cells.next());
            while (more) {
                requireCount(cells, scan.columns, "");
                for (int c = 0; c < scan.columns; c++) {
                    if (texts[c] != null) {
                        scan.profiles[c].addText(cells, c, csv.missingValues);
                    }
                }
                more = cells.next();
            }
        }
        return texts;
    }

    // The plan for a model.

    private Plan modelPlan(FirstRow first) throws IOException {
        Preprocessing model = Objects.requireNonNull(known);
        Csv.Task task =
                model.targets() instanceof TargetKind.Quantities ? Csv.Task.REGRESSION : Csv.Task.CLASSIFICATION;
        List<Column> columns = modelColumns(model);
        boolean hasHeader = modelHasHeader(first, model, columns, task);
        if (hasHeader) {
            first.separateRepeatedNames(mostRepeated(), csv.notes);
        }
        if (hasHeader && model.featureNames() != null) {
            return byName(first, model, columns, task);
        }
        return byNumber(first, model, columns, task, hasHeader);
    }

    /** The units of a model's targets; null for plain numbers and for classes. */
    private Column.@Nullable Measures[] measures(Preprocessing model) {
        Column.@Nullable Measures[] measures = new Column.Measures[Math.max(labelCount(model), csv.labels.size())];
        List<Dataset.LabelColumn> labels = model.labelColumns();
        for (int k = 0; k < labels.size(); k++) {
            measures[k] = labels.get(k).measures();
        }
        return measures;
    }

    /** The columns of a model that knows only the names of its features, if these. */
    private static List<Column> plainColumns(Preprocessing model) {
        List<String> names = model.featureNames();
        Set<Integer> labels = new HashSet<>();
        model.labelColumns().forEach(label -> labels.add(label.number()));
        List<Column> columns = new ArrayList<>();
        int number = 0;
        for (int f = 0; f < model.features(); f++) {
            do {
                number++;
            } while (labels.contains(number));
            columns.add(new Column(names == null ? null : names.get(f), number, new Column.Numbers()));
        }
        return columns;
    }

    private boolean modelHasHeader(FirstRow first, Preprocessing model, List<Column> columns, Csv.Task task)
            throws DataFormatException {
        if (csv.header != Csv.Header.AUTO || dialect.rowNames()) {
            return csv.header != Csv.Header.NO;
        }
        Set<String> texts = new HashSet<>(first.texts());
        List<String> needed = columns.stream()
                .filter(column -> !column.isIgnored() && column.name() != null)
                .map(Column::name)
                .toList();
        if (!needed.isEmpty() && texts.containsAll(needed)) {
            return true;
        }
        if (model.columns().isEmpty()) {
            boolean areNumbers = task == Csv.Task.REGRESSION && measures(model)[0] == null;
            return first.isHeaderByItself(modelLabels(first, model).get(0), labeled && areNumbers);
        }
        if (!needed.isEmpty() && needed.stream().anyMatch(texts::contains)) {
            return true;
        }
        int[] places = placesByNumber(first, columns, likelyLabels(first, model, columns));
        List<Column> features =
                columns.stream().filter(column -> !column.isIgnored()).toList();
        return places.length > 0 && first.isHeader(features, places);
    }

    /** The label columns as the options or the model name them; null for the last. */
    private List<@Nullable String> modelLabels(FirstRow first, Preprocessing model) {
        List<@Nullable String> labels = new ArrayList<>(csv.labels);
        if (labels.isEmpty()) {
            for (Dataset.LabelColumn label : model.labelColumns()) {
                boolean isNamed = label.name() != null && first.texts().contains(label.name());
                labels.add(label.number() > 0 && !isNamed ? Integer.toString(label.number()) : label.name());
            }
        }
        if (labels.isEmpty()) {
            labels.add(null);
        }
        return labels;
    }

    /** The places of the labels, if there are as many columns as in training; otherwise none. */
    private int[] likelyLabels(FirstRow first, Preprocessing model, List<Column> columns) {
        List<@Nullable String> labels = modelLabels(first, model);
        if (first.count() != columnsWithoutLabel(columns) + labels.size()) {
            return new int[0];
        }
        return labels.stream()
                .mapToInt(wanted -> wanted == null ? first.count() - 1 : FirstRow.number(wanted, first.count()))
                .filter(place -> place >= 0)
                .toArray();
    }

    private Plan byName(FirstRow first, Preprocessing model, List<Column> columns, Csv.Task task)
            throws DataFormatException {
        List<String> names = first.texts();
        List<Column> features =
                columns.stream().filter(column -> !column.isIgnored()).toList();
        int[] places = new int[features.size()];
        Set<String> used = new HashSet<>();
        for (int f = 0; f < places.length; f++) {
            String name = String.valueOf(features.get(f).name());
            places[f] = names.indexOf(name);
            used.add(name);
            if (places[f] < 0) {
                throw first.broken(
                        0, "no column '" + Cells.shown(name) + "', which the model needs" + first.suggestion(name));
            }
        }
        int[] labels = labelsByName(first, model, used);
        Set<Integer> isLabel = new HashSet<>();
        Arrays.stream(labels).forEach(isLabel::add);
        columns.stream().filter(Column::isIgnored).forEach(column -> used.add(String.valueOf(column.name())));
        List<String> unknown = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            if (!isLabel.contains(c) && !used.contains(names.get(c))) {
                if (csv.isStrict()) {
                    throw first.broken(
                            c,
                            "column '" + Cells.shown(names.get(c)) + "' is not known to the model, which has "
                                    + FirstRow.listed(model.featureNames() == null ? List.of() : model.featureNames()));
                }
                unknown.add(names.get(c));
            }
        }
        if (!unknown.isEmpty()) {
            csv.notes.accept("not used by the model: " + FirstRow.listed(unknown));
        }
        return new Plan(true, first.count(), labels, names, columns, task, places, measures(model));
    }

    /** The places of the label columns in a table with a header; none if they are not needed and not there. */
    private int[] labelsByName(FirstRow first, Preprocessing model, Set<String> used) throws DataFormatException {
        List<String> names = first.texts();
        List<@Nullable String> wanted = new ArrayList<>(csv.labels);
        if (wanted.isEmpty()) {
            model.labelColumns().forEach(label -> wanted.add(label.name()));
        }
        if (wanted.isEmpty()) {
            wanted.add(null);
        }
        int[] places = new int[wanted.size()];
        for (int k = 0; k < places.length; k++) {
            String name = wanted.get(k);
            places[k] = name == null ? -1 : names.indexOf(name);
            if (places[k] < 0 && name != null && !csv.labels.isEmpty()) {
                places[k] = FirstRow.number(name, first.count());
            }
            if (places[k] < 0 && labeled) {
                throw first.broken(
                        0,
                        "no label column"
                                + (name == null
                                        ? "; say which it is"
                                        : " '" + Cells.shown(name) + "'" + first.suggestion(name)));
            }
            if (places[k] >= 0 && used.contains(names.get(places[k]))) {
                throw first.broken(
                        places[k],
                        "the label column '" + Cells.shown(names.get(places[k])) + "' is a feature of the model");
            }
        }
        return Arrays.stream(places).filter(place -> place >= 0).toArray();
    }

    private Plan byNumber(FirstRow first, Preprocessing model, List<Column> columns, Csv.Task task, boolean hasHeader)
            throws DataFormatException {
        int without = columnsWithoutLabel(columns);
        List<@Nullable String> wanted = modelLabels(first, model);
        if (first.count() != without + wanted.size() && (labeled || first.count() != without)) {
            throw first.broken(
                    0,
                    "expected " + without
                            + (without == model.features() ? " features as in training" : " columns as in training")
                            + (!labeled
                                    ? ""
                                    : wanted.size() == 1 ? " and a label" : " and " + wanted.size() + " targets")
                            + ", got " + first.count() + " columns");
        }
        int[] labels = {};
        if (labeled || first.count() != without) {
            labels = new int[wanted.size()];
            for (int k = 0; k < labels.length; k++) {
                String name = wanted.get(k);
                labels[k] = name == null ? first.count() - 1 : first.place("label column", name, hasHeader);
            }
        }
        int[] places = placesByNumber(first, columns, labels);
        return new Plan(
                hasHeader,
                first.count(),
                labels,
                hasHeader ? first.texts() : null,
                columns,
                task,
                places,
                measures(model));
    }

    /** The number of a table's columns besides the label's; a column may be several features. */
    private static int columnsWithoutLabel(List<Column> columns) {
        return (int) columns.stream().mapToInt(Column::number).distinct().count();
    }

    /** The places of the features of a table without names, whose labels have these places. */
    private static int[] placesByNumber(FirstRow first, List<Column> columns, int[] labels) {
        int[] numbers =
                columns.stream().mapToInt(Column::number).distinct().sorted().toArray();
        int[] removed = Arrays.stream(labels).sorted().toArray();
        int[] places = columns.stream()
                .filter(column -> !column.isIgnored())
                .mapToInt(column -> Arrays.binarySearch(numbers, column.number()))
                .map(order -> past(removed, order))
                .toArray();
        return Arrays.stream(places).allMatch(place -> place < first.count()) ? places : new int[0];
    }

    private static int past(int[] removed, int order) {
        int place = order;
        for (int label : removed) {
            place += place >= label ? 1 : 0;
        }
        return place;
    }

    /**
     * The decisions about a table, by which its values are read.
     *
     * @param hasHeader true if the first row holds the names of the columns
     * @param count the number of columns
     * @param labels the place of the labels, or of each target, from 0; empty if there are none
     * @param names the names of the columns, or null without a header
     * @param columns the meaning of the columns, except the label's
     * @param task the task that the label column defines
     * @param places the place of each feature, from 0
     * @param measures the unit of each target, null for plain numbers; more than there are labels if these are missing
     */
    @SuppressWarnings("ArrayRecordComponent") // plans are never compared
    record Plan(
            boolean hasHeader,
            int count,
            int[] labels,
            @Nullable List<String> names,
            List<Column> columns,
            Csv.Task task,
            int[] places,
            Column.@Nullable Measures[] measures) {
        /** The columns that hold features, one for each feature. */
        List<Column> features() {
            return columns.stream().filter(column -> !column.isIgnored()).toList();
        }

        /** The name of a label column, or its number in words. */
        String labelTitle(int k) {
            return new Column(names == null ? null : names.get(labels[k]), labels[k] + 1, new Column.Numbers()).title();
        }

        /** The label columns. */
        List<Dataset.LabelColumn> labelColumns() {
            return IntStream.range(0, labels.length)
                    .mapToObj(k -> new Dataset.LabelColumn(
                            names == null ? null : names.get(labels[k]), labels[k] + 1, measures[k]))
                    .toList();
        }
    }
}
