// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.picture;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Markup;
import io.github.masktape.text.NumberForm;
import io.github.masktape.text.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A picture of a tensor or a mask, with a cell for each element: orange for positive elements, blue for
 * negative ones, and more intense for larger absolute values.
 *
 * <p>It is immutable and reads the tensor when it is drawn. If a matrix is too large to be shown in full, a cell is the
 * mean of a block of elements, and the picture says so. The same picture has the same bytes on every machine.
 */
public final class Heatmap {
    private static final int MOST_PANELS = 16;

    /** The most rows or columns of a panel. */
    private static final int MOST_DRAWN = 64;

    private static final int MOST_DRAWN_IN_ALL = 16_384;
    private static final int MOST_ROWS_OF_TEXT = 24;
    private static final int MOST_COLUMNS_OF_TEXT = 32;
    private static final int MOST_IN_ALL_OF_TEXT = 1536;
    private static final int LINE_OF_TEXT = 80;

    private static final int MOST_NUMBERED = 400;
    private static final int MOST_NUMBERED_COLUMNS = 12;
    private static final int LONGEST_NUMBER = 10;

    /** The number of strengths of a color. */
    private static final int LEVELS = 20;

    private static final String SHADES = "░▒▓█";
    private static final double CHARACTER = 7.3;
    private static final int MARGIN = 12;
    private static final int BETWEEN = 16;
    private static final int WIDEST = 860;
    /** The width of a character at 11 pixels, rounded up. */
    private static final double SMALL = 6.8;

    private static final int SWATCH = 14;
    /** The least total width of the cells, so that most pictures with few cells are equally wide. */
    private static final int LEAST_OF_SWATCHES = 240;

    /**
     * The share of color in full colors, which are mixed with the background so that numbers are readable on all of
     * them.
     */
    private static final double FULL = 0.7;

    private static final String STYLE = """
            .masktape-heatmap { max-width: 100%; height: auto; }
            .masktape-heatmap .paper, .masktape-heatmap .ground { fill: #ffffff; }
            .masktape-heatmap text { fill: #1f2328; font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; \
            white-space: pre; }
            .masktape-heatmap .title { font-weight: 600; font-size: 13px; }
            .masktape-heatmap .soft { fill: #59636e; font-size: 11px; }
            .masktape-heatmap .number { text-anchor: middle; }
            .masktape-heatmap .plus { fill: #d55e00; }
            .masktape-heatmap .minus { fill: #0072b2; }
            .masktape-heatmap .cells { shape-rendering: crispEdges; }
            .masktape-heatmap .grid, .masktape-heatmap .frame { fill: none; stroke: #d7dbe0; }
            .masktape-heatmap .frame { stroke: #8b949e; }
            .masktape-heatmap .nan { fill: #8b949e; fill-opacity: .35; }
            .masktape-heatmap .cross { fill: none; stroke: #1f2328; }
            .masktape-heatmap .dot { fill: #1f2328; }
            @media (prefers-color-scheme: dark) {
            .masktape-heatmap .paper, .masktape-heatmap .ground { fill: #16191d; }
            .masktape-heatmap text { fill: #f0f3f6; }
            .masktape-heatmap .soft { fill: #9aa3ad; }
            .masktape-heatmap .plus { fill: #f07a28; }
            .masktape-heatmap .minus { fill: #3d9fe0; }
            .masktape-heatmap .grid { stroke: #353b42; }
            .masktape-heatmap .frame { stroke: #6b747e; }
            .masktape-heatmap .cross { stroke: #f0f3f6; }
            .masktape-heatmap .dot { fill: #f0f3f6; }
            }
            """;

    /** The elements that are shown. */
    private interface ShownElements {
        double at(int panel, int row, int column);
    }

    private final ShownElements elements;
    /** The numbers of panels, rows and columns. */
    private final int[] dims;

    private final String panelName;
    private final String what;
    private final String title;
    private final double limit;

    private Heatmap(ShownElements elements, int[] dims, String panelName, String what, String title, double limit) {
        this.elements = elements;
        this.dims = dims;
        this.panelName = panelName;
        this.what = what;
        this.title = title;
        this.limit = limit;
    }

