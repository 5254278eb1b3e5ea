// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.docs.Results.Run;
import io.github.masktape.docs.Results.Score;
import io.github.masktape.report.Chart;
import io.github.masktape.report.Chart.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The charts of docs/benchmarks.md. */
final class BenchmarkCharts {
    private static final String ERRORS = "Bars: 99.9 % confidence.";
    private static final Map<String, Object> POINTS =
            Chart.map("x", "x", "y", "y", "color", "series", "shape", "series");
    private static final Map<String, Object> ERROR_BARS =
            Chart.map("x", "x", "ymin", "low", "ymax", "high", "color", "series");
    private static final int WIDTH = 800;
    private static final int HEIGHT = 480;

    private final Map<String, Results> results;

    BenchmarkCharts(Map<String, Results> results) {
        this.results = results;
    }

    /** Every chart by the name of its file. */
    Map<String, Chart> all() {
        Map<String, Chart> charts = new LinkedHashMap<>();
        charts.put("products", products());
        charts.put("roofline", roofline());
        charts.put(
                "width", growth("width", "Units in each hidden layer", "784-width-width-10, batch 128, one thread."));
        charts.put("batch", growth("batch", "Examples in the batch", "784-800-800-10, one thread."));
        charts.put("p", drops());
        charts.put("threads", threads());
        charts.put(Peers.FILE, peers(new Peers(of(Peers.FILE))));
        return charts;
    }

    // ---- products ----

    private Chart products() {
        double peak = limit("fma");
        List<String> kernels = List.of("vector", "scalar");
        Table bars = new Table("x", "y", "low", "high", "series");
        List<String> names = new ArrayList<>();
        for (String file : List.of("matmul", "masked")) {
            BenchmarkPage.PRODUCTS.forEach((method, product) -> {
                String name = (file.equals("matmul") ? "dense " : "masked ") + product;
                names.add(name);
                for (String kernel : kernels) {
                    Score speed = speed(file, method, kernel);
                    bars.row(name, speed.value(), low(speed, 0), Math.min(high(speed), 1.1 * peak), kernel);
                }
            });
        }
        double bound = limit("planes");
        Table lines = new Table("x", "y", "label")
                .row("masked dX", peak, "fused multiply-adds in registers: " + Math.round(peak))
                .row("masked dX", bound, "the masked product's steps in registers: " + Math.round(bound));
        Map<String, Object> height = Chart.map("yintercept", "y");
        return new Chart(
                        "Products of a layer against the machine's limits",
                        "128 × 800 × 800, FLOAT32, one thread; work as if nothing were masked. " + ERRORS,
                        WIDTH,
                        HEIGHT)
                .layer("bar", bars, Chart.map("x", "x", "y", "y", "fill", "series"), "width", 0.8)
                .layer(
                        "errorbar",
                        bars,
                        Chart.map("x", "x", "ymin", "low", "ymax", "high", "group", "series"),
                        "dodge",
                        0.8,
                        "width",
                        0.25,
                        "color",
                        "#333333")
                .layer("hline", lines, height, "linetype", "dashed", "color", "#333333")
                .layer(
                        "text",
                        lines,
                        Chart.map("x", "x", "y", "y", "label", "label"),
                        "vjust",
                        0.0,
                        "nudge_y",
                        peak / 25,
                        "color",
                        "#333333",
                        "size",
                        6)
                .names("x", "", names)
                .linear("y", "GFLOP/s", peak * 1.1)
                .series(kernels);
    }

