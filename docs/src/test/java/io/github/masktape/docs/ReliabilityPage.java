// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tables between the markers of docs/reliability.md from the promises in docs/reliability/measure.sh and the results
 * that it records in results.json.
 *
 * <pre>
 *   mvn -q -pl docs -am test-compile exec:java -Dexec.mainClass=io.github.masktape.docs.ReliabilityPage
 * </pre>
 */
public final class ReliabilityPage {
    private static final Pattern PROMISE = Pattern.compile(
            "^promise (?<name>\\S+) '(?<time>[^']*)' '(?<promise>[^']*)' \\\\\n    (?<command>[\"'].*[\"']) \\\\\n    '(?<output>.*)' '(?<unit>[^']*)'$",
            Pattern.MULTILINE);

    /** A variable that the script's commands share. */
    private static final Pattern VARIABLE = Pattern.compile("^(\\w+)='(.*)'$", Pattern.MULTILINE);

    private static final Pattern SECTION = Pattern.compile("^# ---- (.*) ----$", Pattern.MULTILINE);

    private static final Pattern TABLE = Pattern.compile("(<!-- promises -->\n).*(<!-- end -->)", Pattern.DOTALL);

    private ReliabilityPage() {}

    /** Writes the page; the one argument is the folder docs. */
    public static void main(String[] args) throws IOException {
        Path docs = Path.of(args[0]);
        Files.writeString(docs.resolve("reliability.md"), page(docs));
    }

    /** The page with its tables made anew. */
    static String page(Path docs) throws IOException {
        String page = Files.readString(docs.resolve("reliability.md"));
        Matcher table = TABLE.matcher(page);
        if (!table.find()) {
            throw new IllegalArgumentException("reliability.md has no place for its promises");
        }
        return table.replaceFirst(
                Matcher.quoteReplacement(table.group(1) + tables(docs.resolve("reliability")) + "\n" + table.group(2)));
    }

    /**
     * A promise and its result.
     *
     * @param result null if there is none yet, or none that the script would accept now
     */
    record Promise(
            String section,
            String name,
            String time,
            String promise,
            String command,
            @Nullable Result result) {}

    /**
     * A line of results.json.
     *
     * @param promise the name of the promise
     * @param output the line of the command's output that has the figure
     * @param exit the command's exit code
     */
    record Result(
            String promise,
            String figure,
            String unit,
            String output,
            String command,
            String machine,
            String jdk,
            String commit,
            String date,
            int seconds,
            int exit) {
        /** The figure with its unit. */
        String measured() {
            String number = figure.matches("\\d+") ? String.format(Locale.ROOT, "%,d", Long.parseLong(figure)) : figure;
            return number + " " + unit;
        }

        /** When and where the command ran, and for how long. */
        String where() {
            return date + ", JDK " + jdk + ", " + machine.replace(" 1 processors", " 1 processor") + ", commit "
                    + commit + ", " + duration(seconds);
        }

        private static String duration(int seconds) {
            return seconds < 120 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
        }
    }

    /** The lines of results.json in a folder; none if there is no such file. */
    static List<Result> results(Path folder) throws IOException {
        Path file = folder.resolve("results.json");
        if (!Files.exists(file)) {
            return List.of();
        }
        Result[] results = new Gson().fromJson(Files.readString(file), Result[].class);
        return results == null ? List.of() : List.of(results);
    }

    /** The promises of the script, in its order. */
    static List<Promise> promises(Path folder) throws IOException {
        String script = Files.readString(folder.resolve("measure.sh"));
        List<Result> results = results(folder);
        List<Promise> promises = new ArrayList<>();
        Matcher promise = PROMISE.matcher(script);
        while (promise.find()) {
            promises.add(new Promise(
                    section(script.substring(0, promise.start())),
                    promise.group("name"),
                    promise.group("time"),
                    promise.group("promise"),
                    command(script, promise.group("command")),
                    result(results, promise.group("name"), Pattern.compile(promise.group("output")))));
        }
        return promises;
    }

    private static @Nullable Result result(List<Result> results, String name, Pattern output) {
        return results.stream()
                .filter(result -> result.promise().equals(name)
                        && result.exit() == 0
                        && output.matcher(result.output()).find())
                .findFirst()
                .orElse(null);
    }

    /** The value that the shell gives a quoted word of the script. */
    private static String command(String script, String quoted) {
        String inside = quoted.substring(1, quoted.length() - 1);
        if (quoted.startsWith("'")) {
            return inside;
        }
        Matcher variable = VARIABLE.matcher(script);
        while (variable.find()) {
            inside = inside.replace("$" + variable.group(1), variable.group(2));
        }
        return inside.replaceAll("\\\\(.)", "$1");
    }

    private static String section(String before) {
        String last = "";
        Matcher section = SECTION.matcher(before);
        while (section.find()) {
            last = section.group(1);
        }
        return last;
    }

    private static String tables(Path folder) throws IOException {
        Map<String, List<Promise>> sections = new LinkedHashMap<>();
        for (Promise promise : promises(folder)) {
            sections.computeIfAbsent(promise.section(), section -> new ArrayList<>())
                    .add(promise);
        }
        StringBuilder text = new StringBuilder();
        sections.forEach((section, promises) -> {
            text.append("\n### ")
                    .append(Character.toUpperCase(section.charAt(0)))
                    .append(section.substring(1))
                    .append(
                            "\n\n| `measure.sh` | promise | figure | output of its command | when and where |\n|---|---|---|---|---|\n");
            promises.forEach(promise -> text.append(row(promise)));
            text.append("\nThe commands:\n\n```sh\n");
            promises.forEach(promise -> text.append("# ")
                    .append(promise.name())
                    .append('\n')
                    .append(promise.command())
                    .append('\n'));
            text.append("```\n");
        });
        return text.toString();
    }

    private static String row(Promise promise) {
        Result result = promise.result();
        return "| `" + promise.name() + "` | " + promise.promise() + " | "
                + (result == null ? "" : result.measured()) + " | "
                + (result == null ? "" : result.output().replace("|", "\\|")) + " | "
                + (result == null ? "not measured yet; about " + promise.time() : result.where()) + " |\n";
    }
}
