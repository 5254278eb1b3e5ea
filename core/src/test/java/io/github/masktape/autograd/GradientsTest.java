// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Gradients as values: sums, scaling, norms, and who may read them. */
class GradientsTest {
    private final Parameter w = new Parameter(Tensor.of(new double[] {3, 4}));
    private final Parameter b = new Parameter(Tensor.scalar(2));
    private final Parameter absent = new Parameter(Tensor.scalar(1));

    /** The gradients of Σ w² + s·b: 2w and s. */
    private Gradients gradients(double s) {
        Tape tape = new Tape();
        Variable squares = Ops.sum(Ops.square(tape.parameter(w)));
        return tape.backward(Ops.add(squares, Ops.scale(tape.parameter(b), s)));
    }

    @Test
    void theyAddUp() {
        Gradients sum = gradients(1).plus(gradients(5).scaled(2));
        assertThat(sum.of(w)).isEqualTo(Tensor.of(new double[] {18, 24}));
        assertThat(sum.of(b).item()).isEqualTo(11);
        assertThat(sum.parameters()).containsExactly(w, b);
        assertThat(sum.map(Tensor::neg).of(b).item()).isEqualTo(-11);
        assertThatThrownBy(sum::tape)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("gradients: only those that backward returned have a tape");
    }

    @Test
    void oneThatASideDoesNotHaveIsZeroInASum() {
        Gradients one = Gradients.of(Map.of(absent, Tensor.scalar(7)));
        for (Gradients sum : List.of(gradients(1).plus(one), one.plus(gradients(1)))) {
            assertThat(sum.parameters()).containsExactlyInAnyOrder(w, b, absent);
            assertThat(sum.of(absent).item()).isEqualTo(7);
            assertThat(sum.of(b).item()).isEqualTo(1);
        }
    }

    @Test
    void aGradientOfZeroIsNotOneThatWasNeverComputed() {
        Tape tape = new Tape();
        tape.parameter(b);
        Gradients gradients = tape.backward(Ops.sum(tape.parameter(w)));
        for (Gradients some : List.of(gradients, gradients.scaled(2), gradients.plus(gradients), gradients.copy())) {
            assertThat(some.has(b)).isTrue();
            assertThat(some.of(b)).isEqualTo(Tensor.scalar(0));
            assertThat(some.has(absent)).isFalse();
            assertThatThrownBy(() -> some.of(absent))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("gradients: expected a parameter that was on the tape, got another, scalar FLOAT64;"
                            + " read it by tape.parameter(...), or use ofAll(...) if the computation skipped it on"
                            + " purpose");
        }
        Gradients all = gradients.ofAll(List.of(absent, w));
        assertThat(all.parameters()).containsExactly(absent, w);
        assertThat(all.of(absent)).isEqualTo(Tensor.scalar(0));
        assertThat(all.has(b)).isFalse();
    }

