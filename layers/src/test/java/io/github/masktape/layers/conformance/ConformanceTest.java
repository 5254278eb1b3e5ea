package io.github.masktape.layers.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.layers.conformance.zoo.Zoo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our own layers keep all laws, in all their forms. {@code -Dmasktape.conformance.tries=100000} for more tries a law. */
class ConformanceTest {
    private static final int TRIES = Integer.getInteger("masktape.conformance.tries", Conformance.TRIES);

    static List<Implementation> ours() {
        return Main.ours();
    }

    @ParameterizedTest
    @MethodSource("ours")
    void ourLayersKeepAllLaws(Implementation implementation) {
        assertKeepsAll(Conformance.check(implementation, TRIES));
    }

    private static void assertKeepsAll(Report report) {
        assertThat(report.passed()).as(report.toString()).isTrue();
    }

    @Test
    void thePlainOneKeepsAllLaws() {
        assertKeepsAll(Conformance.check(Zoo.plain().claiming(Claim.SELECTS), TRIES));
    }
}
