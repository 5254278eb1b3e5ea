// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.RecordedData;
import io.github.masktape.cli.terminal.ShellWord;
import io.github.masktape.cli.terminal.Version;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.Compute;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.PicocliException;

/** The metadata of a run's files, which record the origin of a network. */
public final class RunMetadata {
    static final String COMMAND = "masktape.command";
    static final String SETTINGS = RecordedData.SETTINGS;

    private static final String DATA = RecordedData.DATA;
    private static final String RESTARTS = "masktape.restarts";
    private static final String VERSION = "masktape.version";
    private static final String ENVIRONMENT = "masktape.environment";

    private RunMetadata() {}

    /**
     * The metadata for the files of a run with these settings.
     *
     * @param restarts the number of times that the run may begin again if it diverges
     * @param given the words of the command line
     */
    public static Map<String, String> of(RunSettings settings, int restarts, List<String> given) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(COMMAND, quoted(given));
        metadata.put(SETTINGS, SettingsText.of(settings));
        metadata.put(RESTARTS, Integer.toString(restarts));
        metadata.put(DATA, SettingsText.of(settings.data()));
        metadata.put(VERSION, Version.number());
        metadata.put(ENVIRONMENT, "Java " + Runtime.version() + "; " + Compute.description());
        return metadata;
    }

    /** The metadata of a run that continues with other settings, as another command line wants. */
    public static Map<String, String> extended(Map<String, String> metadata, RunSettings settings, List<String> given) {
        Map<String, String> changed = new LinkedHashMap<>(metadata);
        changed.merge(COMMAND, quoted(given), (before, now) -> before + " && " + now);
        changed.put(SETTINGS, SettingsText.of(settings));
        return changed;
    }

    /** The metadata of a run that begins again with other settings. */
    static Map<String, String> restarted(Map<String, String> metadata, RunSettings settings, int restarts) {
        Map<String, String> changed = new LinkedHashMap<>(metadata);
        changed.put(SETTINGS, SettingsText.of(settings));
        changed.put(RESTARTS, Integer.toString(restarts));
        return changed;
    }

    /**
     * True if a run's files have the settings of a new run with this metadata; false if the run began again with a
     * smaller learning rate.
     */
    public static boolean isRunOf(Map<String, String> wanted, Map<String, String> found) {
        return wanted.getOrDefault(SETTINGS, "").equals(found.get(SETTINGS));
    }

    /** The number of times that a run may begin again if it diverges. */
    public static int restarts(Map<String, String> metadata) {
        String restarts = metadata.getOrDefault(RESTARTS, "0");
        return restarts.matches("\\d") ? Integer.parseInt(restarts) : 0;
    }

    /** The words as a shell command. */
    private static String quoted(List<String> words) {
        List<String> quoted = new ArrayList<>(List.of("masktape"));
        words.forEach(word -> quoted.add(ShellWord.quoted(word)));
        return String.join(" ", quoted);
    }

    /** The settings that a run started with. */
    public static RunSettings settings(File file, Map<String, String> metadata) {
        return parsed(file, metadata, SETTINGS);
    }

    /** The settings of the data that a model was trained on. */
    public static DataSettings data(SavedModel model) {
        if (!model.metadata().containsKey(DATA)) {
            throw new Failure(model.file() + ": does not record its training data; name them with --data");
        }
        return parsed(model.file(), model.metadata(), DATA).data();
    }

    /**
     * The data that a model was trained on, checked to exist. If a relative path leads nowhere from the current folder,
     * the absolute path in the checkpoint beside the model is used instead.
     */
    public static DataSettings dataToRead(SavedModel model) {
        DataSettings data = data(model);
        if (data.source().isGenerated() || data.source().exists()) {
            return data;
        }
        File checkpoint = RunFolder.checkpoint(model.file().getAbsoluteFile().getParentFile());
        if (checkpoint.isFile()) {
            try {
                DataSettings absolute = settings(
                                checkpoint, SafeTensors.read(checkpoint).metadata())
                        .data();
                if (absolute.source().exists()) {
                    return absolute;
                }
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
        throw new Failure(data.source() + ": not found; " + model.file()
                + " records this path of its training data; name the data with --data");
    }

    private static RunSettings parsed(File file, Map<String, String> metadata, String key) {
        String settings = metadata.get(key);
        if (settings == null) {
            throw new Failure(new DataFormatException(file, "expected metadata " + key + ", got none"));
        }
        try {
            return SettingsText.parse(settings);
        } catch (PicocliException e) {
            throw new Failure(new DataFormatException(
                    file, "metadata " + key + ": " + e.getMessage() + "; was this another version of masktape?"));
        }
    }

    /**
     * The metadata of a model's file besides its architecture: a checkpoint's metadata without the part that only a
     * resumed run needs.
     */
    static Map<String, String> ofModel(Map<String, String> metadata) {
        Map<String, String> kept = new LinkedHashMap<>(metadata);
        Set.of(SETTINGS, RESTARTS).forEach(kept::remove);
        return kept;
    }
}
