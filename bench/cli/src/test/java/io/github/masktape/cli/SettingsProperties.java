package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;

class SettingsProperties {
    @Property
    void wordsThatAreJoinedAreFoundAgain(@ForAll @NotEmpty List<String> words) {
        assertThat(Settings.split(Settings.join(words))).isEqualTo(words);
    }
}
