// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.table.Cells;
import io.github.masktape.table.ColumnProfile;
import io.github.masktape.table.DateFormat;
import io.github.masktape.table.DecimalParser;
import io.github.masktape.table.Unit;
import io.github.masktape.table.Words;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules by which the kind of a column follows from all its cells. */
final class ColumnKinds {
    /** The largest number of categories of a column that no option names. */
    private static final int MOST_CATEGORIES = 1000;

    /** This many different texts are categories even if most occur once. */
    private static final int FEW = 5;

    /** The largest number of different texts among numbers that look like a mistake. */
    private static final int FEW_WORDS = 3;

    /** The least number of rows whose numbers are recognized as those of the rows, without a name that says so. */
    private static final int LEAST_ROWS = 10;

    /** The largest number of different whole numbers that are classes. */
    static final int MOST_NUMERIC_CLASSES = 20;

    private static final int MANY_NUMERIC_CLASSES = 10;

    private static final Set<String> INDEX_NAMES = Set.of(
            "",
            "id",
            "idx",
            "index",
            "key",
            "no",
            "nr",
            "row",
            "rowid",
            "rowname",
            "rownames",
            "rownumber",
            "unnamed0",
            "level0");

    private ColumnKinds() {}

    /** True if a name says that a column numbers or identifies the rows: {@code id}, {@code row_names}, {@code userId}. */
    static boolean isIndexName(String name) {
        String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return INDEX_NAMES.contains(letters) || name.matches(".*([a-z0-9]I[dD]|[_. -][iI][dD])");
    }

    /** True if the texts of all cells must be known, those of numbers included, before the kind can be. */
    static boolean needsAllTexts(ColumnProfile profile) {
        return profile.texts() > 0 && !profile.hasParentheses() && profile.numbers() > 0;
    }

    /**
     * The kinds of features that a column holds: usually one, two for dates with a time of day.
     *
     * @param name the name of the column, or null if there is no header
     * @param number the number of the column, from 1
     */
    static List<Column.Kind> of(ColumnProfile profile, @Nullable String name, int number) {
        long present = profile.numbers() + profile.texts();
        if (present == 0) {
            return ignored("no values");
        }
        if (profile.texts() == 0) {
            return numbers(profile, name, number);
        }
        List<Column.Kind> dates = profile.numbers() == 0 ? dates(profile) : List.of();
        if (!dates.isEmpty()) {
            return dates;
        }
        Words words = profile.different();
        Unit unit = unit(profile);
        if (unit != null && (profile.hasParentheses() || words.isFull() || words.size() > FEW)) {
            return List.of(new Column.Measures(unit));
        }
        if (words.isFull()) {
            return ignored("more than " + ColumnProfile.MOST_WORDS + " different texts in " + present + " rows");
        }
        int different = words.size();
        if (different == 1 && profile.missing() == 0) {
            return ignored("'" + Cells.shown(words.word(0)) + "' in every row");
        }
        if (different > MOST_CATEGORIES || areTooDifferent(different, present)) {
            return ignored(different + " different texts in " + present + " rows");
        }
        return List.of(categories(words));
    }

    /** The unit with which every cell of a column is a number; null if there is none. */
    static @Nullable Unit unit(ColumnProfile profile) {
        Unit unit = profile.unit();
        boolean isText = profile.numbers() == 0 && !Unit.PARENTHESES.equals(unit);
        return isText || profile.hasParentheses() ? unit : null;
    }

    /** True if most texts occur once, so that there is little to learn from them. */
    static boolean areTooDifferent(int different, long present) {
        return different > FEW && 2L * different > present;
    }

    private static List<Column.Kind> ignored(String reason) {
        return List.of(new Column.Ignored(reason));
    }

    private static List<Column.Kind> numbers(ColumnProfile profile, @Nullable String name, int number) {
        if (profile.isConstant() && profile.missing() == 0) {
            return ignored(Decimal.exact(profile.first()) + " in every row");
        }
        if (profile.isWhole() && profile.missing() == 0) {
            boolean counts = profile.countsUp() && profile.numbers() >= LEAST_ROWS && number == 1 && name == null;
            if (counts || (name != null && isIndexName(name) && profile.isIncreasing())) {
                return ignored("numbers of the rows");
            }
            if (name != null && isIndexName(name) && isAllDifferent(profile)) {
                return ignored("another number in every row, as an identifier has");
            }
        }
        return List.of(new Column.Numbers());
    }

