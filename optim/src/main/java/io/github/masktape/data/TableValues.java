// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.table.Cells;
import io.github.masktape.table.ColumnProfile;
import io.github.masktape.table.HeaderSigns;
import io.github.masktape.table.MissingValues;
import io.github.masktape.table.Words;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The values of a table, read by a plan. */
final class TableValues {
    static final int MOST_CLASSES = 1000;

    private static final int NUMBER = 0;
    private static final int CATEGORY = 1;
    private static final int DATE = 2;
    private static final int MEASURE = 3;

    private final Csv csv;
    private final @Nullable Preprocessing known;
    private final boolean labeled;
    private final TableReader.Plan plan;
    private final TableReader.TableScan scan;
    private final List<Column> columns;
    private final int rows;
    private final int examples;

    private final MissingValues missingValues;
    private final int[] places;
    private final int[] kinds;
    private final Words[] words;
    private final int[][] codes;

    private final long[] missing;
    private final long[] unseen;
    private long periods;

    private Cells cells;
    private final double[] row;
    private int taken;
    private int nextRow;
    private final int[] labels;
    private final double[] targets;
    private final LabelNames labelNames;
    private final String labelTitle;
    private final String[] labelTitles;

    /** The cells of a file at its first example. */
    @FunctionalInterface
    interface Opener {
        Cells open(TableReader.Plan plan) throws IOException;
    }

    TableValues(
            Csv csv,
            @Nullable Preprocessing known,
            boolean labeled,
            TableReader.Plan plan,
            TableReader.TableScan scan,
            long total,
            Opener opener)
            throws IOException {
        this.csv = csv;
        this.known = known;
        this.labeled = labeled;
        this.plan = plan;
        this.scan = scan;
        this.columns = plan.features();
        this.missingValues = csv.missingValues;
        this.places = plan.places();
        this.labelTitles = new String[plan.labels().length];
        for (int k = 0; k < labelTitles.length; k++) {
            labelTitles[k] = plan.labelTitle(k);
        }
        this.labelTitle = labelTitles.length == 0 ? "" : labelTitles[0];
        long left = total - (labeled ? scan.missingLabels(plan.hasHeader()) : 0);
        requireLabels(total, left);
        int features = columns.size();
        if (total * Math.max(features, labelTitles.length) > Integer.MAX_VALUE - 8) {
            throw new DataFormatException(
                    csv.file, "too large: " + total + " rows × " + features + " features; at most 2147483639 fit");
        }
        this.rows = (int) total;
        this.examples = (int) left;
        this.kinds = new int[features];
        this.words = new Words[features];
        this.codes = new int[features][];
        this.missing = new long[features];
        this.unseen = new long[features];
        this.row = new double[features];
        this.taken = features;
        boolean values = plan.task() == Csv.Task.REGRESSION;
        this.labels = new int[labeled && !values ? examples : 0];
        this.targets = new double[labeled && values ? examples * plan.labels().length : 0];
        for (int f = 0; f < features; f++) {
            prepare(f);
        }
        this.labelNames = new LabelNames();
        this.cells = opener.open(plan);
    }

    private void prepare(int f) {
        Column.Kind kind = columns.get(f).kind();
        if (kind instanceof Column.Categories categories) {
            kinds[f] = CATEGORY;
            int count = categories.names().size();
            boolean[] occurred = known == null ? null : known.known(f, categories);
            words[f] = new Words(count);
            codes[f] = new int[count];
            for (int c = 0; c < count; c++) {
                words[f].add(categories.names().get(c));
                codes[f][c] = occurred == null || occurred[c] ? c : -1;
            }
        } else {
            kinds[f] = kind instanceof Column.Dates ? DATE : kind instanceof Column.Measures ? MEASURE : NUMBER;
        }
    }

