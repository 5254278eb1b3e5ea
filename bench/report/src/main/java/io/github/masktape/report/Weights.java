// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.autograd.Pass;
import io.github.masktape.layers.Affine;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Sequential;
import io.github.masktape.report.Chart.Table;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The part of a report about a network's affine layers: weights in numbers and pictures, and masks. */
final class Weights {
    private static final int MOST_CHARTS = 8;
    private static final int MOST_PICTURES = 64;
    private static final int BINS = 50;
    /** The number of mask bits that are drawn to count those that are kept. */
    private static final long ENOUGH_BITS = 8_000_000;

    private static final int MOST_MASKS = 64;
    private static final int[] BLUE = {0, 114, 178};
    private static final int[] ORANGE = {213, 94, 0};
    private static final int[] NONE = {245, 245, 245};

    private final List<Placed> layers = new ArrayList<>();

    /**
     * An affine layer of a network.
     *
     * @param name the prefix of its parameters' names
     * @param weight out×in
     * @param pass the pass that it receives
     */
    private record Placed(String name, Affine layer, Tensor weight, Tensor bias, Pass pass) {}

    Weights(Sequential net, long seed) {
        for (Sequential.Leaf leaf : net.leaves(Pass.training(seed, 0))) {
            if (leaf.layer() instanceof Affine affine) {
                layers.add(new Placed(
                        leaf.name(),
                        affine,
                        affine.weight().value(),
                        affine.bias().value(),
                        leaf.pass()));
            }
        }
    }

    // ---- numbers ----

    String statistics() {
        Html.HtmlTable table = new Html.HtmlTable("Weights and biases, layer by layer")
                .heads(List.of("layer"))
                .head("text", "what")
                .heads(List.of("number", "mean", "sd", "least", "most", "near 0"));
        for (Placed affine : layers) {
            row(table, affine.name() + ".weight", affine.layer().toString(), affine.weight());
            row(table, affine.name() + ".bias", "", affine.bias());
        }
        List<String> charts = new ArrayList<>();
        for (int i = 0; i < Math.min(layers.size(), MOST_CHARTS); i++) {
            charts.add(histogram(layers.get(i), "weights" + (char) ('a' + i)));
        }
        return Html.section(
                "Weights",
                table.html(),
                Html.note("Near 0: the share at most a tenth of the standard deviation away from 0;"
                        + " 8 % in a normal distribution around it."),
                Html.charts(charts.toArray(String[]::new)));
    }

    private static void row(Html.HtmlTable table, String name, String what, Tensor values) {
        double[] numbers = values.toDoubleArray();
        double mean = Arrays.stream(numbers).sum() / numbers.length;
        double squares = 0;
        for (double number : numbers) {
            squares += (number - mean) * (number - mean);
        }
        double deviation = Math.sqrt(squares / numbers.length);
        long near = Arrays.stream(numbers)
                .filter(number -> Math.abs(number) <= deviation / 10)
                .count();
        table.row(name)
                .cell("text", what)
                .cells(List.of(
                        Decimal.grouped(numbers.length),
                        NumberFormats.plain(mean),
                        NumberFormats.plain(deviation),
                        NumberFormats.plain(Arrays.stream(numbers).min().orElseThrow()),
                        NumberFormats.plain(Arrays.stream(numbers).max().orElseThrow()),
                        NumberFormats.percent((double) near / numbers.length)));
    }

    private static String histogram(Placed affine, String name) {
        double[] numbers = Arrays.stream(affine.weight().toDoubleArray())
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double low = numbers.length == 0 ? 0 : numbers[0];
        double high = numbers.length == 0 ? 0 : numbers[numbers.length - 1];
        double width = high > low ? (high - low) / BINS : 1;
        int[] counts = new int[BINS];
        for (double number : numbers) {
            counts[(int) Math.min(BINS - 1, (number - low) / width)]++;
        }
        Table bars = new Table("x", "y");
        for (int bin = 0; bin < BINS; bin++) {
            bars.row(low + (bin + 0.5) * width, counts[bin]);
        }
        return new Chart(affine.name() + ".weight", affine.layer().toString(), 480, 260)
                .layer("bar", bars, Chart.map("x", "x", "y", "y"), "width", 1, "fill", "#0072B2")
                .automatic("x", "weight")
                .automatic("y", "number")
                .svg(name, "Histogram of the weights of layer " + affine.name());
    }

