package io.github.masktape.cli.run;

import io.github.masktape.cli.TrainCommand;
import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.options.DataOptions;
import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.Version;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.Compute;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.PicocliException;

/** Where a network comes from, as it is told in the metadata of its files. */
public final class RunMetadata {
    static final String COMMAND = "masktape.command";
    static final String SETTINGS = "masktape.settings";
    /** The checksum of the examples for testing, as the network wants them. */
    public static final String TEST_DATA = "masktape.test_data_checksum";

    private static final String DATA = "masktape.data";
    private static final String VERSION = "masktape.version";
    private static final String ENVIRONMENT = "masktape.environment";

    private RunMetadata() {}

    /**
     * The metadata of a run's files.
     *
     * @param given the words of the command line
     */
    public static Map<String, String> of(CommandSpec train, List<String> given) {
        Map<String, String> origins = new LinkedHashMap<>();
        origins.put(COMMAND, quoted(given));
        origins.put(
                SETTINGS,
                SettingsText.join(SettingsText.of(train, option -> !TrainCommand.PASSING.contains(option), true)));
        origins.put(DATA, SettingsText.join(SettingsText.of(train, DataOptions.NAMES::contains, false)));
        origins.put(VERSION, Version.number());
        origins.put(ENVIRONMENT, "Java " + Runtime.version() + "; " + Compute.description());
        return origins;
    }

    /** The words as a shell takes them. */
    private static String quoted(List<String> words) {
        List<String> quoted = new ArrayList<>(List.of("masktape"));
        words.forEach(word -> quoted.add(quoted(word)));
        return String.join(" ", quoted);
    }

    /** The word as a shell takes it. */
    static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** The command that a run began with, its options parsed. */
    public static TrainCommand command(File file, Map<String, String> metadata) {
        return parsed(file, metadata, SETTINGS);
    }

    /** What a model was trained on. */
    public static DataOptions data(SavedModel model) {
        if (!model.metadata().containsKey(DATA)) {
            throw new Failure(model.file() + ": does not tell what it was trained on; name it by --data");
        }
        return parsed(model.file(), model.metadata(), DATA).data();
    }

    private static TrainCommand parsed(File file, Map<String, String> metadata, String key) {
        String settings = metadata.get(key);
        if (settings == null) {
            throw new Failure(new DataFormatException(file, "expected metadata " + key + ", got none"));
        }
        try {
            return TrainCommand.of(SettingsText.split(settings));
        } catch (PicocliException e) {
            throw new Failure(new DataFormatException(
                    file, "metadata " + key + ": " + e.getMessage() + "; was this another version of masktape?"));
        }
    }

    /** What a model tells besides its architecture: a checkpoint's metadata without what only a resumed run needs. */
    static Map<String, String> ofModel(Map<String, String> metadata) {
        Map<String, String> kept = new LinkedHashMap<>(metadata);
        Set.of(SETTINGS).forEach(kept::remove);
        return kept;
    }
}
