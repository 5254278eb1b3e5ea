// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights of classes in {@code train}. */
@Tag("once")
class ClassWeightsTest {
    @TempDir
    static Path folder;

    private static String train;
    private static CommandResult balanced;

    /** 990 ordinary rows around 0, 10 rare ones among them at 1.5. */
    @BeforeAll
    static void write() throws IOException {
        Random random = new Random(1);
        StringBuilder table = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < 1000; i++) {
            double offset = i % 100 == 0 ? 1.5 : 0;
            table.append(offset + random.nextGaussian()).append(',');
            table.append(offset + random.nextGaussian()).append(',');
            table.append(i % 100 == 0 ? "\"rare,dear\"" : "common").append('\n');
        }
        train = "train --epochs 40 --hidden 16 --test 0.5 --data "
                + Files.writeString(folder.resolve("rare.csv"), table);
        balanced = CommandResult.of(train + " --class-weights balanced --out " + folder.resolve("run"));
    }

    private static double balancedAccuracy(CommandResult outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        String line = outcome.outLines().stream()
                .filter(each -> each.contains("balanced accuracy"))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.replaceFirst(".* ", ""));
    }

    @Test
    void balancedWeightsRaiseTheBalancedAccuracy() {
        assertThat(balanced.err()).contains(", class weights balanced");
        assertThat(balancedAccuracy(CommandResult.of(train))).isBetween(0.5, 0.55);
        assertThat(balancedAccuracy(balanced)).isGreaterThan(0.7);
    }

    @Test
    void aRunContinuesWithItsWeights() {
        CommandResult extended = CommandResult.of("train --resume " + folder.resolve("run") + " --epochs 42");
        assertThat(extended.err()).contains(", class weights balanced");
        assertThat(extended.outLines())
                .isEqualTo(
                        CommandResult.of(train.replace("--epochs 40", "--epochs 40,42") + " --class-weights balanced")
                                .outLines());
    }

    /** 495 and 5 rows are for training. */
    @Test
    void balancedWeightsAreInInverseProportionToTheRows() {
        CommandResult named = CommandResult.of(train + " --class-weights \"rare,dear=99\"");
        assertThat(named.err()).contains(", class weights \"rare,dear=99\"");
        assertThat(named.outLines()).isEqualTo(balanced.outLines());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "often=2|--class-weights: expected names of classes, such as common, got often",
                "common|--class-weights: expected balanced, none, or names with positive weights such as yes=5,no=1, got"
                        + " \"common\"; see masktape train --help",
                "common=0|--class-weights: expected balanced, none, or names with positive weights such as yes=5,no=1,"
                        + " got \"0\"; see masktape train --help",
                "common=1,common=2|--class-weights: expected one weight for each class, got \"common=1,common=2\"; see"
                        + " masktape train --help"
            })
    void otherWeightsAreRefused(String weights, String message) {
        assertThat(CommandResult.of(train + " --class-weights " + weights).errLines())
                .last()
                .isEqualTo("error: " + message);
    }

    @Test
    void aRegressionHasNoClasses() {
        String message = "error: --class-weights: expected a classification, got ";
        assertThat(CommandResult.of(train + " --label-column y --class-weights balanced")
                        .errLines())
                .last()
                .isEqualTo(message + "a regression");
        assertThat(CommandResult.of(train + " --label-column y --task regression --class-weights balanced")
                        .errLines())
                .last()
                .isEqualTo(message + "--task regression; see masktape train --help");
    }
}
