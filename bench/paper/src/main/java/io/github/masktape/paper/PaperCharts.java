// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.paper.PaperRun.Arm;
import io.github.masktape.paper.PaperRun.Part;
import io.github.masktape.report.Chart;
import io.github.masktape.report.Chart.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The charts of the paper's experiment. */
final class PaperCharts {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 480;
    private static final List<Arm> ARMS =
            List.of(Arm.NO_DROP, Arm.DROPOUT, Arm.DROPCONNECT, Arm.FLIPOUT, Arm.PER_BATCH);
    private static final Map<String, Object> LINES = Chart.map("x", "x", "y", "y", "color", "series");

    private final List<PaperPredictions> outcomes;
    private final int[] labels;

    PaperCharts(List<PaperPredictions> outcomes, int[] labels) {
        this.outcomes = outcomes;
        this.labels = labels;
    }

    /** The charts for which there are runs, as SVG, by name. */
    Map<String, String> svgs() {
        Map<String, String> svgs = new LinkedHashMap<>();
        for (Part part : Part.values()) {
            List<PaperPredictions> ofPart =
                    outcomes.stream().filter(each -> each.run().part() == part).toList();
            if (ofPart.isEmpty()) {
                continue;
            }
            if (part.isTable()) {
                svgs.put(part.toString(), networks(part, ofPart).svg());
                svgs.put(part + "-convergence", convergence(part, ofPart).svg());
            } else {
                svgs.put(
                        part.toString(),
                        part == Part.RATES
                                ? rates(ofPart).svg()
                                : widths(ofPart).svg());
            }
        }
        return svgs;
    }

    private static List<String> titles(List<PaperPredictions> of) {
        return ARMS.stream()
                .filter(arm -> of.stream().anyMatch(each -> each.run().arm() == arm))
                .map(Arm::title)
                .toList();
    }

    private double error(PaperPredictions outcome) {
        return 100.0 * PaperPredictions.errors(outcome.best(), labels) / labels.length;
    }

    /** Each network as a dot, next to the mean with its standard error and the paper's figure. */
    private Chart networks(Part part, List<PaperPredictions> ofPart) {
        Table dots = new Table("x", "y", "series");
        Table means = new Table("x", "y", "low", "high", "series");
        Table paper = new Table("x", "y", "series");
        List<String> titles = titles(ofPart);
        for (Arm arm : ARMS) {
            if (!titles.contains(arm.title())) {
                continue;
            }
            double[] errors = ofPart.stream()
                    .filter(each -> each.run().arm() == arm)
                    .mapToDouble(this::error)
                    .toArray();
            for (double error : errors) {
                dots.row(arm.title(), error, "a network");
            }
            if (errors.length > 1) {
                PaperResults.Statistics own = PaperResults.Statistics.of(errors);
                double half = own.deviation() / Math.sqrt(own.count());
                means.row(arm.title(), own.mean(), own.mean() - half, own.mean() + half, "mean ± standard error");
            }
            PaperResults.paper(part, arm)
                    .ifPresent(figure -> paper.row(arm.title(), figure, "the paper's mean, as remembered"));
        }
        Map<String, Object> points = Chart.map("x", "x", "y", "y", "color", "series", "shape", "series");
        return new Chart(
                        "Test error of each network, " + part,
                        "MNIST, 784-800-800-10, " + ofPart.get(0).schedule().epochs()
                                + " epochs (the paper: 1480). DropConnect by gaussian inference.",
                        WIDTH,
                        HEIGHT)
                .layer(
                        "errorbar",
                        means,
                        Chart.map("x", "x", "ymin", "low", "ymax", "high", "color", "series"),
                        "width",
                        0.2,
                        "size",
                        1)
                .layer("point", means, points, "size", 5)
                .layer("point", dots, points, "size", 4, "alpha", 0.7)
                .layer("point", paper, points, "size", 5)
                .names("x", "", titles)
                .automatic("y", "test error, %")
                .series(List.of("a network", "mean ± standard error", "the paper's mean, as remembered"));
    }

