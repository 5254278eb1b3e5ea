// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chart in the terms of the grammar of graphics: tables of data, mappings from columns to visual properties, and
 * layers of geometry. It is drawn as SVG.
 *
 * <p>The same chart gives the same bytes, on every machine. It is drawn without a library, because every run draws a
 * few charts in a JVM that has just started: Lets-Plot took two seconds of processor time for those of 150 rows, more
 * than the training.
 *
 * <pre>
 *   geometry    mappings                              options
 *   line        x, y; color, group                    size
 *   point       x, y; color, shape                    size
 *   bar         x, y; fill (bars side by side)        width
 *   rect        xmin, xmax, ymin, ymax; fill
 *   segment     x, y, xend, yend; color               size
 *   linerange   x, ymin, ymax; color                  size
 *   errorbar    x, ymin, ymax; color, group           size, width, dodge (the width of the bars side by side)
 *   hline       yintercept; color                     size
 *   vline       xintercept; color                     size
 *   text        x, y, label                           size, hjust (0.0 or "inward"), vjust (0.0), nudge_y
 * </pre>
 *
 * <p>Every layer takes the options color, fill, alpha, linetype ({@code dashed}) and show_legend ({@code false}).
 */
public final class Chart {
    /** Colors that color-blind readers can distinguish: M. Okabe and K. Ito, Color Universal Design, 2008. */
    public static final List<Object> COLORS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000");

    private static final Set<String> OPTIONS = Set.of(
            "color", "fill", "alpha", "linetype", "show_legend", "size", "width", "dodge", "hjust", "vjust", "nudge_y");

    final String title;
    final String subtitle;
    final int width;
    final int height;
    final List<ChartLayer> layers = new ArrayList<>();
    final Map<String, Axis> axes = new LinkedHashMap<>();

    /** The names of the series that have a color, a fill or a shape. */
    final Map<String, List<String>> series = new LinkedHashMap<>();

    @Nullable
    String panelColumn;

    boolean hasLegend = true;

    /** An empty chart, without layers; width and height are in pixels. */
    public Chart(String title, String subtitle, int width, int height) {
        this.title = title;
        this.subtitle = subtitle;
        this.width = width;
        this.height = height;
        automatic("x", "").automatic("y", "");
    }

    /** A map in the order given, as in {@code map("x", 1, "y", 2)}. */
    public static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** Rows of data, column by column. */
    public static final class Table {
        final Map<String, List<Object>> columns = new LinkedHashMap<>();

        /** An empty table with these columns. */
        public Table(String... names) {
            for (String name : names) {
                columns.put(name, new ArrayList<>());
            }
        }

        /**
         * Adds a row with a value for each column.
         *
         * @throws IllegalArgumentException if a number is NaN or infinite, which has no place in a chart
         */
        public Table row(Object... values) {
            int i = 0;
            for (Map.Entry<String, List<Object>> column : columns.entrySet()) {
                Object value = values[i++];
                if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
                    throw new IllegalArgumentException(
                            "chart, column " + column.getKey() + ": expected a finite number, got " + value);
                }
                column.getValue().add(value);
            }
            return this;
        }

