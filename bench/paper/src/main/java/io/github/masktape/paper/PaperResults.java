// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.data.Dataset;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.layers.Inference;
import io.github.masktape.paper.PaperRun.Arm;
import io.github.masktape.paper.PaperRun.Part;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Tables of the paper's experiment, next to the paper's figures, which are quoted from memory. */
final class PaperResults {
    /** The paper's test errors in %, quoted from memory: single networks, and the vote of five. */
    private record Remembered(double single, double vote) {}

    private static final Map<Part, Map<Arm, Remembered>> PAPER = new EnumMap<>(Map.of(
            Part.RELU,
            Map.of(
                    Arm.NO_DROP, new Remembered(1.62, 1.40),
                    Arm.DROPOUT, new Remembered(1.28, 1.20),
                    Arm.DROPCONNECT, new Remembered(1.20, 1.12)),
            Part.SIGMOID,
            Map.of(
                    Arm.NO_DROP, new Remembered(1.78, 1.74),
                    Arm.DROPOUT, new Remembered(1.38, 1.36),
                    Arm.DROPCONNECT, new Remembered(1.55, 1.48)),
            Part.TANH,
            Map.of(
                    Arm.NO_DROP, new Remembered(1.65, 1.49),
                    Arm.DROPOUT, new Remembered(1.58, 1.55),
                    Arm.DROPCONNECT, new Remembered(1.36, 1.35))));

    private final List<PaperPredictions> outcomes;
    private final int[] labels;

    PaperResults(List<PaperPredictions> outcomes, Dataset test) {
        this.outcomes = outcomes;
        this.labels = test.labels();
    }

    /** The paper's test error of single networks in %, if it is known. */
    static OptionalDouble paper(Part part, Arm arm) {
        Remembered figure = PAPER.getOrDefault(part, Map.of()).get(arm);
        return figure == null ? OptionalDouble.empty() : OptionalDouble.of(figure.single());
    }

    /** Writes {@code results.md}, {@code runs.csv} and the pictures. */
    void write(File folder) throws IOException {
        AtomicFile.write(new File(folder, "runs.csv"), csv());
        AtomicFile.write(new File(folder, "results.md"), markdown());
        for (Map.Entry<String, String> picture :
                new PaperCharts(outcomes, labels).svgs().entrySet()) {
            AtomicFile.write(new File(folder, picture.getKey() + ".svg"), picture.getValue());
        }
    }

    // ---- runs.csv ----

    /** The table {@code runs.csv}, a line for each run. */
    String csv() {
        StringBuilder text = new StringBuilder("part,arm,hidden,drop_probability,seed,schedule,training_loss,"
                + "training_error,test_error_mean,test_error_gaussian,test_error_sampled,test_error_montecarlo,"
                + "weights_sha256,seconds\n");
        for (PaperPredictions outcome : outcomes) {
            PaperRun run = outcome.run();
            PaperModel model = outcome.model();
            List<String> cells = new ArrayList<>(List.of(
                    run.part().toString(),
                    run.arm().toString(),
                    run.width() + "-" + run.width(),
                    Decimal.shortest(run.dropProbability(), 3),
                    "" + run.seed(),
                    outcome.schedule().toString(),
                    Decimal.fixed(model.curve().get(model.curve().size() - 1).trainingLoss(), 6),
                    Decimal.fixed(model.trainingError(), 6)));
            for (String method : List.of("mean", "gaussian", "sampled", "montecarlo")) {
                Tensor probabilities = outcome.probabilities().get(method);
                cells.add(probabilities == null ? "" : Decimal.fixed(errorRate(probabilities), 4));
            }
            cells.add(model.sha256());
            cells.add(model.seconds() >= 0 ? Decimal.fixed(model.seconds(), 1) : "");
            text.append(String.join(",", cells)).append('\n');
        }
        return text.toString();
    }

    // ---- results.md ----