    private void requireLabels(long total, long left) throws DataFormatException {
        long none = total - left;
        if (none == 0) {
            return;
        }
        String text = scan.missingText(plan.hasHeader());
        int which = scan.missingLabel(plan.hasHeader());
        String title = labelTitles[which];
        if (csv.isStrict() || left == 0) {
            if (plan.task() == Csv.Task.REGRESSION && left > 0) {
                throw new DataFormatException(
                        csv.file,
                        scan.missingLine(plan.hasHeader()),
                        plan.labels()[which] + 1,
                        title + ": expected a number, got " + MissingValues.shown(text));
            }
            String rename = text.isEmpty() ? "" : ", or rename the class if it is one";
            throw new DataFormatException(
                    csv.file,
                    scan.missingLine(plan.hasHeader()),
                    plan.labels()[which] + 1,
                    title + ": expected a label, got " + MissingValues.shown(text)
                            + "; the label is missing in " + none + " of " + total
                            + " rows; fill it in or remove these rows" + rename);
        }
        csv.notes.accept(none + " of " + total + " rows left out, whose label in "
                + (plan.labels().length == 1 ? title : "one of the label columns") + " is missing");
    }

    Tensor features() throws IOException {
        try (Cells open = cells) {
            Tensor features = Tensor.ofElements(DType.FLOAT64, Shape.of(examples, columns.size()), this::nextFeature);
            while (nextRow < rows) {
                skip();
            }
            if (open.next()) {
                throw open.broken(0, "the file changed while it was read");
            }
            report();
            return features;
        } catch (OutOfMemoryError e) {
            throw new IOException(
                    csv.file + ": " + examples + " rows × " + columns.size() + " features need "
                            + ((long) examples * columns.size() * 8 / 1_000_000)
                            + " MB of memory; give Java more with -Xmx",
                    e);
        }
    }

    private void report() {
        for (int f = 0; f < columns.size(); f++) {
            if (unseen[f] > 0) {
                csv.notes.accept(columns.get(f).title() + ": " + unseen[f] + " of " + examples
                        + " rows have a category that was not in training, read as missing");
            }
        }
        if (periods > 0) {
            csv.notes.accept(labelTitle + ": " + periods
                    + " labels end with a period that the classes of the model do not have; read without it");
        }
    }

    Dataset dataset() throws IOException {
        Tensor features = features();
        Dataset data = new Dataset(features, labelNames.targets());
        if (known == null ? isTyped() : !known.columns().isEmpty()) {
            data = data.withColumns(plan.columns(), csv.moreMissingValues);
        }
        List<String> names = Preprocessing.namesOf(plan.columns());
        if (plan.hasHeader() && names != null) {
            data = data.withFeatureNames(names);
        }
        if (known == null && !csv.isStrict()) {
            LabelCopies.report(data, csv.notes);
        }
        return data.withLabelColumns(plan.labelColumns())
                .withFormat(known == null ? csv.format(scan.dialect()) : known.format());
    }

    /** True if the columns are more than plain numbers, none of them missing. */
    private boolean isTyped() {
        for (long count : missing) {
            if (count > 0) {
                return true;
            }
        }
        return !plan.columns().stream().allMatch(column -> column.kind() instanceof Column.Numbers);
    }

    // Rows.

    private double nextFeature() throws IOException {
        if (taken == row.length) {
            nextExample();
            taken = 0;
        }
        return row[taken++];
    }

    private int example;

    private void nextExample() throws IOException {
        boolean left = true;
        while (left) {
            advance();
            left = labeled && !readLabel();
        }
        for (int f = 0; f < row.length; f++) {
            row[f] = value(f);
        }
        example++;
    }

    /** Moves to the next row, which the opener did for the first one. */
    private void advance() throws IOException {
        if (nextRow > 0 && !cells.next()) {
            throw changed();
        }
        nextRow++;
        if (cells.cells() != plan.count()) {
            throw cells.broken(
                    Math.min(cells.cells(), plan.count()),
                    "expected " + plan.count() + " cells as in the first row, got " + cells.cells());
        }
    }

    private void skip() throws IOException {
        advance();
        if (!isMissingLabel()) {
            throw changed();
        }
    }

    private DataFormatException changed() {
        return new DataFormatException(csv.file, cells.line(), 1, "the file changed while it was read");
    }

