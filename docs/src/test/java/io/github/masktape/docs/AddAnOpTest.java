// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/add-an-op.md says of the rulebook is done here, step by step, in a copy of the sources of core. */
@Tag("sources")
@Tag("once")
@Tag("long")
class AddAnOpTest {
    private static final String TABLE = "core/src/test/java/io/github/masktape/autograd/GradientTable.java";
    private static final List<String> LAWS = List.of(
            "everyRuleAgreesWithCentralDifferences",
            "everyRuleOfARuleAgreesWithCentralDifferences",
            "gradientsAddWhenAnInputIsUsedTwice",
            "recordingOtherOpsBetweenChangesNoGradient",
            "float32AgreesWithFloat64",
            "noResultDependsOnWhatAWorkspaceHeldBefore");

    private final Page page = Page.read(Page.root().resolve("docs/add-an-op.md"));
    private final Map<String, String> logCosh = rulebook(method("Variable logCosh(Variable x)"));
    private final String row = row("logCosh");

    @TempDir
    private Path folder;

    /** The method of the page's first block of Java. */
    private String method(String head) {
        String java = page.fences("java").stream()
                .map(Fence::text)
                .filter(text -> text.contains(head))
                .findFirst()
                .orElseThrow();
        String method = java.substring(java.indexOf(head));
        return method.substring(0, method.indexOf("\n}") + 2);
    }

    private static Map<String, String> rulebook(String method) {
        return Map.of("Ops.java", "public static " + method);
    }

    /** The row that the page shows for an op. */
    private String row(String op) {
        return page.fences("").stream()
                .map(Fence::text)
                .map(String::strip)
                .filter(text -> text.contains("\"" + op + "\", ") && text.endsWith("),"))
                .findFirst()
                .orElseThrow();
    }

    /** The pieces of code that the page shows for an op with a kernel, by the file that their first line names. */
    private Map<String, String> kernel() {
        return page.fences("").stream()
                .map(Fence::text)
                .filter(text -> text.startsWith("// "))
                .collect(Collectors.toMap(text -> text.substring(3, text.indexOf('\n')), text -> text));
    }

    @Test
    void anOpOfTheRulebookWithoutARowIsFound() throws Throwable {
        try (URLClassLoader project = project(logCosh, "")) {
            assertThatThrownBy(() -> call(project, "everyOpOfTheRulebookHasARow"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("logCosh");
        }
    }

    @Test
    void withItsRowItPassesEveryLawOfOps() throws Throwable {
        try (URLClassLoader project = project(logCosh, row)) {
            call(project, "everyOpOfTheRulebookHasARow");
            for (String law : LAWS) {
                call(project, law, 3, 2, 4, 1L);
            }
        }
    }

    @Test
    void withAWrongRuleItDoesNot() throws Throwable {
        String wrong = method("Variable forgetful(Variable x)").replace("forgetful", "logCosh");
        try (URLClassLoader project = project(rulebook(wrong), row)) {
            call(project, "everyOpOfTheRulebookHasARow");
            assertThatThrownBy(() -> call(project, LAWS.get(0), 3, 2, 4, 1L))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("logCosh: gradcheck FAILED");
        }
    }

    @Test
    void anOpWithAKernelTouchesFivePlacesAndPassesEveryLawOfOps() throws Throwable {
        Map<String, String> kernel = kernel();
        assertThat(kernel)
                .containsOnlyKeys(
                        "Ops.java",
                        "Tensor.java",
                        "Kernels.java",
                        "ScalarFloat.java",
                        "ScalarDouble.java",
                        "VectorFloat.java");
        try (URLClassLoader project = project(kernel, row("reciprocal"))) {
            call(project, "everyOpOfTheRulebookHasARow");
            for (String law : LAWS) {
                call(project, law, 3, 2, 4, 1L);
            }
        }
    }

    /**
     * The classes of core with more code in some of its files, and those of its tests with a row more in its table. If only
     * the rulebook changes, the other classes stay as they were compiled.
     *
     * @param code what is added at the end of a class, by the class's file
     */
    private URLClassLoader project(Map<String, String> code, String row) throws IOException {
        boolean onlyRules = code.keySet().equals(Set.of("Ops.java"));
        Path root = Page.root();
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("core/src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String name = file.getFileName().toString();
                String more = code.get(name);
                if (more != null) {
                    String source = Files.readString(file);
                    sources.add(changed(file, source.substring(0, source.lastIndexOf('}')) + "\n" + more + "\n}\n"));
                } else if (!onlyRules && !name.startsWith("module-info")) {
                    sources.add(file);
                }
            }
        }
        Path tests = root.resolve("core/src/test/java/io/github/masktape");
        sources.add(tests.resolve("autograd/OpsProperties.java"));
        sources.add(tests.resolve("tensor/Cases.java"));
        sources.add(tests.resolve("tensor/MemoryPoison.java"));
        String table = Files.readString(root.resolve(TABLE));
        String begin = "ROWS = List.of(";
        assertThat(table).contains(begin);
        sources.add(changed(root.resolve(TABLE), table.replace(begin, begin + "\n" + row)));
        return compiled(sources);
    }

    private Path changed(Path source, String text) throws IOException {
        return Files.writeString(folder.resolve(source.getFileName()), text);
    }

    private URLClassLoader compiled(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String classPath = System.getProperty("java.class.path");
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-d", classes.toString(), "-cp", classPath, "-proc:none", "--add-modules", "jdk.incubator.vector");
            boolean done = compiler.getTask(
                            messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(done).as(messages.toString()).isTrue();
        }
        List<URL> urls = new ArrayList<>(List.of(url(classes)));
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            urls.add(url(Path.of(entry)));
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    /** Calls a law of {@code OpsProperties}, once. */
    private static void call(ClassLoader project, String law, Object... arguments) throws Throwable {
        Class<?> laws = project.loadClass("io.github.masktape.autograd.OpsProperties");
        Constructor<?> constructor = laws.getDeclaredConstructor();
        constructor.setAccessible(true);
        Method method = Stream.of(laws.getDeclaredMethods())
                .filter(declared -> declared.getName().equals(law))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no law " + law));
        method.setAccessible(true);
        try {
            method.invoke(constructor.newInstance(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