    @Test
    void theyHaveTheShapeAndDtypeOfTheirParameters() {
        assertThatThrownBy(() -> Gradients.of(Map.of(w, Tensor.scalar(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gradients: expected 2 FLOAT64 like the parameter, got scalar FLOAT64");
        assertThatThrownBy(() -> gradients(1).map(gradient -> gradient.to(DType.FLOAT32)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map: expected 2 FLOAT64 like the parameter, got 2 FLOAT32");
    }

    @Test
    void laterChangesOfAMapChangeNothing() {
        Map<Parameter, Tensor> map = new HashMap<>(Map.of(b, Tensor.scalar(5)));
        Gradients gradients = Gradients.of(map);
        map.clear();
        assertThat(gradients.of(b).item()).isEqualTo(5);
        assertThatThrownBy(() -> gradients.parameters().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    // ---- norms ----

    @Test
    void theNormIsOverAllParameters() {
        assertThat(gradients(0).norm()).isEqualTo(10);
        assertThat(gradients(10.5).norm()).isEqualTo(14.5);
        assertThat(Gradients.of(Map.of()).norm()).isZero();
    }

    @Test
    void longGradientsAreScaledDownByOneFactor() {
        Gradients long10 = gradients(0);
        assertThat(long10.clippedTo(10.1)).isSameAs(long10);
        Tensor clipped = long10.clippedTo(1).of(w);
        assertThat(clipped.get(0)).isCloseTo(0.6, offset(1e-6));
        assertThat(clipped.get(1)).isCloseTo(0.8, offset(1e-6));
        assertThat(Math.sqrt(clipped.sumOfSquares())).isEqualTo(1 / (10 + 1e-6) * 10, offset(1e-15));
        for (double limit : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> long10.clippedTo(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("maxNorm: expected a positive, finite number, got ");
        }
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> gradients(bad).clippedTo(1))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessage("clippedTo: expected gradients of a finite norm, got " + bad);
        }
    }

    @Test
    void largeElementsAreLimited() {
        Gradients clipped = gradients(-9).clippedToValue(7);
        assertThat(clipped.of(w)).isEqualTo(Tensor.of(new double[] {6, 7}));
        assertThat(clipped.of(b).item()).isEqualTo(-7);
        assertThat(gradients(Double.NaN).clippedToValue(1).of(b).item()).isNaN();
        for (double limit : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> clipped.clippedToValue(limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("limit: expected a positive, finite number, got ");
        }
    }

    /** From the left, 1 + s + … + s with s below 2⁻⁵³ is 1; from the right it is more. */
    @Test
    void theOrderOfAMapChangesNoBitOfTheNorm() {
        double small = Math.scalb(1.0, -27) * 1.414;
        double[] numbers = {1, small, small, small, small, small, small, small};
        List<Parameter> parameters = IntStream.range(0, numbers.length)
                .mapToObj(i -> new Parameter(Tensor.scalar(0)))
                .toList();
        double expected = 0;
        for (int first = 0; first < numbers.length; first++) {
            Gradients sum = Gradients.of(Map.of());
            for (int i = 0; i < numbers.length; i++) {
                int at = (first + i) % numbers.length;
                sum = sum.plus(Gradients.of(Map.of(parameters.get(at), Tensor.scalar(numbers[at]))));
            }
            expected = first == 0 ? sum.norm() : expected;
            assertThat(sum.norm()).isEqualTo(expected).isGreaterThan(1);
        }
    }

    // ---- parts of a batch ----

    private static final int EXAMPLES = 24;

    private final Initializer init = Initializer.heUniform(5);
    private final Parameter hidden = new Parameter(init.withDType(DType.FLOAT64).weight(16, 6));
    private final Parameter output = new Parameter(init.withDType(DType.FLOAT64).weight(3, 16));
    private final Tensor x = init.withDType(DType.FLOAT64).weight(EXAMPLES, 6);
    private final int[] labels =
            IntStream.range(0, EXAMPLES).map(i -> i * 7 % 3).toArray();

    private Gradients part(Tape tape, int from, int to) {
        int[] rows = IntStream.range(from, to).toArray();
        int[] its = IntStream.of(rows).map(i -> labels[i]).toArray();
        Variable h = Ops.tanh(Ops.matmulTransposed(tape.constant(x.rows(rows)), tape.parameter(hidden)));
        return tape.backward(Ops.softmaxCrossEntropy(Ops.matmulTransposed(h, tape.parameter(output)), its));
    }

    private static double distance(Gradients a, Gradients b) {
        return a.plus(b.scaled(-1)).norm();
    }

    @Test
    void microBatchesAddUpToTheWholeBatch() {
        Gradients whole = part(new Tape(), 0, EXAMPLES);
        Workspace workspace = new Workspace();
        Gradients sum = Gradients.of(Map.of());
        for (int from = 0; from < EXAMPLES; from += 6) {
            sum = sum.plus(part(new Tape(workspace), from, from + 6).scaled(0.25))
                    .copy();
        }
        assertThat(distance(sum, whole)).isLessThan(1e-15 * 10 * whole.norm());
        assertThat(sum.parameters()).containsExactly(hidden, output);
    }

    @Test
    void threadsAddUpToTheWholeBatch() throws Exception {
        Gradients whole = part(new Tape(), 0, EXAMPLES);
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            List<Gradients> runs = new ArrayList<>();
            for (int run = 0; run < 20; run++) {
                List<Future<Gradients>> parts = new ArrayList<>();
                for (int from = 0; from < EXAMPLES; from += 6) {
                    int at = from;
                    parts.add(pool.submit(() -> part(new Tape(), at, at + 6)));
                }
                Gradients sum = Gradients.of(Map.of());
                for (Future<Gradients> part : parts) {
                    sum = sum.plus(part.get().scaled(0.25));
                }
                runs.add(sum);
            }
            assertThat(distance(runs.get(0), whole)).isLessThan(1e-15 * 10 * whole.norm());
            for (Gradients run : runs) {
                assertThat(run.of(hidden)).isEqualTo(runs.get(0).of(hidden));
                assertThat(run.of(output)).isEqualTo(runs.get(0).of(output));
            }
        } finally {
            pool.shutdown();
        }
    }

    /** What a workspace's tape returned ends with the next tape and belongs to its thread; a copy does not. */
    @Test
    void copiesOutliveAWorkspaceAndItsThread() throws Exception {
        Workspace workspace = new Workspace();
        Gradients first = part(new Tape(workspace), 0, 6);
        Gradients copy = first.copy();
        Tensor expected = first.of(hidden).copy();
        part(new Tape(workspace), 6, 12);
        assertThatThrownBy(() -> first.of(hidden).get(0, 0)).hasMessageContaining("its workspace was recycled");
        assertThat(copy.of(hidden)).isEqualTo(expected);

        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Gradients there =
                    other.submit(() -> part(new Tape(workspace), 0, 6)).get();
            assertThatThrownBy(() -> there.norm()).hasMessageContaining("its workspace belongs to thread");
            Gradients here =
                    other.submit(() -> part(new Tape(workspace), 0, 6).copy()).get();
            assertThat(here.of(hidden)).isEqualTo(expected);
        } finally {
            other.shutdown();
        }
    }
}
