// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The addresses of the project's files in the site, and the list of the files that the site needs.
 *
 * <pre>
 *   README.md                     index.html
 *   docs/training.md              training.html
 *   docs/course/README.md         course/index.html
 *   docs/benchmarks/p.svg         benchmarks/p.svg
 *   core/…/Ops.java               source/core/…/Ops.java.html
 *   docs/benchmarks               source/docs/benchmarks/index.html, a list of what is in it
 * </pre>
 */
final class Addresses {
    private final Path root;
    private final Map<Path, String> pages = new LinkedHashMap<>();
    private final Map<Path, String> pictures = new LinkedHashMap<>();
    private final Map<Path, String> sources = new LinkedHashMap<>();
    private final Set<Path> done = new HashSet<>();

    Addresses(Path root, List<Page> pages) {
        this.root = root;
        for (Page page : pages) {
            String name = page.name();
            String place = name.equals("README.md") ? name : name.substring("docs/".length());
            this.pages.put(
                    page.file(), place.replaceFirst("README\\.md$", "index.md").replaceFirst("\\.md$", ".html"));
        }
    }

    /** The address of a file or folder, from the top of the site. */
    String of(Path file) {
        if (!file.startsWith(root) || !Files.exists(file)) {
            throw new IllegalArgumentException("not a file of this project: " + file);
        }
        String page = pages.get(file);
        if (page != null) {
            return page;
        }
        String name = file.equals(root) ? "" : Page.name(root, file);
        if (name.matches(".*\\.(svg|png|jpe?g|gif|webp)")) {
            return pictures.computeIfAbsent(
                    file, key -> name.startsWith("docs/") ? name.substring("docs/".length()) : "files/" + name);
        }
        return sources.computeIfAbsent(
                file, key -> "source/" + name + (Files.isDirectory(file) ? "/index.html" : ".html"));
    }

    /** The address a link leads to, seen from a page of the site. */
    String link(String from, Path folder, String destination) {
        if (isElsewhere(destination)) {
            return destination;
        }
        String[] parts = destination.split("#", 2);
        String anchor = parts.length == 1 ? "" : "#" + parts[1];
        return parts[0].isEmpty()
                ? anchor
                : relative(from, of(folder.resolve(parts[0]).normalize())) + anchor;
    }

    /** True if a link leaves the project. */
    static boolean isElsewhere(String destination) {
        return destination.matches("[a-z]+:.*");
    }

    /** The relative address from one page of the site to another. */
    static String relative(String from, String to) {
        String[] start = from.split("/", -1);
        String[] end = to.split("/", -1);
        int common = 0;
        while (common < start.length - 1 && common < end.length - 1 && start[common].equals(end[common])) {
            common++;
        }
        return "../".repeat(start.length - 1 - common)
                + String.join("/", List.of(end).subList(common, end.length));
    }

    /** The pictures that pages refer to. */
    Map<Path, String> pictures() {
        return pictures;
    }

    /** The files and folders that pages link to and that this method has not returned before. */
    List<Path> newSources() {
        List<Path> fresh = new ArrayList<>(sources.keySet());
        fresh.removeIf(file -> !done.add(file));
        return fresh;
    }
}
