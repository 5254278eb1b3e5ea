// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.conformance.command.ConformanceMain;
import io.github.masktape.conformance.command.MasktapeLayer;
import io.github.masktape.conformance.zoo.Zoo;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own layers keep all laws, in all their forms. {@code -Dmasktape.conformance.tries=100000} for more tries a law. */
class ConformanceTest {
    private static final int TRIES = Integer.getInteger("masktape.conformance.tries", Conformance.TRIES);

    static List<Implementation> ours() {
        return ConformanceMain.ours();
    }

    @ParameterizedTest
    @MethodSource("ours")
    void ourLayersKeepAllLaws(Implementation implementation) {
        assertKeepsAll(Conformance.check(implementation, TRIES));
    }

    private static void assertKeepsAll(ConformanceReport report) {
        assertThat(report.passed()).as(report.toString()).isTrue();
    }

    @Test
    void thePlainOneKeepsAllLaws() {
        assertKeepsAll(Conformance.check(Zoo.plain().claiming(Claim.SELECTS), TRIES));
    }

    @Tag("long")
    @Test
    void inferenceThatDrawsKeepsItsLaws() {
        for (DType dtype : DType.values()) {
            MasktapeLayer form = new MasktapeLayer(dtype, false, MaskSharing.PER_EXAMPLE, false);
            for (Inference method : List.of(Inference.sampled(1000, 1), Inference.monteCarlo(1000, 1))) {
                Implementation implementation = form.predictingBy(method, 1000);
                for (Law law : InferenceLaws.ALL) {
                    ConformanceReport.Result result = Conformance.check(law.name(), implementation, 30);
                    assertThat(result.verdict()).as(method + ": " + result).isEqualTo(Verdict.HOLDS);
                }
            }
        }
    }
}
