// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Markup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The test set's features in the form that a reader knows: pixels, or the numbers of a table before standardization.
 *
 * @param features one example a row
 * @param names the names of a table's columns; empty for images
 * @param rows the height of an image; 0 for a table
 * @param columns the width of an image; 0 for a table
 * @param texts the text of each feature that is not a number
 */
public record ShownExamples(Tensor features, List<String> names, int rows, int columns, FeatureTexts texts) {
    private static final int MOST_FEATURES = 12;

    /** The texts of features that are not numbers, such as names of categories. */
    @FunctionalInterface
    public interface FeatureTexts {
        /** The text of a value of a feature, counted from 0; null if it is a number. */
        @Nullable
        String of(int feature, double value);
    }

    /** Checks that the sizes match. */
    public ShownExamples {
        names = List.copyOf(names);
        int width = features.shape().rank() == 2 ? features.shape().dim(1) : -1;
        boolean image = names.isEmpty() && rows > 0 && columns > 0 && (long) rows * columns == width;
        boolean table = rows == 0 && columns == 0 && names.size() == width;
        if (!image && !table) {
            throw new IllegalArgumentException("examples: expected rows×columns pixels or a name for each feature, got "
                    + rows + "×" + columns + " and " + names.size() + " names for features of shape "
                    + features.shape());
        }
    }

    /** Examples that are grayscale images of {@code rows}×{@code columns} pixels, row by row. */
    public static ShownExamples images(Tensor features, int rows, int columns) {
        return new ShownExamples(features, List.of(), rows, columns, (feature, value) -> null);
    }

    /** The rows of a table. */
    public static ShownExamples table(Tensor features, List<String> names) {
        return table(features, names, (feature, value) -> null);
    }

    /** The rows of a table in which some features are not numbers. */
    public static ShownExamples table(Tensor features, List<String> names, FeatureTexts texts) {
        return new ShownExamples(features, names, 0, 0, texts);
    }

    boolean areImages() {
        return rows > 0;
    }

    /** An example to show, with remarks about it. */
    record Shown(int example, List<String> said) {}

    /**
     * The examples as HTML: pictures side by side, or the rows of a table.
     *
     * @param heads the heads of the remarks
     */
    String html(List<String> heads, List<Shown> shown) {
        return areImages() ? pictures(heads, shown) : rows(heads, shown);
    }

    private String pictures(List<String> heads, List<Shown> shown) {
        double[][] pixels = shown.stream()
                .map(one -> features.row(one.example()).toDoubleArray())
                .toArray(double[][]::new);
        double least = least(pixels, 0);
        double most = -least(negated(pixels), -1e-9);
        StringBuilder html = new StringBuilder("<ul class=\"pictures\">\n");
        for (int i = 0; i < pixels.length; i++) {
            byte[] levels = new byte[rows * columns];
            for (int q = 0; q < levels.length; q++) {
                double value = Double.isFinite(pixels[i][q]) ? pixels[i][q] : least;
                levels[q] = (byte) Math.round(255 * (value - least) / (most - least));
            }
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < heads.size(); k++) {
                text.append(k == 0 ? "" : ", ")
                        .append(heads.get(k))
                        .append(' ')
                        .append(shown.get(i).said().get(k));
            }
            html.append("<li><figure><img class=\"pixels\" alt=\"Example ")
                    .append(shown.get(i).example())
                    .append("\" title=\"example ")
                    .append(shown.get(i).example())
                    .append("\" src=\"")
                    .append(Html.dataUri(Png.gray(rows, columns, levels)))
                    .append("\"><figcaption>")
                    .append(Markup.escape(text.toString()))
                    .append("</figcaption></figure></li>\n");
        }
        return html.append("</ul>\n").toString();
    }

    private static double least(double[][] pixels, double atMost) {
        double least = atMost;
        for (double[] image : pixels) {
            for (double value : image) {
                least = Double.isFinite(value) ? Math.min(least, value) : least;
            }
        }
        return least;
    }

    private static double[][] negated(double[][] pixels) {
        double[][] negated = new double[pixels.length][];
        for (int i = 0; i < pixels.length; i++) {
            negated[i] = Tensor.of(pixels[i]).neg().toDoubleArray();
        }
        return negated;
    }

    private List<String> cells(int example) {
        List<String> cells = NumberFormats.ofData(features.row(example));
        for (int j = 0; j < cells.size(); j++) {
            String text = texts.of(j, features.get(example, j));
            if (text != null) {
                cells.set(j, text);
            }
        }
        return cells;
    }

    private String rows(List<String> heads, List<Shown> shown) {
        int width = Math.min(names.size(), MOST_FEATURES);
        Html.HtmlTable table = new Html.HtmlTable(Integer.toString(shown.size()) + " examples, the worst first")
                .heads(List.of("example"))
                .heads(heads)
                .heads(names.subList(0, width));
        for (Shown one : shown) {
            table.row(Integer.toString(one.example()))
                    .cells(one.said())
                    .cells(cells(one.example()).subList(0, width));
        }
        return table.html()
                + (width < names.size()
                        ? "<p class=\"note\">The first " + width + " of " + names.size() + " features.</p>\n"
                        : "");
    }
}