    /** Training loss and test error of each epoch, averaged over the networks of an arm. */
    private static Chart convergence(Part part, List<PaperPredictions> ofPart) {
        Table points = new Table("x", "y", "series", "panel");
        for (Arm arm : ARMS) {
            List<List<PaperModel.EpochResult>> curves = ofPart.stream()
                    .filter(each -> each.run().arm() == arm)
                    .map(each -> each.model().curve())
                    .toList();
            for (int epoch = 0; !curves.isEmpty() && epoch < curves.get(0).size(); epoch++) {
                int e = epoch;
                double loss = curves.stream()
                        .mapToDouble(curve -> curve.get(e).trainingLoss())
                        .average()
                        .orElseThrow();
                double error = curves.stream()
                        .mapToDouble(curve -> curve.get(e).testError())
                        .average()
                        .orElseThrow();
                points.row(epoch + 1, loss, arm.title(), "training loss, nats (with drops)");
                points.row(epoch + 1, 100 * error, arm.title(), "test error, % (mean inference)");
            }
        }
        return new Chart(
                        "Convergence, " + part,
                        "MNIST, 784-800-800-10, schedule " + ofPart.get(0).schedule() + ", mean over networks.",
                        WIDTH,
                        HEIGHT + 160)
                .layer("line", points, LINES, "size", 1)
                .panels("panel")
                .linear("x", "epoch", 0)
                .automatic("y", "")
                .series(titles(ofPart));
    }

    private Chart rates(List<PaperPredictions> ofPart) {
        Table points = new Table("x", "y", "series");
        Table base = new Table("y");
        for (PaperPredictions outcome : ofPart) {
            if (outcome.run().arm() == Arm.NO_DROP) {
                base.row(error(outcome));
            } else {
                points.row(
                        outcome.run().dropProbability(),
                        error(outcome),
                        outcome.run().arm().title());
            }
        }
        return new Chart(
                        "Test error against drop probability",
                        "MNIST, 784-400-400-10, relu, "
                                + ofPart.get(0).schedule().epochs() + " epochs, one network each. Dashed: No-Drop.",
                        WIDTH,
                        HEIGHT)
                .layer("hline", base, Chart.map("yintercept", "y"), "linetype", "dashed", "color", "#333333")
                .layer("line", points, LINES, "size", 1)
                .layer("point", points, Chart.map("x", "x", "y", "y", "color", "series", "shape", "series"), "size", 4)
                .automatic("x", "drop probability")
                .automatic("y", "test error, %")
                .series(titles(ofPart.stream()
                        .filter(each -> each.run().arm() != Arm.NO_DROP)
                        .toList()));
    }

    private Chart widths(List<PaperPredictions> ofPart) {
        Table points = new Table("x", "y", "series", "panel");
        List<Integer> widths = new ArrayList<>();
        for (PaperPredictions outcome : ofPart) {
            int width = outcome.run().width();
            widths.add(width);
            points.row(width, error(outcome), outcome.run().arm().title(), "test error, %");
            points.row(
                    width,
                    100 * outcome.model().trainingError(),
                    outcome.run().arm().title(),
                    "training error, %");
        }
        return new Chart(
                        "Over-fitting against layer width",
                        "MNIST, 784-width-width-10, relu, "
                                + ofPart.get(0).schedule().epochs() + " epochs, one network each.",
                        WIDTH,
                        HEIGHT + 160)
                .layer("line", points, LINES, "size", 1)
                .layer("point", points, Chart.map("x", "x", "y", "y", "color", "series", "shape", "series"), "size", 4)
                .panels("panel")
                .logarithmic(
                        "x",
                        "units in each hidden layer",
                        90,
                        1800,
                        widths.stream().distinct().sorted().toList())
                .automatic("y", "")
                .series(titles(ofPart));
    }
}
