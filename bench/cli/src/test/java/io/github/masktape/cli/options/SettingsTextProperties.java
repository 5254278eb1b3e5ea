// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.settings.ExampleCount;
import io.github.masktape.cli.settings.GradientNorm;
import io.github.masktape.cli.settings.OptimizerKind;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.settings.StepSettings.ClassWeights;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Scale;

@Tag("once")
class SettingsTextProperties {
    /** As version 0.1.0-SNAPSHOT wrote it before settings were records. */
    private static final String STORED = """
            --data=/tmp/old.csv
            --label-column=a\\\\b\\
            c
            --task=regression
            --header=yes
            --delimiter=tab
            --test-data=/tmp/test.csv
            --test=2.0
            --validation=0.2
            --split-seed=7
            --hidden=8,4
            --regularizer=dropconnect
            --drop-probability=0.25,0.5
            --mask=per-batch
            --mask-bias
            --activation=tanh
            --epochs=2
            --learning-rate=0.1
            --schedule=3-2-1
            --patience=3
            --batch-size=64
            --momentum=0.9
            --weight-decay=1.0E-4
            --clip=none
            --label-smoothing=0.125
            --seed=-1""";

    @Property
    void wordsThatAreJoinedAreFoundAgain(@ForAll @NotEmpty List<String> words) {
        assertThat(SettingsText.split(SettingsText.join(words))).isEqualTo(words);
    }

    @Property
    void numbersAreKeptExactly(@ForAll @Scale(17) @DoubleRange(min = 0.001, max = 0.999) double number) {
        RunSettings settings = SettingsText.parse(
                "--drop-probability=" + number + "," + number + "\n--test=" + number + "\n--validation=" + number);
        assertThat(SettingsText.parse(SettingsText.of(settings))).isEqualTo(settings);
        assertThat(settings.net().dropProbabilities().values()).containsExactly(number, number);
        assertThat(SettingsText.of(settings))
                .contains("--drop-probability=" + number + "," + number, "--test=" + number, "--validation=" + number);
    }

    @Property(tries = 50)
    void weightsOfClassesAreKeptExactly(
            @ForAll @NotEmpty String name, @ForAll @Scale(17) @DoubleRange(min = 0.001, max = 1e6) double weight) {
        ClassWeights weights = new ClassWeights(false, Map.of(name, weight, "=a, \"b\"=", 2.0));
        String text = SettingsText.join(List.of("--data=moons", "--class-weights=" + weights));
        RunSettings settings = SettingsText.parse(text);
        assertThat(settings.training().steps().classWeights()).isEqualTo(weights);
        assertThat(SettingsText.parse(SettingsText.of(settings))).isEqualTo(settings);
    }

    @Example
    void theTextOfARunIsWrittenAsItWasStored() {
        assertThat(SettingsText.of(SettingsText.parse(STORED)))
                .isEqualTo(STORED.replace("--momentum", "--optimizer=sgd\n--momentum"));
    }

    @Example
    void optionsThatNobodyGaveAreWrittenToo() {
        assertThat(SettingsText.of(SettingsText.parse("--data=moons"))).isEqualTo("""
                --data=moons
                --split-seed=1
                --hidden=128
                --regularizer=dropconnect
                --drop-probability=0.5
                --mask=per-example
                --activation=relu
                --epochs=15
                --learning-rate=0.1
                --schedule=cosine
                --batch-size=64
                --optimizer=sgd
                --momentum=0.9
                --weight-decay=0.0
                --clip=none
                --label-smoothing=0.0
                --seed=1""");
    }

    @Example
    void anOptionThatATextDoesNotNameHasItsValueFromBeforeTheOption() {
        RunSettings settings = SettingsText.parse("--data=a.csv");
        assertThat(settings.training().steps().clip()).isEqualTo(GradientNorm.UNLIMITED);
        assertThat(settings.training().steps().optimizer()).isEqualTo(OptimizerKind.SGD);
        assertThat(settings.net().hidden().values()).containsExactly(128);
        assertThat(settings.data().validation()).isEqualTo(ExampleCount.NONE);
    }
}
