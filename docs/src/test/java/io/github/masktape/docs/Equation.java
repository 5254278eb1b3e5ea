// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two expressions of numbers alone with an equals sign between them, such as {@code 1·(1·1 + 4·4 + 1·9) = 26}.
 *
 * @param left the expression before the sign
 * @param right the expression behind it
 */
record Equation(String left, String right) {
    private static final String CHARACTERS = "[0-9.+−\\-·×/()½¼¾√²³ ]*";
    private static final Pattern END =
            Pattern.compile("(?:^|[^\\p{L}\\p{No}\\])'⊙·×/+−*^_:<>-])\\s*(" + CHARACTERS + ")$");
    private static final Pattern START = Pattern.compile("^(" + CHARACTERS + ")");
    /** What is still part of a formula. */
    private static final String GOES_ON = "(?:[.]?[0-9\\p{L}\\p{No}…%⁻ᵀ\\[]| ?[·×/+−*^] ?\\S).*";

    private static final Pattern TOKEN = Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?|[-+−·×/()½¼¾√²³])");

    /** The equations of a line of text, in order. */
    static List<Equation> in(String line) {
        List<Equation> equations = new ArrayList<>();
        String[] sides = line.split("(?<![=<>!≤≥:])=(?!=)", -1);
        for (int i = 0; i + 1 < sides.length; i++) {
            Matcher end = END.matcher(sides[i].stripTrailing());
            String right = start(sides[i + 1].strip());
            if (end.find() && new Equation(end.group(1).strip(), right).isOfNumbers()) {
                equations.add(new Equation(end.group(1).strip(), right));
            }
        }
        return equations;
    }

    /** The longest expression that a text starts with and that a sentence could go on after. */
    private static String start(String text) {
        Matcher start = START.matcher(text);
        String longest = start.find() ? start.group(1).strip() : "";
        while (!longest.isEmpty()
                && (!isExpression(longest) || text.substring(longest.length()).matches(GOES_ON))) {
            longest = longest.substring(0, longest.length() - 1).strip();
        }
        return longest;
    }

    private boolean isOfNumbers() {
        return (left + right).matches(".*[0-9½¼¾)²³] ?[-+−·×/²³].*") && isExpression(left) && isExpression(right);
    }

    private static boolean isExpression(String text) {
        try {
            return !Double.isNaN(value(text));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** True if both sides have the same value, rounded to as many digits as the right one is written with. */
    boolean holds() {
        int point = right.indexOf('.');
        int digits = right.matches("[−-]?[0-9.]+") && point >= 0 ? right.length() - point - 1 : 9;
        return Math.abs(value(left) - value(right)) <= 0.5000001 * Math.pow(10, -digits);
    }

    /** What an expression comes to. */
    static double value(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (token.find() && token.start() == end) {
            tokens.add(token.group(1).replace('-', '−'));
            end = token.end();
        }
        if (end != text.length() || tokens.isEmpty()) {
            throw new IllegalArgumentException("no expression: " + text);
        }
        double value = sum(tokens);
        if (!tokens.isEmpty()) {
            throw new IllegalArgumentException("no expression: " + text);
        }
        return value;
    }

    private static double sum(List<String> tokens) {
        double value = product(tokens);
        while (!tokens.isEmpty() && tokens.get(0).matches("[+−]")) {
            value += tokens.remove(0).equals("+") ? product(tokens) : -product(tokens);
        }
        return value;
    }

    private static double product(List<String> tokens) {
        double value = factor(tokens);
        while (!tokens.isEmpty() && tokens.get(0).matches("[·×/]")) {
            value = tokens.remove(0).equals("/") ? value / factor(tokens) : value * factor(tokens);
        }
        return value;
    }

    private static double factor(List<String> tokens) {
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("no expression: it ends too soon");
        }
        String first = tokens.remove(0);
        double value = switch (first) {
            case "−" -> -factor(tokens);
            case "√" -> Math.sqrt(factor(tokens));
            case "½" -> 0.5;
            case "¼" -> 0.25;
            case "¾" -> 0.75;
            case "(" -> {
                double inner = sum(tokens);
                if (tokens.isEmpty() || !tokens.remove(0).equals(")")) {
                    throw new IllegalArgumentException("no expression: a parenthesis is open");
                }
                yield inner;
            }
            default -> {
                if (!first.matches("[0-9.]+")) {
                    throw new IllegalArgumentException("no expression: " + first);
                }
                yield Double.parseDouble(first);
            }
        };
        while (!tokens.isEmpty() && tokens.get(0).matches("[²³]")) {
            value = Math.pow(value, tokens.remove(0).equals("²") ? 2 : 3);
        }
        return value;
    }
}