    /**
     * Speed against intensity, both logarithmic: what a product could do at most if memory had to bring every operand
     * once, and what it does.
     */
    private Chart roofline() {
        double peak = limit("fma");
        double bound = limit("planes");
        double bandwidth = limit("memory");
        double most = 200;
        double least = 1;
        double slowest = 5;
        Table roof = new Table("x", "y", "line")
                .row(least, bandwidth * least, "memory")
                .row(peak / bandwidth, peak, "memory")
                .row(peak / bandwidth, peak, "peak")
                .row(most, peak, "peak")
                .row(bound / bandwidth, bound, "bound")
                .row(most, bound, "bound");
        Table names = new Table("x", "y", "label")
                .row(least * 1.05, bandwidth * least * 0.8, "memory")
                .row(most * 0.95, peak * 1.12, "fused multiply-adds")
                .row(most * 0.95, bound * 1.12, "steps of the masked product");
        Table points = new Table("x", "y", "low", "high", "series", "product");
        List<String> kinds = List.of("dense", "masked");
        for (String file : List.of("matmul", "masked")) {
            double beside = 0.95;
            for (Map.Entry<String, String> product : BenchmarkPage.PRODUCTS.entrySet()) {
                Score speed = speed(file, product.getKey(), "vector");
                points.row(
                        intensity(file, product.getKey()) * beside,
                        speed.value(),
                        low(speed, slowest),
                        high(speed),
                        kinds.get(file.equals("matmul") ? 0 : 1),
                        product.getValue());
                beside += 0.05;
            }
        }
        return new Chart(
                        "What bounds the masked product",
                        "128 × 800 × 800, FLOAT32, vector kernels, one thread; a mask bit is read once. " + ERRORS,
                        WIDTH,
                        HEIGHT)
                .layer("line", roof, Chart.map("x", "x", "y", "y", "group", "line"), "size", 1.2, "color", "#777777")
                .layer(
                        "text",
                        names,
                        Chart.map("x", "x", "y", "y", "label", "label"),
                        "hjust",
                        "inward",
                        "color",
                        "#333333",
                        "size",
                        6)
                .layer("linerange", points, ERROR_BARS, "size", 0.8, "show_legend", false)
                .layer("point", points, Chart.map("x", "x", "y", "y", "color", "series", "shape", "product"), "size", 4)
                .logarithmic("x", "Intensity, FLOP a byte of operands", least * 0.9, most * 1.1)
                .logarithmic("y", "GFLOP/s", slowest, 2 * peak)
                .values("color", kinds)
                .values("shape", List.copyOf(BenchmarkPage.PRODUCTS.values()));
    }

    /** FLOP a byte if each operand is read once and the result written once. */
    private double intensity(String file, String method) {
        Run run = run(file, method, "vector");
        boolean dense = file.equals("matmul");
        double n = run.number(dense ? "m" : "batch");
        double d = run.number(dense ? "k" : "width");
        double l = run.number(dense ? "n" : "width");
        double bytes = 4 * (n * d + n * l + l * d) + (dense ? 0 : n * l * d / 8);
        return 2 * n * l * d / bytes;
    }

    private Score speed(String file, String method, String kernel) {
        Run run = run(file, method, kernel);
        double work = file.equals("matmul")
                ? 2.0 * run.number("m") * run.number("k") * run.number("n")
                : BenchmarkPage.maskedWork(run);
        return run.score().into(work / 1e6);
    }

    private Run run(String file, String method, String kernel) {
        String benchmark = file.equals("matmul") ? "DenseProduct" : "MaskedProduct";
        return of(file).only(benchmark + "." + method, "kernel", kernel, "threads", "1");
    }

    private double limit(String name) {
        return of("limits").only("Limits." + name).score().value();
    }

    // ---- steps ----

    private Chart growth(String parameter, String title, String subtitle) {
        Map<Integer, Score> dense = scores(parameter, "none");
        Map<Integer, Score> masked = scores(parameter, "dropconnect");
        double first = dense.keySet().stream().mapToInt(value -> value).min().orElseThrow();
        double last = dense.keySet().stream().mapToInt(value -> value).max().orElseThrow();
        double[] times = Stream.of(dense, masked)
                .flatMap(scores -> scores.values().stream())
                .mapToDouble(Score::value)
                .sorted()
                .toArray();
        double least = times[0] / 1.5;
        double most = times[times.length - 1] * 1.5;
        List<String> series = List.of("Linear", "DropConnect");
        Table points = new Table("x", "y", "low", "high", "series");
        for (String name : series) {
            (name.equals("Linear") ? dense : masked)
                    .forEach((value, score) ->
                            points.row(value, score.value(), low(score, least), Math.min(most, high(score)), name));
        }
        return new Chart("A training step against " + parameter, subtitle + " " + ERRORS, WIDTH, HEIGHT)
                .layer("line", points, Chart.map("x", "x", "y", "y", "color", "series"), "size", 1)
                .layer("linerange", points, ERROR_BARS, "size", 0.8)
                .layer("point", points, POINTS, "size", 4)
                .logarithmic("x", title, first * 0.9, last * 1.1, dense.keySet())
                .logarithmic("y", "ms a step", least, most)
                .series(series);
    }

    private Map<Integer, Score> scores(String parameter, String network) {
        Map<Integer, Score> scores = new LinkedHashMap<>();
        for (int value : BenchmarkPage.values(of(parameter), parameter)) {
            scores.put(
                    value,
                    of(parameter)
                            .only("TrainingStep.step", "regularizer", network, parameter, Integer.toString(value))
                            .score());
        }
        return scores;
    }

