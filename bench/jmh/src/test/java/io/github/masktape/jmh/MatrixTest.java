// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.explorer.ReferenceTraining;
import io.github.masktape.tensor.Compute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MatrixTest {
    private final int threads = Compute.threads();

    @AfterEach
    void restore() {
        Compute.setThreads(threads);
    }

    @Test
    void weightsDoNotDependOnThreads() {
        Compute.setThreads(1);
        String one = ReferenceTraining.sha256(5);
        Compute.setThreads(3);
        assertThat(ReferenceTraining.sha256(5)).isEqualTo(one);
        assertThat(ReferenceTraining.sha256(6)).isNotEqualTo(one);
    }

    @Test
    void anEmptyMatrixProvesNothing() {
        assertThat(new Matrix().agrees()).isFalse();
    }

    @Test
    void oneHashIsAgreement() {
        Matrix matrix = new Matrix();
        matrix.add("17 C2", "abc");
        matrix.add("25 C1", "abc");
        assertThat(matrix.agrees()).isTrue();
        assertThat(matrix.verdict()).isEqualTo("2 runs, one sha256: abc");
    }

    @Test
    void aHashOfItsOwnIsNamedWithItsCell() {
        Matrix matrix = new Matrix();
        matrix.add("17 C2", "abc");
        matrix.add("25 C1", "abd");
        matrix.add("25 C2", "abc");
        assertThat(matrix.agrees()).isFalse();
        assertThat(matrix.verdict()).isEqualTo("3 runs, 2 different results:\nabc\n  17 C2\n  25 C2\nabd\n  25 C1");
    }
}
