// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.text.Markup;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Renders files of the project as pages of the site, with a link to every line. */
final class SourcePages {
    private SourcePages() {}

    /** A file's text with line numbers. */
    static String file(String name, Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException("a page links to " + name + ", which is not text", e);
        }
        long lines = text.lines().count();
        StringBuilder numbers = new StringBuilder();
        for (long line = 1; line <= lines; line++) {
            numbers.append("<a id=\"L" + line + "\" href=\"#L" + line + "\">" + line + "</a>\n");
        }
        String language = name.endsWith(".java") ? " class=\"language-java\"" : "";
        return "<h1 class=\"path\">" + Markup.escape(name) + "</h1>\n<div class=\"source\">\n<pre class=\"lines\">"
                + numbers + "</pre>\n<pre tabindex=\"0\"><code" + language + ">" + Markup.escape(text)
                + "</code></pre>\n</div>\n";
    }

    /** The files and folders in a folder, as links. */
    static String folder(String name, Path folder, Addresses addresses) throws IOException {
        StringBuilder html = new StringBuilder("<h1 class=\"path\">" + Markup.escape(name) + "</h1>\n<ul>\n");
        String here = addresses.of(folder);
        for (Path file : children(folder)) {
            html.append("<li><a href=\"" + Addresses.relative(here, addresses.of(file)) + "\">"
                    + Markup.escape(file.getFileName().toString()) + (Files.isDirectory(file) ? "/" : "")
                    + "</a></li>\n");
        }
        return html.append("</ul>\n").toString();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().matches("target|\\..*"))
                    .sorted()
                    .toList();
        }
    }
}