    private Chart drops() {
        List<String> kinds = List.of("draw", "step");
        Table bars = new Table("x", "y", "low", "high", "series");
        List<String> names = Stream.of("0.5", "0.2", "0.1").map(p -> "p = " + p).toList();
        for (String name : names) {
            String p = name.substring(4);
            Score draw = of("masks")
                    .only("MaskGeneration.draw", "kernel", "vector", "p", p)
                    .score();
            Score step = of("p").only("TrainingStep.step", "p", p).score();
            bars.row(name, draw.value(), low(draw, 0), high(draw), kinds.get(0));
            bars.row(name, step.value(), low(step, 0), high(step), kinds.get(1));
        }
        return bars(
                "DropConnect against its drop probability",
                "Step: 784-800-800-10, batch 128; draw: one mask of 128 × 800 × 800 bits. One thread. " + ERRORS,
                bars,
                names,
                kinds);
    }

    private Chart threads() {
        List<String> kinds = List.of("one thread", "two threads");
        Table bars = new Table("x", "y", "low", "high", "series");
        BenchmarkPage.NETWORKS.forEach((network, name) -> {
            for (int threads = 1; threads <= 2; threads++) {
                Score score = of("step")
                        .only("TrainingStep.step", "regularizer", network, "threads", Integer.toString(threads))
                        .score();
                bars.row(name, score.value(), low(score, 0), high(score), kinds.get(threads - 1));
            }
        });
        return bars(
                "A training step on one thread and on two",
                "784-800-800-10, batch 128, FLOAT32, p = 0.5. " + ERRORS,
                bars,
                List.copyOf(BenchmarkPage.NETWORKS.values()),
                kinds);
    }

    /** Bars from 1, to the right where the other is slower, to the left where Masktape is; a panel for each comparison. */
    Chart peers(Peers peers) {
        List<Peers.Side> others = peers.sides().stream()
                .filter(side -> !side.name().equals(Peers.OURS))
                .toList();
        double least = 0.5;
        double most = 2;
        Table bars = new Table("x", "y", "from", "low", "high", "comparison", "side", "beyond", "label");
        Map<String, Integer> rows = new LinkedHashMap<>();
        for (Peers.Side side : others) {
            double ratio = side.ratio().value();
            double low = low(side.ratio(), ratio / 2);
            double high = Math.min(high(side.ratio()), 2 * ratio);
            least = Math.min(least, low / 1.2);
            most = Math.max(most, 10 * ratio);
            int row = rows.merge(side.comparison(), 1, Integer::sum);
            String label = side.name() + "  " + BenchmarkPage.ratio(ratio);
            bars.row(ratio, -row, 1, low, high, side.comparison(), side.name(), 1.06 * Math.max(1, high), label);
        }
        Map<String, Object> ends = Chart.map("x", "from", "xend", "x", "y", "y", "yend", "y", "color", "side");
        Map<String, Object> errors = Chart.map("x", "low", "xend", "high", "y", "y", "yend", "y");
        Map<String, Object> label = Chart.map("x", "beyond", "y", "y", "label", "label");
        return new Chart(
                        "The same work elsewhere, as a multiple of Masktape's time",
                        "Right of 1 Masktape is faster, left of it the other. " + ERRORS,
                        WIDTH,
                        120 + 45 * rows.size() + 26 * rows.size() * Collections.max(rows.values()))
                .layer("segment", bars, ends, "size", 5, "show_legend", false)
                .layer("segment", bars, errors, "color", "#333333", "size", 0.8)
                .layer("text", bars, label, "hjust", 0.0, "color", "#333333", "size", 6)
                .layer("vline", new Table("x").row(1), Chart.map("xintercept", "x"), "color", "#333333")
                .panels("comparison")
                .logarithmic("x", "time ÷ Masktape's time", least, most)
                .unseen("y", 0.6)
                .values(
                        "color",
                        others.stream().map(Peers.Side::name).distinct().toList());
    }

    private static Chart bars(String title, String subtitle, Table bars, List<String> names, List<String> series) {
        return new Chart(title, subtitle, WIDTH, HEIGHT)
                .layer("bar", bars, Chart.map("x", "x", "y", "y", "fill", "series"), "width", 0.7)
                .layer(
                        "errorbar",
                        bars,
                        Chart.map("x", "x", "ymin", "low", "ymax", "high", "group", "series"),
                        "dodge",
                        0.7,
                        "width",
                        0.15,
                        "color",
                        "#333333")
                .names("x", "", names)
                .linear("y", "ms", 0)
                .series(series);
    }

    /** The lower end of an error bar, within the chart. */
    private static double low(Score score, double least) {
        return Math.max(score.value() - score.error(), Math.min(least, score.value()));
    }

    private static double high(Score score) {
        return score.value() + score.error();
    }

    private Results of(String name) {
        Results found = results.get(name);
        if (found == null) {
            throw new IllegalArgumentException("docs/benchmarks/" + name + ".json is missing");
        }
        return found;
    }
}
