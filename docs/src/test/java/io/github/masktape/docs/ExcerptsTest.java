// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Code that a page shows from a file is in that file, line by line: a block after a line like {@code From
 * [Ops.java](path):}. Indentation does not count; a line … stands for lines left out.
 */
@Tag("sources")
@Tag("once")
class ExcerptsTest {
    private static final Pattern FROM = Pattern.compile("From \\[[\\w-]+\\.(?:java|xml|py|mjs)]\\(([^)]+)\\):");

    @Test
    void everyExcerptIsInItsFile() throws IOException {
        List<String> wrong = new ArrayList<>();
        int excerpts = 0;
        for (Page page : Page.all()) {
            for (Fence fence : page.fences()) {
                Matcher from = FROM.matcher(paragraphBefore(page, fence));
                if (from.matches()) {
                    excerpts++;
                    Path file = page.file().resolveSibling(from.group(1));
                    String missing = missing(fence.text(), Files.readAllLines(file));
                    if (missing != null) {
                        wrong.add(
                                page.name() + ":" + fence.line() + ": not in " + file.getFileName() + ":\n" + missing);
                    }
                }
            }
        }
        assertThat(wrong).as("excerpts that are not in their files").isEmpty();
        assertThat(excerpts).isPositive();
    }

    /** The line of text last before a fence. */
    private static String paragraphBefore(Page page, Fence fence) throws IOException {
        List<String> lines = Files.readAllLines(page.file());
        int line = fence.line() - 3; // from 0; the mark is at line − 2
        while (line > 0 && lines.get(line).isBlank()) {
            line--;
        }
        return line < 0 ? "" : lines.get(line);
    }

    /** The first part of an excerpt that does not stand in the file after the parts before it, or null. */
    private static String missing(String excerpt, List<String> file) {
        List<String> lines = stripped(file);
        int from = 0;
        for (String part : excerpt.split("\n…\n", -1)) {
            List<String> wanted = stripped(part.lines().toList());
            int at = from;
            while (at + wanted.size() <= lines.size()
                    && !lines.subList(at, at + wanted.size()).equals(wanted)) {
                at++;
            }
            if (at + wanted.size() > lines.size()) {
                return part;
            }
            from = at + wanted.size();
        }
        return null;
    }

    private static List<String> stripped(List<String> lines) {
        return lines.stream().map(String::strip).toList();
    }

    @Test
    void anAlteredOrReorderedExcerptIsMissing() {
        List<String> file = List.of("a", "  b", "c", "d");
        assertThat(missing("a\nb\n…\n  d", file)).isNull();
        assertThat(missing("a\nB", file)).isEqualTo("a\nB");
        assertThat(missing("a\nc", file)).isEqualTo("a\nc");
        assertThat(missing("c\n…\na", file)).isEqualTo("a");
    }
}
