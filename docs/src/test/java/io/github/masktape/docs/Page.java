package io.github.masktape.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Markdown page of the project, as far as the tests look at it: fenced blocks, headings, links, code in the text.
 *
 * @param file the page
 * @param fences its fenced blocks, in order
 * @param prose its lines, those of the fenced blocks left empty
 */
record Page(Path file, List<Fence> fences, List<String> prose) {
    private static final String MARK = "```";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+?) *");

    /** A piece of a page's text and the line it stands on. */
    record Found(int line, String text) {}

    /** The folder of the whole project, from wherever in it the tests are started. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("core/pom.xml"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** Every page: the README, then those of docs and of the course, by name. */
    static List<Page> all() {
        return Stream.of(
                        Stream.of(root().resolve("README.md")),
                        pages(root().resolve("docs")),
                        pages(root().resolve("docs/course")))
                .flatMap(files -> files)
                .map(Page::read)
                .toList();
    }

    private static Stream<Path> pages(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(Path file) {
        try {
            return parse(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page parse(Path file, List<String> lines) {
        List<Fence> fences = new ArrayList<>();
        List<String> prose = new ArrayList<>();
        List<String> inside = new ArrayList<>();
        String language = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean mark = line.startsWith(MARK);
            if (!mark && line.strip().startsWith(MARK)) {
                throw new AssertionError(file.getFileName() + ":" + (i + 1) + ": a fence must begin its line");
            } else if (mark && language == null) {
                language = line.substring(MARK.length()).strip();
            } else if (mark) {
                fences.add(new Fence(i + 1 - inside.size(), language, String.join("\n", inside)));
                inside.clear();
                language = null;
            } else if (language != null) {
                inside.add(line);
            }
            prose.add(mark || language != null ? "" : line);
        }
        if (language != null) {
            throw new AssertionError(file.getFileName() + ":" + lines.size() + ": the last fence is not closed");
        }
        return new Page(file, fences, prose);
    }

    /** Its path from the top of the project, as in {@code docs/dropconnect.md}. */
    String name() {
        return Stream.iterate(root().relativize(file.toAbsolutePath()), path -> path != null, Path::getParent)
                .map(path -> path.getFileName().toString())
                .reduce((tail, head) -> head + "/" + tail)
                .orElseThrow();
    }

    /** The fenced blocks of one language. */
    List<Fence> fences(String language) {
        return fences.stream()
                .filter(fence -> fence.language().equals(language))
                .toList();
    }

    /** The targets of its links. */
    List<Found> links() {
        return find(LINK, line -> CODE.matcher(line).replaceAll("code"));
    }

    /** The code in its text, without the backticks. */
    List<Found> code() {
        return find(CODE, line -> line);
    }

    private List<Found> find(Pattern pattern, UnaryOperator<String> view) {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < prose.size(); i++) {
            Matcher matcher = pattern.matcher(view.apply(prose.get(i)));
            while (matcher.find()) {
                found.add(new Found(i + 1, matcher.group(1)));
            }
        }
        return found;
    }

    /** The anchors of its headings, as GitHub makes them. */
    Set<String> anchors() {
        Map<String, Integer> seen = new HashMap<>();
        Set<String> anchors = new LinkedHashSet<>();
        for (String line : prose) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                int before = seen.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(c -> Character.isLetterOrDigit(c) || c == ' ' || c == '-' || c == '_')
                .mapToObj(c -> c == ' ' ? "-" : Character.toString(c))
                .collect(Collectors.joining());
    }
}
