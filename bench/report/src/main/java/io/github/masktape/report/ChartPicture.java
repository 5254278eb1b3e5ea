// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.report.Chart.ChartLayer;
import io.github.masktape.text.Markup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The drawing of a chart: panels one below the other, with titles above and a legend below. */
final class ChartPicture {
    private static final String INK = "#333333";
    private static final String PAPER = "#FFFFFF";
    private static final String GRID = "#E9E9E9";
    private static final String FRAME = "#C9C9C9";
    private static final String STRIP = "#D9D9D9";

    /** The color that replaces each color on a dark page. */
    private static final String[][] AT_NIGHT = {
        {PAPER, "#16191d"},
        {GRID, "#2c3137"},
        {STRIP, "#2c3137"},
        {FRAME, "#5b626b"},
        {INK, "#d7dbe0"},
        {"#777777", "#9aa3ad"},
        {"#0072B2", "#4aa8e0"},
        {"#D55E00", "#f58b3c"},
        {"#009E73", "#2fbf95"},
        {"#000000", "#ffffff"}
    };

    private static final int EDGE = 12;
    private static final int TITLE = 18;
    private static final int SUBTITLE = 13;
    private static final int TEXT = 12;
    private static final int LINE = 20;
    private static final int GAP = 10;
    private static final int TICK = 4;
    private static final int KEY = 22;

    /** The pixels for a tick with its label, down an axis and along it. */
    private static final int DOWN = 45;

    private static final int ALONG = 70;

    /** The pixels outside a panel in which points on its edge are still drawn. */
    private static final int BLEED = 5;

    private final Chart chart;
    private final String name;
    private final @Nullable String description;
    private final StringBuilder svg = new StringBuilder(1 << 14);
    private double left;
    private double right;
    private double top;
    private double bottom;
    private Axis.AxisScale across;
    private Axis.AxisScale up;

    ChartPicture(Chart chart, String name, @Nullable String description) {
        this.chart = chart;
        this.name = name;
        this.description = description;
        across = scale("x", null);
        up = across;
    }

