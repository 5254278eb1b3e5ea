// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.command;

import io.github.masktape.conformance.Conformance;
import io.github.masktape.conformance.ConformanceReport;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.zoo.Zoo;
import io.github.masktape.conformance.zoo.Zoo.Mutant;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kit as a program: it checks all forms of our own layer, those with FORM in their name, or the mutants of the zoo,
 * on all processors, and prints each report when it is finished.
 *
 * <pre>
 *   java -cp … io.github.masktape.conformance.command.ConformanceMain [--tries N] [FORM | zoo | MUTANT]
 * </pre>
 */
public final class ConformanceMain {
    private ConformanceMain() {}

    /** All forms of our own layer. */
    public static List<Implementation> ours() {
        List<Implementation> all = new ArrayList<>();
        for (DType dtype : DType.values()) {
            for (MaskSharing sharing : MaskSharing.values()) {
                for (int variant = 0; variant < 4; variant++) {
                    MasktapeLayer form = new MasktapeLayer(dtype, (variant & 2) != 0, sharing, (variant & 1) != 0);
                    all.add(form.predictingBy(Inference.gaussian()));
                }
            }
        }
        return all;
    }

    /** Prints the reports. The exit code is 1 if a law is broken, 2 for a usage mistake. */
    public static void main(String[] args) {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        int tries = Conformance.TRIES;
        List<String> rest = new ArrayList<>(List.of(args));
        try {
            int at = rest.indexOf("--tries");
            if (at >= 0) {
                tries = Integer.parseInt(rest.remove(at + 1));
                rest.remove(at);
            }
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            System.err.println("error: --tries: expected a number");
            System.exit(2);
        }
        List<Implementation> chosen = ours();
        if (!rest.isEmpty()) {
            String name = rest.get(0);
            chosen = Stream.concat(
                            ours().stream().filter(form -> form.name().contains(name)),
                            Zoo.mutants().stream()
                                    .map(Mutant::implementation)
                                    .filter(mutant -> name.equals("zoo") || name.equals(mutant.name())))
                    .toList();
            if (chosen.isEmpty()) {
                System.err.println("error: no form of our layer and no mutant is named " + name);
                System.exit(2);
            }
        }
        int asked = tries;
        System.out.println(Compute.description() + "\n");
        long passed = chosen.parallelStream()
                .map(implementation -> printed(Conformance.check(implementation, asked)))
                .filter(ConformanceReport::passed)
                .count();
        System.out.println(chosen.size() + (chosen.size() == 1 ? " implementation, " : " implementations, ")
                + Conformance.laws().size() + " laws, " + tries + " tries a law: " + passed + " keep every law, "
                + (chosen.size() - passed) + " break one");
        System.exit(passed == chosen.size() ? 0 : 1);
    }

    private static ConformanceReport printed(ConformanceReport report) {
        System.out.println(report + "\n");
        return report;
    }
}
