package io.github.masktape.report;

import io.github.masktape.text.Markup;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kotlin.Unit;
import org.jetbrains.letsPlot.core.util.MonolithicCommon;
import org.jetbrains.letsPlot.datamodel.svg.util.SvgToString;

/**
 * A chart as Lets-Plot describes it: tables of data, mappings from columns to visual properties, and layers of
 * geometry.
 *
 * <p>The same chart gives the same bytes, on every machine.
 */
public final class Chart {
    /** Colors that color-blind readers can distinguish: M. Okabe and K. Ito, Color Universal Design, 2008. */
    public static final List<Object> COLORS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000");

    private static final String INK = "#333333";

    /** The color that replaces each color on a dark page: paper, panel, grid, axes and strips, then the series. */
    private static final Map<String, String> AT_NIGHT = night();

    private static final String NIGHT_STYLE = nightStyle();

    private static final List<Object> SHAPES = List.of(16, 17, 15, 18, 8, 3, 4);

    /**
     * An attribute with a number that is not finite. Quotation marks in texts are escaped, so no text looks like an
     * attribute.
     */
    private static final Pattern NOT_FINITE = Pattern.compile("[\\w:-]+=\"[^\"]*(NaN|Infinity)[^\"]*\"");

    private final Map<String, Object> spec = new LinkedHashMap<>();
    private final Map<String, Object> theme = theme();
    private final List<Object> layers = new ArrayList<>();
    private final List<Object> scales = new ArrayList<>();

    /** An empty chart, without layers; width and height are in pixels. */
    public Chart(String title, String subtitle, int width, int height) {
        spec.put("kind", "plot");
        spec.put("ggtitle", map("text", title, "subtitle", subtitle));
        spec.put("ggsize", map("width", width, "height", height));
        spec.put("theme", theme);
        spec.put("layers", layers);
        spec.put("scales", scales);
    }

    private static Map<String, String> night() {
        Map<String, String> night = new LinkedHashMap<>();
        night.put("#FFFFFF", "#16191d");
        night.put("#E9E9E9", "#2c3137");
        night.put("#D9D9D9", "#2c3137");
        night.put("#C9C9C9", "#5b626b");
        night.put("#474747", "#5b626b");
        night.put("#333333", "#d7dbe0");
        night.put("#777777", "#9aa3ad");
        night.put("#0072B2", "#4aa8e0");
        night.put("#D55E00", "#f58b3c");
        night.put("#009E73", "#2fbf95");
        night.put("#000000", "#ffffff");
        return night;
    }

