// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The Java of every page does what the page says.
 *
 * <p>The {@code java} blocks of a page run in order in one session. What a block prints is the {@code text} block that
 * follows it before the next {@code java} block; with none, it prints nothing. Formulas stand in {@code math} blocks,
 * diagrams and numbers to look at in blocks without a language.
 */
class PagesTest {
    /** Pages that would have lost their point without anything to run. */
    private static final List<String> RUNNING =
            List.of("README.md", "docs/dropconnect.md", "docs/add-an-op.md", "docs/notebooks.md");

    private static final List<String> LANGUAGES = List.of("java", "text", "sh", "math", "");

    @TestFactory
    Stream<DynamicContainer> everyBlockPrintsWhatThePageSays() {
        return Page.all().stream()
                .filter(page -> !CoursePagesTest.isOfTheCourse(page))
                .flatMap(PagesTest::tests);
    }

    /** The tests of a page, if it has any Java. */
    static Stream<DynamicContainer> tests(Page page) {
        if (page.fences("java").isEmpty()) {
            return Stream.empty();
        }
        Session session = new Session(page.name());
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < page.fences().size(); i++) {
            Fence fence = page.fences().get(i);
            if (fence.language().equals("java")) {
                String expected = expected(page, i);
                String place = page.name() + ":" + fence.line();
                tests.add(DynamicTest.dynamicTest(
                        place,
                        () -> assertThat(session.run(fence))
                                .as("what the block at " + place + " prints")
                                .isEqualTo(expected)));
            }
        }
        return Stream.of(
                DynamicContainer.dynamicContainer(page.name(), tests.stream().onClose(session::close)));
    }

    /** The text of the first block after this one that is output or Java, if it is output. */
    private static String expected(Page page, int java) {
        return page.fences().stream()
                .skip(java + 1L)
                .filter(fence ->
                        fence.language().equals("text") || fence.language().equals("java"))
                .findFirst()
                .filter(fence -> fence.language().equals("text"))
                .map(Fence::text)
                .orElse("");
    }

    @Test
    void pagesThatAreAboutCodeRunSome() {
        for (String name : RUNNING) {
            Page page = Page.read(Page.root().resolve(name));
            assertThat(page.fences("java")).as("Java of " + name).isNotEmpty();
            assertThat(page.fences("text")).as("output in " + name).isNotEmpty();
        }
    }

    @Test
    void everyBlockIsJavaOutputCommandsOrPlain() {
        for (Page page : Page.all()) {
            String before = "";
            for (Fence fence : page.fences()) {
                String place = page.name() + ":" + fence.line();
                assertThat(fence.language()).as("language at " + place).isIn(LANGUAGES);
                if (fence.language().equals("text")) {
                    assertThat(before)
                            .as("the block before the output at " + place)
                            .isEqualTo("java");
                }
                before = fence.language();
            }
        }
    }

    // The test of the test: what must not pass, does not.

    @Test
    void failuresNamePageLineAndMessage() {
        assertThatThrownBy(() -> run("int a = 1;\nint b = \"x\";"))
                .hasMessage("page.md:4: incompatible types: java.lang.String cannot be converted to int");
        assertThatThrownBy(() -> run("int a = 1;\n\nint b = a / 0;"))
                .hasMessage("page.md:5: throws java.lang.ArithmeticException: / by zero");
        assertThatThrownBy(() -> run("for (int i = 2; i >= 0; i--) {\n    int a = i;\n    int b = 1 / a;\n}"))
                .hasMessage("page.md:5: throws java.lang.ArithmeticException: / by zero");
        assertThatThrownBy(() -> run("int a = 1;\nint b = a")).hasMessage("page.md:4: a semicolon is missing");
        assertThatThrownBy(() -> run("int a() {\n    return b();\n}"))
                .hasMessage("page.md:3: unresolved: [method b()]");
        assertThatThrownBy(() -> run("int a = (1;")).hasMessageStartingWith("page.md:3: ");
        assertThatThrownBy(() -> run("int a() {")).hasMessageStartingWith("page.md:");
    }

    @Test
    void whatIsPrintedIsCaughtAndMainIsCalled() {
        assertThat(run("System.out.println(\"a\");\nSystem.out.println(\"→ ᵀ\");"))
                .isEqualTo("a\n→ ᵀ");
        assertThat(
                        run(
                                "public class A {\n    public static void main(String[] a) {\n        System.out.print(1);\n    }\n}"))
                .isEqualTo("1");
        assertThat(run("int a = 1;")).isEmpty();
    }

    private static String run(String java) {
        List<String> lines = new ArrayList<>(List.of("# Page", "```java"));
        lines.addAll(java.lines().toList());
        lines.add("```");
        Page page = Page.parse(Path.of("page.md"), lines);
        try (Session session = new Session("page.md")) {
            return session.run(page.fences().get(0));
        }
    }
}
