// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.table.Cells;
import io.github.masktape.table.ColumnProfile;
import io.github.masktape.table.Dialect;
import io.github.masktape.table.FileSignature;
import io.github.masktape.table.HeaderSigns;
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
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One reading of a table: a scan of the whole file, decisions, and then the reading of its values. */
final class TableReader {
    private final Csv csv;
    private final File file;
    private final @Nullable Preprocessing known;
    private final boolean labeled;
    private Dialect dialect;

    TableReader(Csv csv, @Nullable Preprocessing known, boolean labeled) throws IOException {
        this.csv = known == null ? csv : csv.withMissingValuesOf(known);
        this.file = csv.file;
        this.known = known;
        this.labeled = labeled;
        FileSignature.requireTable(file);
        this.dialect = csv.dialect();
    }

    Dataset dataset() throws IOException {
        TableValues values = values();
        return values.dataset();
    }

    Tensor features() throws IOException {
        return values().features();
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

    private Cells open(LongConsumer progress) throws IOException {
        return new Cells(file, csv.textEncoding(), dialect, progress);
    }

    private TableValues values() throws IOException {
        Plan plan;
        TableScan scan;
        if (known == null) {
            scan = scan(null, -1);
            if (isCountLine(scan)) {
                csv.notes.accept("the first line counts rows and columns, and is no row");
                dialect = dialect.withSkipped(dialect.skipped() + 1);
                scan = scan(null, -1);
            }
            boolean hasHeader = hasHeader(scan);
            int label = label(scan, hasHeader);
            if (label != scan.label) {
                scan = scan(null, label);
            }
            plan = trainingPlan(scan, hasHeader);
        } else {
            FirstRow first = firstRow();
            if (first == null) {
                throw empty();
            }
            plan = modelPlan(first);
            scan = scan(plan, plan.label());
        }
        long total = scan.below + (plan.hasHeader() ? 0 : 1);
        if (total == 0) {
            throw new DataFormatException(file, scan.lastLine, 1, "a header only; expected rows below it");
        }
        return new TableValues(csv, known, labeled, plan, scan, total, this::reopen);
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
        private int label;
        private long below;
        private long lastLine;
        private ColumnProfile[] profiles = {};
        private @Nullable DataFormatException stepSign;

        /** The rows, the first not among them, whose label is missing, and the line and text of the first of these. */
        private long missingLabels;

        private long missingLine;
        private String missingText = "";

        /** The line of the label that was one too many; 0 if there is none. */
        private long manyLine;

        private long manyRows;

        /** True if the first row's label is missing. */
        private boolean firstIsMissing;

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

        ColumnProfile label() {
            return profiles[label];
        }

        long missingLabels(boolean hasHeader) {
            return missingLabels + (!hasHeader && firstIsMissing ? 1 : 0);
        }

        long missingLine(boolean hasHeader) {
            return !hasHeader && firstIsMissing ? first.line() : missingLine;
        }

        String missingText(boolean hasHeader) {
            return !hasHeader && firstIsMissing ? first.texts().get(label) : missingText;
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
     * @param place the place of the label, or −1 if only the first row tells
     */
    private TableScan scan(@Nullable Plan plan, int place) throws IOException {
        try (Cells cells = open(done -> csv.progress.bytes(done, 2 * file.length()))) {
            if (!cells.next()) {
                throw empty();
            }
            FirstRow first = new FirstRow(file, cells, csv.missingValues);
            int label = plan == null && place < 0 ? labelPlace(first, csv.label) : place;
            return scan(cells, first, plan, label);
        }
    }

    /** The place of the label as far as the first row tells; −1 if it will not be found. */
    private int labelPlace(FirstRow first, @Nullable String wanted) {
        if (wanted == null) {
            return first.count() - 1;
        }
        int number = FirstRow.number(wanted, first.count());
        int named = csv.header == Csv.Header.NO ? -1 : first.texts().indexOf(wanted);
        return named >= 0 && (number < 0 || csv.header == Csv.Header.YES) ? named : number;
    }

    private TableScan scan(Cells cells, FirstRow first, @Nullable Plan plan, int label) throws IOException {
        boolean asks = csv.header == Csv.Header.AUTO && (plan == null || !plan.hasHeader());
        TableScan scan = new TableScan(dialect, first, asks && label >= 0 ? new HeaderSigns(file, cells, label) : null);
        scan.columns = first.count();
        scan.label = label;
        boolean training = plan == null;
        if (label >= 0 && labeled) {
            scan.firstIsMissing = isMissingLabel(cells, label);
        }
        while (cells.next()) {
            if (scan.below == 0) {
                begin(scan, cells, training);
            }
            requireCount(cells, scan.columns);
            for (int c = 0; training && c < scan.columns; c++) {
                if (scan.profiles[c] != null) {
                    scan.profiles[c].add(cells, c, csv.missingValues);
                }
            }
            scan.below++;
            if (label >= 0 && labeled) {
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
            scan.label = scan.columns - 1;
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
        scan.profiles = new ColumnProfile[scan.columns];
        for (int c = 0; c < scan.columns; c++) {
            if (!csv.isStrict() || c == scan.label) {
                scan.profiles[c] = new ColumnProfile();
                boolean index = c < scan.first.count()
                        && ColumnKinds.isIndexName(scan.first.texts().get(c));
                if (c == scan.label || index) {
                    scan.profiles[c].rememberAll();
                }
            }
        }
    }

    private void requireCount(Cells cells, int columns) throws DataFormatException {
        if (cells.cells() != columns) {
            throw cells.broken(
                    Math.min(cells.cells(), columns),
                    "expected " + columns + " cells as in the first row, got " + cells.cells());
        }
    }

    private void scanLabel(TableScan scan, Cells cells) throws IOException {
        if (isMissingLabel(cells, scan.label)) {
            if (scan.missingLabels++ == 0) {
                scan.missingLine = cells.line(scan.label);
                scan.missingText = cells.word(scan.label);
            }
        }
        if (scan.manyLine == 0
                && scan.profiles.length > 0
                && scan.profiles[scan.label].different().size() > TableValues.MOST_CLASSES) {
            scan.manyLine = cells.line(scan.label);
            scan.manyRows = scan.below;
        }
    }

    /** True if a row has no label. A name that a model knows is a label, whatever it looks like. */
    private boolean isMissingLabel(Cells cells, int label) throws IOException {
        boolean missing = cells.isMissing(label, csv.missingValues) || csv.missingValues.contains(cells.parsed(label));
        return missing
                && !(known != null
                        && known.targets() instanceof TargetKind.Classes classes
                        && classes.names().contains(cells.word(label)));
    }

    // The plan for training.

    private int label(TableScan scan, boolean hasHeader) throws DataFormatException {
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
            first.refuseRepeatedNames();
        }
        return csv.label == null ? first.count() - 1 : first.place("label column", csv.label, hasHeader);
    }

    private Plan trainingPlan(TableScan scan, boolean hasHeader) throws IOException {
        if (!hasHeader && scan.stepSign != null && csv.header == Csv.Header.AUTO) {
            throw scan.stepSign;
        }
        return plan(scan, hasHeader, scan.label);
    }

    private boolean hasHeader(TableScan scan) throws DataFormatException {
        if (scan.columns != scan.first.count()) {
            throw scan.first.broken(
                    0, "expected " + scan.columns + " cells as in the second row, got " + scan.first.count());
        }
        if (csv.header != Csv.Header.AUTO) {
            return csv.header == Csv.Header.YES;
        }
        if (csv.isStrict() || scan.below == 0) {
            return scan.first.isHeaderByItself(csv.label, csv.task == Csv.Task.REGRESSION);
        }
        boolean named = csv.label != null && FirstRow.number(csv.label, scan.columns) < 0;
        return (named && scan.first.texts().contains(csv.label)) || scan.first.isHeader(scan.profiles);
    }

    private Plan plan(TableScan scan, boolean hasHeader, int label) throws IOException {
        if (!hasHeader) {
            addFirstRow(scan);
        }
        Csv.Task task =
                csv.task != null ? csv.task : csv.isStrict() ? Csv.Task.CLASSIFICATION : ColumnKinds.task(scan.label());
        if (csv.task == null && task == Csv.Task.REGRESSION) {
            Words different = scan.label().different();
            csv.notes.accept(
                    new Column(hasHeader ? scan.first.texts().get(label) : null, label + 1, new Column.Numbers())
                                    .title()
                            + ": " + (different.isFull() ? "more than " : "") + different.size()
                            + " different numbers, so this is a regression (--task classification if they are classes)");
        }
        List<Column> columns = csv.isStrict() ? numbers(scan, hasHeader) : columns(scan, hasHeader);
        return new Plan(
                hasHeader, scan.columns, label, hasHeader ? scan.first.texts() : null, columns, task, places(columns));
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
            if (c != scan.label) {
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
            if (c == scan.label) {
                continue;
            }
            String name = hasHeader ? scan.first.texts().get(c) : null;
            ColumnProfile profile = scan.profiles[c];
            List<Column.Kind> kinds;
            if (ignored.contains(c)) {
                kinds = List.of(new Column.Ignored("by option"));
            } else if (categorical.contains(c)) {
                kinds = List.of(categories(profile, new Column(name, c + 1, new Column.Numbers())));
            } else if (numeric.contains(c)) {
                kinds = List.of(new Column.Numbers());
            } else {
                refuseOddity(profile, texts[c], new Column(name, c + 1, new Column.Numbers()));
                kinds = ColumnKinds.of(profile, name, c + 1);
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

    private void refuseOddity(ColumnProfile profile, @Nullable Words texts, Column column) throws DataFormatException {
        String odd = texts == null ? null : ColumnKinds.oddity(profile, texts);
        if (odd != null) {
            String shown = "'" + Cells.shown(odd) + "'";
            throw new DataFormatException(
                    file,
                    column.title() + ": expected a number as in " + profile.numbers() + " other cells, got " + shown
                            + "; does it stand for a missing value (--na), are these categories (--categorical), or is"
                            + " the column of no use (--ignore)?");
        }
    }

    private Set<Integer> places(TableScan scan, String what, List<String> names, boolean hasHeader)
            throws DataFormatException {
        Set<Integer> places = new HashSet<>();
        for (String name : names) {
            int place = scan.first.place(what, name, hasHeader);
            if (place == scan.label) {
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
            if (mixed && c != scan.label && !ignored.contains(c) && !numeric.contains(c)) {
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
                requireCount(cells, scan.columns);
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
        List<Column> columns = model.columns().isEmpty() ? plainColumns(model) : model.columns();
        boolean hasHeader = modelHasHeader(first, model, columns, task);
        if (hasHeader) {
            first.refuseRepeatedNames();
        }
        if (hasHeader && model.featureNames() != null) {
            return byName(first, model, columns, task);
        }
        return byNumber(first, model, columns, task, hasHeader);
    }

    /** The columns of a model that knows only the names of its features, if these. */
    private static List<Column> plainColumns(Preprocessing model) {
        List<String> names = model.featureNames();
        int label = model.labelNumber() == 0 ? model.features() + 1 : model.labelNumber();
        List<Column> columns = new ArrayList<>();
        for (int f = 0; f < model.features(); f++) {
            String name = names == null ? null : names.get(f);
            columns.add(new Column(name, f + 1 + (f + 1 >= label ? 1 : 0), new Column.Numbers()));
        }
        return columns;
    }

    private boolean modelHasHeader(FirstRow first, Preprocessing model, List<Column> columns, Csv.Task task)
            throws DataFormatException {
        if (csv.header != Csv.Header.AUTO) {
            return csv.header == Csv.Header.YES;
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
            return first.isHeaderByItself(modelLabel(first, model), labeled && task == Csv.Task.REGRESSION);
        }
        if (!needed.isEmpty() && needed.stream().anyMatch(texts::contains)) {
            return true;
        }
        int[] places = placesByNumber(first, model, columns, -2);
        List<Column> features =
                columns.stream().filter(column -> !column.isIgnored()).toList();
        return places.length > 0 && first.isHeader(features, places);
    }

    /** The label column as the options or the model name it; null for the last. */
    private @Nullable String modelLabel(FirstRow first, Preprocessing model) {
        if (csv.label != null) {
            return csv.label;
        }
        String name = model.labelColumn();
        return model.labelNumber() > 0 && (name == null || !first.texts().contains(name))
                ? Integer.toString(model.labelNumber())
                : name;
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
        String wanted = csv.label != null ? csv.label : model.labelColumn();
        int label = wanted == null ? -1 : names.indexOf(wanted);
        if (label < 0 && csv.label != null) {
            label = FirstRow.number(csv.label, first.count());
        }
        if (label < 0 && labeled) {
            throw first.broken(
                    0,
                    "no label column"
                            + (wanted == null
                                    ? "; say which it is"
                                    : " '" + Cells.shown(wanted) + "'" + first.suggestion(wanted)));
        }
        if (label >= 0 && used.contains(names.get(label))) {
            throw first.broken(
                    label, "the label column '" + Cells.shown(names.get(label)) + "' is a feature of the model");
        }
        columns.stream().filter(Column::isIgnored).forEach(column -> used.add(String.valueOf(column.name())));
        List<String> unknown = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            if (c != label && !used.contains(names.get(c))) {
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
        return new Plan(true, first.count(), label, names, columns, task, places);
    }

    private Plan byNumber(FirstRow first, Preprocessing model, List<Column> columns, Csv.Task task, boolean hasHeader)
            throws DataFormatException {
        int without = columnsWithoutLabel(columns);
        if (first.count() != without + 1 && (labeled || first.count() != without)) {
            throw first.broken(
                    0,
                    "expected " + without
                            + (without == model.features() ? " features as in training" : " columns as in training")
                            + (labeled ? " and a label" : "") + ", got " + first.count() + " columns");
        }
        int label = -1;
        if (labeled || first.count() != without) {
            String wanted = modelLabel(first, model);
            label = wanted == null ? first.count() - 1 : first.place("label column", wanted, hasHeader);
        }
        int[] places = placesByNumber(first, model, columns, label);
        return new Plan(hasHeader, first.count(), label, hasHeader ? first.texts() : null, columns, task, places);
    }

    /** The number of a table's columns besides the label's; a column may be several features. */
    private static int columnsWithoutLabel(List<Column> columns) {
        return (int) columns.stream().mapToInt(Column::number).distinct().count();
    }

    /** The places of the features of a table without names, whose label is at this place, or −1; −2 if unknown. */
    private int[] placesByNumber(FirstRow first, Preprocessing model, List<Column> columns, int labelPlace)
            throws DataFormatException {
        int label = labelPlace;
        if (label == -2) {
            boolean hasLabel = first.count() == columnsWithoutLabel(columns) + 1;
            String wanted = modelLabel(first, model);
            label = !hasLabel ? -1 : wanted == null ? first.count() - 1 : FirstRow.number(wanted, first.count());
        }
        int[] numbers =
                columns.stream().mapToInt(Column::number).distinct().sorted().toArray();
        int removed = label;
        int[] places = columns.stream()
                .filter(column -> !column.isIgnored())
                .mapToInt(column -> Arrays.binarySearch(numbers, column.number()))
                .map(order -> removed >= 0 && order >= removed ? order + 1 : order)
                .toArray();
        return Arrays.stream(places).allMatch(place -> place < first.count()) ? places : new int[0];
    }

    /**
     * The decisions about a table, by which its values are read.
     *
     * @param hasHeader true if the first row holds the names of the columns
     * @param count the number of columns
     * @param label the place of the labels or targets, from 0, or −1 if there is none
     * @param names the names of the columns, or null without a header
     * @param columns the meaning of the columns, except the label's
     * @param task the task that the label column defines
     * @param places the place of each feature, from 0
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares plans
    record Plan(
            boolean hasHeader,
            int count,
            int label,
            @Nullable List<String> names,
            List<Column> columns,
            Csv.Task task,
            int[] places) {
        /** The columns that hold features, one for each feature. */
        List<Column> features() {
            return columns.stream().filter(column -> !column.isIgnored()).toList();
        }

        /** The name of the label column, or its number in words. */
        String labelTitle() {
            return new Column(names == null ? null : names.get(label), label + 1, new Column.Numbers()).title();
        }
    }
}