        int rows() {
            return columns.isEmpty() ? 0 : columns.values().iterator().next().size();
        }
    }

    /** A geometry with its data. */
    record ChartLayer(String geometry, Table data, Map<String, Object> mapping, Map<String, Object> options) {
        boolean maps(String aesthetic) {
            return mapping.containsKey(aesthetic);
        }

        /** The value of a visual property that a column determines; null if none does. */
        @Nullable
        Object value(String aesthetic, int row) {
            Object column = mapping.get(aesthetic);
            return column == null ? null : cell((String) column, row);
        }

        Object required(String aesthetic, int row) {
            Object value = value(aesthetic, row);
            if (value == null) {
                throw new IllegalArgumentException("chart, " + geometry + ": expected a mapping of " + aesthetic);
            }
            return value;
        }

        Object cell(String column, int row) {
            List<Object> cells = data.columns.get(column);
            if (cells == null) {
                throw new IllegalArgumentException("chart, " + geometry + ": expected one of the columns "
                        + data.columns.keySet() + ", got " + column);
            }
            return cells.get(row);
        }

        double number(String option, double otherwise) {
            return options.get(option) instanceof Number number ? number.doubleValue() : otherwise;
        }

        boolean isInLegend() {
            return !Boolean.FALSE.equals(options.get("show_legend"));
        }
    }

    /** Draws a panel for each value of a column, one below the other in order. */
    public Chart panels(String column) {
        panelColumn = column;
        return this;
    }

    /**
     * Adds a layer of geometry with its own data; options follow as alternating names and values.
     *
     * @throws IllegalArgumentException if there is no such option
     */
    public Chart layer(String geometry, Table data, Map<String, Object> mapping, Object... options) {
        Map<String, Object> all = map(options);
        for (String option : all.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException(
                        "chart, " + geometry + ": expected one of the options " + OPTIONS + ", got " + option);
            }
        }
        layers.add(new ChartLayer(geometry, data, mapping, all));
        return this;
    }

    private Chart axis(String axis, Axis described) {
        axes.put(axis, described);
        return this;
    }

    /** Sets an axis from 0 to {@code most}, or to the end of the data if that is 0. */
    public Chart linear(String axis, String title, double most) {
        return axis(axis, Axis.linear(title, 0, most > 0 ? most : Double.NaN, List.of()));
    }

    /** Sets an axis over the range of the data, with ticks at round numbers. */
    public Chart automatic(String axis, String title) {
        return axis(axis, Axis.linear(title, Double.NaN, Double.NaN, List.of()));
    }

    /** Sets an axis with at most about ten ticks, at whole numbers. */
    Chart counts(String axis, String title, int first, int last) {
        int step = 1;
        for (int power = 1; (last - first) / step > 10; power *= 10) {
            for (int digit : new int[] {2, 5, 10}) {
                step = (last - first) / step > 10 ? digit * power : step;
            }
        }
        List<Double> breaks = new ArrayList<>();
        for (int tick = first % step == 0 ? first : first - first % step + step; tick <= last; tick += step) {
            breaks.add((double) tick);
        }
        return axis(axis, Axis.linear(title, Double.NaN, Double.NaN, breaks));
    }

    /** Sets an axis that only orders: without ticks and title, with some room at its ends. */
    public Chart unseen(String axis, double room) {
        return axis(axis, Axis.blank(room));
    }

    /** Sets a logarithmic axis with ticks at 1, 2, 5, 10 and so on. */
    public Chart logarithmic(String axis, String title, double least, double most) {
        List<Number> ticks = new ArrayList<>();
        for (int power = -6; power <= 6; power++) {
            for (int digit : new int[] {1, 2, 5}) {
                double tick = Double.parseDouble(digit + "e" + power);
                if (tick >= least && tick <= most) {
                    ticks.add(tick);
                }
            }
        }
        return logarithmic(axis, title, least, most, ticks);
    }

    /** Sets a logarithmic axis with these ticks. */
    public Chart logarithmic(String axis, String title, double least, double most, Collection<? extends Number> ticks) {
        List<Double> breaks = new ArrayList<>();
        for (Number tick : ticks) {
            breaks.add(tick.doubleValue());
        }
        return axis(axis, Axis.logarithmic(title, least, most, breaks));
    }

    /** Sets an axis of names, in this order. */
    public Chart names(String axis, String title, List<String> names) {
        return axis(axis, Axis.names(title, names));
    }

    /** Removes the legend. */
    Chart unnamed() {
        hasLegend = false;
        return this;
    }

    /** Gives the series colors, fills and shapes, in this order, under one legend. */
    public Chart series(List<String> names) {
        return values("color", names).values("fill", names).values("shape", names);
    }

    /** Gives these names colors, fills or shapes, in this order. */
    public Chart values(String aesthetic, List<String> names) {
        if (names.size() > COLORS.size()) {
            throw new IllegalArgumentException(
                    "chart, " + aesthetic + ": expected at most " + COLORS.size() + " names, got " + names.size());
        }
        series.put(aesthetic, List.copyOf(names));
        return this;
    }

    /** The picture as SVG, on white. */
    public String svg() {
        return new ChartPicture(this, "n", null).svg();
    }

    /**
     * The picture as SVG within a page; it follows the reader's light or dark mode and shrinks with the page.
     *
     * @param name a prefix that makes its inner names unique in the page
     * @param description a text for readers who cannot see it
     */
    public String svg(String name, String description) {
        return new ChartPicture(this, name, description).svg();
    }
}