    private double value(int f) throws IOException {
        int c = places[f];
        if (kinds[f] == NUMBER) {
            double x = cells.parsed(c);
            if (Double.isFinite(x) && !missingValues.contains(x)) {
                return x;
            }
        } else if (kinds[f] == CATEGORY) {
            int word = cells.findIn(words[f], c);
            if (word >= 0 && codes[f][word] >= 0) {
                return codes[f][word];
            }
        } else if (columns.get(f).kind() instanceof Column.Dates dates) {
            double x = cells.date(c, dates.format());
            if (!Double.isNaN(x)) {
                return dates.value(x);
            }
        }
        if (columns.get(f).kind() instanceof Column.Measures measures) {
            double x = cells.measured(c, measures.unit());
            if (Double.isFinite(x)) {
                return x;
            }
        }
        return without(f, c);
    }

    /** The value of a cell that holds none that the column can have. */
    private double without(int f, int c) throws IOException {
        boolean isMissing = cells.isMissing(c, missingValues) || missingValues.contains(cells.parsed(c));
        Column column = columns.get(f);
        if (isMissing && csv.missing == Csv.Missing.FILL) {
            missing[f]++;
            return Double.NaN;
        }
        String text = cells.word(c);
        if (kinds[f] == CATEGORY) {
            if (isMissing) {
                throw cells.broken(c, column.title() + ": expected a category, got " + MissingValues.shown(text));
            }
            unseen[f]++;
            return Double.NaN;
        }
        if (kinds[f] == DATE || kinds[f] == MEASURE) {
            throw cells.broken(
                    c,
                    column.title() + ": expected a " + column.kind() + ", got "
                            + (isMissing ? MissingValues.shown(text) : "'" + Cells.shown(text) + "'"));
        }
        if (isMissing && Double.isFinite(cells.parsed(c))) {
            throw cells.broken(c, column.title() + ": expected a number, got " + MissingValues.shown(text));
        }
        return cells.number(c, column.title());
    }

    // Labels.

    private boolean isMissingLabel() throws IOException {
        for (int c : plan.labels()) {
            boolean isMissing = cells.isMissing(c, missingValues) || missingValues.contains(cells.parsed(c));
            if (isMissing && !labelNames.isClass(cells.word(c))) {
                return true;
            }
        }
        return false;
    }

    /** Reads the row's label; false if it is missing. */
    private boolean readLabel() throws IOException {
        if (isMissingLabel()) {
            return false;
        }
        if (targets.length > 0) {
            int[] places = plan.labels();
            for (int k = 0; k < places.length; k++) {
                targets[example * places.length + k] = target(k, places[k]);
            }
        } else {
            labels[example] = labelNames.read();
        }
        return true;
    }

    private double target(int k, int c) throws IOException {
        Column.Measures measures = plan.measures()[k];
        double x = measures == null ? cells.parsed(c) : cells.measured(c, measures.unit());
        if (Double.isFinite(x)) {
            return x;
        }
        String got = ", got '" + Cells.shown(cells.word(c)) + "'";
        if (measures != null) {
            throw cells.broken(c, labelTitles[k] + ": expected a " + measures + got);
        }
        if (labelTitles.length > 1 && Double.isNaN(x)) {
            throw cells.broken(
                    c,
                    labelTitles[k] + ": expected a number" + got
                            + "; several label columns are the targets of a regression");
        }
        return cells.number(c, labelTitles[k]);
    }

    /** The names of the classes. */
    private final class LabelNames {
        private final List<String> classes;
        private final Words spellings = new Words(Integer.MAX_VALUE);
        private int[] classOf = new int[16];

        /** The spellings that end with a period which the name of the class does not have. */
        private final BitSet shortened = new BitSet();

        /** The classes by the numbers that their names spell, if all are numbers. */
        private final Map<Double, Integer> byNumber = new HashMap<>();

