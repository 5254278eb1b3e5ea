// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The laws of the architecture that the sources of all modules show: arrows, cycles, sizes, names, copies. */
@Tag("sources")
@Tag("once")
class SourceTreeTest {
    private static final int MOST_FILES_IN_A_PACKAGE = 20;
    private static final int LONGEST_COPY = 9;

    private static final Set<String> LIBRARIES = Set.of("core", "layers", "optim");

    /** What each module may need of the others, in production code and among the dependencies of its pom. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("core", Set.of()),
            Map.entry("layers", Set.of("core")),
            Map.entry("optim", Set.of("core")),
            Map.entry("docs/explorer", LIBRARIES),
            Map.entry("bench/report", LIBRARIES),
            Map.entry("bench/conformance", Set.of("core", "layers")),
            Map.entry("bench/cli", and(LIBRARIES, "docs/explorer", "bench/report", "bench/conformance")),
            Map.entry("bench/paper", and(LIBRARIES, "docs/explorer", "bench/report", "bench/conformance", "bench/cli")),
            Map.entry("bench/jmh", and(LIBRARIES, "docs/explorer")),
            Map.entry("bench/peers", and(LIBRARIES, "bench/conformance")),
            Map.entry("docs", and(LIBRARIES, "docs/explorer")));

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern OURS = Pattern.compile("\\b(io\\.github\\.masktape(?:\\.[a-z]\\w*)*)\\.[A-Z*]");
    private static final Pattern COMMENTS = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$");
    private static final Pattern NO_CODE = Pattern.compile(
            "(?s)\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])*+'|/\\*.*?\\*/|//[^\\n]*");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)");
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>masktape-([a-z]+)</artifactId>");

    private static Set<String> and(Set<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toSet());
    }

    /** A file of production code. */
    private record Source(String module, String packageName, String name, String text) {
        /** The packages of ours that its code names. */
        Set<String> needs() {
            Matcher matcher = OURS.matcher(COMMENTS.matcher(text).replaceAll(""));
            return matcher.results().map(result -> result.group(1)).collect(Collectors.toCollection(TreeSet::new));
        }

        /** The simple names of the types that it declares, nested ones included, a name as often as it is declared. */
        List<String> types() {
            String code = NO_CODE.matcher(text).replaceAll("");
            return TYPE.matcher(code).results().map(result -> result.group(1)).toList();
        }
    }

    private static final List<Source> SOURCES = sources();

    private static List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (String module : ARROWS.keySet()) {
            try (Stream<Path> tree = Files.walk(root().resolve(module).resolve("src/main/java"))) {
                for (Path file : tree.filter(path -> path.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    if (!name.endsWith("-info")) {
                        String text = Files.readString(file);
                        sources.add(new Source(module, first(PACKAGE, text), name, text));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    private static String first(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .findFirst()
                .map(result -> result.group(1))
                .orElseThrow();
    }

    @Test
    void everySourceNamesItsLicense() {
        assertThat(SOURCES)
                .allSatisfy(source -> assertThat(source.text())
                        .as(source.name())
                        .startsWith("// SPDX-License-Identifier: Apache-2.0\n"));
    }

    @Test
    void theTestKnowsEveryModule() throws IOException {
        Set<String> poms = new TreeSet<>();
        Matcher modules =
                Pattern.compile("<module>(.*?)</module>").matcher(Files.readString(root().resolve("pom.xml")));
        modules.results().map(result -> result.group(1)).forEach(poms::add);
        assertThat(poms.remove("core/bom")).as("the BOM, which has no code").isTrue();
        assertThat(poms).isEqualTo(new TreeSet<>(ARROWS.keySet()));
    }

    @Test
    void codeNeedsOnlyWhatItsModulePointsAt() {
        Map<String, String> moduleOf = new HashMap<>();
        SOURCES.forEach(source -> moduleOf.put(source.packageName(), source.module()));
        Set<String> wrong = new TreeSet<>();
        for (Source source : SOURCES) {
            for (String needed : source.needs()) {
                String module = moduleOf.getOrDefault(needed, source.module());
                if (!module.equals(source.module())
                        && !ARROWS.get(source.module()).contains(module)) {
                    wrong.add(source.module() + ": " + source.name() + " needs " + needed + " of " + module);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Dependencies for tests may point at more. */
    @Test
    void pomsNeedOnlyWhatTheirModulePointsAt() throws IOException {
        Set<String> wrong = new TreeSet<>();
        for (String module : ARROWS.keySet()) {
            String pom = Files.readString(root().resolve(module).resolve("pom.xml"));
            for (MatchResult dependency : DEPENDENCY.matcher(pom).results().toList()) {
                Matcher artifact = ARTIFACT.matcher(dependency.group(1));
                if (artifact.find() && !dependency.group(1).contains("<scope>test</scope>")) {
                    String needed = moduleOf(artifact.group(1));
                    if (!ARROWS.get(module).contains(needed)) {
                        wrong.add(module + " needs " + needed);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String moduleOf(String artifact) {
        return ARROWS.keySet().stream()
                .filter(module -> module.equals(artifact) || module.endsWith("/" + artifact))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no module is named " + artifact));
    }

    @Test
    void noPackageNeedsItselfThroughOthers() {
        Set<String> packages = SOURCES.stream().map(Source::packageName).collect(Collectors.toCollection(TreeSet::new));
        Map<String, Set<String>> needs = new TreeMap<>();
        for (Source source : SOURCES) {
            Set<String> others = needs.computeIfAbsent(source.packageName(), name -> new TreeSet<>());
            others.addAll(source.needs());
            others.retainAll(packages);
            others.remove(source.packageName());
        }
        // What needs nothing that is left is not on a cycle.
        while (needs.values().removeIf(Set::isEmpty)) {
            needs.values().forEach(others -> others.retainAll(needs.keySet()));
        }
        assertThat(needs).as("packages on cycles, or above one").isEmpty();
    }

    @Test
    void aPackageFitsInOneHead() {
        Map<String, Long> files =
                SOURCES.stream().collect(Collectors.groupingBy(Source::packageName, Collectors.counting()));
        assertThat(files)
                .isNotEmpty()
                .allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(MOST_FILES_IN_A_PACKAGE));
    }

    /** Types inside of others too: a reader meets most names without the name of the class around them. */
    @Test
    void aSimpleNameMeansOneThing() {
        Map<String, List<String>> places = new TreeMap<>();
        for (Source source : SOURCES) {
            for (String name : source.types()) {
                places.computeIfAbsent(name, none -> new ArrayList<>()).add(source.packageName() + "." + source.name());
            }
        }
        assertThat(places).containsKeys("Tape", "NodeKind");
        places.values().removeIf(declarations -> declarations.size() == 1);
        assertThat(places).isEmpty();
    }

    @Test
    void nothingIsCopied() {
        Map<List<String>, Source> seen = new HashMap<>();
        Set<String> copies = new LinkedHashSet<>();
        for (Source source : SOURCES) {
            List<String> lines = source.text()
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("import "))
                    .toList();
            for (int i = 0; i + LONGEST_COPY < lines.size(); i++) {
                List<String> run = lines.subList(i, i + LONGEST_COPY + 1);
                Source other = seen.putIfAbsent(run, source);
                if (other != null && !other.equals(source)) {
                    copies.add(other.packageName() + "." + other.name() + " and " + source.packageName() + "."
                            + source.name() + ": " + run.get(0));
                }
            }
        }
        assertThat(copies).isEmpty();
    }

    /** The folder of the whole project, from wherever in it the tests are started. */
    private static Path root() {
        return Page.root();
    }
}
