// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The exercises that this program has. The resource {@code exercises/index.txt} lists them; each has the two sources
 * {@code NAME.java}, the stub, and {@code NAMECheck.java}, whose first comment holds the hints.
 */
public final class Exercises {
    private static final String LICENSE = "// SPDX-License-Identifier: Apache-2.0\n";
    private static final String COMMENT = "/*\n * ";

    private static final List<Exercise> ALL = List.copyOf(read());

    private Exercises() {}

    /** All exercises, in the order of the course. */
    public static List<Exercise> all() {
        return ALL;
    }

    private static List<Exercise> read() {
        List<Exercise> exercises = new ArrayList<>();
        String chapter = "";
        for (String line : resource("index.txt").lines().toList()) {
            String first = line.substring(0, line.indexOf(' '));
            String rest = line.substring(first.length() + 1);
            if (first.contains(".")) {
                exercises.add(exercise(chapter, first, rest));
            } else {
                chapter = first + ". " + rest;
            }
        }
        return exercises;
    }

    /** The exercise with this number, if there is one. */
    public static Optional<Exercise> of(String number) {
        return ALL.stream()
                .filter(exercise -> exercise.number().equalsIgnoreCase(number))
                .findFirst();
    }

    private static Exercise exercise(String chapter, String number, String name) {
        String stub = resource(name + ".java").substring(LICENSE.length());
        String check = resource(name + "Check.java");
        String title = stub.substring(stub.indexOf(COMMENT) + COMMENT.length());
        title = title.substring(0, title.indexOf('\n'));
        return new Exercise(
                chapter, number, name, title, stub.replaceFirst(" \\* ", " * " + number + " "), check, hints(check));
    }

    /** The numbered paragraphs of a check's first comment. */
    private static List<String> hints(String check) {
        List<String> hints = new ArrayList<>();
        String comment = check.substring(check.indexOf(COMMENT), check.indexOf("*/"));
        for (String line : comment.lines().toList()) {
            String text = line.replaceFirst("^ \\* ?", "");
            if (text.matches("\\d\\. .*")) {
                hints.add(text.substring(3));
            } else if (!hints.isEmpty() && !text.isBlank()) {
                hints.add(hints.remove(hints.size() - 1) + " " + text.strip());
            }
        }
        return hints;
    }

    private static String resource(String name) {
        try (InputStream in = Exercises.class.getResourceAsStream("exercises/" + name)) {
            if (in == null) {
                throw new IllegalStateException("exercises: expected the resource " + name + ", got none");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