    String svg() {
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"masktape-chart\" width=\"")
                .append(chart.width)
                .append("\" height=\"")
                .append(chart.height)
                .append("\" viewBox=\"0 0 ")
                .append(chart.width)
                .append(' ')
                .append(chart.height)
                .append('"');
        if (description != null) {
            svg.append(" role=\"img\" aria-label=\"")
                    .append(Markup.escape(description))
                    .append('"');
        }
        svg.append(">\n<style>\n").append(style()).append("</style>\n");
        rectangle(0, 0, chart.width, chart.height, PAPER, "");
        double y = titles();
        List<LegendEntry> entries = entries();
        double legend = entries.isEmpty() ? 0 : legend(entries);
        panels(y, chart.height - legend - 8);
        return svg.append("</svg>\n").toString();
    }

    private String style() {
        StringBuilder style = new StringBuilder(".masktape-chart { font-family: sans-serif; font-size: " + TEXT
                + "px; }\n.masktape-chart text { fill: " + INK + "; }\n");
        if (description == null) {
            return style.toString();
        }
        style.append(".masktape-chart { max-width: 100%; height: auto; }\n"
                + "@media (prefers-color-scheme: dark) {\n.masktape-chart text { fill: #d7dbe0; }\n");
        for (String[] color : AT_NIGHT) {
            for (String property : new String[] {"fill", "stroke"}) {
                style.append(".masktape-chart [")
                        .append(property)
                        .append("=\"")
                        .append(color[0])
                        .append("\"] { ")
                        .append(property)
                        .append(": ")
                        .append(color[1])
                        .append("; }\n");
            }
        }
        return style.append("}\n").toString();
    }

    // ---- around the panels ----

    /** Draws title and subtitle, and returns the y below them. */
    private double titles() {
        double y = EDGE;
        if (!chart.title.isEmpty()) {
            y += TITLE;
            title(chart.title, y, TITLE, " font-weight=\"bold\"");
            y += 4;
        }
        if (!chart.subtitle.isEmpty()) {
            y += SUBTITLE;
            title(chart.subtitle, y, SUBTITLE, "");
            y += 4;
        }
        return y + 6;
    }

    /** A title at the left, in smaller letters if it would be too long. */
    private void title(String text, double y, int size, String style) {
        double most = chart.width - 2.0 * EDGE;
        double fitted = Math.max(8, Math.min(size, size * most / width(text, size)));
        text(text, EDGE, y, "start", style + " font-size=\"" + number(fitted) + "\"");
    }

    /** An estimate of a text's width. */
    private static double width(String text, double size) {
        return 0.56 * size * Math.max(1, text.length());
    }

    /** A name in the legend, with the properties that stand for it. */
    private record LegendEntry(String text, String color, int shape, boolean line, boolean point, boolean area) {
        double width() {
            return KEY + 6 + ChartPicture.width(text, TEXT) + 14;
        }
    }

    private List<LegendEntry> entries() {
        Map<List<String>, List<String>> groups = new LinkedHashMap<>();
        chart.series.forEach((aesthetic, names) -> {
            if (isInLegend(aesthetic)) {
                groups.computeIfAbsent(names, key -> new ArrayList<>()).add(aesthetic);
            }
        });
        List<LegendEntry> entries = new ArrayList<>();
        groups.forEach((names, aesthetics) -> {
            boolean colored = aesthetics.contains("color") || aesthetics.contains("fill");
            for (int i = 0; i < names.size(); i++) {
                entries.add(new LegendEntry(
                        names.get(i),
                        colored ? (String) Chart.COLORS.get(i) : INK,
                        aesthetics.contains("shape") ? i : 0,
                        isDrawn(aesthetics, List.of("line", "segment", "linerange", "errorbar")),
                        isDrawn(aesthetics, List.of("point")),
                        isDrawn(aesthetics, List.of("bar", "rect"))));
            }
        });
        return chart.hasLegend ? entries : List.of();
    }

    private boolean isInLegend(String aesthetic) {
        for (ChartLayer layer : chart.layers) {
            if (layer.maps(aesthetic) && layer.isInLegend()) {
                return true;
            }
        }
        return false;
    }

    private boolean isDrawn(List<String> aesthetics, List<String> geometries) {
        for (ChartLayer layer : chart.layers) {
            for (String aesthetic : aesthetics) {
                if (layer.maps(aesthetic) && layer.isInLegend() && geometries.contains(layer.geometry())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Draws the legend at the bottom, in as many lines as it needs, and returns its height. */
    private double legend(List<LegendEntry> entries) {
        List<List<LegendEntry>> lines = new ArrayList<>(List.of(new ArrayList<>()));
        double used = 0;
        for (LegendEntry entry : entries) {
            if (used > 0 && used + entry.width() > chart.width - 2 * EDGE) {
                lines.add(new ArrayList<>());
                used = 0;
            }
            lines.get(lines.size() - 1).add(entry);
            used += entry.width();
        }
        double height = LINE * lines.size() + 4;
        for (int i = 0; i < lines.size(); i++) {
            double width = 0;
            for (LegendEntry entry : lines.get(i)) {
                width += entry.width();
            }
            double x = (chart.width - width + 14) / 2;
            for (LegendEntry entry : lines.get(i)) {
                key(entry, x, chart.height - 8 - height + LINE * (i + 0.5));
                x += entry.width();
            }
        }
        return height;
    }

    private void key(LegendEntry entry, double x, double y) {
        if (entry.area) {
            rectangle(x + 4, y - 7, 14, 14, entry.color, "");
        }
        if (entry.line) {
            line(x, y, x + KEY, y, stroke(entry.color, 2));
        }
        if (entry.point) {
            point(x + KEY / 2.0, y, entry.shape, 3.5, entry.color, "");
        }
        text(entry.text, x + KEY + 6, y + 4, "start", "");
    }

    // ---- the panels ----

    private void panels(double from, double to) {
        List<@Nullable Object> panels = new ArrayList<>();
        if (chart.panelColumn == null) {
            panels.add(null);
        }
        for (ChartLayer layer : chart.layers) {
            for (int row = 0; row < layer.data().rows() && isSplit(layer); row++) {
                Object panel = layer.cell(String.valueOf(chart.panelColumn), row);
                if (!panels.contains(panel)) {
                    panels.add(panel);
                }
            }
        }
        Axis vertical = axis("y");
        Axis horizontal = axis("x");
        double strip = chart.panelColumn == null ? 0 : LINE;
        double end =
                to - (horizontal.title().isEmpty() ? 0 : LINE) - (horizontal.kind() == Axis.ScaleKind.BLANK ? 0 : LINE);
        double height = (end - from - GAP * (panels.size() - 1)) / panels.size() - strip;
        left = EDGE + (vertical.title().isEmpty() ? 0 : LINE) + labelWidth(panels, height);
        right = chart.width - 16;
        for (int i = 0; i < panels.size(); i++) {
            top = from + i * (height + strip + GAP) + strip;
            bottom = top + height;
            up = scale("y", panels.get(i));
            panel(panels.get(i), i, strip);
        }
        for (Axis.Tick tick : acrossTicks()) {
            text(tick.label(), x(tick.value()), bottom + 16, "middle", "");
        }
        if (!horizontal.title().isEmpty()) {
            text(horizontal.title(), (left + right) / 2, to - 4, "middle", "");
        }
        if (!vertical.title().isEmpty()) {
            double y = (from + end) / 2;
            text(
                    vertical.title(),
                    EDGE + 10,
                    y,
                    "middle",
                    " transform=\"rotate(-90 " + number(EDGE + 10) + " " + number(y) + ")\"");
        }
    }

    private boolean isSplit(ChartLayer layer) {
        return chart.panelColumn != null && layer.data().columns.containsKey(chart.panelColumn);
    }

    private boolean isIn(ChartLayer layer, int row, @Nullable Object panel) {
        return panel == null || !isSplit(layer) || panel.equals(layer.cell(String.valueOf(chart.panelColumn), row));
    }

    private double labelWidth(List<@Nullable Object> panels, double height) {
        double widest = 0;
        for (Object panel : panels) {
            for (Axis.Tick tick : scale("y", panel).ticks(Math.max(2, (int) (height / DOWN)))) {
                widest = Math.max(widest, width(tick.label(), TEXT));
            }
        }
        return widest + (widest == 0 ? 0 : TICK + 4);
    }

    private List<Axis.Tick> acrossTicks() {
        return across.ticks(Math.max(2, (int) ((right - left) / ALONG)));
    }

    private void panel(@Nullable Object panel, int index, double strip) {
        if (panel != null) {
            rectangle(left, top - strip, right - left, strip, STRIP, "");
            text(panel.toString(), (left + right) / 2, top - 6, "middle", "");
        }
        for (Axis.Tick tick : acrossTicks()) {
            double x = x(tick.value());
            line(x, top, x, bottom, stroke(GRID, 1));
            line(x, bottom, x, bottom + TICK, stroke(FRAME, 1));
        }
        for (Axis.Tick tick : up.ticks(Math.max(2, (int) ((bottom - top) / DOWN)))) {
            double y = y(tick.value());
            line(left, y, right, y, stroke(GRID, 1));
            line(left - TICK, y, left, y, stroke(FRAME, 1));
            text(tick.label(), left - TICK - 3, y + 4, "end", "");
        }
        svg.append("<clipPath id=\"").append(name).append(index).append("\">");
        svg.append("<rect x=\"").append(number(left - BLEED)).append("\" y=\"").append(number(top - BLEED));
        svg.append("\" width=\"").append(number(right - left + 2 * BLEED));
        svg.append("\" height=\"").append(number(bottom - top + 2 * BLEED)).append("\"/></clipPath>\n");
        svg.append("<g clip-path=\"url(#").append(name).append(index).append(")\">\n");
        for (ChartLayer layer : chart.layers) {
            layer(layer, panel);
        }
        svg.append("</g>\n<rect x=\"").append(number(left)).append("\" y=\"").append(number(top));
        svg.append("\" width=\"")
                .append(number(right - left))
                .append("\" height=\"")
                .append(number(bottom - top));
        svg.append("\" fill=\"none\"").append(stroke(FRAME, 1)).append("/>\n");
    }

    // ---- scales ----

    private Axis axis(String axis) {
        Axis found = chart.axes.get(axis);
        if (found == null) {
            throw new AssertionError(axis);
        }
        return found;
    }

    /** The scale of an axis for the rows of a panel, or of all if it is null. */
    private Axis.AxisScale scale(String axis, @Nullable Object panel) {
        Axis described = axis(axis);
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (ChartLayer layer : chart.layers) {
            for (String end : new String[] {"", "min", "max", "end", "intercept"}) {
                for (int row = 0; layer.maps(axis + end) && row < layer.data().rows(); row++) {
                    if (isIn(layer, row, panel)) {
                        double value = described.number(layer.required(axis + end, row));
                        least = Math.min(least, value);
                        most = Math.max(most, value);
                    }
                }
            }
            if (layer.geometry().equals("bar") && layer.data().rows() > 0) {
                double half = axis.equals("x") ? barWidth(layer) / 2 : 0;
                least = axis.equals("x") ? least - half : Math.min(least, 0);
                most = axis.equals("x") ? most + half : Math.max(most, 0);
            }
        }
        return described.over(least, most);
    }

    private double x(double value) {
        return left + across.at(value) * (right - left);
    }

    private double x(Object cell) {
        return x(across.axis().number(cell));
    }

    private double y(double value) {
        return bottom - up.at(value) * (bottom - top);
    }

    private double y(Object cell) {
        return y(up.axis().number(cell));
    }

    /** The width of all bars at one place, in units of the axis: that of a layer times the least distance of places. */
    private double barWidth(ChartLayer layer) {
        double[] places = new double[layer.data().rows()];
        for (int row = 0; row < places.length; row++) {
            places[row] = axis("x").number(layer.required("x", row));
        }
        Arrays.sort(places);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < places.length; i++) {
            if (places[i] > places[i - 1]) {
                least = Math.min(least, places[i] - places[i - 1]);
            }
        }
        return layer.number("width", 0.9) * (Double.isInfinite(least) ? 1 : least);
    }

    // ---- geometry ----

    private void layer(ChartLayer layer, @Nullable Object panel) {
        if (layer.geometry().equals("line")) {
            lines(layer, panel);
            return;
        }
        for (int row = 0; row < layer.data().rows(); row++) {
            if (isIn(layer, row, panel)) {
                draw(layer, row);
            }
        }
    }

    private void draw(ChartLayer layer, int row) {
        String style = stroke(color(layer, "color", row), 2 * layer.number("size", 1)) + dashes(layer) + alpha(layer);
        switch (layer.geometry()) {
            case "point" ->
                point(
                        x(layer.required("x", row)),
                        y(layer.required("y", row)),
                        index("shape", layer, row, 0),
                        1.1 * layer.number("size", 2),
                        color(layer, "color", row),
                        alpha(layer));
            case "segment" ->
                line(
                        x(layer.required("x", row)),
                        y(layer.required("y", row)),
                        x(layer.required("xend", row)),
                        y(layer.required("yend", row)),
                        style);
            case "linerange", "errorbar" -> range(layer, row, style);
            case "hline" -> {
                double y = y(layer.required("yintercept", row));
                line(left, y, right, y, style);
            }
            case "vline" -> {
                double x = x(layer.required("xintercept", row));
                line(x, top, x, bottom, style);
            }
            case "bar" -> bar(layer, row);
            case "rect" -> {
                double x = x(layer.required("xmin", row));
                double y = y(layer.required("ymax", row));
                rectangle(
                        x,
                        y,
                        x(layer.required("xmax", row)) - x,
                        y(layer.required("ymin", row)) - y,
                        color(layer, "fill", row),
                        alpha(layer));
            }
            case "text" -> label(layer, row);
            default -> throw new IllegalArgumentException("chart: expected a known geometry, got " + layer.geometry());
        }
    }

    private record Point(double x, double y) {}

    /** Draws a line for each series, from left to right. */
    private void lines(ChartLayer layer, @Nullable Object panel) {
        Map<List<Object>, List<Integer>> series = new LinkedHashMap<>();
        for (int row = 0; row < layer.data().rows(); row++) {
            if (isIn(layer, row, panel)) {
                List<Object> key = new ArrayList<>();
                for (String aesthetic : new String[] {"color", "group"}) {
                    Object value = layer.value(aesthetic, row);
                    key.add(value == null ? "" : value);
                }
                series.computeIfAbsent(key, none -> new ArrayList<>()).add(row);
            }
        }
        for (List<Integer> rows : series.values()) {
            List<Point> points = new ArrayList<>();
            for (int row : rows) {
                points.add(new Point(x(layer.required("x", row)), y(layer.required("y", row))));
            }
            points.sort(Comparator.comparingDouble(Point::x));
            svg.append("<path d=\"");
            char pen = 'M';
            for (Point point : points) {
                svg.append(pen).append(number(point.x)).append(' ').append(number(point.y));
                pen = 'L';
            }
            svg.append("\" fill=\"none\"");
            svg.append(stroke(color(layer, "color", rows.get(0)), 2 * layer.number("size", 1)));
            svg.append(dashes(layer)).append(alpha(layer)).append("/>\n");
        }
    }

    private void range(ChartLayer layer, int row, String style) {
        double place = across.axis().number(layer.required("x", row));
        double dodge = layer.number("dodge", 0);
        if (dodge > 0) {
            int count = names("fill").size();
            place += dodge * ((index("group", layer, row, 0) + 0.5) / count - 0.5);
        }
        double x = x(place);
        double low = y(layer.required("ymin", row));
        double high = y(layer.required("ymax", row));
        line(x, low, x, high, style);
        if (layer.geometry().equals("errorbar")) {
            double half = x(place + layer.number("width", 0.5) / 2) - x;
            line(x - half, low, x + half, low, style);
            line(x - half, high, x + half, high, style);
        }
    }

    private void bar(ChartLayer layer, int row) {
        double all = barWidth(layer);
        int count = layer.maps("fill") ? names("fill").size() : 1;
        double from =
                across.axis().number(layer.required("x", row)) - all / 2 + all * index("fill", layer, row, 0) / count;
        double x = x(from);
        double y = y(layer.required("y", row));
        double zero = y(0);
        rectangle(
                x,
                Math.min(y, zero),
                x(from + all / count) - x,
                Math.abs(zero - y),
                color(layer, "fill", row),
                alpha(layer));
    }

    private void label(ChartLayer layer, int row) {
        double x = x(layer.required("x", row));
        double value = up.axis().number(layer.required("y", row)) + layer.number("nudge_y", 0);
        Object hjust = layer.options().get("hjust");
        String anchor = "inward".equals(hjust)
                ? x < (left + right) / 2 ? "start" : "end"
                : hjust instanceof Number number && number.doubleValue() == 0 ? "start" : "middle";
        double size = 2 * layer.number("size", 6);
        double down = layer.number("vjust", 0.5) == 0 ? 0 : 0.35 * size;
        text(
                layer.required("label", row).toString(),
                x,
                y(value) + down,
                anchor,
                " font-size=\"" + number(size) + "\"");
    }

    // ---- properties ----

    private List<String> names(String aesthetic) {
        return chart.series.getOrDefault(aesthetic, List.of());
    }

    /** The index of the series that a row belongs to. */
    private int index(String aesthetic, ChartLayer layer, int row, int otherwise) {
        Object value = layer.value(aesthetic, row);
        if (value == null) {
            return otherwise;
        }
        List<String> names = names(aesthetic.equals("group") ? "fill" : aesthetic);
        int index = names.indexOf(value.toString());
        if (index < 0) {
            throw new IllegalArgumentException(
                    "chart, " + aesthetic + ": expected one of the series " + names + ", got " + value);
        }
        return index;
    }

    private String color(ChartLayer layer, String aesthetic, int row) {
        int index = index(aesthetic, layer, row, -1);
        Object own = layer.options().get(aesthetic);
        return index >= 0
                ? (String) Chart.COLORS.get(index)
                : own == null ? INK : own.toString().toUpperCase(Locale.ROOT);
    }

    private static String stroke(String color, double width) {
        return " stroke=\"" + color + "\" stroke-width=\"" + number(width) + "\"";
    }

    private static String dashes(ChartLayer layer) {
        return "dashed".equals(layer.options().get("linetype")) ? " stroke-dasharray=\"6 5\"" : "";
    }

    private static String alpha(ChartLayer layer) {
        double alpha = layer.number("alpha", 1);
        return alpha == 1 ? "" : " opacity=\"" + number(alpha) + "\"";
    }

    // ---- elements ----

    private void text(String text, double x, double y, String anchor, String style) {
        svg.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        svg.append("\" text-anchor=\"").append(anchor).append('"').append(style).append('>');
        svg.append(Markup.escape(text)).append("</text>\n");
    }

    private void line(double fromX, double fromY, double toX, double toY, String style) {
        svg.append("<line x1=\"").append(number(fromX)).append("\" y1=\"").append(number(fromY));
        svg.append("\" x2=\"").append(number(toX)).append("\" y2=\"").append(number(toY));
        svg.append('"').append(style).append("/>\n");
    }

    private void rectangle(double x, double y, double width, double height, String fill, String style) {
        svg.append("<rect x=\"").append(number(x)).append("\" y=\"").append(number(y));
        svg.append("\" width=\"").append(number(width)).append("\" height=\"").append(number(height));
        svg.append("\" fill=\"").append(fill).append('"').append(style).append("/>\n");
    }

    /** A circle, a triangle, a square, a diamond, a star, a plus or a cross. */
    private void point(double x, double y, int shape, double radius, String color, String style) {
        if (shape == 0) {
            svg.append("<circle cx=\"").append(number(x)).append("\" cy=\"").append(number(y));
            svg.append("\" r=\"").append(number(radius)).append('"');
        } else {
            svg.append("<path d=\"");
            double r = radius;
            switch (shape) {
                case 1 -> polygon(x, y, 0, -1.2 * r, 1.05 * r, 0.7 * r, -1.05 * r, 0.7 * r);
                case 2 -> polygon(x, y, -0.9 * r, -0.9 * r, 0.9 * r, -0.9 * r, 0.9 * r, 0.9 * r, -0.9 * r, 0.9 * r);
                case 3 -> polygon(x, y, 0, -1.2 * r, 1.2 * r, 0, 0, 1.2 * r, -1.2 * r, 0);
                case 4 -> {
                    stroke(x, y, r, 0);
                    stroke(x, y, 0, r);
                    stroke(x, y, 0.7 * r, 0.7 * r);
                    stroke(x, y, 0.7 * r, -0.7 * r);
                }
                case 5 -> {
                    stroke(x, y, r, 0);
                    stroke(x, y, 0, r);
                }
                default -> {
                    stroke(x, y, 0.8 * r, 0.8 * r);
                    stroke(x, y, 0.8 * r, -0.8 * r);
                }
            }
            svg.append('"');
        }
        if (shape < 4) {
            svg.append(" fill=\"").append(color).append('"');
        } else {
            svg.append(stroke(color, 1.6));
        }
        svg.append(style).append("/>\n");
    }

    private void polygon(double x, double y, double... corners) {
        for (int i = 0; i < corners.length; i += 2) {
            svg.append(i == 0 ? 'M' : 'L').append(number(x + corners[i]));
            svg.append(' ').append(number(y + corners[i + 1]));
        }
        svg.append('Z');
    }

    private void stroke(double x, double y, double dx, double dy) {
        svg.append('M').append(number(x - dx)).append(' ').append(number(y - dy));
        svg.append('L').append(number(x + dx)).append(' ').append(number(y + dy));
    }

    /** A coordinate with at most two decimals. */
    private static String number(double value) {
        if (!(Math.abs(value) < 1e9)) {
            throw new IllegalArgumentException("chart: expected a place on the page, got " + value);
        }
        long hundredths = Math.round(100 * value);
        String text = Long.toString(Math.abs(hundredths));
        if (hundredths % 100 == 0) {
            return Long.toString(hundredths / 100);
        }
        String padded = "0".repeat(Math.max(0, 3 - text.length())) + text;
        String digits = padded.substring(0, padded.length() - 2) + "." + padded.substring(padded.length() - 2);
        return (hundredths < 0 ? "-" : "") + (digits.endsWith("0") ? digits.substring(0, digits.length() - 1) : digits);
    }
}
