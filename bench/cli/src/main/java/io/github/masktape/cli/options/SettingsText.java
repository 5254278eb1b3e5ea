// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.CsvSettings;
import io.github.masktape.cli.settings.DataSettings;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.DropProbabilities;
import io.github.masktape.cli.settings.ExampleCount;
import io.github.masktape.cli.settings.GradientNorm;
import io.github.masktape.cli.settings.NetSettings;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.settings.StepSettings;
import io.github.masktape.cli.settings.Texts;
import io.github.masktape.cli.settings.TrainerSettings;
import io.github.masktape.cli.settings.Word;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Settings as text, as a run's files store them: a line for each option that has a value, defaults included, as on the
 * command line.
 */
public final class SettingsText {
    private static final Set<String> FLAGS = Set.of("--mask-bias", "--strict");

    private SettingsText() {}

    /** The text of all settings, with absolute paths, so that a run can continue from any folder. */
    public static String of(RunSettings settings) {
        return text(values(settings));
    }

    /** The text of the data settings of a model, with paths as they were given. */
    public static String of(DataSettings data) {
        Map<String, String> values = new LinkedHashMap<>();
        add(values, data, false);
        return text(values);
    }

    /** The value of each option by its name, in the order of the help; the value of a flag is {@code yes}. */
    public static Map<String, String> values(RunSettings settings) {
        Map<String, String> values = new LinkedHashMap<>();
        add(values, settings.data(), true);
        add(values, settings.net());
        add(values, settings.training());
        return values;
    }

    private static void add(Map<String, String> values, DataSettings data, boolean absolute) {
        put(values, "--data", text(data.source(), absolute));
        put(values, "--label-column", text(data.csv().labelColumns()));
        put(values, "--task", word(data.csv().task()));
        CsvSettings.Columns columns = data.csv().columns();
        put(values, "--ignore", text(columns.ignore()));
        put(values, "--categorical", text(columns.categorical()));
        put(values, "--numeric", text(columns.numeric()));
        put(values, "--missing", word(columns.missing()));
        put(values, "--na", text(columns.missingValues()));
        CsvSettings.Format format = data.csv().format();
        put(values, "--strict", format.strict() ? "yes" : null);
        put(values, "--header", word(format.header()));
        put(values, "--skip-last", format.skippedLast() == 0 ? null : Integer.toString(format.skippedLast()));
        put(values, "--delimiter", text(format.delimiter()));
        put(values, "--decimal", word(format.decimal()));
        put(values, "--thousands", word(format.thousands()));
        put(
                values,
                "--comment",
                format.comment() == null ? null : format.comment().toString());
        put(values, "--encoding", word(format.encoding()));
        put(values, "--test-data", path(data.testData(), absolute));
        put(values, "--test", text(data.test()));
        put(values, "--validation", text(data.validation()));
        put(values, "--split-seed", Long.toString(data.splitSeed()));
    }

    private static void add(Map<String, String> values, NetSettings net) {
        put(values, "--hidden", net.hidden().toString());
        put(values, "--regularizer", word(net.regularizer()));
        put(values, "--drop-probability", text(net.dropProbabilities()));
        put(values, "--mask", word(net.mask()));
        put(values, "--mask-bias", net.maskBias() ? "yes" : null);
        put(values, "--activation", word(net.activation()));
    }

    private static void add(Map<String, String> values, TrainerSettings training) {
        StepSettings steps = training.steps();
        put(values, "--epochs", training.epochs().toString());
        put(values, "--learning-rate", Double.toString(training.learningRate()));
        put(values, "--schedule", training.schedule().text());
        put(
                values,
                "--patience",
                training.patience() == null ? null : training.patience().toString());
        put(values, "--batch-size", Integer.toString(steps.batchSize()));
        put(values, "--optimizer", word(steps.optimizer()));
        put(values, "--momentum", steps.optimizer().hasMomentum() ? Double.toString(steps.momentum()) : null);
        put(values, "--weight-decay", Double.toString(steps.weightDecay()));
        put(values, "--clip", text(steps.clip()));
        put(values, "--label-smoothing", Double.toString(steps.labelSmoothing()));
        put(
                values,
                "--class-weights",
                steps.classWeights().isNone() ? null : steps.classWeights().toString());
        put(values, "--seed", Long.toString(steps.seed()));
    }

    private static void put(Map<String, String> values, String option, @Nullable String value) {
        if (value != null) {
            values.put(option, value);
        }
    }

    private static String text(DataSource source, boolean absolute) {
        return absolute ? source.absolute() : source.text();
    }

    private static @Nullable String path(@Nullable File file, boolean absolute) {
        return file == null ? null : absolute ? file.getAbsolutePath() : file.toString();
    }

    private static @Nullable String word(@Nullable Enum<?> constant) {
        return constant == null ? null : Word.of(constant);
    }

    private static @Nullable String text(@Nullable Character delimiter) {
        return delimiter == null ? null : delimiter == '\t' ? "tab" : delimiter.toString();
    }

    private static @Nullable String text(@Nullable Texts texts) {
        return texts == null ? null : texts.toString();
    }

    // The text for users has fewer digits.

    private static @Nullable String text(@Nullable ExampleCount count) {
        return count == null ? null : count.isNone() ? count.toString() : Double.toString(count.value());
    }

    private static String text(GradientNorm norm) {
        return norm.isLimit() ? Double.toString(norm.value()) : norm.toString();
    }

    private static String text(DropProbabilities dropped) {
        return dropped.values().stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The text of the values of options. */
    public static String text(Map<String, String> values) {
        List<String> words = new ArrayList<>();
        values.forEach((option, value) -> words.add(FLAGS.contains(option) ? option : option + "=" + value));
        return join(words);
    }

    /**
     * Parses the settings in a text. An option that it does not name has the value from before the option existed.
     *
     * @throws picocli.CommandLine.PicocliException if it is not such a text
     */
    public static RunSettings parse(String text) {
        RunOptions options = new RunOptions();
        new CommandLine(options).parseArgs(split(text).toArray(String[]::new));
        return options.stored();
    }

    /** Joins words into one text, one a line; a backslash escapes a backslash or a line end within a word. */
    static String join(List<String> words) {
        return words.stream()
                .map(word -> word.replace("\\", "\\\\").replace("\n", "\\\n"))
                .collect(Collectors.joining("\n"));
    }

    /** Splits a joined text into its words. */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                word.append(text.charAt(++i));
            } else if (c == '\n') {
                words.add(word.toString());
                word.setLength(0);
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        return words;
    }
}