    private static boolean isAllDifferent(ColumnProfile profile) {
        Words words = profile.different();
        return words.isFull() || words.size() == profile.numbers();
    }

    private static List<Column.Kind> dates(ColumnProfile profile) {
        List<DateFormat> formats = new ArrayList<>();
        for (DateFormat format : DateFormat.values()) {
            if (profile.isDate(format)) {
                formats.add(format);
            }
        }
        if (formats.isEmpty()) {
            return List.of();
        }
        if (formats.size() > 1) {
            return ignored("dates whose days and months cannot be told apart");
        }
        DateFormat format = formats.get(0);
        Column.Kind days = new Column.Dates(format, format == DateFormat.TIME);
        boolean hasTime = format != DateFormat.TIME && profile.hasTime();
        return hasTime ? List.of(days, new Column.Dates(format, true)) : List.of(days);
    }

    /** The texts as categories, in order. */
    static Column.Categories categories(Words words) {
        List<String> names = new ArrayList<>();
        for (int w = 0; w < words.size(); w++) {
            names.add(words.word(w));
        }
        names.sort(null);
        return new Column.Categories(names);
    }

    /**
     * The text among numbers that looks like a mistake, or null if the column may hold categories.
     *
     * @param onlyTexts the texts that are no numbers; null if no cell is a plain number
     */
    static @Nullable String oddity(ColumnProfile profile, @Nullable Words onlyTexts, DecimalParser parser) {
        Words all = profile.different();
        if (onlyTexts == null) {
            return all.isFull() || areTooDifferent(all.size(), profile.texts()) ? unitOddity(profile, parser) : null;
        }
        long present = profile.numbers() + profile.texts();
        boolean manyNumbers = all.isFull() || all.size() > Math.max(FEW, present / 2) || all.size() > MOST_CATEGORIES;
        return onlyTexts.size() <= FEW_WORDS && 2 * profile.numbers() > present && manyNumbers
                ? onlyTexts.word(0)
                : null;
    }

    /** The text among numbers with a unit that looks like a mistake, or null if there is none. */
    static @Nullable String unitOddity(ColumnProfile profile, DecimalParser parser) {
        boolean mayBe = profile.unit() == null
                && profile.numbers() == 0
                && profile.different().size() > FEW;
        List<String> odd = mayBe ? profile.besideUnit(parser) : List.of();
        return odd.isEmpty() || odd.size() > FEW_WORDS ? null : odd.get(0);
    }

    /** The text that looks like a mistake among labels that are many different numbers, or null if there is none. */
    static @Nullable String labelOddity(ColumnProfile label, Words onlyTexts) {
        boolean areFew = onlyTexts.size() > 0 && onlyTexts.size() <= FEW_WORDS;
        return areFew && label.numbers() > label.texts() ? onlyTexts.word(0) : null;
    }

    /** True if the texts of a column are numbers with different units, and more than a few. */
    static boolean hasSeveralUnits(ColumnProfile profile, DecimalParser parser) {
        return profile.different().size() > FEW && profile.byUnit(parser).size() > 1;
    }

    /**
     * The task that a column of labels defines: a regression if its cells are numbers, perhaps with a unit, of which few
     * are equal.
     */
    static Csv.Task task(ColumnProfile label, DecimalParser parser) {
        Unit unit = unit(label);
        if (label.texts() > 0 ? unit == null : label.numbers() == 0) {
            return Csv.Task.CLASSIFICATION;
        }
        Words words = label.different();
        boolean many = words.isFull()
                || words.size() > MOST_NUMERIC_CLASSES
                || (words.size() > MANY_NUMERIC_CLASSES && 2L * words.size() > label.numbers() + label.texts());
        boolean isWhole = unit == null ? label.isWhole() : label.isWhole(unit, parser);
        return many || !isWhole ? Csv.Task.REGRESSION : Csv.Task.CLASSIFICATION;
    }
}
