// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.zoo.Zoo.Mutant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mutant is killed by the law that names its mistake. */
@Tag("once")
class ZooTest {
    static List<Mutant> mutants() {
        return Zoo.mutants();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void everyMutantIsKilledByTheLawThatNamesIt(Mutant mutant) {
        ConformanceReport report = Conformance.check(mutant.implementation());

        assertThat(report.broken()).as(report.toString()).contains(mutant.law());
        assertThat(report.of(mutant.law()).message())
                .as("a mistake is told, not an exception")
                .isNotEmpty()
                .doesNotStartWith("it failed (");
    }

    @Test
    void noTwoMutantsHaveOneLaw() {
        assertThat(Zoo.mutants())
                .extracting(Mutant::law)
                .doesNotHaveDuplicates()
                .hasSize(15);
    }
}
