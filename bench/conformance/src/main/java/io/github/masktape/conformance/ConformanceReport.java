package io.github.masktape.conformance;

import java.util.List;

/**
 * What a check found. It prints as a table of laws.
 *
 * @param implementation the name of what was checked
 * @param tries a law
 * @param results one for each law
 */
public record ConformanceReport(String implementation, int tries, List<Result> results) {
    /**
     * One law's result.
     *
     * @param law the law's name
     * @param subject what it is about
     * @param formula what it says
     * @param verdict whether it holds
     * @param message how it was broken, or why it was not checked
     */
    public record Result(String law, String subject, String formula, Verdict verdict, String message) {
        /** The law on one line, and under it how it was broken. */
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

    /** True if no law that was checked is broken, and at least one was checked. */
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

    /** A table: each subject, its laws, and what broke them. */
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
