// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs of the page Notation compute what Masktape does, where their language and its library are found. */
@Tag("once")
class LawInOtherLanguagesTest {
    @ParameterizedTest
    @CsvSource({
        "/usr/bin/python3, -c, import numpy, law_numpy.py",
        "/usr/bin/python3, -c, import torch, law_torch.py",
        "/usr/bin/python3, -c, import jax, law_jax.py",
        "node, -e, 0, law.mjs"
    })
    void printsTheGradientsOfMasktape(String language, String option, String probe, String program)
            throws IOException, InterruptedException {
        assumeTrue(exists(language, option, probe), "not found: " + language + ", " + probe);
        Path file = Page.root().resolve("docs/examples").resolve(program);
        Process run = new ProcessBuilder(language, file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed.lines().map(LawInOtherLanguagesTest::numbers))
                .as(printed)
                .containsExactlyElementsOf(expected());
    }

    private static boolean exists(String language, String option, String probe) throws InterruptedException {
        try {
            Process found = new ProcessBuilder(language, option, probe)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return found.waitFor(60, TimeUnit.SECONDS) && found.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Double> numbers(String line) {
        return Stream.of(line.replaceAll("[\\[\\]\\s]", "").split(",", -1))
                .map(Double::valueOf)
                .toList();
    }

    /** ∂L/∂W, ∂L/∂X and ∂L/∂b of chapter 4's example, each row by row. */
    private static List<List<Double>> expected() {
        DropConnect layer = DropConnect.of(
                Tensor.of(new double[][] {{1, 2, -1}, {3, -2, 1}}), Tensor.of(new double[] {1, -1}), 0.5);
        boolean[][][] kept = {{{true, false, true}, {false, true, true}}, {{true, true, false}, {false, true, false}}};
        Tape tape = new Tape();
        Variable x = tape.input(Tensor.of(new double[][] {{1, 2, 3}, {2, -1, 1}}));
        Variable t = tape.constant(Tensor.of(new double[][] {{-4, -1}, {-2, 4}}));
        Variable difference = Ops.sub(layer.forward(x, Mask.of(kept, 2)), t);
        Gradients gradients = tape.backward(Ops.scale(Ops.sum(Ops.square(difference)), 0.5));
        return Stream.of(gradients.of(layer.weight()), gradients.of(x), gradients.of(layer.bias()))
                .map(gradient -> Arrays.stream(gradient.toDoubleArray()).boxed().toList())
                .toList();
    }
}
