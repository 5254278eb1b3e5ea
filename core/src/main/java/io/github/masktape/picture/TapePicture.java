// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.picture;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.picture.LayeredLayout.Item;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Markup;
import io.github.masktape.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a tape as a graph: each node with its op and shape, each edge from an input to the op that used it.
 *
 * <p>Only the first and last nodes of a long tape are drawn; one box stands for the rest and states their number. The
 * same picture has the same bytes on every machine.
 */
public final class TapePicture {
    /** The number of nodes drawn at each end of a long tape. */
    static final int EDGE = 50;

    private static final int LONGEST_NAME = 40;
    /** The characters that must be escaped in Mermaid's labels. */
    private static final String MERMAIDS_OWN = "\"#&;<>`*_~[](){}|";

    /** The width of a character in the font of the SVG, at its size. */
    private static final double CHARACTER = 7.3;

    private static final double LINE = 16;
    private static final double BETWEEN = 34;
    private static final double MARGIN = 12;
    /** The width of the dashed line in the legend. */
    private static final double SAMPLE = 36;

    private static final String STYLE = """
            .masktape-tape { max-width: 100%; height: auto; }
            .masktape-tape * { fill: none; stroke: none; }
            .masktape-tape .paper { fill: #ffffff; }
            .masktape-tape text { fill: #1f2328; font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; \
            text-anchor: middle; white-space: pre; }
            .masktape-tape .op { font-weight: 600; }
            .masktape-tape .number, .masktape-tape .soft { fill: #59636e; font-weight: 400; }
            .masktape-tape .legend { fill: #59636e; font-size: 11px; text-anchor: start; }
            .masktape-tape rect { stroke: #59636e; stroke-width: 1.2; fill: #f5f6f8; }
            .masktape-tape .constant rect { stroke-dasharray: 4 3; fill: #ffffff; }
            .masktape-tape .input rect { stroke-width: 2.4; fill: #e3f4ee; stroke: #00785a; }
            .masktape-tape .parameter rect { fill: #e1eff8; stroke: #0072b2; }
            .masktape-tape .rest rect { stroke: none; fill: none; }
            .masktape-tape .edge, .masktape-tape .head { stroke: #59636e; stroke-width: 1.3; }
            .masktape-tape .none { stroke: #8b949e; stroke-dasharray: 2 3; }
            @media (prefers-color-scheme: dark) {
            .masktape-tape .paper { fill: #16191d; }
            .masktape-tape text { fill: #d7dbe0; }
            .masktape-tape .number, .masktape-tape .soft, .masktape-tape .legend { fill: #9aa3ad; }
            .masktape-tape rect { stroke: #9aa3ad; fill: #1e2227; }
            .masktape-tape .constant rect { fill: #16191d; }
            .masktape-tape .input rect { fill: #12312a; stroke: #2fbf95; }
            .masktape-tape .parameter rect { fill: #10293a; stroke: #4aa8e0; }
            .masktape-tape .edge, .masktape-tape .head { stroke: #9aa3ad; }
            .masktape-tape .none { stroke: #6b747e; }
            }
            """;

    /** The kinds of boxes, with their looks. */
    private enum Style {
        CONSTANT("shape=box, style=dashed", "[/\"", "\"/]"),
        INPUT("shape=box, style=\"rounded,bold\"", "([\"", "\"])"),
        PARAMETER("shape=box, peripheries=2", "[[\"", "\"]]"),
        OP("shape=box, style=rounded", "(\"", "\")"),
        REST("shape=plain", ">\"", "\"]");

        private final String dot;
        private final String open;
        private final String close;

        Style(String dot, String open, String close) {
            this.dot = dot;
            this.open = open;
            this.close = close;
        }

        private static Style of(Tape.NodeKind kind) {
            return switch (kind) {
                case CONSTANT -> CONSTANT;
                case INPUT -> INPUT;
                case PARAMETER -> PARAMETER;
                case OP -> OP;
            };
        }
    }

    /**
     * The box of a node, or of all nodes that are not drawn.
     *
     * @param number the number of the node, as {@code #5 }; empty for nodes that are not drawn
     * @param lines the rest of its text
     * @param text a description for readers who cannot see it
     */
    private record Box(String id, Style style, String number, List<String> lines, String text) {
        String label(String separator) {
            return number + String.join(separator, lines);
        }
    }