    // ---- masks ----

    /** A table of the connections kept in masks of training; empty if no layer has masks. */
    String masks() {
        Html.HtmlTable table = new Html.HtmlTable("Connections kept, counted in masks as training draws them")
                .heads(List.of("layer", "drop probability", "masks", "connections counted", "kept", "expected"));
        boolean any = false;
        for (Placed affine : layers) {
            if (affine.layer() instanceof DropConnect masked) {
                any = true;
                row(table, affine, masked);
            }
        }
        return any
                ? Html.section(
                        "Masks",
                        table.html(),
                        Html.note(
                                "Expected: 1 − p, and the standard deviation of such a count. A connection that is kept"
                                        + " counts 1/(1 − p) times in training."))
                : "";
    }

    private static void row(Html.HtmlTable table, Placed affine, DropConnect layer) {
        long connections = affine.weight().shape().size();
        int examples = (int) Math.max(2, Math.min(MOST_MASKS, ENOUGH_BITS / connections));
        Mask mask = layer.mask(examples, affine.pass());
        double p = layer.dropProbability();
        long bits = mask.examples() * connections;
        table.row(affine.name() + " " + layer)
                .cells(List.of(
                        NumberFormats.plain(p),
                        mask.examples() == 1 ? "one a batch" : "one an example",
                        Decimal.grouped(bits),
                        NumberFormats.percent((double) mask.kept() / bits),
                        NumberFormats.percent(1 - p) + " ± " + NumberFormats.percent(Math.sqrt(p * (1 - p) / bits))));
    }

    // ---- pictures ----

    /** The incoming weights of the first layer's units, each as an image of the size of an input. */
    String pictures(int rows, int columns) {
        if (layers.isEmpty() || layers.get(0).weight().shape().dim(1) != rows * columns) {
            return "";
        }
        Tensor weight = layers.get(0).weight();
        double[][] units = IntStream.range(0, weight.shape().dim(0))
                .mapToObj(j -> weight.row(j).toDoubleArray())
                .toArray(double[][]::new);
        List<Integer> strongest = IntStream.range(0, units.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> -squares(units[j])))
                .limit(MOST_PICTURES)
                .toList();
        double most = most(strongest.stream().map(j -> units[j]).toArray(double[][]::new));
        StringBuilder html = new StringBuilder("<ul class=\"pictures small\">\n");
        for (int j : strongest) {
            html.append("<li><img class=\"pixels\" alt=\"Weights of unit ")
                    .append(j)
                    .append("\" title=\"unit ")
                    .append(j)
                    .append("\" src=\"")
                    .append(Html.dataUri(Png.rgb(rows, columns, colors(units[j], most))))
                    .append("\"></li>\n");
        }
        return Html.section(
                "What the first layer looks for",
                Html.note("The incoming weights of "
                        + (strongest.size() < units.length
                                ? "the " + strongest.size() + " of " + units.length + " units with the greatest norm"
                                : "all " + units.length + " units, greatest norm first")
                        + ": blue below 0, orange above, full color from ±" + NumberFormats.plain(most) + "."),
                html.append("</ul>\n").toString());
    }

    private static double squares(double[] numbers) {
        return Arrays.stream(numbers).map(number -> number * number).sum();
    }

    /** The 99.5 % quantile of the absolute values. */
    private static double most(double[][] units) {
        double[] sizes = Arrays.stream(units)
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        return sizes.length == 0 ? 1 : Math.max(1e-30, sizes[(int) (0.995 * (sizes.length - 1))]);
    }

    private static byte[] colors(double[] numbers, double most) {
        byte[] colors = new byte[3 * numbers.length];
        for (int q = 0; q < numbers.length; q++) {
            double share = Double.isFinite(numbers[q]) ? Math.min(1, Math.abs(numbers[q]) / most) : 0;
            int[] full = numbers[q] < 0 ? BLUE : ORANGE;
            for (int c = 0; c < 3; c++) {
                colors[3 * q + c] = (byte) Math.round(NONE[c] + share * (full[c] - NONE[c]));
            }
        }
        return colors;
    }
}