    /**
     * A picture of a number, a vector as one row, a matrix, or a stack of matrices side by side.
     *
     * @throws IllegalArgumentException if the tensor has more than three axes
     */
    public static Heatmap of(Tensor tensor) {
        Shape shape = tensor.shape();
        if (shape.rank() > 3) {
            throw new IllegalArgumentException(
                    "heatmap: expected at most 3 axes, got " + shape + "; choose a part, or reshape it");
        }
        int[] dims = {1, 1, 1};
        System.arraycopy(shape.dims(), 0, dims, 3 - shape.rank(), shape.rank());
        return new Heatmap(tensor.reshape(dims)::get, dims, "", shape.toString(), "", 0);
    }

    /**
     * A picture of a mask, with its examples side by side and full color at its largest scale. {@code
     * Heatmap.of(mask.example(n))} shows one example.
     */
    public static Heatmap of(Mask mask) {
        int[] dims = {mask.examples(), mask.outputs(), mask.inputs()};
        double largest =
                IntStream.range(0, dims[1]).mapToDouble(mask::scale).max().orElseThrow();
        return new Heatmap(
                (panel, row, column) -> mask.keeps(panel, row, column) ? mask.scale(row) : 0,
                dims,
                "example ",
                "mask " + dims[0] + "×" + dims[1] + "×" + dims[2]
                        + (mask.hasOneScale() ? ", scale " : ", scales up to ") + number(largest),
                "",
                largest);
    }

    /** The same picture with a title. */
    public Heatmap titled(String title) {
        return new Heatmap(elements, dims, panelName, what, title, limit);
    }

    /**
     * The same picture with full color from ±{@code limit} on, so that several pictures can be compared. Otherwise, the
     * cell farthest from 0 has the full color.
     *
     * @throws IllegalArgumentException if {@code limit} is not positive and finite
     */
    public Heatmap upTo(double limit) {
        if (!(limit > 0 && limit <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "heatmap: limit: expected a positive, finite number, got " + number(limit));
        }
        return new Heatmap(elements, dims, panelName, what, title, limit);
    }

    /** The cells of a picture: elements, or means of blocks of them. */
    private final class Grid {
        /** The number of rows of elements in a cell. */
        final int high;

        final int wide;
        final int rows;
        final int columns;
        final double[][] panels;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        int nans;
        int infinities;
        /** The absolute value with the full color; 0 if all cells are 0. */
        final double full;

        final boolean anyNegative;
        final boolean anyBeyond;

        Grid(int mostRows, int mostColumns, int mostInAll) {
            high = (dims[1] - 1) / mostRows + 1;
            wide = (dims[2] - 1) / mostColumns + 1;
            rows = (dims[1] - 1) / high + 1;
            columns = (dims[2] - 1) / wide + 1;
            panels = new double[Math.min(dims[0], Math.max(1, Math.min(MOST_PANELS, mostInAll / (rows * columns))))]
                    [rows * columns];
            for (int panel = 0; panel < panels.length; panel++) {
                for (int cell = 0; cell < rows * columns; cell++) {
                    panels[panel][cell] = mean(panel, cell / columns * high, cell % columns * wide);
                }
            }
            double[] all = Arrays.stream(panels).flatMapToDouble(Arrays::stream).toArray();
            double largest = Arrays.stream(all)
                    .map(Math::abs)
                    .filter(Double::isFinite)
                    .max()
                    .orElse(0);
            full = limit > 0 ? limit : largest;
            anyNegative = Arrays.stream(all).anyMatch(value -> value < 0);
            anyBeyond = largest > full;
        }

        private double mean(int panel, int row, int column) {
            int lastRow = Math.min(dims[1], row + high);
            int lastColumn = Math.min(dims[2], column + wide);
            double count = (double) (lastRow - row) * (lastColumn - column);
            double mean = 0;
            for (int i = row; i < lastRow; i++) {
                for (int j = column; j < lastColumn; j++) {
                    double value = elements.at(panel, i, j);
                    mean += value / count;
                    nans += Double.isNaN(value) ? 1 : 0;
                    infinities += Double.isInfinite(value) ? 1 : 0;
                    least = Math.min(Double.isFinite(value) ? value : least, least);
                    most = Math.max(Double.isFinite(value) ? value : most, most);
                }
            }
            return mean;
        }

        /** The strength of a cell's color: 0 for the value 0 only, {@code levels} for the full color. */
        int level(double value, int levels) {
            double size = Math.abs(value);
            if (!(size > 0)) {
                return 0;
            }
            return size >= full ? levels : (int) Math.min(levels, Math.ceil(size / full * levels));
        }

        boolean areElements() {
            return high == 1 && wide == 1;
        }