        LabelNames() throws DataFormatException {
            if (plan.task() == Csv.Task.REGRESSION || !labeled) {
                classes = List.of();
            } else if (known != null && known.targets() instanceof TargetKind.Classes kind) {
                classes = kind.names();
                for (int c = 0; c < classes.size(); c++) {
                    double x = number(classes.get(c));
                    if (!Double.isNaN(x) && byNumber.put(x + 0.0, c) != null) {
                        byNumber.clear();
                        break;
                    }
                }
            } else {
                classes = trained();
            }
        }

        boolean isClass(String text) {
            return known != null && classes.contains(text);
        }

        private double number(String text) {
            return Cells.isNumber(text) ? Double.parseDouble(text) : Double.NaN;
        }

        /** The classes of the file, of which the spellings of one number are one. */
        private List<String> trained() throws DataFormatException {
            Words texts = scan.label().different();
            if (texts.size() > MOST_CLASSES) {
                throw new DataFormatException(
                        csv.file,
                        scan.manyLine(),
                        plan.labels()[0] + 1,
                        labelTitle + ": more than " + MOST_CLASSES + " different labels in "
                                + (scan.manyRows() + (plan.hasHeader() ? 0 : 1)) + " rows; is this a regression?");
            }
            List<String> names = new ArrayList<>();
            boolean allNumbers = scan.label().texts() == 0;
            for (int w = 0; w < texts.size(); w++) {
                names.add(texts.word(w));
            }
            if (allNumbers) {
                names = byNumber(names);
            } else {
                names.sort(null);
            }
            return names;
        }

        private List<String> byNumber(List<String> spelled) {
            Map<Double, String> names = new TreeMap<>();
            for (String text : spelled) {
                double x = scan.dialect().numbers().parse(text) + 0.0;
                names.merge(x, text, (one, other) -> Decimal.exact(x));
            }
            List<String> ordered = new ArrayList<>(names.values());
            int c = 0;
            for (Double x : names.keySet()) {
                byNumber.put(x, c++);
            }
            return ordered;
        }

        /** The class of the current row. */
        int read() throws IOException {
            int c = plan.labels()[0];
            int before = spellings.size();
            int spelling = cells.addTo(spellings, c);
            if (spellings.size() > before) {
                if (spelling == classOf.length) {
                    classOf = Arrays.copyOf(classOf, 2 * spelling);
                }
                classOf[spelling] = find(cells.word(c), spelling);
            }
            periods += shortened.get(spelling) ? 1 : 0;
            return classOf[spelling];
        }

        private int find(String text, int spelling) throws IOException {
            int exact = classes.indexOf(text);
            if (exact >= 0) {
                return exact;
            }
            double x = cells.parsed(plan.labels()[0]);
            Integer numeric = Double.isNaN(x) ? null : byNumber.get(x + 0.0);
            if (numeric != null) {
                return numeric;
            }
            int without =
                    csv.isStrict() || !text.endsWith(".") ? -1 : classes.indexOf(text.substring(0, text.length() - 1));
            if (without >= 0) {
                shortened.set(spelling);
                return without;
            }
            if (known == null) {
                throw changed();
            }
            throw cells.broken(
                    plan.labels()[0],
                    labelTitle + ": label '" + Cells.shown(text) + "' was not seen in training, which had "
                            + FirstRow.listed(classes)
                            + (example == 0 && scan.signs() != null ? HeaderSigns.ASK : ""));
        }

        Targets targets() throws DataFormatException {
            if (plan.task() == Csv.Task.REGRESSION) {
                if (known == null) {
                    requireDifferentTargets();
                }
                return new Values(Tensor.of(targets, examples, plan.labels().length));
            }
            if (known == null) {
                requireClasses();
            }
            Labels named = Labels.owning(labels, classes.size()).withNames(classes);
            if (known == null && !plan.hasHeader() && scan.signs() != null && csv.header == Csv.Header.AUTO) {
                scan.signs().compare(classes, named.counts(), labels[0]);
            }
            return named;
        }

        private void requireDifferentTargets() throws DataFormatException {
            int count = plan.labels().length;
            for (int k = 0; k < count; k++) {
                int at = k;
                while (at < targets.length && targets[at] == targets[k]) {
                    at += count;
                }
                if (at >= targets.length) {
                    throw atFirst(
                            k,
                            "expected at least two different targets, got " + Decimal.exact(targets[k])
                                    + " in every row");
                }
            }
        }

