// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.zoo.Zoo;
import io.github.masktape.conformance.zoo.Zoo.Mutant;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tables of docs/conformance.md are what the kit and the zoo say. */
@Tag("sources")
@Tag("once")
class ConformancePageTest {
    /** Enough for all small sizes, where every mutant shows. */
    private static final int TRIES = 54;

    @Test
    void theTableOfLawsIsTheKits() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| subject | law | statement |", "|---|---|---|"));
        String subject = "";
        for (String law : Conformance.laws()) {
            String about = Conformance.subject(law);
            rows.add("| " + (about.equals(subject) ? "" : about) + " | `" + law + "` | " + Conformance.formula(law)
                    + " |");
            subject = about;
        }
        assertContains(rows);
    }

    @Tag("long")
    @Test
    void theTableOfMutantsIsTheZoos() throws IOException {
        List<String> rows = new ArrayList<>(
                List.of("| mutant | mistake | seen in | killed by | and by |", "|---|---|---|---|---|"));
        for (Mutant mutant : Zoo.mutants()) {
            List<String> others = new ArrayList<>(
                    Conformance.check(mutant.implementation(), TRIES).broken());
            assertThat(others.remove(mutant.law()))
                    .as(mutant + " is killed by its law")
                    .isTrue();
            String name = mutant.implementation().name();
            String file = "../bench/conformance/src/main/java/io/github/masktape/conformance/zoo/" + name + ".java";
            rows.add("| [" + name + "](" + file + ") | " + mutant.mistake() + " | " + mutant.seenIn() + " | `"
                    + mutant.law() + "` | "
                    + (others.size() > 6 ? others.size() + " others" : code(others)) + " |");
        }
        assertContains(rows);
    }

    private static String code(List<String> laws) {
        return laws.isEmpty() ? "none" : "`" + String.join("`, `", laws) + "`";
    }

    private static void assertContains(List<String> rows) throws IOException {
        String page = Files.readString(Page.root().resolve("docs/conformance.md"));
        assertThat(page).contains(String.join("\n", rows) + "\n");
    }
}
