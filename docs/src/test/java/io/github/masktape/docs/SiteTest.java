// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The site as it lies on disk: its links lead somewhere, and nothing in it comes from a network. */
@Tag("once")
@Tag("sources")
class SiteTest {
    private static final Pattern LINK = Pattern.compile("<[^>]*?\\s(?:href|src)=\"([^\"]*)\"");
    private static final Pattern LOADED = Pattern.compile(
            "<(?:script|img|iframe|source|video|audio|object|embed)\\b[^>]*?\\s(?:src|data)=\"?([^\"\\s>]+)"
                    + "|<link\\b[^>]*?\\shref=\"([^\"]+)\"|url\\(\\s*[\"']?([^\"')]+)|@import\\s+[\"']([^\"']+)");
    private static final Pattern ID = Pattern.compile("\\sid=\"([^\"]*)\"");

    /** The site, which Maven makes before the tests. */
    static Path site() {
        Path site = Page.root().resolve("docs/target/site");
        assertThat(site.resolve("index.html"))
                .as("the site; mvn -pl docs -am process-test-classes makes it")
                .exists();
        return site;
    }

    static List<Path> files(String end) throws IOException {
        try (Stream<Path> tree = Files.walk(site())) {
            return tree.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    /** The pages that this project writes itself: not javadoc's. */
    static List<Path> ownPages() throws IOException {
        return files(".html").stream()
                .filter(file -> !file.startsWith(site().resolve("api")))
                .filter(file -> !file.endsWith("explorer.html"))
                .toList();
    }

    @Test
    void everyPageIsInTheSite() throws IOException {
        List<String> titles = new ArrayList<>();
        for (Path file : ownPages()) {
            Matcher title = Pattern.compile("<h1[^>]*>(.*?)</h1>").matcher(Files.readString(file));
            assertThat(title.find()).as("a heading in " + file).isTrue();
            titles.add(title.group(1).replaceAll("<[^>]*>", "").replace("&amp;", "&"));
        }
        assertThat(titles).containsAll(Page.all().stream().map(Page::title).toList());
    }

    @Test
    void everyLinkLeadsToAFileAndAPlaceInIt() throws IOException {
        List<String> broken = new ArrayList<>();
        Map<Path, Set<String>> places = new HashMap<>();
        int links = 0;
        for (Path file : files(".html")) {
            Matcher link = LINK.matcher(Files.readString(file));
            while (link.find()) {
                String target =
                        link.group(1).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
                if (!target.matches("(https?|data|javascript):.*")) {
                    links++;
                    if (!leadsSomewhere(file, target, places)) {
                        broken.add(site().relativize(file) + ": " + target);
                    }
                }
            }
        }
        assertThat(broken).as("links that lead nowhere").isEmpty();
        assertThat(links).isGreaterThan(1000);
    }

    private static boolean leadsSomewhere(Path from, String link, Map<Path, Set<String>> places) throws IOException {
        String[] parts = link.split("#", 2);
        String path = parts[0].replaceFirst("\\?.*", "");
        Path target = path.isEmpty() ? from : from.resolveSibling(path).normalize();
        if (!Files.isRegularFile(target) || !target.startsWith(site())) {
            return false;
        }
        if (parts.length == 1 || parts[1].isEmpty() || !target.toString().endsWith(".html")) {
            return true;
        }
        if (!places.containsKey(target)) {
            Set<String> ids = new HashSet<>();
            Matcher id = ID.matcher(Files.readString(target));
            while (id.find()) {
                ids.add(id.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
            }
            places.put(target, ids);
        }
        return places.get(target).contains(parts[1])
                || places.get(target)
                        .contains(URI.create("#" + parts[1].replace("<", "%3C").replace(">", "%3E"))
                                .getFragment());
    }

    @Test
    void nothingIsLoadedFromANetwork() throws IOException {
        List<String> loaded = new ArrayList<>();
        int local = 0;
        for (String end : List.of(".html", ".css", ".svg")) {
            for (Path file : files(end)) {
                Matcher load = LOADED.matcher(Files.readString(file));
                while (load.find()) {
                    String address = Stream.of(load.group(1), load.group(2), load.group(3), load.group(4))
                            .filter(group -> group != null)
                            .findFirst()
                            .orElseThrow();
                    if (address.matches("(https?:)?//.*")) {
                        loaded.add(site().relativize(file) + ": " + address);
                    } else {
                        local++;
                    }
                }
            }
        }
        assertThat(loaded).isEmpty();
        assertThat(local).isPositive();
        for (Path file : ownPages()) {
            assertThat(Files.readString(file))
                    .as("the policy of " + file)
                    .contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
        }
    }

    @Test
    void namesInThePagesLeadToTheApi() throws IOException {
        String page = Files.readString(site().resolve("architecture.html"));
        assertThat(page)
                .contains(
                        "<a class=\"name\" href=\"api/io.github.masktape.core/io/github/masktape/autograd/Tape.html\">"
                                + "<code>Tape</code></a>")
                .contains("Tape.html#backward(io.github.masktape.autograd.Variable)\"><code>Tape.backward</code></a>");
    }

    /** What javadoc says and what of it stops the build. */
    @Test
    void onlyTagsThatWouldRepeatANameMayBeMissing() {
        assertThat(Api.faults(said("warning: no @param for x", "public int f(int x) {")))
                .isEmpty();
        assertThat(Api.faults(said("warning: no @return", "public int f(int x) {")))
                .isEmpty();
        assertThat(Api.faults(said("warning: no comment", "public int f(int x) {")))
                .contains("no comment");
        assertThat(Api.faults(said("warning: no @param for x", "public record A(int x) {}")))
                .contains("@param for x");
        assertThat(Api.faults(said("warning: no @param for <E>", "public <E> E f() {")))
                .contains("@param for <E>");
        assertThat(Api.faults(said("warning: no @throws for java.io.IOException", "public void f() {")))
                .contains("@throws");
        assertThat(Api.faults(said("error: reference not found", "/** {@link Nothing}. */")))
                .contains("reference");
        assertThat(Api.faults("warning: using incubating module(s): jdk.incubator.vector\n1 warning\n"))
                .isEmpty();
    }

    private static String said(String warning, String line) {
        return "core/A.java:7: " + warning + "\n    " + line + "\n           ^\n1 warning\n";
    }

    @Test
    void aFormulaBecomesALineThatCanBeFound() {
        assertThat(SearchIndex.plain("\\frac{\\partial L}{\\partial W} = \\sum_{n} J_n \\odot M_n")
                        .strip())
                .isEqualTo("∂L/∂W = Σₙ Jₙ ⊙ Mₙ");
    }
}
