package io.github.masktape.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.TrainCommand;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Scale;
import picocli.CommandLine;

class SettingsTextProperties {
    @Property
    void wordsThatAreJoinedAreFoundAgain(@ForAll @NotEmpty List<String> words) {
        assertThat(SettingsText.split(SettingsText.join(words))).isEqualTo(words);
    }

    @Property
    void numbersAreKeptExactly(@ForAll @Scale(17) @DoubleRange(min = 0.001, max = 0.999) double number) {
        CommandLine train = new CommandLine(new TrainCommand(false));
        train.parseArgs("--drop-probability=" + number + "," + number, "--test=" + number, "--validation=" + number);
        TrainCommand again = TrainCommand.of(SettingsText.of(train.getCommandSpec(), option -> true, false));
        assertThat(SettingsText.of(new CommandLine(again).getCommandSpec(), option -> true, false))
                .contains("--drop-probability=" + number + "," + number, "--test=" + number, "--validation=" + number);
    }
}