        private DataFormatException atFirst(int label, String problem) {
            return new DataFormatException(
                    csv.file, plan.hasHeader() ? 2 : 1, plan.labels()[label] + 1, labelTitles[label] + ": " + problem);
        }

        /** Notes the first two classes that differ in upper and lower case only. */
        private void noteOtherSpelling() {
            Map<String, String> seen = new HashMap<>();
            for (String name : classes) {
                String other = csv.isStrict() ? null : seen.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
                if (other != null) {
                    csv.notes.accept(labelTitle + ": '" + Cells.shown(other) + "' and '" + Cells.shown(name)
                            + "' are different classes; if they should not be, write them alike");
                    return;
                }
            }
        }

        private void requireClasses() throws DataFormatException {
            if (classes.size() == 1) {
                throw atFirst(
                        0, "expected at least two classes, got '" + Cells.shown(classes.get(0)) + "' in every row");
            }
            noteOtherSpelling();
            ColumnProfile label = scan.label();
            if (csv.task == null && label.texts() > 0 && ColumnKinds.areTooDifferent(classes.size(), examples)) {
                throw atFirst(
                        0,
                        "expected classes that occur repeatedly, got " + classes.size() + " different labels in "
                                + examples + " rows; name another label column (--label-column), or say that these are"
                                + " classes (--task classification)");
            }
            if (label.texts() == 0 && !label.isWhole() && 2 * classes.size() > examples) {
                throw atFirst(
                        0,
                        classes.size() + " different labels in " + examples
                                + " rows, all of them numbers; is this a regression?");
            }
        }
    }

    /** The search for features that are copies of the label, with other names for the classes or with the same numbers. */
    private static final class LabelCopies {
        private static final int LEAST_EXAMPLES = 10;

        private LabelCopies() {}

        /** Reports each copy in a line. */
        static void report(Dataset data, Consumer<String> notes) {
            if (data.size() < LEAST_EXAMPLES) {
                return;
            }
            for (int j = 0; j < data.features().shape().dim(1); j++) {
                String copy = data.targets() instanceof Labels labels
                        ? classes(data.features(), j, labels)
                        : values(
                                data.features(),
                                j,
                                Dataset.values(data.targets()).tensor());
                if (copy != null) {
                    notes.accept(name(data, j) + " gives the label away: " + copy
                            + "; leave it out (--ignore) unless it is known when the label is not");
                }
            }
        }

        private static String name(Dataset data, int feature) {
            if (data.columns().isEmpty()) {
                return data.featureNames() == null
                        ? "feature " + (feature + 1)
                        : new Column(data.featureNames().get(feature), feature + 1, new Column.Numbers()).title();
            }
            return data.columns().stream()
                    .filter(column -> !column.isIgnored())
                    .skip(feature)
                    .findFirst()
                    .orElseThrow()
                    .title();
        }

        /** Finds that each value of a feature occurs with one class only, and that there are about as many as classes. */
        private static @Nullable String classes(Tensor x, int j, Labels labels) {
            Map<Double, Integer> classOf = new HashMap<>();
            for (int i = 0; i < labels.size(); i++) {
                Integer other = classOf.putIfAbsent(x.get(i, j), labels.get(i));
                if ((other != null && other != labels.get(i)) || classOf.size() > labels.classes() + 1) {
                    return null;
                }
            }
            return classOf.size() < labels.classes()
                    ? null
                    : "each of its " + classOf.size() + " values has one class only";
        }

        private static @Nullable String values(Tensor x, int j, Tensor targets) {
            for (int t = 0; t < targets.shape().dim(1); t++) {
                int i = 0;
                while (i < targets.shape().dim(0) && x.get(i, j) == targets.get(i, t)) {
                    i++;
                }
                if (i == targets.shape().dim(0)) {
                    return "it equals the label in every row";
                }
            }
            return null;
        }
    }
}