    private static Map<String, Object> theme() {
        Map<String, Object> text = map("blank", false, "color", INK);
        return map(
                "name",
                "light",
                "legend_position",
                "bottom",
                "text",
                text,
                "plot_title",
                map("blank", false, "color", INK, "size", 18, "face", "bold"),
                "plot_subtitle",
                map("blank", false, "color", INK, "size", 13),
                "plot_background",
                map("blank", false, "fill", "#FFFFFF", "color", "#FFFFFF"),
                "panel_grid_minor",
                map("blank", true),
                "plot_margin",
                map("t", 12, "r", 16, "b", 8, "l", 8));
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
        private final Map<String, Object> columns = new LinkedHashMap<>();

        /** An empty table with these columns. */
        public Table(String... names) {
            for (String name : names) {
                columns.put(name, new ArrayList<>());
            }
        }

        /**
         * Adds a row with a value for each column.
         *
         * @throws IllegalArgumentException if a number is NaN or infinite, which Lets-Plot would omit silently
         */
        @SuppressWarnings("unchecked")
        public Table row(Object... values) {
            int i = 0;
            for (Map.Entry<String, Object> column : columns.entrySet()) {
                Object value = values[i++];
                if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
                    throw new IllegalArgumentException(
                            "chart, column " + column.getKey() + ": expected a finite number, got " + value);
                }
                ((List<Object>) column.getValue()).add(value);
            }
            return this;
        }
    }

    /** Draws a panel for each value of a column, one below the other in order. */
    public Chart panels(String column) {
        spec.put(
                "facet",
                map("name", "wrap", "facets", List.of(column), "ncol", 1, "scales", "free_y", "order", List.of(0)));
        return this;
    }

    /** Adds a layer of geometry with its own data; options follow as alternating names and values. */
    public Chart layer(String geometry, Table data, Map<String, Object> mapping, Object... options) {
        Map<String, Object> layer = map("geom", geometry, "data", data.columns, "mapping", mapping, "tooltips", "none");
        layer.putAll(map(options));
        layers.add(layer);
        return this;
    }

    /** Sets an axis from 0 to {@code most}, or to the end of the data if that is 0. */
    public Chart linear(String axis, String title, double most) {
        Map<String, Object> scale = map("aesthetic", axis, "name", title, "format", "d");
        if (most > 0) {
            scale.put("limits", List.of(0, most));
        }
        scales.add(scale);
        return this;
    }

    /** Sets an axis whose ticks Lets-Plot chooses. */
    public Chart automatic(String axis, String title) {
        scales.add(map("aesthetic", axis, "name", title));
        return this;
    }

    /** Sets an axis with at most about ten ticks, at whole numbers. */
    Chart counts(String axis, String title, int first, int last) {
        int step = 1;
        for (int power = 1; (last - first) / step > 10; power *= 10) {
            for (int digit : new int[] {2, 5, 10}) {
                step = (last - first) / step > 10 ? digit * power : step;
            }
        }
        List<Object> breaks = new ArrayList<>();
        for (int tick = first % step == 0 ? first : first - first % step + step; tick <= last; tick += step) {
            breaks.add((double) tick);
        }
        scales.add(map("aesthetic", axis, "name", title, "breaks", breaks, "format", "d"));
        return this;
    }

    /** Sets an axis that only orders: without ticks and title, with some room at its ends. */
    public Chart unseen(String axis, double room) {
        scales.add(map("aesthetic", axis, "name", "", "breaks", List.of(), "expand", List.of(0, room)));
        return this;
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
        scales.add(map(
                "aesthetic", axis,
                "name", title,
                "trans", "log10",
                "limits", List.of(least, most),
                // Lets-Plot would add 5 % of the range of the numbers at both ends, not of their logarithms.
                "expand", List.of(0, 0),
                "breaks", ticks.stream().map(Number::doubleValue).toList(),
                "labels", ticks.stream().map(Chart::tick).toList()));
        return this;
    }

    private static String tick(Number value) {
        double number = value.doubleValue();
        return number > 0.9
                ? Long.toString(Math.round(number))
                : new BigDecimal(number).round(new MathContext(1)).toPlainString();
    }

    /** Sets an axis of names, in this order. */
    public Chart names(String axis, String title, List<String> names) {
        scales.add(map("aesthetic", axis, "name", title, "discrete", true, "limits", names));
        return this;
    }

    /** Removes the legend. */
    Chart unnamed() {
        theme.put("legend_position", "none");
        return this;
    }

    /** Gives the series colors, fills and shapes, in this order, under one legend. */
    public Chart series(List<String> names) {
        return values("color", names).values("fill", names).values("shape", names);
    }

    /** Gives these names colors, fills or shapes, in this order. */
    public Chart values(String aesthetic, List<String> names) {
        List<Object> values = (aesthetic.equals("shape") ? SHAPES : COLORS).subList(0, names.size());
        scales.add(map("aesthetic", aesthetic, "name", "", "discrete", true, "limits", names, "values", values));
        return this;
    }

    /** The picture as SVG, on white. */
    public String svg() {
        return finished(drawn(), "n");
    }

    /**
     * The picture as SVG within a page; it follows the reader's light or dark mode and shrinks with the page.
     *
     * @param name a prefix that makes its inner names unique in the page
     * @param description a text for readers who cannot see it
     */
    public String svg(String name, String description) {
        String svg = finished(drawn(), name);
        Object size = spec.get("ggsize");
        if (!(size instanceof Map<?, ?> pixels)) {
            throw new AssertionError(size);
        }
        String box = "0 0 " + pixels.get("width") + " " + pixels.get("height");
        // The rule must not apply to the page's own texts.
        return svg.replace("\ntext {", "\n.plt-container text {")
                .replaceFirst(
                        "<svg ",
                        Matcher.quoteReplacement("<svg viewBox=\"" + box + "\" role=\"img\" aria-label=\""
                                + Markup.escape(description) + "\" "))
                .replaceFirst("</style>", Matcher.quoteReplacement(NIGHT_STYLE + "</style>"));
    }

    private static String nightStyle() {
        StringBuilder style =
                new StringBuilder(".plt-container { max-width: 100%; height: auto; user-select: text; }\n");
        style.append("@media (prefers-color-scheme: dark) {\n.plt-container text { fill: ")
                .append(AT_NIGHT.get(INK))
                .append(" !important; }\n");
        AT_NIGHT.forEach((day, night) -> {
            int rgb = Integer.parseInt(day.substring(1), 16);
            String decimal = "rgb(" + (rgb >> 16) + "," + ((rgb >> 8) & 255) + "," + (rgb & 255) + ")";
            for (String property : List.of("fill", "stroke")) {
                String selector = ".plt-container [" + property + "=\"";
                style.append(selector)
                        .append(decimal)
                        .append("\"], ")
                        .append(selector)
                        .append(day.toLowerCase(Locale.ROOT))
                        .append("\"] { ")
                        .append(property)
                        .append(": ")
                        .append(night)
                        .append("; }\n");
            }
        });
        return style.append("}\n").toString();
    }

    /** The picture as SVG, as Lets-Plot draws it. */
    String drawn() {
        List<String> messages = new ArrayList<>();
        String svg = MonolithicCommon.INSTANCE
                .buildSvgImagesFromRawSpecs(spec, null, new SvgToString((width, height, pixels) -> "", false), said -> {
                    messages.addAll(said);
                    return Unit.INSTANCE;
                })
                .get(0);
        if (!messages.isEmpty()) {
            throw new IllegalArgumentException("chart " + spec.get("ggtitle") + ": " + messages);
        }
        return svg;
    }

    /** Normalizes what Lets-Plot drew, so that the bytes are the same every time. */
    static String finished(String svg, String prefix) {
        String named = withFixedNames(svg, prefix);
        requireNumbers(named);
        return withFewDigits(named).strip() + "\n";
    }

    /**
     * Refuses numbers that are not finite. It checks attributes only: a title may contain anything, and random ids,
     * which have been replaced before, sometimes contain "NaN".
     */
    private static void requireNumbers(String svg) {
        Matcher wrong = NOT_FINITE.matcher(svg);
        if (wrong.find()) {
            throw new IllegalArgumentException("chart: expected finite numbers, got " + wrong.group());
        }
    }

    /** Replaces Lets-Plot's random ids by numbers, in the order in which they occur. */
    private static String withFixedNames(String svg, String prefix) {
        Map<String, String> names = new LinkedHashMap<>();
        Matcher ids = Pattern.compile("id=\"(\\w+)\"").matcher(svg);
        while (ids.find()) {
            names.putIfAbsent(ids.group(1), prefix + names.size());
        }
        Pattern anyName = Pattern.compile("(?<=[#\"])(" + String.join("|", names.keySet()) + ")\\b");
        return anyName.matcher(svg).replaceAll((MatchResult name) -> names.getOrDefault(name.group(), ""));
    }

    /**
     * Rounds the numbers in attributes to two decimals, which is enough for a picture; JDKs print the last digit
     * differently.
     */
    private static String withFewDigits(String svg) {
        Pattern number = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");
        return Pattern.compile("=\"[^\"]*\"")
                .matcher(svg)
                .replaceAll((MatchResult attribute) -> Matcher.quoteReplacement(
                        number.matcher(attribute.group()).replaceAll((MatchResult digits) -> rounded(digits.group()))));
    }

    private static String rounded(String number) {
        BigDecimal value = new BigDecimal(Double.parseDouble(number)).setScale(2, RoundingMode.HALF_EVEN);
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
