// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.text.Decimal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * An axis as a chart describes it.
 *
 * @param kind the kind of its scale
 * @param title the title, empty for none
 * @param low the lower limit, or NaN if the data determine it
 * @param high the upper limit, or NaN if the data determine it
 * @param room the room at both ends: for a blank axis in units of the data, otherwise as a share of the range
 * @param breaks the values with a tick, empty if they are chosen
 * @param names the names at 1, 2, 3 and so on
 */
record Axis(
        ScaleKind kind, String title, double low, double high, double room, List<Double> breaks, List<String> names) {
    /** The largest relative difference of numbers that count as the same. */
    private static final double SAME = 1e-9;

    /** The limits of a range: that of all doubles would be greater than the largest one. */
    private static final double LARGEST = 1e307;

    private static final double SMALLEST = 1e-300;

    /** The position of anything far outside, for example of a large number beyond the limit. */
    private static final double OUTSIDE = 100;

    private static final double ROOM = 0.05;
    private static final int LONGEST_PLAIN = 8;

    /** The kind of an axis's scale. */
    enum ScaleKind {
        LINEAR,
        LOGARITHMIC,
        NAMES,
        BLANK
    }

    /** A mark on the axis. */
    record Tick(double value, String label) {}

    static Axis linear(String title, double low, double high, List<Double> breaks) {
        return new Axis(ScaleKind.LINEAR, title, low, high, ROOM, breaks, List.of());
    }

    static Axis logarithmic(String title, double low, double high, List<Double> breaks) {
        return new Axis(ScaleKind.LOGARITHMIC, title, low, high, 0, breaks, List.of());
    }

    static Axis blank(double room) {
        return new Axis(ScaleKind.BLANK, "", Double.NaN, Double.NaN, room, List.of(), List.of());
    }

    static Axis names(String title, List<String> names) {
        return new Axis(ScaleKind.NAMES, title, 0.4, names.size() + 0.6, 0, List.of(), List.copyOf(names));
    }

    /** The number that stands for a cell of a table. */
    double number(Object cell) {
        if (cell instanceof Number number) {
            if (kind == ScaleKind.LOGARITHMIC && !(number.doubleValue() > 0)) {
                throw new IllegalArgumentException(
                        "chart, logarithmic axis '" + title + "': expected a positive number, got " + number);
            }
            return number.doubleValue();
        }
        int index = cell instanceof String name ? names.indexOf(name) : -1;
        if (index < 0) {
            throw new IllegalArgumentException(
                    "chart, axis '" + title + "': expected one of " + names + ", got " + cell);
        }
        return index + 1;
    }

    /** The axis with limits, for data between two numbers; infinite ones, the least above the most, if there are none. */
    AxisScale over(double least, double most) {
        double from = Math.max(-LARGEST, Double.isNaN(low) ? least : low);
        double to = Math.min(LARGEST, Double.isNaN(high) ? most : high);
        if (from > to) {
            from = 0;
            to = 1;
        }
        if (kind == ScaleKind.BLANK) {
            return new AxisScale(this, from - room, to + room);
        }
        if (kind == ScaleKind.LINEAR
                && to - from <= Math.max(SMALLEST, SAME * Math.max(Math.abs(from), Math.abs(to)))) {
            // Numbers that are all the same need a range.
            double half = Math.abs(from) / 10;
            from -= half;
            to = half <= SMALLEST ? 1 : to + half;
        }
        double end = room * (to - from);
        return new AxisScale(this, from - end, to + end);
    }

    /**
     * An axis between two numbers.
     *
     * @param axis its description
     * @param low the number at its beginning
     * @param high the number at its end
     */
    record AxisScale(Axis axis, double low, double high) {
        /** The position of a number: 0 at the beginning of the axis, 1 at its end. */
        double at(double value) {
            if (axis.kind == ScaleKind.LOGARITHMIC) {
                double first = StrictMath.log(low);
                return (StrictMath.log(value) - first) / (StrictMath.log(high) - first);
            }
            return Math.max(-OUTSIDE, Math.min(OUTSIDE, (value / 2 - low / 2) / (high / 2 - low / 2)));
        }

        double at(Object cell) {
            return at(axis.number(cell));
        }

        /** The ticks within the axis: its own, or at most {@code most} at multiples of 1, 2 or 5 times a power of ten. */
        List<Tick> ticks(int most) {
            List<Tick> ticks = new ArrayList<>();
            for (int i = 0; i < axis.names.size(); i++) {
                ticks.add(new Tick(i + 1, axis.names.get(i)));
            }
            for (double value : axis.breaks) {
                if (value >= low && value <= high) {
                    ticks.add(new Tick(value, plain(value)));
                }
            }
            if (axis.kind == ScaleKind.LINEAR && axis.breaks.isEmpty()) {
                // A little less than the data's range, so that 0 to 1 has its fifths.
                BigDecimal step = step((high / most - low / most) / (1 + 2 * ROOM) * (1 - SAME));
                BigDecimal tick = new BigDecimal(low)
                        .divide(step, 0, RoundingMode.CEILING)
                        .multiply(step);
                BigDecimal end = new BigDecimal(high);
                for (; tick.compareTo(end) <= 0; tick = tick.add(step)) {
                    ticks.add(new Tick(tick.doubleValue(), label(tick)));
                }
            }
            return ticks;
        }

        /** The smallest of 1, 2 and 5 times a power of ten that is at least {@code range}. */
        private static BigDecimal step(double range) {
            BigDecimal least = new BigDecimal(range);
            BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(least.precision() - least.scale() - 1);
            for (int digit : new int[] {1, 2, 5}) {
                BigDecimal step = power.multiply(BigDecimal.valueOf(digit));
                if (step.compareTo(least) >= 0) {
                    return step;
                }
            }
            return power.scaleByPowerOfTen(1);
        }

        private static String label(BigDecimal tick) {
            String plain = tick.signum() == 0 ? "0" : tick.stripTrailingZeros().toPlainString();
            String text = plain.length() <= LONGEST_PLAIN
                    ? plain
                    : Decimal.shortest(
                            tick.doubleValue(), tick.stripTrailingZeros().precision());
            return text.replace('-', '−');
        }

        private static String plain(double value) {
            return value > 0.9
                    ? Long.toString(Math.round(value))
                    : new BigDecimal(value).round(new MathContext(1)).toPlainString();
        }
    }
}
