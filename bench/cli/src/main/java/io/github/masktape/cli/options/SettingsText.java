package io.github.masktape.cli.options;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a command as words that give them again, those included that nobody gave. */
public final class SettingsText {
    private SettingsText() {}

    /** A word for each wanted option that has a value; files by their absolute path, if that is asked for. */
    public static List<String> of(CommandSpec command, Predicate<String> wanted, boolean absolute) {
        List<String> words = new ArrayList<>();
        for (OptionSpec option : command.options()) {
            Object value = option.getValue();
            if (option.inherited() || option.usageHelp() || option.versionHelp()) {
                continue;
            }
            if (!wanted.test(option.longestName()) || value == null || value.equals(false)) {
                continue;
            }
            words.add(option.longestName() + (value.equals(true) ? "" : "=" + text(value, absolute)));
        }
        return words;
    }

    private static String text(Object value, boolean absolute) {
        if (value instanceof Character c && c == '\t') {
            return "tab";
        }
        if (value instanceof DataOptions.Source source) {
            return absolute && !source.isGenerated() ? source.file().getAbsolutePath() : source.text();
        }
        if (value instanceof Enum<?> constant) {
            return Converters.word(constant);
        }
        // Their own text is for people, and short.
        if (value instanceof Converters.Part part) {
            return Double.toString(part.value());
        }
        if (value instanceof Converters.GradientNorm norm && norm.isLimit()) {
            return Double.toString(norm.value());
        }
        if (value instanceof Converters.DropProbabilities dropped) {
            return dropped.values().stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return absolute && value instanceof File file ? file.getAbsolutePath() : value.toString();
    }

    /** Words in one text, a line each; a backslash stands before a backslash or a line's end that is in a word. */
    public static String join(List<String> words) {
        return words.stream()
                .map(word -> word.replace("\\", "\\\\").replace("\n", "\\\n"))
                .collect(Collectors.joining("\n"));
    }

    /** The words that were joined. */
    public static List<String> split(String text) {
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
