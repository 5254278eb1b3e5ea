package io.github.masktape.docs;

import io.github.masktape.autograd.Layer;
import io.github.masktape.cli.report.Chart;
import io.github.masktape.cli.report.Chart.Table;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The charts of the course, computed as the pages compute the numbers beside them.
 *
 * <pre>
 *   mvn -q -pl docs -am compile exec:java -Dexec.mainClass=io.github.masktape.docs.CourseCharts
 * </pre>
 */
public final class CourseCharts {
    private static final Map<String, Object> BY_SERIES = Chart.map("x", "x", "y", "y", "color", "series");
    private static final int WIDTH = 800;
    private static final int HEIGHT = 440;

    private CourseCharts() {}

    /** Writes the charts to docs/course/images; the one argument is the folder docs. */
    public static void main(String[] args) throws IOException {
        Path images = Files.createDirectories(Path.of(args[0]).resolve("course/images"));
        for (Map.Entry<String, Chart> chart : all().entrySet()) {
            Files.writeString(
                    images.resolve(chart.getKey() + ".svg"), chart.getValue().svg());
        }
    }

    /** Every chart by the name of its file. */
    static Map<String, Chart> all() {
        Map<String, Chart> charts = new LinkedHashMap<>();
        charts.put("inference-error", inferenceError());
        charts.put("step-size", stepSize());
        return charts;
    }

    // ---- chapter 6 ----

    private static Chart inferenceError() {
        Map<String, Inference> methods = new LinkedHashMap<>();
        methods.put("mean", Inference.mean());
        methods.put("sampled 1000", Inference.sampled(1000, 1));
        methods.put("monteCarlo 1000", Inference.monteCarlo(1000, 1));
        methods.put("gaussian", Inference.gaussian());
        List<Integer> widths = List.of(2, 4, 8, 16, 32, 64, 128, 256);
        Table points = new Table("x", "y", "series");
        for (int width : widths) {
            Case layer = Case.of(width);
            methods.forEach((name, method) -> points.row(width, 100 * layer.error(method), name));
        }
        return new Chart(
                        "How wrong is the answer?",
                        "A layer of 64 outputs and relu, p = ½, against the exact average over all masks.",
                        WIDTH,
                        HEIGHT)
                .layer("line", points, BY_SERIES, "size", 1)
                .layer("point", points, Chart.map("x", "x", "y", "y", "color", "series", "shape", "series"), "size", 4)
                .logarithmic("x", "Inputs of the layer", 1.8, 290, widths)
                .logarithmic("y", "Relative error, %", 0.02, 60)
                .series(List.copyOf(methods.keySet()));
    }

    /** A layer with small whole numbers for weights and inputs, so that the average over all its masks can be had. */
    private record Case(Layer layer, Tensor inputs, Tensor truth) {
        private static final int OUTPUTS = 64;
        private static final int EXAMPLES = 4;

        static Case of(int width) {
            RandomStream random = new RandomStream(width);
            double[] weights = new double[OUTPUTS * width];
            double[] inputs = new double[EXAMPLES * width];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextInt(17) - 8;
            }
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = random.nextInt(5);
            }
            double[] right = new double[EXAMPLES * OUTPUTS];
            for (int at = 0; at < right.length; at++) {
                int[] terms = new int[width];
                for (int q = 0; q < width; q++) {
                    terms[q] = (int) (weights[at % OUTPUTS * width + q] * inputs[at / OUTPUTS * width + q]);
                }
                right[at] = meanRelu(terms);
            }
            DropConnect connect =
                    DropConnect.of(Tensor.of(weights, OUTPUTS, width), Tensor.zeros(DType.FLOAT64, OUTPUTS), 0.5);
            return new Case(
                    Sequential.of(connect, new ReLU()),
                    Tensor.of(inputs, EXAMPLES, width),
                    Tensor.of(right, EXAMPLES, OUTPUTS));
        }

        /** E[relu(2·Σ kept terms)] at p = ½: the probability of each sum, one connection after the other. */
        private static double meanRelu(int[] terms) {
            int most = 0;
            for (int term : terms) {
                most += Math.abs(term);
            }
            double[] probability = new double[2 * most + 1];
            probability[most] = 1;
            for (int term : terms) {
                double[] next = new double[probability.length];
                for (int at = 0; at < probability.length; at++) {
                    if (probability[at] > 0) {
                        next[at] += 0.5 * probability[at];
                        next[at + term] += 0.5 * probability[at];
                    }
                }
                probability = next;
            }
            double mean = 0;
            for (int sum = 1; sum <= most; sum++) {
                mean += probability[most + sum] * 2 * sum;
            }
            return mean;
        }

        double error(Inference method) {
            Tensor difference = method.outputs(layer, inputs).sub(truth);
            return Math.sqrt(difference.sumOfSquares() / truth.sumOfSquares());
        }
    }

    // ---- chapter 7 ----

    private static Chart stepSize() {
        List<String> ways = List.of("forward difference", "central difference", "central, FLOAT32");
        Table points = new Table("x", "y", "series");
        for (int i = 0; i <= 56; i++) {
            double k = i / 4.0;
            double h = Tensor.scalar(-k).scale(2.302585092994046).exp().item();
            points.row(k, digits((exp(1 + h) - exp(1)) / (1 + h - 1)), ways.get(0));
            points.row(k, digits((exp(1 + h) - exp(1 - h)) / (1 + h - (1 - h))), ways.get(1));
            if (k <= 6.5) {
                float up = (float) (1 + h);
                float down = (float) (1 - h);
                points.row(k, digits((expFloat(up) - expFloat(down)) / (up - down)), ways.get(2));
            }
        }
        return new Chart(
                        "Smaller is not better",
                        "Digits of the derivative of eˣ at 1 that are right, with the step h = 10⁻ᵏ.",
                        WIDTH,
                        HEIGHT)
                .layer("line", points, BY_SERIES, "size", 1)
                .layer(
                        "point",
                        points,
                        Chart.map("x", "x", "y", "y", "color", "series", "shape", "series"),
                        "size",
                        2.5)
                .linear("x", "k, where h = 10⁻ᵏ", 14)
                .linear("y", "digits that are right", 13)
                .series(ways);
    }

    /** How many digits of a difference are right: −log₁₀ of its relative error, from 0 to 13. */
    private static double digits(double difference) {
        double error = Math.abs(difference / exp(1) - 1);
        double digits = -Tensor.scalar(error).log().item() / 2.302585092994046;
        return Math.max(0, Math.min(13, digits));
    }

    private static double exp(double x) {
        return Tensor.scalar(x).exp().item();
    }

    private static float expFloat(float x) {
        return (float) Tensor.scalar(x).to(DType.FLOAT32).exp().item();
    }
}
