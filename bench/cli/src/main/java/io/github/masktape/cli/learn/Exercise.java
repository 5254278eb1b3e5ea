// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import java.util.List;

/**
 * An exercise of the course. It is data: two Java sources among the resources.
 *
 * @param chapter the title of its chapter
 * @param number its number in the course, such as {@code 4.2}
 * @param name the name of the class that the learner writes, in the unnamed package
 * @param title the first line of the stub's comment
 * @param stub the source that the learner completes; its first comment states the task
 * @param check the source of a {@link Runnable} that asks the class its {@linkplain Question questions}
 * @param hints hints that lead to the solution step by step
 */
public record Exercise(
        String chapter, String number, String name, String title, String stub, String check, List<String> hints) {
    /** Copies the list of hints. */
    public Exercise {
        hints = List.copyOf(hints);
    }

    /** The name of the learner's file. */
    public String fileName() {
        return name + ".java";
    }

    /** The number and the title. */
    @Override
    public String toString() {
        return number + " " + title;
    }
}
