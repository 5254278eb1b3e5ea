// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.table.Cells;
import io.github.masktape.table.DateFormat;
import io.github.masktape.table.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table that holds features, and what its cells mean.
 *
 * @param name the name in the header, or null if there is no header
 * @param number the number of the column in the table, from 1
 * @param kind the meaning of its cells
 */
public record Column(@Nullable String name, int number, Kind kind) {
    /** The meaning of a column's cells. */
    public sealed interface Kind {}

    /** Cells that are numbers, which the network gets standardized. */
    public record Numbers() implements Kind {}

    /** Numbers with the same text before or after each, such as {@code %} or {@code kg}. */
    public static final class Measures implements Kind {
        private final Unit unit;

        Measures(Unit unit) {
            this.unit = unit;
        }

        Unit unit() {
            return unit;
        }

        /** The unit as it stands beside the numbers, such as {@code %} or {@code kg}; empty for parentheses. */
        public String symbol() {
            return unit.symbol();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Measures measures && measures.unit.equals(unit);
        }

        @Override
        public int hashCode() {
            return unit.hashCode();
        }

        /** In words: {@code number with '%'}. */
        @Override
        public String toString() {
            return unit.toString();
        }
    }

    /**
     * Names of categories. In a matrix of features, a category is its index in the list, from 0.
     *
     * @param names the different names, in the order of their UTF-16 units
     */
    public record Categories(List<String> names) implements Kind {
        /** Copies the list. */
        public Categories {
            names = List.copyOf(names);
        }
    }

    /** Dates as days since 1970-01-01, a part of a day included, or times as hours since midnight. */
    public static final class Dates implements Kind {
        private final DateFormat format;
        private final boolean hourOfDay;

        Dates(DateFormat format, boolean hourOfDay) {
            this.format = format;
            this.hourOfDay = hourOfDay;
        }

        DateFormat format() {
            return format;
        }

        /** True if this is the hour of the day, 0 to 24; a column of dates with times has both. */
        public boolean isHourOfDay() {
            return hourOfDay;
        }

        /** The number that stands for a date or time of {@link #format()}. */
        double value(double parsed) {
            return hourOfDay && format != DateFormat.TIME ? 24 * (parsed - Math.floor(parsed)) : parsed;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Dates dates && dates.format == format && dates.hourOfDay == hourOfDay;
        }

        @Override
        public int hashCode() {
            return 31 * format.hashCode() + Boolean.hashCode(hourOfDay);
        }

        /** In words: {@code date (day, month, year) as days}. */
        @Override
        public String toString() {
            String order = switch (format) {
                case YMD -> "date (year, month, day)";
                case DMY -> "date (day, month, year)";
                case MDY -> "date (month, day, year)";
                case TIME -> "time";
                case MONTH -> "date (month, year)";
            };
            return order + (hourOfDay ? " as hour of day" : " as days");
        }
    }

    /**
     * Nothing to learn from.
     *
     * @param reason the reason in words
     */
    public record Ignored(String reason) implements Kind {}

    /** The name, or {@code column 3} if there is none, on one line. */
    public String title() {
        return name == null || name.isEmpty() ? "column " + number : Cells.shown(name);
    }

    /**
     * The text of a feature that is not a number: a category's name, a date as in {@code 2020-01-03}, a time as in
     * {@code 13:45}, or {@code missing}; null for a number.
     */
    public @Nullable String text(double feature) {
        if (Double.isNaN(feature)) {
            return "missing";
        }
        if (kind instanceof Dates dates) {
            return dates.hourOfDay ? DateFormat.timeText(feature) : dates.format.dayText(feature);
        }
        return kind instanceof Categories categories ? categories.names().get((int) feature) : null;
    }

    /** The name of the feature, different from all others: that of the column, unless another feature is made of it. */
    String featureName() {
        String own = name == null ? "column " + number : name;
        return kind instanceof Dates dates && dates.hourOfDay && dates.format != DateFormat.TIME
                ? own + " (hour of day)"
                : own;
    }

    boolean isIgnored() {
        return kind instanceof Ignored;
    }
}
