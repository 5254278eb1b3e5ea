// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs.course;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Solutions of the exercises of docs/course/11-dropout.md. */
class Chapter11SolutionsTest {
    private static final Tensor W = Tensor.of(new double[][] {{1, 2, -1}, {3, -2, 1}});
    private static final Tensor B = Tensor.of(new double[] {1, -1});

    @Test
    void dropoutByHand() {
        boolean[] coins = {true, false, true};
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.of(new double[][] {{1, 2, 3}}));
        Variable w = tape.input(W);
        Variable y =
                Ops.addRow(Ops.maskedLinear(x, w, Mask.of(new boolean[][][] {{coins, coins}}, 2)), tape.constant(B));
        Gradients gradients = tape.backward(y, Tensor.of(new double[][] {{1, -2}}));
        assertThat(y.value()).isEqualTo(Tensor.of(new double[][] {{-3, 11}}));
        assertThat(gradients.of(w)).isEqualTo(Tensor.of(new double[][] {{2, 0, 6}, {-4, 0, -12}}));
        assertThat(gradients.of(x)).isEqualTo(Tensor.of(new double[][] {{-10, 0, -6}}));
    }

    /** relu(m·u) = m·relu(u) for m ≥ 0. */
    @Test
    void droppedUnitsAreDroppedRows() {
        Initializer init = Initializer.heNormal(1).withDType(DType.FLOAT64);
        Tensor w = init.weight(6, 4);
        Tensor b = Initializer.heNormal(2).withDType(DType.FLOAT64).weight(1, 6).reshape(6);
        Tensor x = init.weight(5, 4);
        Mask units = Mask.bernoulli(1, 5, 6, 0.5, 3);
        Tensor after = x.matmulTransposed(w).addRow(b).relu().mask(units);

        boolean[][][] rows = new boolean[5][6][4];
        boolean[][][] biases = new boolean[5][6][1];
        for (int n = 0; n < 5; n++) {
            for (int j = 0; j < 6; j++) {
                Arrays.fill(rows[n][j], units.keeps(0, n, j));
                biases[n][j][0] = units.keeps(0, n, j);
            }
        }
        Tensor ones = Tensor.full(DType.FLOAT64, 1, 5, 1);
        Tensor before = x.maskedLinear(w, Mask.of(rows, 2))
                .add(ones.maskedLinear(b.reshape(6, 1), Mask.of(biases, 2)))
                .relu();
        assertThat(before).isEqualTo(after);
    }

    /** The share of examples that drop both connections: ½ with Dropout's coins, ¼ with DropConnect's. */
    @Test
    void howManyMasks() {
        assertThat(1 << 10).isEqualTo(1024);
        assertThat(1L << 40).isGreaterThan(1_000_000_000_000L);

        int examples = 10_000;
        assertThat(bothDropped(Mask.bernoulli(examples, 1, 10, 0.5, 1), 0)).isCloseTo(0.5, within(0.02));
        assertThat(bothDropped(Mask.bernoulli(examples, 4, 10, 0.5, 1), 1)).isCloseTo(0.25, within(0.02));
    }

    private static double bothDropped(Mask mask, int other) {
        int count = 0;
        for (int n = 0; n < mask.examples(); n++) {
            count += mask.keeps(n, 0, 0) || mask.keeps(n, other, 0) ? 0 : 1;
        }
        return count / (double) mask.examples();
    }

    /** With one row there is one coin for each input, whichever way it is drawn. */
    @Test
    void oneOutput() {
        Mask mask = Mask.bernoulli(3, 1, 5, 0.5, 1);
        Tensor w = Initializer.heNormal(1).withDType(DType.FLOAT64).weight(1, 5);
        Tensor x = Initializer.heNormal(2).withDType(DType.FLOAT64).weight(3, 5);
        boolean[][][] coins = new boolean[1][3][5];
        for (int n = 0; n < 3; n++) {
            for (int q = 0; q < 5; q++) {
                coins[0][n][q] = mask.keeps(n, 0, q);
            }
        }
        assertThat(x.mask(Mask.of(coins, 2)).matmulTransposed(w)).isEqualTo(x.maskedLinear(w, mask));
    }

    /** The product of the eight signs is +1, for every draw. */
    @Test
    void eightEntriesOfFlipout() {
        for (long key = 0; key < 100; key++) {
            Mask mask = Mask.ofSigns(
                    Mask.bernoulli(1, 2, 2, 0.5, RandomStream.derive(key, 0)),
                    Mask.bernoulli(2, 1, 2, 0.5, RandomStream.derive(key, 1)),
                    Mask.bernoulli(2, 1, 2, 0.5, RandomStream.derive(key, 2)));
            assertThat(8 - mask.kept()).as("an even number of minus signs").isEven();
        }
    }
}
