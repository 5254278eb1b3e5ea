package io.github.masktape.autograd;

import io.github.masktape.tensor.Decimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tape as a graph, in three languages: see {@link Tape#toDot}, {@link Tape#toMermaid}, {@link Tape#toSvg}.
 *
 * <p>A long tape is drawn by its first and its last nodes; those between are one node that says how many they are.
 */
final class TapePicture {
    /** How many nodes are drawn of either end of a long tape. */
    static final int EDGE = 60;

    private static final int LONGEST_NAME = 40;

    /** What a node looks like. */
    enum Kind {
        CONSTANT("shape=box, style=dashed", "[/\"", "\"/]"),
        INPUT("shape=box, style=\"rounded,bold\"", "([\"", "\"])"),
        PARAMETER("shape=box, peripheries=2", "[[\"", "\"]]"),
        OP("shape=box, style=rounded", "(\"", "\")"),
        REST("shape=plain", "[\"", "\"]");

        final String dot;
        final String open;
        final String close;

        Kind(String dot, String open, String close) {
            this.dot = dot;
            this.open = open;
            this.close = close;
        }
    }

    private final List<Tape.Node> nodes;
    private final @Nullable Gradients gradients;
    /** The nodes from here to before {@code to} are not drawn. */
    private final int from;

    private final int to;

    TapePicture(List<Tape.Node> nodes, @Nullable Gradients gradients) {
        this.nodes = nodes;
        this.gradients = gradients;
        boolean whole = nodes.size() <= 2 * EDGE + 1;
        this.from = whole ? nodes.size() : EDGE;
        this.to = whole ? nodes.size() : nodes.size() - EDGE;
    }

    private Kind kind(Tape.Node node) {
        if (!node.inputs().isEmpty()) {
            return Kind.OP;
        }
        return switch (node.op()) {
            case "constant" -> Kind.CONSTANT;
            case "parameter" -> Kind.PARAMETER;
            default -> Kind.INPUT;
        };
    }

    private List<String> label(Tape.Node node) {
        String name = "#" + node.result().index() + " " + clean(node.op());
        String shape = node.result().shape().toString();
        String norm = norm(node.result());
        return norm == null ? List.of(name, shape) : List.of(name, shape, "‖∇‖ " + norm);
    }

    private @Nullable String norm(Variable variable) {
        if (gradients == null || !variable.isWanted() || !variable.tape().keeps(variable)) {
            return null;
        }
        return Decimal.shortest(Math.sqrt(gradients.of(variable).sumOfSquares()), 4);
    }

    private static String clean(String op) {
        StringBuilder text = new StringBuilder();
        op.codePoints().limit(LONGEST_NAME + 1L).forEach(c -> text.appendCodePoint(isAllowed(c) ? c : 0xFFFD));
        return op.codePointCount(0, op.length()) > LONGEST_NAME
                ? text.substring(0, text.offsetByCodePoints(0, LONGEST_NAME)) + "…"
                : text.toString();
    }

    private static boolean isAllowed(int c) {
        boolean control = c < ' ' || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
        boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean unpaired = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !(control || direction || unpaired || c == 0xFFFE || c == 0xFFFF);
    }

    String dot() {
        StringBuilder out = new StringBuilder("digraph tape {\n");
        for (Tape.Node node : nodes) {
            out.append("  n" + node.result().index() + " [label=\""
                    + String.join("\\n", label(node)).replace("\"", "\\\"") + "\", " + kind(node).dot + "];\n");
            for (Variable input : node.inputs()) {
                out.append("  n" + input.index() + " -> n" + node.result().index() + ";\n");
            }
        }
        return out.append("}\n").toString();
    }

    String mermaid() {
        StringBuilder out = new StringBuilder("flowchart TB\n");
        for (Tape.Node node : nodes) {
            Kind kind = kind(node);
            out.append(
                    "  n" + node.result().index() + kind.open + String.join("<br>", label(node)) + kind.close + "\n");
            for (Variable input : node.inputs()) {
                out.append("  n" + input.index() + " --> n" + node.result().index() + "\n");
            }
        }
        return out.toString();
    }

    String svg() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 %d\" role=\"img\">\n",
                20 * nodes.size() + 10));
        for (Tape.Node node : nodes) {
            out.append("<text x=\"10\" y=\"" + 20 * (node.result().index() + 1) + "\">"
                    + String.join(" ", label(node)).replace("&", "&amp;").replace("<", "&lt;") + "</text>\n");
        }
        return out.append("</svg>\n").toString();
    }
}
