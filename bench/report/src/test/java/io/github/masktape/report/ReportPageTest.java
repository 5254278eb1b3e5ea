// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.loss.Loss;
import io.github.masktape.optim.PermutationImportance;
import io.github.masktape.picture.Heatmap;
import io.github.masktape.picture.TapePicture;
import io.github.masktape.report.Curves.EpochMetrics;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class ReportPageTest {
    private static final String NASTY = "<script>alert(1)</script>\"'&NaN";
    private static final List<EpochMetrics> HISTORY =
            List.of(new EpochMetrics(1, 0.9, 0.8, 0.3, 0.1), new EpochMetrics(2, 0.5, 0.6, 0.25, 0.1));

    private static final PermutationImportance IMPORTANCE = new PermutationImportance(
            0.25,
            List.of(
                    new PermutationImportance.Rise("u", 0.125, OptionalDouble.of(0.03125)),
                    new PermutationImportance.Rise(NASTY, -0.0625, OptionalDouble.empty())));

    /** Eight examples of three classes; the 3rd is wrong, the 6th more so. */
    private static Classification answers(String... classes) {
        double[][] rows = {
            {.9, .05, .05},
            {.1, .8, .1},
            {.5, .4, .1},
            {.1, .1, .8},
            {.9, .05, .05},
            {.98, .01, .01},
            {.1, .8, .1},
            {.2, .2, .6}
        };
        return new Classification(Tensor.of(rows), new int[] {0, 1, 1, 2, 0, 2, 1, 2}, List.of(classes));
    }

    private static ShownExamples images(int count) {
        double[] pixels = new double[6 * count];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 7 / 6.0;
        }
        return ShownExamples.images(Tensor.of(pixels, count, 6), 2, 3);
    }

    private static Sequential net(int in, int out) {
        Initializer init = Initializer.heUniform(1);
        return Sequential.of(DropConnect.of(in, 4, 0.25, init), new ReLU(), Linear.of(4, out, init));
    }

    private static ReportPage report(TestResult outcome, ShownExamples examples, Sequential net) {
        return new ReportPage(
                "title",
                "command",
                Map.of("k", "v"),
                Map.of("Java", "17"),
                HISTORY,
                2,
                "validation",
                net,
                1,
                step(outcome.task(), net),
                outcome,
                examples,
                examples.areImages() ? null : IMPORTANCE);
    }

    /** A step on the first two of three training examples, with features 0, 0.1, 0.2 and so on. */
    private static StepPictures step(Curves.ErrorKind task, Sequential net) {
        Tensor weight = net.parameters().values().iterator().next().value();
        int in = weight.shape().dim(1);
        double[] features =
                IntStream.range(0, 3 * in).mapToDouble(i -> i / 10.0).toArray();
        Tensor x = Tensor.of(features, 3, in).to(weight.dtype());
        Tensor targets = Tensor.of(new double[] {1, 2, 3}, 3, 1).to(weight.dtype());
        return StepPictures.first(
                task == Curves.ErrorKind.REGRESSION
                        ? Dataset.regression(x, targets)
                        : new Dataset(x, new int[] {0, 1, 0}, 2),
                1234,
                task == Curves.ErrorKind.REGRESSION ? Loss.meanSquaredError() : Loss.crossEntropy());
    }

    private static String classification() {
        return report(answers("a", "b", "c"), images(8), net(6, 3)).html();
    }

    private static String regression(String target, int examples) {
        double[] actual = IntStream.range(0, examples).mapToDouble(i -> i).toArray();
        double[] predicted = IntStream.range(0, examples)
                .mapToDouble(i -> i + (i % 2 == 0 ? 0.5 : -0.5))
                .toArray();
        Regression answers =
                new Regression(Tensor.of(predicted, examples, 1), Tensor.of(actual, examples, 1), List.of(target));
        ShownExamples table =
                ShownExamples.table(Tensor.of(new double[2 * examples], examples, 2), List.of("u", target));
        return report(answers, table, net(2, 1)).html();
    }

    // ---- what it says ----

    @Test
    void theErrorComesFirstWithItsInterval() {
        assertThat(classification())
                .contains("<strong>25.00\u00A0%</strong> test error")
                .contains("2 of 8 examples are wrong; with 95\u00A0% confidence the error is between 7.15\u00A0% and"
                        + " 59.07\u00A0%")
                .contains("Always answering “b” would be wrong for 62.50\u00A0%");
    }

    @Test
    void everyExampleIsCountedOnceInTheMatrix() {
        int[][] counts = answers("a", "b", "c").counts();
        assertThat(counts).isDeepEqualTo(new int[][] {{2, 0, 0}, {1, 2, 0}, {1, 0, 2}});
    }

    @Test
    void theLeastLikelyTruthIsTheWorstMistake() {
        assertThat(classification())
                .containsSubsequence("true c, answer a (98\u00A0%)", "true b, answer a (50\u00A0%)")
                .doesNotContain("true a,");
    }

    @Test
    void aClassifierWithoutMistakesSaysSo() {
        Classification perfect =
                new Classification(Tensor.of(new double[][] {{1, 0}}), new int[] {0}, List.of("a", "b"));
        assertThat(report(perfect, images(1), net(6, 2)).html())
                .contains("There are none: every example is right.", "0.00\u00A0%");
    }

    @Test
    void masksAreCountedAgainstWhatIsExpected() {
        assertThat(classification()).contains("0 DropConnect 6→4", "one an example", "75.00\u00A0% ± ");
        Initializer init = Initializer.heUniform(1);
        Sequential perBatch = Sequential.of(
                DropConnect.of(6, 4, 0.25, init).withMaskSharing(MaskSharing.PER_BATCH),
                new ReLU(),
                Sequential.of(Linear.of(4, 3, init)));
        assertThat(report(answers("a", "b", "c"), images(8), perBatch).html()).contains("one a batch", "2.0.weight");
        assertThat(report(answers("a", "b", "c"), images(8), Sequential.of(Linear.of(6, 3, init)))
                        .html())
                .doesNotContain("<h2>Masks</h2>");
    }

    @Test
    void manyClassesGetTheirFrequentConfusionsInsteadOfAMatrix() {
        int classes = 30;
        int[] labels = IntStream.range(0, 2 * classes).map(i -> i % classes).toArray();
        double[] said = new double[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            said[i * classes + (labels[i] == 7 ? 8 : labels[i])] = 1;
        }
        List<String> names =
                IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
        Classification answers = new Classification(Tensor.of(said, labels.length, classes), labels, names);
        assertThat(report(answers, images(labels.length), net(6, classes)).html())
                .contains(
                        "The most frequent confusions",
                        "<th scope=\"row\">class 7</th><td class=\"text\">class 8</td><td>2</td>")
                .doesNotContain("Confusion matrix");
    }

    @Test
    void aRegressionTellsItsErrorsAndItsWorst() {
        String html = regression("price", 2000);
        assertThat(html)
                .contains("the root mean square error is 0.5, the mean absolute error 0.5", "Predicted against actual")
                .contains("Points: 1000 of 2000 examples", "R² 1")
                .doesNotContain("onfusion");
    }

    @Test
    void aConstantTargetHasNoShareOfVariance() {
        Tensor same = Tensor.full(DType.FLOAT64, 0.1, 3, 1);
        Tensor near = Tensor.full(DType.FLOAT64, 0.2, 3, 1);
        Regression answers = new Regression(near, same, List.of("t"));
        assertThat(answers.fit(0).r2()).isEmpty();
        ShownExamples table = ShownExamples.table(Tensor.of(new double[3], 3, 1), List.of("u"));
        assertThat(report(answers, table, net(1, 1)).html())
                .contains("R² undefined", "<td>undefined</td>")
                .doesNotContain("R² –", "∞", "inf");
    }

    /** Six digits would show one number for all. */
    @Test
    void numbersOfTheDataHaveAllTheirDigits() {
        Regression answers = new Regression(
                Tensor.of(new double[] {1000000.25, 1000000.375}, 2, 1),
                Tensor.of(new double[] {1000000.1, 1700000000}, 2, 1),
                List.of("t"));
        ShownExamples table = ShownExamples.table(Tensor.of(new float[] {0.1f, 0, -1e-7f, 3}, 2, 2), List.of("u", "v"));
        assertThat(report(answers, table, net(2, 1)).html())
                .contains(
                        "<th scope=\"row\">0</th><td>1000000.1</td><td>1000000.25</td><td>0.1</td><td>0</td>",
                        "<th scope=\"row\">1</th><td>1700000000</td><td>1000000.375</td><td>−1e−07</td><td>3</td>");
    }

    @Test
    void predictionsThatAreAllExactAndLargeAreDrawn() {
        Tensor same = Tensor.of(new double[] {-1e17, -1e17}, 2, 1);
        ShownExamples table = ShownExamples.table(Tensor.of(new double[2], 2, 1), List.of("u"));
        assertThat(report(new Regression(same, same, List.of("NaN")), table, net(1, 1))
                        .html())
                .contains("<figcaption>NaN</figcaption>\n<svg");
    }

    @Test
    void aRunWithoutALossHasAReport() {
        EpochMetrics lost = new EpochMetrics(1, Double.NaN, Double.NaN, Double.NaN, 0.1);
        for (List<EpochMetrics> history : List.of(List.<EpochMetrics>of(), List.of(lost))) {
            ReportPage none = new ReportPage(
                    "t",
                    "c",
                    Map.of(),
                    Map.of(),
                    history,
                    0,
                    "test",
                    net(6, 3),
                    1,
                    step(Curves.ErrorKind.CLASSIFICATION, net(6, 3)),
                    answers("a", "b", "c"),
                    images(8),
                    null);
            assertThat(none.html()).contains("There is no loss to be drawn.");
        }
    }

    @Test
    void theMeasuresOfAClassifierAreThoseOfQuality() {
        assertThat(classification())
                .contains("<th scope=\"row\">accuracy</th><td>0.7500</td>", "<th scope=\"row\">ROC AUC</th><td>")
                .contains("<th scope=\"row\">balanced accuracy</th><td>0.7778</td>")
                .doesNotContain("Which columns matter");
        Classification one = new Classification(Tensor.of(new double[][] {{1, 0}}), new int[] {0}, List.of("a", "b"));
        assertThat(one.sections(images(1))).contains("<th scope=\"row\">ROC AUC</th><td>undefined</td>");
    }

    @Test
    void theColumnsOfATableAreRanked() {
        assertThat(regression("t", 10))
                .contains("Which columns matter")
                .contains("<th scope=\"row\">u</th><td>0.125</td><td>0.03125</td>"
                        + "<td class=\"bar\" style=\"--share:1.000\"></td>")
                .contains("<td>−0.0625</td><td>–</td><td class=\"bar\" style=\"--share:0.000\"></td>");
        ShownExamples table =
                ShownExamples.table(Tensor.of(new double[8 * 6], 8, 6), List.of("a", "b", "c", "d", "e", "f"));
        assertThat(report(answers("a", "b", "c"), table, net(6, 3)).html())
                .contains("<th scope=\"row\">u</th><td>12.50\u00A0%</td><td>3.12\u00A0%</td>");
    }

    @Test
    void residualsAreDrawnBesideThePredictions() {
        assertThat(regression("t", 10))
                .contains("aria-label=\"Predicted against actual values of t\"")
                .contains("aria-label=\"Residuals of predictions of t\"")
                .contains(">actual − predicted</text>");
    }

    // ---- the step ----

    @Test
    void everyNetHasTheTapeOfItsStepWithNorms() {
        Initializer init = Initializer.heUniform(1);
        Sequential plain = Sequential.of(Linear.of(6, 3, init));
        assertThat(report(answers("a", "b", "c"), images(8), plain).html())
                .contains("<h2>One training step</h2>", "for the first 2 examples", "the masks of step 1,234")
                .containsSubsequence(
                        "class=\"masktape-tape\"", "matmulTransposed", "addRow", "softmaxCrossEntropy", "‖∇‖ ")
                .doesNotContain("masktape-heatmap", "let through");
        assertThat(classification())
                .containsSubsequence("maskedLinear ← ", "2×4, norm of the gradient ", "softmaxCrossEntropy");
        assertThat(regression("t", 10)).containsSubsequence("masktape-tape", "maskedLinear", "meanSquaredError");
    }

    @Test
    void theStepIsTheOneThatTrainingWouldTake() {
        Sequential net = net(6, 3);
        StepPictures step = step(Curves.ErrorKind.CLASSIFICATION, net);
        ShownExamples table =
                ShownExamples.table(Tensor.of(new double[6 * 8], 8, 6), List.of("a", "b", "c", "d", "e", "f"));
        Tape tape = new Tape();
        Variable loss = Ops.smoothedCrossEntropy(
                net.forward(tape.constant(step.batch().features()), Pass.training(7, 1234)),
                step.batch().labels(),
                0.25);
        Gradients gradients = tape.backward(loss);
        DropConnect first = (DropConnect) net.layers().get(0);
        Mask mask = first.mask(2, Pass.training(7, 1234).child(0));
        assertThat(new StepPictures(step.batch(), 1234, Loss.crossEntropy().withLabelSmoothing(0.25))
                        .html(net, 7, table))
                .contains(TapePicture.of(gradients).toSvg())
                .contains(Heatmap.of(mask).titled("Mₙ").toSvg())
                .contains(Heatmap.of(gradients.of(first.weight()))
                        .titled("∂L/∂W = Σₙ Jₙ ⊙ Mₙ")
                        .toSvg());
    }

    @Test
    void theMasksOfPixelsAreImagesOfOneOutput() {
        String html = classification();
        assertThat(html)
                .contains(
                        "Mₙ  mask 2×2×3, scale 1.3333", "Σₙ Jₙ ⊙ Mₙ  2×3", "the place of the pixel that it comes from");
        Initializer init = Initializer.heUniform(1);
        Sequential deep = Sequential.of(
                Sequential.of(Linear.of(6, 5, init), new ReLU()),
                DropConnect.of(5, 3, 0.5, init).withMaskSharing(MaskSharing.PER_BATCH));
        assertThat(report(answers("a", "b", "c"), images(8), deep).html())
                .contains("M  mask 1×3×5, scale 2", "(Σₙ Jₙ) ⊙ M  3×5", "serves the whole batch");
    }

    @Test
    void eachOutputMayHaveADropProbabilityOfItsOwn() {
        Sequential net = Sequential.of(
                DropConnect.of(2, 3, 0.5, Initializer.heUniform(1)).withDropProbabilities(0.5, 0.5, 0.9));
        StepPictures step = step(Curves.ErrorKind.CLASSIFICATION, net);
        ShownExamples table = ShownExamples.table(Tensor.of(new double[4], 2, 2), List.of("u", "v"));
        Mask mask = ((DropConnect) net.layers().get(0))
                .mask(2, Pass.training(1, 1234).child(0));
        assertThat(step.html(net, 1, table))
                .contains("and the scale of its output, 2 to 10, where it is kept")
                .contains(Heatmap.of(mask).titled("Mₙ").toSvg());
    }

    @Test
    void aStepMayHaveOneExampleOrALossThatIsLost() {
        Dataset one = new Dataset(Tensor.of(new double[] {Double.NaN, 1}, 1, 2).to(DType.FLOAT32), new int[] {1}, 2);
        StepPictures step = StepPictures.first(one, 0, Loss.crossEntropy());
        ShownExamples table = ShownExamples.table(Tensor.of(new double[2], 1, 2), List.of("u", "v"));
        assertThat(step.html(net(2, 2), 1, table)).contains("for the first example of", "the gradient of the loss, –,");
    }

    @Test
    void aPicturesStyleKeepsToThePicture() {
        for (String html : List.of(classification(), regression("t", 10))) {
            Matcher styles = Pattern.compile("<svg(?:(?!</svg>).)*?<style[^>]*>(.*?)</style>", Pattern.DOTALL)
                    .matcher(html);
            int count = 0;
            while (styles.find()) {
                count++;
                String rules = styles.group(1)
                        .replaceAll("@media [^{]*\\{", "")
                        .replaceAll("\\{[^}]*}", ",")
                        .replaceAll("\\[[^]]*]", "");
                for (String selector : rules.replace("}", "").split(",", -1)) {
                    assertThat(selector.strip()).matches("|(#\\w+|\\.masktape-(chart|tape|heatmap))\\b.*");
                }
            }
            assertThat(count).isGreaterThan(4);
        }
    }

    // ---- what it is ----

    @Test
    void theSameRunGivesTheSameBytes() {
        assertThat(classification()).isEqualTo(classification());
        assertThat(regression("t", 50)).isEqualTo(regression("t", 50));
    }

    @Test
    void aPageNeedsNothingElse() {
        for (String html : List.of(classification(), regression("t", 50))) {
            assertThat(html.replaceAll("xmlns(:xlink)?=\"[^\"]*\"", ""))
                    .doesNotContain("://", "<link", "<script", "@import");
            assertThat(html).contains("default-src 'none'");
            Matcher sources = Pattern.compile("src=\"([^\"]{0,22})").matcher(html);
            while (sources.find()) {
                assertThat(sources.group(1)).isEqualTo("data:image/png;base64,");
            }
        }
    }

    @Test
    void whateverComesFromOutsideIsText() {
        Map<String, String> pair = Map.of(NASTY, NASTY);
        ReportPage nasty = new ReportPage(
                NASTY,
                NASTY,
                pair,
                pair,
                HISTORY,
                1,
                "test",
                net(6, 3),
                1,
                step(Curves.ErrorKind.CLASSIFICATION, net(6, 3)),
                answers(NASTY, "b", "c"),
                images(8),
                IMPORTANCE);
        for (String html : List.of(nasty.html(), regression(NASTY, 10))) {
            assertThat(html)
                    .doesNotContain("<script", "\"'&NaN")
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;NaN");
        }
    }

    @Test
    void everyElementIsClosedAndEveryNameGivenOnce() {
        for (String html : List.of(classification(), regression("t", 10))) {
            assertThat(unclosed(html)).isEmpty();
            List<String> names = new ArrayList<>();
            Matcher ids = Pattern.compile(" id=\"([^\"]+)\"").matcher(html);
            while (ids.find()) {
                names.add(ids.group(1));
            }
            assertThat(names).isNotEmpty().doesNotHaveDuplicates();
        }
    }

    private static List<String> unclosed(String html) {
        Set<String> empty = Set.of("meta", "img", "!DOCTYPE");
        List<String> wrong = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>();
        Matcher tags =
                Pattern.compile("<(/?)([!\\w-]+)(?:\"[^\"]*\"|[^\">])*?(/?)>").matcher(html);
        while (tags.find()) {
            String name = tags.group(2);
            if (tags.group(1).equals("/")) {
                if (!name.equals(open.poll())) {
                    wrong.add("</" + name + ">");
                }
            } else if (tags.group(3).isEmpty() && !empty.contains(name)) {
                open.push(name);
            }
        }
        wrong.addAll(open);
        return wrong;
    }

    @Test
    void aPictureHasATextForThoseWhoCannotSeeIt() {
        String html = classification();
        Matcher pictures =
                Pattern.compile("<(img|svg) [^>]*>(\\n<title>[^<]*)?").matcher(html);
        int count = 0;
        while (pictures.find()) {
            count++;
            assertThat(pictures.group()).containsPattern("alt=\"\\S|aria-label=\"\\S|<title>\\S");
        }
        assertThat(count).isGreaterThan(5);
    }

    // ---- what it refuses ----

    @Test
    void partsThatDoNotFitTogetherAreRefused() {
        assertThatThrownBy(() -> report(answers("a", "b", "c"), images(7), net(6, 3)))
                .hasMessage("examples: expected 8, as many as answers, got 7");
        assertThatThrownBy(() -> answers("a", "b"))
                .hasMessage("probabilities: expected 8×2 for as many labels and classes, got 8×3");
        assertThatThrownBy(() ->
                        new Classification(Tensor.of(new double[][] {{1, 0}}), new int[] {2}, List.of("a", "b")))
                .hasMessage("labels: expected 0…1, got 2");
        assertThatThrownBy(() -> ShownExamples.images(Tensor.of(new double[6], 1, 6), 4, 2))
                .hasMessageStartingWith("examples: expected rows×columns pixels or a name for each feature, got 4×2");
        assertThatThrownBy(() -> ShownExamples.table(Tensor.of(new double[6], 1, 6), List.of("a")))
                .hasMessageContaining("got 0×0 and 1 names for features of shape 1×6");
        assertThatThrownBy(() ->
                        new Regression(Tensor.of(new double[2], 2, 1), Tensor.of(new double[2], 1, 2), List.of("t")))
                .hasMessageStartingWith("predicted: expected examples×1 as actual, got 2×1 and 1×2");
    }
}
