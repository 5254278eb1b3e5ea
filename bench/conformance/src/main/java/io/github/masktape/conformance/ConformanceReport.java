// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import java.util.List;

/**
 * The results of a check, printed as a table of laws.
 *
 * @param implementation the name of the implementation
 * @param tries the number of tries of each law
 * @param results one for each law
 */
public record ConformanceReport(String implementation, int tries, List<Result> results) {
    /**
     * The result of one law.
     *
     * @param law the law's name
     * @param subject the part of an implementation that it is about
     * @param formula its statement
     * @param verdict whether it holds
     * @param message how it was broken, or why it was not checked
     */
    public record Result(String law, String subject, String formula, Verdict verdict, String message) {
        /** The law on one line, followed by the message if it is broken. */
        @Override
        public String toString() {
            return switch (verdict) {
                case HOLDS -> verdict.sign() + " " + law;
                case NOT_CHECKED -> verdict.sign() + " " + law + "   (" + message + ")";
                case BROKEN ->
                    verdict.sign() + " " + law + "   " + formula + "\n    " + message.replace("\n", "\n    ");
            };
        }
    }

    /** True if at least one law was checked and none is broken. */
    public boolean passed() {
        return broken().isEmpty() && results.stream().anyMatch(result -> result.verdict() == Verdict.HOLDS);
    }

    /** The names of the broken laws. */
    public List<String> broken() {
        return results.stream()
                .filter(result -> result.verdict() == Verdict.BROKEN)
                .map(Result::law)
                .toList();
    }

    /** The result of one law. */
    public Result of(String law) {
        return results.stream()
                .filter(result -> result.law().equals(law))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no law is named " + law));
    }

    /** The report as a table: each subject with its laws, and how they were broken. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(implementation + ", " + tries + " tries a law");
        String subject = "";
        for (Result result : results) {
            if (!result.subject().equals(subject)) {
                subject = result.subject();
                text.append("\n").append(subject);
            }
            text.append("\n  ").append(result.toString().replace("\n", "\n  "));
        }
        long checked = results.stream()
                .filter(result -> result.verdict() != Verdict.NOT_CHECKED)
                .count();
        return text.append("\n")
                .append(checked - broken().size())
                .append(" of ")
                .append(checked)
                .append(" laws hold")
                .toString();
    }
}