    /**
     * An edge between two boxes, given by their numbers.
     *
     * @param wanted true if a gradient flows back along it
     */
    private record Arrow(int from, int to, boolean wanted) {}

    /** The number of nodes of the tape. */
    private final int size;

    private final @Nullable Gradients gradients;
    /** The first node that is not drawn; the next drawn one is {@code to}. */
    private final int from;

    private final int to;
    private final List<Box> boxes = new ArrayList<>();
    private final List<Arrow> arrows = new ArrayList<>();

    private TapePicture(Tape tape, @Nullable Gradients gradients) {
        List<Tape.Node> nodes = tape.nodes();
        this.size = nodes.size();
        this.gradients = gradients;
        boolean whole = size <= 2 * EDGE + 1;
        this.from = whole ? size : EDGE;
        this.to = whole ? size : size - EDGE;
        Set<Arrow> merged = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            Tape.Node node = nodes.get(i);
            boolean drawn = i < from || i >= to;
            if (drawn) {
                boxes.add(box(node));
            } else if (i == from) {
                boxes.add(rest());
            }
            for (Variable input : node.inputs()) {
                Arrow arrow = new Arrow(boxOf(input.index()), boxOf(i), input.isWanted());
                if (drawn && boxOf(input.index()) != from) {
                    arrows.add(arrow);
                } else if (arrow.from() != arrow.to()) {
                    merged.add(arrow);
                }
            }
        }
        arrows.addAll(merged);
        arrows.sort(Comparator.comparingInt(Arrow::to));
    }

    /**
     * A picture of the current content of a tape.
     *
     * @throws IllegalArgumentException if the tape is for inference
     */
    public static TapePicture of(Tape tape) {
        if (tape.isForInference()) {
            throw new IllegalArgumentException(
                    "picture: this tape is for inference and recorded nothing; use new Tape()");
        }
        return new TapePicture(tape, null);
    }

    /** A picture of the tape that was read, with the norm of each gradient that was kept. */
    public static TapePicture of(Gradients gradients) {
        return new TapePicture(gradients.tape(), gradients);
    }

    private int boxOf(int node) {
        return node < from ? node : node < to ? from : node - (to - from) + 1;
    }

    private Box box(Tape.Node node) {
        String number = "#" + node.result().index() + " ";
        List<String> lines = new ArrayList<>(List.of(
                Printable.characters(Printable.shortened(node.op(), LONGEST_NAME)),
                node.result().shape().toString()));
        StringBuilder text = new StringBuilder(number + lines.get(0));
        for (int i = 0; i < node.inputs().size() && i < EDGE; i++) {
            text.append(i == 0 ? " ← #" : ", #").append(node.inputs().get(i).index());
        }
        text.append(node.inputs().size() > EDGE ? ", …" : "").append(", ").append(lines.get(1));
        String norm = norm(node.result());
        if (norm != null) {
            lines.add("‖∇‖ " + norm);
            text.append(", norm of the gradient ").append(norm);
        }
        return new Box("n" + node.result().index(), Style.of(node.kind()), number, lines, text.toString());
    }

    private Box rest() {
        String text = "… " + Decimal.grouped(to - from) + " more nodes";
        return new Box("rest", Style.REST, "", List.of(text), text);
    }

    private @Nullable String norm(Variable variable) {
        return gradients == null || !gradients.has(variable)
                ? null
                : Decimal.shortest(Math.sqrt(gradients.of(variable).sumOfSquares()), 4);
    }

    /** The picture in words: a line for each node, with its inputs and its shape. */
    @Override
    public String toString() {
        return boxes.stream().map(Box::text).collect(Collectors.joining("\n"));
    }

    // ---- Graphviz ----

    /** The picture for Graphviz. */
    public String toDot() {
        StringBuilder out = new StringBuilder("digraph tape {\n  node [fontname=\"monospace\", fontsize=11];\n");
        for (Box box : boxes) {
            String label =
                    box.label("\n").replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            out.append("  " + box.id() + " [label=\"" + label + "\", " + box.style().dot + "];\n");
        }
        for (Arrow arrow : arrows) {
            out.append("  " + boxes.get(arrow.from()).id() + " -> "
                    + boxes.get(arrow.to()).id() + (arrow.wanted() ? "" : " [style=dashed]") + ";\n");
        }
        return out.append("}\n").toString();
    }

    // ---- Mermaid ----

    /** The picture as a Mermaid flowchart. */
    public String toMermaid() {
        StringBuilder out = new StringBuilder("flowchart TB\n");
        for (Box box : boxes) {
            StringBuilder label = new StringBuilder();
            box.label("\n").codePoints().forEach(c -> {
                if (c == '\n') {
                    label.append("<br>");
                } else if (c == '\\') {
                    // Mermaid treats a backslash and an n as a line break, even when they are given as codes.
                    label.append("#92;#8203;");
                } else if (MERMAIDS_OWN.indexOf(c) >= 0) {
                    label.append('#').append(c).append(';');
                } else {
                    label.appendCodePoint(c);
                }
            });
            out.append("  " + box.id() + box.style().open + label + box.style().close + "\n");
        }
        for (Arrow arrow : arrows) {
            out.append("  " + boxes.get(arrow.from()).id() + (arrow.wanted() ? " --> " : " -.-> ")
                    + boxes.get(arrow.to()).id() + "\n");
        }
        return out.toString();
    }

    // ---- SVG ----

    /**
     * The picture as self-contained SVG, which follows the reader's light or dark mode and describes itself in words
     * for readers who cannot see it.
     */
    public String toSvg() {
        double[] widths =
                boxes.stream().mapToDouble(box -> 20 + CHARACTER * longest(box)).toArray();
        List<int[]> edges = arrows.stream()
                .map(arrow -> new int[] {arrow.from(), arrow.to()})
                .toList();
        LayeredLayout layout = new LayeredLayout(widths, edges);
        double boxHeight = 10
                + LINE
                        * boxes.stream()
                                .mapToInt(box -> box.lines().size())
                                .max()
                                .orElse(1);
        double legend = SAMPLE + 11 * 0.61 * legend().length();
        double width = 2 * MARGIN + Math.max(layout.width(), legend);
        double height = 2 * MARGIN + layout.layers().size() * (boxHeight + BETWEEN) - BETWEEN + 26;
        height = layout.layers().isEmpty() ? 2 * MARGIN + 20 : height;
        double shift = (width - layout.width()) / 2;
        StringBuilder out =
                new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"masktape-tape\" role=\"img\""
                        + " width=\"" + number(width) + "\" height=\"" + number(height) + "\" viewBox=\"0 0 "
                        + number(width) + " " + number(height) + "\">\n<title>Tape of " + Decimal.grouped(size)
                        + (size == 1 ? " node" : " nodes") + "</title>\n<desc>");
        out.append(Markup.escape(toString()));
        out.append("</desc>\n<style>\n" + STYLE
                + "</style>\n<rect class=\"paper\" style=\"stroke:none\" width=\"100%\" height=\"100%\"/>\n");
        for (List<Item> layer : layout.layers()) {
            for (Item item : layer) {
                appendEdges(out, item, shift, boxHeight);
            }
        }
        for (List<Item> layer : layout.layers()) {
            for (Item item : layer) {
                if (item.isBox) {
                    append(out, boxes.get(item.box), shift + item.x, top(item, boxHeight), item.width, boxHeight);
                }
            }
        }
        appendLegend(out, height - MARGIN);
        return out.append("</svg>\n").toString();
    }

    private String legend() {
        if (boxes.isEmpty()) {
            return "an empty tape";
        }
        return "no gradient flows back" + (gradients == null ? "" : "   ‖∇‖ norm of the gradient");
    }

    private void appendLegend(StringBuilder out, double y) {
        double x = MARGIN;
        if (!boxes.isEmpty()) {
            out.append("<path class=\"edge none\" d=\"M" + number(x) + " " + number(y - 4) + "h" + number(SAMPLE - 8)
                    + "\"/>\n");
            x += SAMPLE;
        }
        out.append("<text class=\"legend\" x=\"" + number(x) + "\" y=\"" + number(y) + "\">" + legend() + "</text>\n");
    }

    private static int longest(Box box) {
        int longest = box.number().length() + box.lines().get(0).length();
        for (String line : box.lines()) {
            longest = Math.max(longest, line.length());
        }
        return longest;
    }

    private static double top(Item item, double boxHeight) {
        return MARGIN + item.layer * (boxHeight + BETWEEN);
    }

    private void appendEdges(StringBuilder out, Item from, double shift, double boxHeight) {
        if (from.below.isEmpty()) {
            return;
        }
        boolean wanted = false;
        for (Arrow arrow : arrows) {
            wanted |= arrow.from() == from.box && arrow.wanted();
        }
        double x = shift + from.x;
        double start = top(from, boxHeight) + (from.isBox ? boxHeight : 0);
        String edge = "<path class=\"edge" + (wanted ? "" : " none") + "\" d=\"";
        if (!from.isBox) {
            out.append(edge + "M" + number(x) + " " + number(start) + "v" + number(boxHeight) + "\"/>\n");
            start += boxHeight;
        }
        int[] used = new int[from.below.size()];
        for (int i = 0; i < used.length; i++) {
            Item to = from.below.get(i);
            int same = 0;
            for (int j = 0; j < i; j++) {
                same += from.below.get(j) == to ? 1 : 0;
            }
            double end = start + BETWEEN;
            double goal = shift + (to.isBox ? port(from, to, same) : to.x);
            out.append(edge + "M" + number(x) + " " + number(start) + "C" + number(x) + " "
                    + number(start + BETWEEN / 2) + " " + number(goal) + " " + number(end - BETWEEN / 2) + " "
                    + number(goal) + " " + number(end) + "\"/>\n");
            if (to.isBox) {
                out.append(
                        "<path class=\"head\" d=\"M" + number(goal - 3.5) + " " + number(end - 7) + "L" + number(goal)
                                + " " + number(end - 1) + "L" + number(goal + 3.5) + " " + number(end - 7) + "\"/>\n");
            }
        }
    }

    /** The place where an edge meets its box from above; edges from the left meet it further left. */
    private static double port(Item from, Item to, int same) {
        List<Item> sources = new ArrayList<>(to.above);
        sources.sort(Comparator.comparingDouble(item -> item.x));
        int rank = sources.indexOf(from) + same;
        double step = Math.min(16, (to.width - 16) / sources.size());
        return to.x + (rank - (sources.size() - 1) / 2.0) * step;
    }

    private static void append(StringBuilder out, Box box, double x, double top, double width, double height) {
        Style style = box.style();
        out.append("<g class=\"" + style.name().toLowerCase(Locale.ROOT) + "\"><title>" + Markup.escape(box.text())
                + "</title>");
        // A rounder box would touch the first and the last of three lines.
        double corner = style == Style.OP ? 6 : style == Style.INPUT ? Math.min(height, 10 + 2 * LINE) / 2 : 0;
        rect(out, x - width / 2, top, width, height, corner);
        if (style == Style.PARAMETER) {
            rect(out, x - width / 2 + 3, top + 3, width - 6, height - 6, corner);
        }
        double baseline = top + height / 2 - LINE * (box.lines().size() - 1) / 2 + 4;
        for (int i = 0; i < box.lines().size(); i++) {
            out.append("<text class=\"" + (i == 0 ? "op" : "soft") + "\" x=\"" + number(x) + "\" y=\""
                    + number(baseline + LINE * i) + "\">"
                    + (i == 0 && !box.number().isEmpty() ? "<tspan class=\"number\">" + box.number() + "</tspan>" : "")
                    + Markup.escape(box.lines().get(i)) + "</text>");
        }
        out.append("</g>\n");
    }

    private static void rect(StringBuilder out, double x, double y, double width, double height, double corner) {
        out.append("<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\""
                + number(height) + "\"" + (corner == 0 ? "" : " rx=\"" + number(corner) + "\"") + "/>");
    }

    private static String number(double value) {
        String text = Decimal.fixed(value, 1);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