    /** The tables of {@code results.md}. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        for (Part part : Part.values()) {
            List<PaperPredictions> ofPart =
                    outcomes.stream().filter(each -> each.run().part() == part).toList();
            if (!ofPart.isEmpty()) {
                text.append(text.length() == 0 ? "" : "\n")
                        .append(part.isTable() ? comparison(part, ofPart) : sweep(part, ofPart));
            }
        }
        return text.toString();
    }

    private String comparison(Part part, List<PaperPredictions> ofPart) {
        Map<Arm, List<PaperPredictions>> arms = new EnumMap<>(Arm.class);
        ofPart.forEach(each ->
                arms.computeIfAbsent(each.run().arm(), arm -> new ArrayList<>()).add(each));
        StringBuilder text = new StringBuilder(heading(part, ofPart));
        text.append(
                "| arm | inference | networks | test error, % | vote, % | less than No-Drop by | training error, % |"
                        + " paper, % | paper's vote, % |\n|---|---|---|---|---|---|---|---|---|\n");
        Statistics base = arms.containsKey(Arm.NO_DROP) ? statistics(arms.get(Arm.NO_DROP), "mean") : null;
        for (Arm arm : List.of(Arm.NO_DROP, Arm.DROPOUT, Arm.DROPCONNECT, Arm.FLIPOUT, Arm.PER_BATCH)) {
            List<PaperPredictions> runs = arms.getOrDefault(arm, List.of());
            if (runs.isEmpty()) {
                continue;
            }
            Remembered paper = PAPER.getOrDefault(part, Map.of()).get(arm);
            List<String> methods = List.copyOf(runs.get(0).probabilities().keySet());
            for (String method : methods) {
                boolean first = method.equals(methods.get(0));
                boolean main = method.equals(arm.isDropConnect() ? "gaussian" : "mean");
                Statistics own = statistics(runs, method);
                text.append("| ")
                        .append(first ? arm.title() : "")
                        .append(" | ")
                        .append(method)
                        .append(" | ")
                        .append(runs.size())
                        .append(" | ")
                        .append(own)
                        .append(" | ")
                        .append(hundredths(100 * errorRate(vote(runs, method))))
                        .append(" | ")
                        .append(base == null || arm == Arm.NO_DROP ? "" : base.less(own))
                        .append(" | ")
                        .append(
                                first
                                        ? hundredths(100
                                                * runs.stream()
                                                        .mapToDouble(run ->
                                                                run.model().trainingError())
                                                        .average()
                                                        .orElseThrow())
                                        : "")
                        .append(" | ")
                        .append(main && paper != null ? hundredths(paper.single()) : "")
                        .append(" | ")
                        .append(main && paper != null ? hundredths(paper.vote()) : "")
                        .append(" |\n");
            }
        }
        return text.append("""

                        Test error: mean ± standard deviation over the networks. Less by: difference of the means ± its standard error.
                        Vote: the mean of the networks' softmax outputs. Batch DropConnect: one mask for the whole batch. Paper:
                        remembered, not checked; networks that differ in the order of the data, votes of five, inference by sampling
                        for DropConnect.
                        """).toString();
    }

    private static String heading(Part part, List<PaperPredictions> ofPart) {
        PaperPredictions any = ofPart.get(0);
        PaperRun.PaperSchedule schedule = any.schedule();
        boolean same = schedule.equals(PaperRun.PaperSchedule.OF_THE_PAPER);
        String layers = part == Part.WIDTHS
                ? "784-width-width-10"
                : "784-" + any.run().width() + "-" + any.run().width() + "-10";
        String what = switch (part) {
            case RELU, TANH, SIGMOID -> part.toString();
            case RATES -> "error against drop probability";
            case WIDTHS -> "error against layer width";
        };
        return "### " + layers + ", " + what + "\n\nSchedule " + schedule + ", " + schedule.epochs() + " epochs"
                + (same
                        ? ", as in the paper"
                        : ": an experiment, not a reproduction of the paper's 600-400-20, 1480 epochs")
                + ".\n\n";
    }

    /** A row for each drop probability or width, with the arms side by side. */
    private String sweep(Part part, List<PaperPredictions> ofPart) {
        boolean rates = part == Part.RATES;
        Map<String, Map<Arm, PaperPredictions>> rows = new LinkedHashMap<>();
        for (PaperPredictions outcome : ofPart) {
            PaperRun run = outcome.run();
            String row = rates ? Decimal.fixed(run.dropProbability(), 1) : "" + run.width();
            rows.computeIfAbsent(row, key -> new EnumMap<>(Arm.class)).put(run.arm(), outcome);
        }
        List<Arm> arms = List.of(Arm.NO_DROP, Arm.DROPOUT, Arm.DROPCONNECT);
        StringBuilder text =
                new StringBuilder(heading(part, ofPart)).append("| ").append(rates ? "drop probability" : "width");
        StringBuilder rule = new StringBuilder("|---");
        for (Arm arm : arms) {
            text.append(" | ").append(arm.title()).append(": test, % | training, %");
            rule.append("|---|---");
        }
        text.append(" |\n").append(rule).append("|\n");
        rows.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparingDouble(Double::parseDouble)))
                .forEach(row -> {
                    text.append("| ").append(row.getKey());
                    for (Arm arm : arms) {
                        PaperPredictions outcome = row.getValue().get(arm);
                        text.append(" | ")
                                .append(outcome == null ? "" : hundredths(100 * errorRate(outcome.best())))
                                .append(" | ")
                                .append(
                                        outcome == null
                                                ? ""
                                                : hundredths(
                                                        100 * outcome.model().trainingError()));
                    }
                    text.append(" |\n");
                });
        return text.append(
                        "\nOne network each. DropConnect's test error by gaussian inference, training error by mean inference.\n")
                .toString();
    }

    private double errorRate(Tensor probabilities) {
        return (double) PaperPredictions.errors(probabilities, labels) / labels.length;
    }

    private Tensor vote(List<PaperPredictions> runs, String method) {
        return Inference.vote(runs.stream().map(run -> run.by(method)).toList());
    }

    private Statistics statistics(List<PaperPredictions> runs, String method) {
        return Statistics.of(runs.stream()
                .mapToDouble(run -> 100 * errorRate(run.by(method)))
                .toArray());
    }

    static String hundredths(double percent) {
        return Decimal.fixed(percent, 2);
    }

    /** The mean and the standard deviation (of n − 1) of percentages. */
    record Statistics(int count, double mean, double deviation) {
        static Statistics of(double... values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            double mean = sum / values.length;
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Statistics(
                    values.length, mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
        }

        /** The amount by which another mean is smaller, and its standard error √(s₁²/n₁ + s₂²/n₂). */
        String less(Statistics other) {
            double variance = deviation * deviation / count + other.deviation * other.deviation / other.count;
            return hundredths(mean - other.mean) + (variance >= 0 ? " ± " + Decimal.fixed(Math.sqrt(variance), 3) : "");
        }

        @Override
        public String toString() {
            return hundredths(mean) + (deviation >= 0 ? " ± " + Decimal.fixed(deviation, 3) : "");
        }
    }
}
