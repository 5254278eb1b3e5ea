// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** An exercise that names its solution, as in {@code (`momentumMovesWhatIsDropped`)}, names a test. */
class ExercisesTest {
    private static final Pattern CLASS = Pattern.compile("\\[(Chapter\\d+SolutionsTest)\\.java]");
    private static final Pattern EXERCISE = Pattern.compile("(?m)^\\d+\\. ");
    private static final Pattern SOLUTION = Pattern.compile("\\(`([a-z]\\w*)`\\)");

    @Test
    void everySolutionThatAnExerciseNamesIsATest() throws ClassNotFoundException, IOException {
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Page page : Page.all()) {
            String text = Files.readString(page.file());
            int start = text.indexOf("\n## Exercises");
            if (start < 0) {
                continue;
            }
            String exercises = text.substring(start);
            List<String> solutions = find(SOLUTION, exercises);
            if (!solutions.isEmpty()) {
                assertThat(solutions)
                        .as("a solution for each exercise of " + page.name())
                        .hasSize(find(EXERCISE, exercises).size());
                List<String> tests = tests(find(CLASS, exercises).get(0));
                solutions.stream()
                        .filter(name -> !tests.contains(name))
                        .forEach(name -> missing.add(page.name() + ": " + name));
                named += solutions.size();
            }
        }
        assertThat(missing).as("solutions that are no tests").isEmpty();
        assertThat(named).isPositive();
    }

    private static List<String> find(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(found.groupCount()))
                .toList();
    }

    private static List<String> tests(String simpleName) throws ClassNotFoundException {
        return Stream.of(Class.forName("io.github.masktape.docs.course." + simpleName)
                        .getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(Property.class))
                .map(Method::getName)
                .toList();
    }
}
