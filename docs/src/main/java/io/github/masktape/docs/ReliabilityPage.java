package io.github.masktape.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tables between the markers of docs/reliability.md: the promises are those of docs/reliability/measure.sh, their
 * figures what it wrote beside itself.
 *
 * <pre>
 *   mvn -q -pl docs -am test-compile exec:java -Dexec.mainClass=io.github.masktape.docs.ReliabilityPage
 * </pre>
 */
public final class ReliabilityPage {
    private static final Pattern PROMISE = Pattern.compile(
            "^promise (?<name>\\S+) '(?<time>[^']*)' '(?<promise>[^']*)' \\\\\n    (?<command>[\"'].*[\"']) \\\\\n    '(?<figure>.*)'$",
            Pattern.MULTILINE);

    /** What the script's commands have in common. */
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
     * A promise and what is known of it.
     *
     * @param figure what its command said, null if nothing yet, or nothing that the script would take for it now
     */
    record Promise(
            String section,
            String name,
            String time,
            String promise,
            String command,
            @Nullable Figure figure) {}

    /**
     * What a command said, and where.
     *
     * @param all lines of the file by their keys
     */
    record Figure(Map<String, String> all) {
        static Figure read(Path file) throws IOException {
            Map<String, String> all = new LinkedHashMap<>();
            for (String line : Files.readAllLines(file)) {
                int colon = line.indexOf(": ");
                all.put(line.substring(0, colon), line.substring(colon + 2));
            }
            return new Figure(all);
        }

        String of(String key) {
            String value = all.get(key);
            if (value == null) {
                throw new IllegalArgumentException("a figure has no " + key + ": " + all);
            }
            return value;
        }

        String where() {
            return of("date") + ", JDK " + of("jdk") + ", " + of("machine").replace(" 1 processors", " 1 processor")
                    + ", commit " + of("commit") + ", " + duration(Integer.parseInt(of("seconds")));
        }

        private static String duration(int seconds) {
            return seconds < 120 ? seconds + " s" : Math.round(seconds / 60.0) + " min";
        }
    }

    /** The promises of the script, in its order. */
    static List<Promise> promises(Path folder) throws IOException {
        String script = Files.readString(folder.resolve("measure.sh"));
        List<Promise> promises = new ArrayList<>();
        Matcher promise = PROMISE.matcher(script);
        while (promise.find()) {
            Path file = folder.resolve(promise.group("name") + ".txt");
            promises.add(new Promise(
                    section(script.substring(0, promise.start())),
                    promise.group("name"),
                    promise.group("time"),
                    promise.group("promise"),
                    command(script, promise.group("command")),
                    figure(file, Pattern.compile(promise.group("figure")))));
        }
        return promises;
    }

    private static @Nullable Figure figure(Path file, Pattern expected) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        Figure figure = Figure.read(file);
        return expected.matcher(figure.of("figure")).find() ? figure : null;
    }

    /** What the shell makes of a quoted word of the script. */
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
                            "\n\n| `measure.sh` | promise | what its command said | when and where |\n|---|---|---|---|\n");
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
        Figure figure = promise.figure();
        return "| `" + promise.name() + "` | " + promise.promise() + " | "
                + (figure == null ? "" : figure.of("figure").replace("|", "\\|")) + " | "
                + (figure == null ? "not measured yet; about " + promise.time() : figure.where()) + " |\n";
    }
}
