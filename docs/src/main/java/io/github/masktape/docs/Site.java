// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.text.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The program that generates the documentation site: every page as HTML, the API, the sources that pages link to, and a
 * search; all of it is readable from disk, without a network.
 *
 * <pre>
 *   mvn -q -pl docs -am -DskipTests package      docs/target/site/index.html
 * </pre>
 */
public final class Site {
    /** The explorer, an interactive page about DropConnect, which another module builds. */
    private static final String EXPLORER = "explorer.html";

    private static final List<String> ASSETS =
            List.of("site.css", "api.css", "theme.js", "site.js", "search.js", "icon.svg");

    private final Path root;
    private final Path site;
    private final String version;
    private final List<Page> pages;
    private final Addresses addresses;
    private final byte @Nullable [] explorer;

    private Site(Path root, Path site, String version) throws IOException {
        this.root = root;
        this.site = site;
        this.version = version;
        this.pages = Page.all(root);
        this.addresses = new Addresses(root, pages);
        this.explorer = explorer(root);
    }

    /** The explorer page, from its module's jar, or from the module's folder if the jar does not exist yet. */
    private static byte @Nullable [] explorer(Path root) throws IOException {
        try (InputStream in = Site.class.getClassLoader().getResourceAsStream(EXPLORER)) {
            Path made = root.resolve("docs/explorer/target").resolve(EXPLORER);
            return in != null ? in.readAllBytes() : Files.exists(made) ? Files.readAllBytes(made) : null;
        }
    }

    /** Writes the site; the arguments are the folder of the project, the folder to write, and the version. */
    public static void main(String[] args) throws IOException {
        new Site(
                        Path.of(args[0]).toAbsolutePath().normalize(),
                        Path.of(args[1]).toAbsolutePath().normalize(),
                        args[2])
                .build();
    }

    private void build() throws IOException {
        delete(site);
        assets();
        Api api = Api.build(root, site, site.resolve("assets/api.css"));
        Frame frame = new Frame(version, navigation());
        SearchIndex index = new SearchIndex();
        for (Page page : pages) {
            String address = addresses.of(page.file());
            String body = new PageHtml(page, addresses, api).html();
            boolean first = page.equals(pages.get(0));
            write(
                    address,
                    frame.page(
                            address,
                            page.title(),
                            first ? "landing" : "page",
                            first ? withLead(body) : body,
                            sections(page)));
            index.add(page, address);
        }
        sources(frame);
        for (Map.Entry<Path, String> picture : addresses.pictures().entrySet()) {
            Path target = site.resolve(picture.getValue());
            Files.createDirectories(target.getParent());
            Files.copy(picture.getKey(), target);
        }
        index.add(api);
        write("assets/places.js", index.script());
        if (explorer != null) {
            Files.write(site.resolve(EXPLORER), explorer);
        }
    }

    private static List<Frame.Section> sections(Page page) {
        return page.headings().entrySet().stream()
                .map(heading ->
                        new Frame.Section(heading.getKey().getLevel(), heading.getValue(), Page.text(heading.getKey())))
                .toList();
    }

    // ---- navigation ----

    /**
     * The parts of the navigation: the course and the guide, each from its index on, then the other pages in the order at
     * the end of the README.
     */
    private List<Frame.LinkGroup> navigation() {
        List<Frame.NavigationLink> start = new ArrayList<>(List.of(new Frame.NavigationLink("Overview", "index.html")));
        if (explorer != null) {
            start.add(new Frame.NavigationLink("Explorer", EXPLORER));
        }
        List<String> named = pages.get(0).links().stream()
                .map(link -> link.text().replaceFirst("#.*", ""))
                .toList();
        List<Page> others = new ArrayList<>();
        for (Page page : pages.subList(1, pages.size())) {
            if (!page.name().startsWith("docs/course/") && !page.name().startsWith("docs/guide/")) {
                others.add(page);
            }
        }
        others.sort(Comparator.comparing(
                page -> named.contains(page.name()) ? named.lastIndexOf(page.name()) : named.size()));
        return List.of(
                new Frame.LinkGroup("Masktape", start),
                new Frame.LinkGroup("Course", entries("course/")),
                new Frame.LinkGroup("Guide", entries("guide/")),
                new Frame.LinkGroup("Pages", others.stream().map(this::entry).toList()),
                new Frame.LinkGroup(
                        "Reference",
                        List.of(
                                new Frame.NavigationLink("API", "api/index.html"),
                                new Frame.NavigationLink("Sources", SOURCES))));
    }

