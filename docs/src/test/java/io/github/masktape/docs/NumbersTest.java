// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pages compute by hand is computed right. */
class NumbersTest {
    @Test
    void everyEquationOfNumbersHolds() throws IOException {
        List<String> wrong = new ArrayList<>();
        int equations = 0;
        for (Page page : Page.all()) {
            List<String> lines = Files.readAllLines(page.file());
            for (int i = 0; i < lines.size(); i++) {
                for (Equation equation : Equation.in(lines.get(i).replace("`", ""))) {
                    equations++;
                    if (!equation.holds()) {
                        wrong.add(page.name() + ":" + (i + 1) + ": " + equation.left() + " = " + equation.right()
                                + ", but it is " + Equation.value(equation.left()));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(equations).isPositive();
    }

    // The test of the test: what it reads, and what it leaves alone.

    @Test
    void equationsAreFoundAndWrongOnesAreNot() {
        assertThat(Equation.in("L = ½·(1 + 4 + 9 + 1) = 7.5"))
                .containsExactly(new Equation("½·(1 + 4 + 9 + 1)", "7.5"));
        assertThat(Equation.in("here 1·(1·1 + 4·4) = 17 and 1·9 = 9."))
                .containsExactly(new Equation("1·(1·1 + 4·4)", "17"), new Equation("1·9", "9"));
        assertThat(Equation.in("x·2 = 6, f(2) = 3, 2⁶ = 64, p = 1/2, 3 = n, for (i = 0; i == 1 + 1; ) a = 1 - b"))
                .isEmpty();
        assertThat(new Equation("1/3", "0.33").holds()).isTrue();
        assertThat(new Equation("1/3", "0.34").holds()).isFalse();
        assertThat(new Equation("−3² + √(4)", "11").holds()).isFalse();
        assertThat(new Equation("2·2·2", "8").holds()).isTrue();
        assertThat(new Equation("15", "3·5").holds()).isTrue();
    }
}
