// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class TapePictureTest {
    private static final Tensor ROW = Tensor.of(new double[][] {{3, 4}});

    private final Tape tape = new Tape();

    /** A constant, an input, a parameter, an op on each pair, a loss. */
    private Variable small(Tape on) {
        Variable product = Ops.mul(on.constant(ROW), on.input(ROW));
        return Ops.sum(Ops.add(product, on.parameter(new Parameter(ROW))));
    }

    @Test
    void dotHasEachNodeAndEachEdgeOnce() {
        small(tape);
        assertThat(TapePicture.of(tape).toDot()).isEqualTo("""
                        digraph tape {
                          node [fontname="monospace", fontsize=11];
                          n0 [label="#0 constant\\n1×2", shape=box, style=dashed];
                          n1 [label="#1 input\\n1×2", shape=box, style="rounded,bold"];
                          n2 [label="#2 mul\\n1×2", shape=box, style=rounded];
                          n3 [label="#3 parameter\\n1×2", shape=box, peripheries=2];
                          n4 [label="#4 add\\n1×2", shape=box, style=rounded];
                          n5 [label="#5 sum\\nscalar", shape=box, style=rounded];
                          n0 -> n2 [style=dashed];
                          n1 -> n2;
                          n2 -> n4;
                          n3 -> n4;
                          n4 -> n5;
                        }
                        """);
    }

    @Test
    void mermaidHasEachNodeAndEachEdgeOnce() {
        small(tape);
        assertThat(TapePicture.of(tape).toMermaid()).isEqualTo("""
                        flowchart TB
                          n0[/"#35;0 constant<br>1×2"/]
                          n1(["#35;1 input<br>1×2"])
                          n2("#35;2 mul<br>1×2")
                          n3[["#35;3 parameter<br>1×2"]]
                          n4("#35;4 add<br>1×2")
                          n5("#35;5 sum<br>scalar")
                          n0 -.-> n2
                          n1 --> n2
                          n2 --> n4
                          n3 --> n4
                          n4 --> n5
                        """);
    }

    @Test
    void gradientsAddTheirNorms() {
        Gradients gradients = tape.backward(small(tape));
        assertThat(TapePicture.of(gradients).toDot())
                .contains("[label=\"#0 constant\\n1×2\",")
                .contains("[label=\"#1 input\\n1×2\\n‖∇‖ 5\",")
                .contains("[label=\"#3 parameter\\n1×2\\n‖∇‖ 1.414\",");
        assertThat(TapePicture.of(gradients).toMermaid()).contains("n1([\"#35;1 input<br>1×2<br>‖∇‖ 5\"])");
        assertThat(Pictures.texts(TapePicture.of(gradients).toSvg())).contains("‖∇‖ 5", "‖∇‖ 1.414");
        assertThat(TapePicture.of(tape).toDot()).as("the tape's own picture").doesNotContain("‖∇‖");
    }

    @Test
    void whatTheLossDoesNotDependOnHasNormZero() {
        Variable aside = tape.input(ROW);
        Gradients gradients = tape.backward(Ops.sum(tape.input(ROW)));
        assertThat(TapePicture.of(gradients).toDot())
                .contains("n" + aside.index() + " [label=\"#0 input\\n1×2\\n‖∇‖ 0\"");
    }

    @Test
    void anInputThatIsUsedTwiceHasTwoEdges() {
        Variable x = tape.input(ROW);
        Ops.mul(x, x);
        assertThat(TapePicture.of(tape).toDot()).contains("  n0 -> n1;\n  n0 -> n1;\n");
        assertThat(TapePicture.of(tape).toMermaid()).contains("  n0 --> n1\n  n0 --> n1\n");
        assertThat(Pictures.elements(TapePicture.of(tape).toSvg(), "head"))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void svgHasABoxForEachNodeAndAHeadForEachEdge() {
        small(tape);
        String svg = TapePicture.of(tape).toSvg();
        assertThat(Pictures.elements(svg, "constant")).hasSize(1);
        assertThat(Pictures.elements(svg, "input")).hasSize(1);
        assertThat(Pictures.elements(svg, "parameter")).hasSize(1);
        assertThat(Pictures.elements(svg, "op"))
                .as("groups and their first lines")
                .hasSize(3 + 6);
        assertThat(Pictures.elements(svg, "head")).hasSize(5);
        assertThat(Pictures.texts(svg)).contains("#0 constant", "#2 mul", "1×2", "scalar");
        assertThat(svg)
                .contains("<title>Tape of 6 nodes</title>")
                .contains("#4 add ← #2, #3, 1×2\n")
                .contains("prefers-color-scheme: dark")
                .doesNotContain("‖∇‖");
    }

    @Test
    void nothingIsFetched() {
        Gradients gradients = tape.backward(small(tape));
        for (String svg :
                List.of(TapePicture.of(tape).toSvg(), TapePicture.of(gradients).toSvg())) {
            assertThat(svg.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
                    .doesNotContain("http", "href", "url(", "@import");
        }
    }

    @Test
    void boxesDoNotOverlapAndEdgesLeadDown() {
        Variable x = tape.constant(Tensor.zeros(DType.FLOAT64, 5, 2));
        Variable w = tape.parameter(new Parameter(Tensor.zeros(DType.FLOAT64, 3, 2)));
        List<Variable> rows = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            rows.add(Ops.matmul(Ops.rows(x, n), Ops.transpose(Ops.tanh(w))));
        }
        Ops.meanSquaredError(Ops.matmulTransposed(x, w), Ops.stackRows(rows));
        List<double[]> boxes = new ArrayList<>();
        for (String kind : List.of("constant", "parameter", "op")) {
            for (Element group : Pictures.elements(TapePicture.of(tape).toSvg(), kind)) {
                if (group.getTagName().equals("g")) {
                    Element rect = (Element) group.getElementsByTagName("rect").item(0);
                    boxes.add(new double[] {
                        value(rect, "x"), value(rect, "y"), value(rect, "width"), value(rect, "height")
                    });
                }
            }
        }
        assertThat(boxes).hasSize(tape.size());
        Element svg = Pictures.parse(TapePicture.of(tape).toSvg()).getDocumentElement();
        for (double[] a : boxes) {
            assertThat(a[0]).isNotNegative();
            assertThat(a[0] + a[2]).isLessThanOrEqualTo(value(svg, "width"));
            assertThat(a[1] + a[3]).isLessThanOrEqualTo(value(svg, "height"));
            for (double[] b : boxes) {
                boolean apart =
                        a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1] || b[1] + b[3] <= a[1];
                assertThat(a == b || apart).as("apart").isTrue();
            }
        }
        LayeredLayout layout = new LayeredLayout(
                new double[] {1, 1, 1}, List.of(new int[] {0, 1}, new int[] {1, 2}, new int[] {0, 2}));
        assertThat(layout.layers()).hasSize(3);
        assertThat(layout.layers().get(1))
                .as("a box, and a point of the long edge")
                .hasSize(2);
    }

    /** Two layers of DropConnect in the composed form, examples side by side; the loss's gradients. */
    @Test
    void aComposedNetworkLooksAsItDid() {
        Variable x = tape.constant(numbers(3, 4));
        Variable w = tape.parameter(new Parameter(numbers(5, 4)));
        Variable v = tape.parameter(new Parameter(numbers(2, 5)));
        Variable hidden = Ops.relu(Ops.addRow(composed(x, w, 1), tape.parameter(new Parameter(numbers(5)))));
        Variable output = Ops.addRow(composed(hidden, v, 2), tape.parameter(new Parameter(numbers(2))));
        Gradients gradients = tape.backward(Ops.softmaxCrossEntropy(output, new int[] {0, 1, 1}));
        Pictures.assertApproved(
                "composed-network.svg", TapePicture.of(gradients).toSvg());
        Pictures.assertApproved(
                "composed-network-without-gradients.svg", TapePicture.of(tape).toSvg());
    }

    private static Variable composed(Variable x, Variable w, long key) {
        Tensor weight = w.value();
        int examples = x.shape().dim(0);
        Mask mask =
                Mask.bernoulli(examples, weight.shape().dim(0), weight.shape().dim(1), 0.5, key);
        List<Variable> rows = new ArrayList<>();
        for (int n = 0; n < examples; n++) {
            rows.add(Ops.matmul(Ops.rows(x, n), Ops.transpose(Ops.mask(w, mask.example(n)))));
        }
        return Ops.stackRows(rows);
    }

    /** Edges over many layers, of inputs that are used often; ops of several inputs, three sinks. */
    @Test
    void aTangleLooksAsItDid() {
        Variable a = tape.input(numbers(2, 2));
        Variable b = tape.constant(numbers(2, 2));
        Variable c = tape.parameter(new Parameter(numbers(2, 2)));
        Variable ab = Ops.mul(a, b);
        Variable square = Ops.square(Ops.add(ab, c));
        Variable back = Ops.sub(square, a);
        Variable far = Ops.matmul(Ops.tanh(Ops.exp(Ops.neg(back))), a);
        Variable twice = Ops.mul(far, Ops.add(c, c));
        Ops.op(
                "an op of a long name and three inputs",
                numbers(2, 2),
                Ops.wrt(a, dy -> dy),
                Ops.wrt(twice, dy -> dy),
                Ops.wrt(ab, dy -> dy));
        Ops.sigmoid(b);
        Variable loss = Ops.add(Ops.mean(twice), Ops.sum(Ops.mul(a, c)));
        Pictures.assertApproved(
                "tangle.svg", TapePicture.of(tape.backward(loss)).toSvg());
    }

    @Test
    void smallAndLongTapesLookAsTheyDid() {
        Pictures.assertApproved("empty.svg", TapePicture.of(tape).toSvg());
        Variable x = tape.input(Tensor.scalar(1));
        Pictures.assertApproved("one-node.svg", TapePicture.of(tape).toSvg());
        Variable y = x;
        for (int i = 0; i < 200; i++) {
            y = i % 10 == 0 ? Ops.add(y, x) : Ops.neg(y);
        }
        Pictures.assertApproved("long.svg", TapePicture.of(tape.backward(y)).toSvg());
        Pictures.assertApproved("long.dot", TapePicture.of(tape).toDot());
        Pictures.assertApproved("long.mmd", TapePicture.of(tape).toMermaid());
    }

    private static Tensor numbers(int... dims) {
        double[] values = new double[Shape.of(dims).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7 % 11 - 5) / 4.0;
        }
        return Tensor.of(values, dims);
    }

    private static double value(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    @Test
    void anyNameIsEscaped() {
        String name = "a\"b\\n <b>&amp;]] #quot;\u0000\uD800\n";
        Variable x = tape.input(ROW);
        Ops.op(name, ROW, Ops.wrt(x, dy -> dy));
        Ops.op("x".repeat(1000), ROW, Ops.wrt(x, dy -> dy));
        assertThat(TapePicture.of(tape).toDot())
                .contains("label=\"#1 a\\\"b\\\\n <b>&amp;]] #quot;\uFFFD\uFFFD\uFFFD\\n1×2\"");
        assertThat(TapePicture.of(tape).toMermaid())
                .contains(
                        "(\"#35;1 a#34;b#92;#8203;n #60;b#62;#38;amp#59;#93;#93; #35;quot#59;\uFFFD\uFFFD\uFFFD<br>1×2\")");
        assertThat(Pictures.texts(TapePicture.of(tape).toSvg()))
                .contains("#1 a\"b\\n <b>&amp;]] #quot;\uFFFD\uFFFD\uFFFD", "#2 " + "x".repeat(40) + "…");
    }

    @Test
    void aLongTapeIsDrawnByItsEnds() {
        Variable x = tape.input(Tensor.scalar(1));
        Variable y = x;
        for (int i = 0; i < 100_000; i++) {
            y = i % 10 == 0 ? Ops.add(y, x) : Ops.neg(y);
        }
        int end = TapePicture.EDGE;
        for (Function<TapePicture, String> language : List.<Function<TapePicture, String>>of(
                TapePicture::toDot, TapePicture::toMermaid, TapePicture::toSvg)) {
            assertThat(language.apply(TapePicture.of(tape)))
                    .hasSizeLessThan(120_000)
                    .contains("… " + String.format(Locale.ROOT, "%,d", 100_001 - 2 * end) + " more nodes");
        }
        assertThat(TapePicture.of(tape).toSvg()).contains("Tape of 100,001 nodes");
        assertThat(TapePicture.of(tape).toDot())
                .contains("n" + (end - 1) + " -> rest;", "rest -> n" + (100_001 - end), "n0 -> rest;")
                .doesNotContain("n" + end + " ");
        assertThat(TapePicture.of(tape).toDot().lines().filter(line -> line.contains("n0 -> rest")))
                .hasSize(1);
        assertThat(TapePicture.of(tape.backward(y)).toSvg())
                .hasSizeLessThan(150_000)
                .contains("‖∇‖");
    }

    @Test
    void aTapeThatFitsIsDrawnWhole() {
        Variable x = tape.input(Tensor.scalar(1));
        while (tape.size() < 2 * TapePicture.EDGE + 1) {
            x = Ops.neg(x);
        }
        assertThat(TapePicture.of(tape).toDot()).doesNotContain("more nodes");
        Ops.neg(x);
        assertThat(TapePicture.of(tape).toDot()).contains("… 2 more nodes");
    }

    @Test
    void aWorkspacesTapeShowsTheNormsItKept() {
        Workspace workspace = new Workspace();
        Tape first = new Tape(workspace);
        Variable loss = small(first);
        first.keep(loss);
        Gradients gradients = first.backward(loss);
        assertThat(TapePicture.of(gradients).toDot())
                .contains("#1 input\\n1×2\"", "#3 parameter\\n1×2\\n‖∇‖ 1.414\"", "#5 sum\\nscalar\\n‖∇‖ 1\"");
        new Tape(workspace);
        assertThat(TapePicture.of(first).toSvg()).as("shapes outlast values").contains("1×2");
        assertThatThrownBy(() -> TapePicture.of(gradients))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its workspace was recycled");
    }

    @Test
    void aTapeForInferenceHasNoPicture() {
        Tape inference = Tape.inference();
        Ops.exp(inference.input(ROW));
        assertThatThrownBy(() -> TapePicture.of(inference))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("picture: this tape is for inference and recorded nothing; use new Tape()");
    }

    @Test
    void aPictureShowsTheTapeAsItWas() {
        tape.input(ROW);
        TapePicture picture = TapePicture.of(tape);
        tape.input(ROW);
        assertThat(picture.toDot()).contains("n0 [").doesNotContain("n1 [");
    }

    @Test
    void inWordsEachNodeIsALine() {
        Gradients gradients = tape.backward(small(tape));
        assertThat(TapePicture.of(tape)).hasToString("""
                #0 constant, 1×2
                #1 input, 1×2
                #2 mul ← #0, #1, 1×2
                #3 parameter, 1×2
                #4 add ← #2, #3, 1×2
                #5 sum ← #4, scalar""");
        assertThat(TapePicture.of(gradients).toString()).contains("#1 input, 1×2, norm of the gradient 5");
    }

    @Test
    void anEmptyTapeSaysSo() {
        assertThat(TapePicture.of(tape).toDot()).doesNotContain("->");
        assertThat(Pictures.texts(TapePicture.of(tape).toSvg())).containsExactly("an empty tape");
        tape.input(ROW);
        assertThat(TapePicture.of(tape).toSvg()).contains("Tape of 1 node<");
    }
}