    /** The pages of a folder of docs, its index first. */
    private List<Frame.NavigationLink> entries(String folder) {
        return pages.stream()
                .filter(page -> page.name().startsWith("docs/" + folder))
                .map(this::entry)
                .sorted(Comparator.comparing(
                        entry -> entry.address().equals(folder + "index.html") ? "" : entry.address()))
                .toList();
    }

    private Frame.NavigationLink entry(Page page) {
        return new Frame.NavigationLink(page.title(), addresses.of(page.file()));
    }

    /** The README with links to the main pages after its introduction. */
    private String withLead(String readme) {
        String cards = (explorer != null
                        ? card(
                                "explorer.html",
                                "The explorer",
                                "See a mask, J and J ⊙ M, change them, go through the tape.")
                        : "")
                + card("course/index.html", "The course", "From a tensor to the law, and from the law to fast kernels.")
                + card("training.html", "Training", "From a table in a file to a model in another program.")
                + card("api/index.html", "The API", "Every class, with its formula.");
        int end = readme.indexOf("</p>") + "</p>".length();
        return readme.substring(0, end) + "\n<nav class=\"ways\" aria-label=\"Ways on\">\n" + cards + "</nav>\n"
                + readme.substring(end);
    }

    private static String card(String address, String title, String text) {
        return "<a href=\"" + address + "\"><strong>" + title + "</strong> <span>" + text + "</span></a>\n";
    }

    // ---- sources ----

    private static final String SOURCES = "source/index.html";

    /** Writes the sources of the libraries, and all other files that pages link to. */
    private void sources(Frame frame) throws IOException {
        StringBuilder list = new StringBuilder("<h1>Sources</h1>\n<p>The source code of the libraries.</p>\n");
        for (String module : List.of("core", "layers", "optim")) {
            Path java = root.resolve(module).resolve("src/main/java");
            list.append("<h2>" + module + "</h2>\n<ul>\n");
            for (Path file : files(java)) {
                list.append("<li><a href=\"" + Addresses.relative(SOURCES, addresses.of(file)) + "\">"
                        + Markup.escape(Page.name(java, file).replace("io/github/masktape/", "")) + "</a></li>\n");
            }
            list.append("</ul>\n");
        }
        write(SOURCES, frame.page(SOURCES, "Sources", "listing", list.toString(), List.of()));
        for (List<Path> found = addresses.newSources(); !found.isEmpty(); found = addresses.newSources()) {
            for (Path file : found) {
                String name = Page.name(root, file);
                boolean folder = Files.isDirectory(file);
                String body = folder ? SourcePages.folder(name, file, addresses) : SourcePages.file(name, file);
                String address = addresses.of(file);
                write(
                        address,
                        frame.page(
                                address,
                                file.getFileName().toString(),
                                folder ? "listing" : "listing code-page",
                                body,
                                List.of()));
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    // ---- files ----

    private void assets() throws IOException {
        Path assets = site.resolve("assets");
        for (String name : ASSETS) {
            copy("io/github/masktape/docs/site/" + name, assets.resolve(name));
        }
        new WebJar("org.webjars", "highlightjs").copy("highlight.min.js", assets.resolve("highlight/highlight.min.js"));
        new WebJar("org.webjars.npm", "lunr").copy("lunr.min.js", assets.resolve("lunr/lunr.min.js"));
        WebJar katex = new WebJar("org.webjars.npm", "katex");
        katex.copy("dist/katex.min.js", assets.resolve("katex/katex.min.js"));
        // Every current browser supports the first of three formats.
        String css = katex.read("dist/katex.min.css")
                .replaceAll(",url\\(fonts/[A-Za-z0-9_-]+\\.(woff|ttf)\\) ?format\\(\"[a-z]+\"\\)", "");
        write("assets/katex/katex.min.css", css);
        Matcher fonts = Pattern.compile("url\\((fonts/[^)]+)\\)").matcher(css);
        while (fonts.find()) {
            katex.copy("dist/" + fonts.group(1), assets.resolve("katex").resolve(fonts.group(1)));
        }
    }

    private static void copy(String resource, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream in = Site.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("not on the class path: " + resource);
            }
            Files.copy(in, target);
        }
    }

    private void write(String address, String text) throws IOException {
        Path file = site.resolve(address);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.sorted(Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }
}
