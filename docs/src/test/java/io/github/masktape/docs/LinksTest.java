// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a page points at exists: files, headings, classes and their members, modules and jars. */
@Tag("sources")
@Tag("once")
class LinksTest {
    private static final List<String> PACKAGES = List.of("tensor", "autograd", "internal", "layers", "optim", "data");
    private static final Pattern MEMBER = Pattern.compile("([A-Z]\\w*)(?:\\.([A-Z]\\w*))?\\.([a-z]\\w*)(?:\\(.*\\))?");
    private static final Pattern JAR = Pattern.compile("java .*?-jar (\\S+)/target/(\\S+)\\.jar");
    private static final Pattern PROJECTS = Pattern.compile("mvn .*?-pl (\\S+)");
    private static final Pattern PROFILE = Pattern.compile("mvn .*?-P(\\S+)");

    @Test
    void everyLinkLeadsToAFileAndAHeadingInIt() {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Page page : Page.all()) {
            for (Page.Found link : page.links()) {
                if (!link.text().matches("https?://.*")) {
                    links++;
                    if (!leadsSomewhere(page, link.text())) {
                        broken.add(page.name() + ":" + link.line() + ": " + link.text());
                    }
                }
            }
        }
        assertThat(broken).as("links that lead nowhere").isEmpty();
        assertThat(links).isPositive();
    }

    private static boolean leadsSomewhere(Page page, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]);
        return Files.exists(target)
                && target.normalize().startsWith(Page.root())
                && (parts.length == 1 || Page.read(target).anchors().contains(parts[1]));
    }

    @Test
    void everyPageCanBeReachedFromTheReadme() {
        List<Path> reached = new ArrayList<>(List.of(Page.root().resolve("README.md")));
        for (int i = 0; i < reached.size(); i++) {
            Path file = reached.get(i);
            Page.read(file).links().stream()
                    .map(link -> file.resolveSibling(link.text().replaceFirst("#.*", ""))
                            .normalize())
                    .filter(target -> target.toString().endsWith(".md") && !reached.contains(target))
                    .distinct()
                    .forEach(reached::add);
        }
        assertThat(reached).containsAll(Page.all().stream().map(Page::file).toList());
    }

    /** Code in the text that reads {@code Class.member} or {@code File.java}. */
    @Test
    void everyClassMemberAndFileNamedInAPageExists() throws IOException {
        List<String> unknown = new ArrayList<>();
        int names = 0;
        for (Page page : Page.all()) {
            for (Page.Found code : page.code()) {
                Matcher member = MEMBER.matcher(code.text());
                boolean known = true;
                if (code.text().endsWith(".java")) {
                    names++;
                    known = isFile(code.text());
                } else if (member.matches() && find(member.group(1)) != null) {
                    names++;
                    known = hasMember(find(member.group(1)), member.group(2), member.group(3));
                }
                if (!known) {
                    unknown.add(page.name() + ":" + code.line() + ": " + code.text());
                }
            }
        }
        assertThat(unknown).as("names of nothing").isEmpty();
        assertThat(names).isPositive();
    }

    private static boolean isFile(String path) throws IOException {
        try (Stream<Path> tree = Files.walk(Page.root())) {
            return tree.anyMatch(file -> file.endsWith(path));
        }
    }

    private static Class<?> find(String simpleName) {
        for (String name : PACKAGES) {
            try {
                return Class.forName(
                        "io.github.masktape." + name + "." + simpleName, false, LinksTest.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                // Perhaps in the next.
            }
        }
        return null;
    }

    private static boolean hasMember(Class<?> type, String nested, String member) {
        if (nested != null) {
            return Stream.of(type.getDeclaredClasses())
                    .anyMatch(inner -> inner.getSimpleName().equals(nested) && hasMember(inner, null, member));
        }
        return Stream.<Class<?>>iterate(type, c -> c != null, c -> c.getSuperclass())
                .flatMap(
                        c -> Stream.<Member>concat(Stream.of(c.getDeclaredMethods()), Stream.of(c.getDeclaredFields())))
                .anyMatch(m -> m.getName().equals(member));
    }

    @Test
    void everyCommandNamesModulesJarsAndProfilesOfThisProject() throws IOException {
        String pom = Files.readString(Page.root().resolve("pom.xml"));
        StringBuilder poms = new StringBuilder(pom);
        for (MatchResult module :
                Pattern.compile("<module>(.*?)</module>").matcher(pom).results().toList()) {
            poms.append(Files.readString(Page.root().resolve(module.group(1)).resolve("pom.xml")));
        }
        List<String> unknown = new ArrayList<>();
        int jars = 0;
        for (Page page : Page.all()) {
            for (Page.Found command : commands(page)) {
                String place = page.name() + ":" + command.line() + ": ";
                Matcher jar = JAR.matcher(command.text());
                while (jar.find()) {
                    jars++;
                    if (!hasModule(pom, jar.group(1)) || !makesJar(jar.group(1), jar.group(2))) {
                        unknown.add(place + jar.group(1) + "/target/" + jar.group(2) + ".jar");
                    }
                }
                PROJECTS.matcher(command.text())
                        .results()
                        .flatMap(projects -> Stream.of(projects.group(1).split(",", -1)))
                        .filter(module -> !hasModule(pom, module))
                        .forEach(module -> unknown.add(place + module));
                PROFILE.matcher(command.text())
                        .results()
                        .filter(profile -> poms.indexOf("<id>" + profile.group(1) + "</id>") < 0)
                        .forEach(profile -> unknown.add(place + profile.group()));
            }
        }
        assertThat(unknown).as("commands that cannot work").isEmpty();
        assertThat(jars).isPositive();
    }

    /** True for a module of the build, and for the examples, which are projects of their own. */
    private static boolean hasModule(String pom, String folder) {
        return pom.contains("<module>" + folder + "</module>") || folder.startsWith("docs/examples/");
    }

    private static boolean makesJar(String module, String name) throws IOException {
        String pom = Files.readString(Page.root().resolve(module).resolve("pom.xml"));
        return pom.contains("<outputFile>${project.build.directory}/" + name + ".jar</outputFile>")
                || pom.contains("<finalName>" + name + "</finalName>");
    }

    /** What stands in blocks of commands, and code in the text that begins like one. */
    private static List<Page.Found> commands(Page page) {
        return Stream.concat(
                        page.fences("sh").stream().map(fence -> new Page.Found(fence.line(), fence.text())),
                        page.code().stream().filter(code -> code.text().matches("(mvn|java) .*")))
                .toList();
    }
}
