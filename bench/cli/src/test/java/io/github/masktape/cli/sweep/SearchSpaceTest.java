// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class SearchSpaceTest {
    private static final RunSettings BASE = SettingsText.parse("--data=some.csv\n--optimizer=adamw\n--epochs=40");

    private static SearchSpace of(String... lines) {
        return SearchSpace.of(List.of(lines), "space.txt", BASE);
    }

    @Test
    void aDrawIsAFunctionOfSeedAndNumber() {
        SearchSpace space = SearchSpace.around(BASE);
        Set<Map<String, String>> different = new HashSet<>();
        for (int number = 0; number < 20; number++) {
            Map<String, String> drawn = space.draw(BASE, 7, number);
            assertThat(space.draw(BASE, 7, number)).isEqualTo(drawn);
            different.add(drawn);
        }
        assertThat(different).hasSizeGreaterThan(18);
        assertThat(space.draw(BASE, 8, 0)).isNotEqualTo(space.draw(BASE, 7, 0));
    }

    @Test
    void numbersAreDrawnWithinTheirRange() {
        SearchSpace space =
                of("# comment", "", "--learning-rate  0.001 .. 0.1 log", "--batch-size 8 .. 64", "--hidden 5|6,7");
        int below = 0;
        for (int number = 0; number < 40; number++) {
            Map<String, String> drawn = space.draw(BASE, 1, number);
            double rate = Double.parseDouble(drawn.get("--learning-rate"));
            assertThat(rate).isBetween(0.001, 0.1);
            below += rate < 0.01 ? 1 : 0;
            assertThat(Integer.parseInt(drawn.get("--batch-size"))).isBetween(8, 64);
            assertThat(drawn.get("--hidden")).isIn("5", "6,7");
            RunSettings settings = space.apply(BASE, drawn);
            assertThat(settings.training().learningRate()).isEqualTo(rate);
            assertThat(settings.training().epochs().total()).isEqualTo(40);
        }
        assertThat(below).as("half of them, since the logarithm is uniform").isBetween(10, 30);
    }

    @Test
    void valuesWithoutAnEffectAreLeftOut() {
        SearchSpace space = of("--regularizer none", "--drop-probability 0.1 | 0.2", "--mask per-example | per-batch");
        assertThat(space.draw(BASE, 1, 0)).containsOnlyKeys("--regularizer");
        assertThat(space.product(BASE)).containsExactly(Map.of("--regularizer", "none"));
        assertThat(of("--mask flipout", "--drop-probability 0.1 | 0.2").product(BASE))
                .containsExactly(Map.of("--mask", "flipout"));
        assertThat(of("--mask flipout")
                        .apply(BASE, Map.of("--mask", "flipout"))
                        .net()
                        .dropProbabilities()
                        .ofLayer(0))
                .isEqualTo(0.5);
    }

    @Test
    void theProductHasAllCombinations() {
        assertThat(of("--hidden 5 | 6,7", "--regularizer dropout", "--epochs 1 | 2 | 3")
                        .product(BASE))
                .hasSize(6)
                .startsWith(
                        Map.of("--hidden", "5", "--regularizer", "dropout", "--epochs", "1"),
                        Map.of("--hidden", "5", "--regularizer", "dropout", "--epochs", "2"));
        assertThatThrownBy(() -> of("--learning-rate 0.1 .. 0.2").product(BASE))
                .isInstanceOf(Failure.class)
                .hasMessage("--learning-rate: expected values with | between for --grid, got the range 0.1 .. 0.2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
                    hidden 5;                    space.txt, line 1: expected an option and its values
                    --data a | b;                space.txt, line 1: expected one of the options --hidden
                    --hidden 5 | | 6;            space.txt, line 1: --hidden: expected values with | between
                    --learning-rate 2 .. 1;      space.txt, line 1: --learning-rate: expected a range of two ascending numbers, got
                    --learning-rate 0 .. 1 log;  space.txt, line 1: --learning-rate: expected a range of two ascending numbers above 0
                    --hidden 5 | wide;           space.txt: --hidden wide:
                    --drop-probability 0 .. 3;   space.txt: --drop-probability 3:
                    """)
    void aMistakeNamesItsLine(String line, String message) {
        assertThatThrownBy(() -> of(line)).isInstanceOf(Failure.class).hasMessageStartingWith(message);
    }
}