        /** The facts that the cells themselves do not show, as lines under the picture. */
        List<String> notes() {
            List<String> notes = new ArrayList<>();
            if (panels.length < dims[0]) {
                notes.add("… " + (dims[0] - panels.length) + " more of " + dims[0]);
            }
            if (!areElements()) {
                notes.add("a cell is the mean of " + high + "×" + wide + " elements, which reach from " + number(least)
                        + " to " + number(most));
            }
            if (nans > 0) {
                notes.add(nans + " nan");
            }
            if (infinities > 0) {
                notes.add(infinities + " infinite");
            }
            return notes;
        }
    }

    private String headline() {
        return Printable.characters(title.isEmpty() ? what : title + "  " + what);
    }

    // ---- characters ----

    /**
     * The picture in characters, for terminals and notebooks: the darker, the larger, with signs if any cell is
     * negative.
     */
    @Override
    public String toString() {
        Grid cells = new Grid(MOST_ROWS_OF_TEXT, MOST_COLUMNS_OF_TEXT, MOST_IN_ALL_OF_TEXT);
        int width = Math.max(2 * cells.columns, dims[0] > 1 ? (panelName + (cells.panels.length - 1)).length() : 0) + 2;
        int perLine = Math.max(1, LINE_OF_TEXT / (width + 1));
        StringBuilder text = new StringBuilder(headline());
        for (int first = 0; first < cells.panels.length; first += perLine) {
            int end = Math.min(cells.panels.length, first + perLine);
            if (dims[0] > 1) {
                line(text, first, end, panel -> padded(" " + panelName + panel, width));
            }
            String rule = "─".repeat(width - 2);
            line(text, first, end, panel -> "┌" + rule + "┐");
            for (int i = 0; i < cells.rows; i++) {
                int row = i;
                line(text, first, end, panel -> "│" + padded(row(cells, panel, row), width - 2) + "│");
            }
            line(text, first, end, panel -> "└" + rule + "┘");
        }
        return text.append('\n').append(scale(cells)).toString();
    }

