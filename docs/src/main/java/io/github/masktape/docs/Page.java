// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/**
 * A Markdown page of the project.
 *
 * @param file the page
 * @param document the parsed text
 */
record Page(Path file, Node document) {
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    /** A piece of a page's text and its line. */
    record Found(int line, String text) {}

    /** The folder of the whole project, from wherever in it the program is started. */
    static Path root() {
        return root(Path.of(""));
    }

    private static Path root(Path inside) {
        Path folder = inside.toAbsolutePath().normalize();
        while (!Files.exists(folder.resolve("core/pom.xml"))) {
            folder = Objects.requireNonNull(folder.getParent(), "not inside the project");
        }
        return folder;
    }

    /** Every page of this project. */
    static List<Page> all() {
        return all(root());
    }

    /** Every page of a project: the README, then those of docs, of the guide and of the course, by name. */
    static List<Page> all(Path root) {
        return Stream.of(
                        Stream.of(root.resolve("README.md")),
                        pages(root.resolve("docs")),
                        pages(root.resolve("docs/guide")),
                        pages(root.resolve("docs/course")))
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
        return new Page(file, PARSER.parse(String.join("\n", lines) + "\n"));
    }

    /** The page's path from the top of the project, for example {@code docs/dropconnect.md}. */
    String name() {
        return name(root(file), file);
    }

    /** The path of a file from a folder, with slashes. */
    static String name(Path folder, Path file) {
        return Stream.iterate(folder.relativize(file.toAbsolutePath()), path -> path != null, Path::getParent)
                .map(path -> path.getFileName().toString())
                .reduce((tail, head) -> head + "/" + tail)
                .orElseThrow();
    }

    /** The page's first heading, or the name of its file if it has none. */
    String title() {
        return nodes(Heading.class).stream()
                .findFirst()
                .map(Page::text)
                .orElse(file.getFileName().toString());
    }

    /** The fenced blocks, in order. */
    List<Fence> fences() {
        return nodes(FencedCodeBlock.class).stream().map(this::fence).toList();
    }

    private Fence fence(FencedCodeBlock block) {
        int line = line(block);
        if (block.getSourceSpans().get(0).getColumnIndex() > 0) {
            throw new IllegalArgumentException(file.getFileName() + ":" + line + ": a fence must begin its line");
        }
        if (block.getClosingFenceLength() == null) {
            throw new IllegalArgumentException(file.getFileName() + ":" + line + ": this fence is not closed");
        }
        return new Fence(line + 1, block.getInfo().strip(), withoutEnd(block.getLiteral()));
    }

    /** The fenced blocks of one language. */
    List<Fence> fences(String language) {
        return fences().stream()
                .filter(fence -> fence.language().equals(language))
                .toList();
    }

    /** The targets of the page's links and pictures. */
    List<Found> links() {
        List<Found> links = new ArrayList<>();
        visit(document, node -> {
            if (node instanceof Link link) {
                links.add(new Found(line(link), link.getDestination()));
            } else if (node instanceof Image image) {
                links.add(new Found(line(image), image.getDestination()));
            }
        });
        return links;
    }

    /** The code spans of the page's text, without the backticks. */
    List<Found> code() {
        return nodes(Code.class).stream()
                .map(code -> new Found(line(code), code.getLiteral()))
                .toList();
    }

    /** The anchors of the page's headings, as GitHub forms them. */
    Set<String> anchors() {
        return Set.copyOf(headings().values());
    }

    /** The page's headings with their anchors, in order. */
    Map<Heading, String> headings() {
        Map<String, Integer> seen = new HashMap<>();
        Map<Heading, String> headings = new LinkedHashMap<>();
        for (Heading heading : nodes(Heading.class)) {
            String anchor = anchor(text(heading));
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            headings.put(heading, before == 0 ? anchor : anchor + "-" + before);
        }
        return headings;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(c -> Character.isLetterOrDigit(c) || c == ' ' || c == '-' || c == '_')
                .mapToObj(c -> c == ' ' ? "-" : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** The text of a node as a reader sees it, without markup. */
    static String text(Node node) {
        StringBuilder text = new StringBuilder();
        visit(node, inner -> {
            if (inner instanceof Text words) {
                text.append(words.getLiteral());
            } else if (inner instanceof Code code) {
                text.append(code.getLiteral());
            } else if (inner instanceof SoftLineBreak || inner instanceof HardLineBreak) {
                text.append(' ');
            }
        });
        return text.toString();
    }

    private <T extends Node> List<T> nodes(Class<T> type) {
        List<T> nodes = new ArrayList<>();
        visit(document, node -> {
            if (type.isInstance(node)) {
                nodes.add(type.cast(node));
            }
        });
        return nodes;
    }

    /** Passes a node and all nodes below it to a visitor, in reading order. */
    static void visit(Node node, Consumer<Node> visitor) {
        visitor.accept(node);
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
            visit(child, visitor);
        }
    }

    private static int line(Node node) {
        return node.getSourceSpans().get(0).getLineIndex() + 1;
    }

    /** A block's text without the last line's end. */
    static String withoutEnd(String text) {
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }
}