    private static void line(StringBuilder text, int first, int end, Function<Integer, String> part) {
        StringBuilder line = new StringBuilder();
        for (int panel = first; panel < end; panel++) {
            line.append(panel == first ? "" : " ").append(part.apply(panel));
        }
        text.append('\n').append(line.toString().stripTrailing());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String row(Grid cells, int panel, int row) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.columns; column++) {
            double value = cells.panels[panel][row * cells.columns + column];
            int level = cells.level(value, SHADES.length());
            if (Double.isNaN(value)) {
                line.append("??");
            } else if (Double.isInfinite(value)) {
                line.append(value > 0 ? "+∞" : "-∞");
            } else if (level == 0) {
                line.append(" ·");
            } else {
                char shade = SHADES.charAt(level - 1);
                line.append(!cells.anyNegative ? shade : value < 0 ? '-' : '+').append(shade);
            }
        }
        return line.toString();
    }

    private static String scale(Grid cells) {
        StringBuilder text = new StringBuilder("· 0");
        for (int level = 1; level <= SHADES.length() && cells.full > 0; level++) {
            text.append("  ")
                    .append(SHADES.charAt(level - 1))
                    .append(level == SHADES.length() && cells.anyBeyond ? " beyond, from " : " to ")
                    .append(Decimal.shortest(
                            cells.full
                                    / SHADES.length()
                                    * (level == SHADES.length() && cells.anyBeyond ? level - 1 : level),
                            3));
        }
        cells.notes().forEach(note -> text.append('\n').append(note));
        return text.toString();
    }

    private static String number(double value) {
        return Decimal.shortest(value, 5);
    }

    // ---- SVG ----

    /**
     * The picture as self-contained SVG. It follows the reader's light or dark mode, has numbers in the cells where
     * they fit, and describes its title and numbers in words for readers who cannot see it.
     */
    public String toSvg() {
        return new Drawing(new Grid(MOST_DRAWN, MOST_DRAWN, MOST_DRAWN_IN_ALL)).svg();
    }

    /** The state of drawing a picture. */
    private final class Drawing {
        private final Grid cells;
        private final String[][] numerals;
        private final boolean numbered;
        private final int cellWidth;
        private final int cellHeight;
        private final int perLine;
        private final StringBuilder out = new StringBuilder();

        Drawing(Grid cells) {
            this.cells = cells;
            int shown = cells.panels.length * cells.rows * cells.columns;
            boolean few = cells.areElements() && shown <= MOST_NUMBERED && cells.columns <= MOST_NUMBERED_COLUMNS;
            numerals = few ? numerals() : new String[0][];
            int longest = Arrays.stream(numerals)
                    .flatMap(Arrays::stream)
                    .mapToInt(String::length)
                    .max()
                    .orElse(0);
            numbered = few && longest <= LONGEST_NUMBER;
            int side = Math.max(4, Math.min(18, 320 / Math.max(cells.rows, cells.columns)));
            cellWidth = numbered ? Math.max(34, (int) (CHARACTER * longest) + 12) : side;
            cellHeight = numbered ? 26 : side;
            perLine = Math.max(1, Math.min(cells.panels.length, (WIDEST + BETWEEN) / (panelWidth() + BETWEEN)));
        }

        /** The numbers of all panels as text in one form. */
        private String[][] numerals() {
            NumberForm form = NumberForm.of(
                    Arrays.stream(cells.panels).flatMapToDouble(Arrays::stream).toArray());
            return Arrays.stream(cells.panels)
                    .map(panel -> Arrays.stream(panel).mapToObj(form::text).toArray(String[]::new))
                    .toArray(String[][]::new);
        }

        private int panelWidth() {
            return Math.max(
                    cells.columns * cellWidth,
                    dims[0] > 1 ? (int) (0.62 * 11 * (panelName + (cells.panels.length - 1)).length()) : 0);
        }

        String svg() {
            int label = dims[0] > 1 ? 18 : 0;
            int panelHeight = label + cells.rows * cellHeight;
            int lines = (cells.panels.length - 1) / perLine + 1;
            List<String> notes = cells.notes();
            int longestNote = notes.stream().mapToInt(String::length).max().orElse(0);
            int swatches = cells.full > 0 ? Math.max(LEAST_OF_SWATCHES, swatchesWidth()) : 0;
            int width = 2 * MARGIN
                    + Math.max(Math.max(perLine * (panelWidth() + BETWEEN) - BETWEEN, swatches), (int)
                            Math.max(8.0 * headline().length(), SMALL * longestNote));
            int below = MARGIN + 24 + lines * (panelHeight + BETWEEN);
            int height = below + (cells.full > 0 ? 22 : 0) + 16 * notes.size() + MARGIN - 8;
            out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"masktape-heatmap\" role=\"img\" width=\""
                    + width
                    + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height + "\">\n<title>"
                    + Markup.escape(headline()) + "</title>\n<desc>" + Markup.escape(description())
                    + "</desc>\n<style>\n" + STYLE
                    + "</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
            text("title", MARGIN, MARGIN + 12, headline());
            for (int panel = 0; panel < cells.panels.length; panel++) {
                int x = MARGIN + panel % perLine * (panelWidth() + BETWEEN);
                int y = MARGIN + 24 + panel / perLine * (panelHeight + BETWEEN);
                if (label > 0) {
                    text("soft", x, y + 11, panelName + panel);
                }
                panel(panel, x, y + label);
            }
            if (cells.full > 0) {
                swatches(below);
            }
            for (int i = 0; i < notes.size(); i++) {
                text("soft", MARGIN, below + (cells.full > 0 ? 22 : 0) + 16 * i + 10, notes.get(i));
            }
            return out.append("</svg>\n").toString();
        }

        private void text(String itsClass, double x, double y, String text) {
            out.append("<text class=\"" + itsClass + "\" x=\"" + Decimal.shortest(x, 6) + "\" y=\""
                    + Decimal.shortest(y, 6) + "\">" + Markup.escape(text) + "</text>\n");
        }

        private void panel(int panel, int x, int y) {
            StringBuilder[][] paths = new StringBuilder[2][LEVELS + 1];
            StringBuilder nan = new StringBuilder();
            StringBuilder crosses = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            for (int cell = 0; cell < cells.panels[panel].length; cell++) {
                double value = cells.panels[panel][cell];
                int left = x + cell % cells.columns * cellWidth;
                int top = y + cell / cells.columns * cellHeight;
                String square = "M" + left + " " + top + "h" + cellWidth + "v" + cellHeight + "h-" + cellWidth + "z";
                if (Double.isNaN(value)) {
                    nan.append(square);
                    if (!numbered) {
                        crosses.append("M" + left + " " + top + "l" + cellWidth + " " + cellHeight + "m0 -" + cellHeight
                                + "l-" + cellWidth + " " + cellHeight);
                    }
                    continue;
                }
                int sign = value < 0 ? 1 : 0;
                int level = cells.level(value, LEVELS);
                if (paths[sign][level] == null) {
                    paths[sign][level] = new StringBuilder();
                }
                paths[sign][level].append(square);
                if (Double.isInfinite(value) && !numbered) {
                    int radius = Math.max(1, cellHeight / 5);
                    dots.append("M" + (left + cellWidth / 2 - radius) + " " + (top + cellHeight / 2) + "a" + radius
                            + " "
                            + radius + " 0 1 0 " + 2 * radius + " 0a" + radius + " " + radius + " 0 1 0 -" + 2 * radius
                            + " 0z");
                }
            }
            int width = cells.columns * cellWidth;
            int height = cells.rows * cellHeight;
            out.append("<g class=\"cells\">\n");
            for (int sign = 0; sign < 2; sign++) {
                for (int level = 1; level <= LEVELS; level++) {
                    if (paths[sign][level] != null) {
                        path(
                                (sign == 0 ? "plus" : "minus") + "\" fill-opacity=\"" + opacity(level),
                                paths[sign][level]);
                    }
                }
            }
            path("nan", nan);
            out.append("</g>\n");
            if (cellHeight >= 9) {
                StringBuilder grid = new StringBuilder();
                for (int i = 1; i < cells.rows; i++) {
                    grid.append("M" + x + " " + (y + i * cellHeight) + "h" + width);
                }
                for (int j = 1; j < cells.columns; j++) {
                    grid.append("M" + (x + j * cellWidth) + " " + y + "v" + height);
                }
                path("grid", grid);
            }
            path("cross", crosses);
            path("dot", dots);
            path("frame", new StringBuilder("M" + x + " " + y + "h" + width + "v" + height + "h-" + width + "z"));
            for (int cell = 0; numbered && cell < cells.panels[panel].length; cell++) {
                int column = cell % cells.columns;
                int row = cell / cells.columns;
                text("number", x + (column + 0.5) * cellWidth, y + (row + 0.5) * cellHeight + 4, numerals[panel][cell]);
            }
        }

        private void path(String itsClass, StringBuilder lines) {
            if (lines.length() > 0) {
                out.append("<path class=\"" + itsClass + "\" d=\"" + lines + "\"/>\n");
            }
        }

        private static String opacity(int level) {
            return Decimal.shortest(FULL * level / LEVELS, 4);
        }

        /** Draws the legend: eight colors from −full to full, or four from 0. */
        private void swatches(int y) {
            int x = MARGIN;
            text("soft", x, y + 10, leastOfSwatches());
            x += (int) (SMALL * leastOfSwatches().length()) + 6;
            int left = x;
            for (int i = cells.anyNegative ? -4 : 0; i <= 4; i++) {
                if (i != 0) {
                    path(
                            (i > 0 ? "plus" : "minus") + "\" fill-opacity=\"" + opacity(Math.abs(i) * LEVELS / 4),
                            new StringBuilder("M" + x + " " + y + "h" + SWATCH + "v12h-" + SWATCH + "z"));
                }
                x += SWATCH;
            }
            path("frame", new StringBuilder("M" + left + " " + y + "h" + (x - left) + "v12h-" + (x - left) + "z"));
            text("soft", x + 6, y + 10, mostOfSwatches());
        }

        private int swatchesWidth() {
            int colors = cells.anyNegative ? 9 : 5;
            return (int) Math.ceil(SMALL
                            * (leastOfSwatches().length() + mostOfSwatches().length()))
                    + 12
                    + colors * SWATCH;
        }

        private String leastOfSwatches() {
            return cells.anyNegative ? "-" + Decimal.shortest(cells.full, 3) : "0";
        }

        private String mostOfSwatches() {
            return Decimal.shortest(cells.full, 3) + (cells.anyBeyond ? " and beyond" : "");
        }

        private String description() {
            StringBuilder text = new StringBuilder("Heat map");
            if (!numbered) {
                text.append(", numbers from " + number(cells.least) + " to " + number(cells.most));
            }
            for (int panel = 0; numbered && panel < numerals.length; panel++) {
                text.append(dims[0] > 1 ? "\n" + panelName + panel + ":" : ":");
                for (int cell = 0; cell < numerals[panel].length; cell++) {
                    text.append(cell % cells.columns == 0 ? "\n" : " ").append(numerals[panel][cell]);
                }
            }
            cells.notes().forEach(note -> text.append("\n").append(note));
            return text.toString();
        }
    }
}
