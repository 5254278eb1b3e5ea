// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;

/** The index of the site's search: each section of each page, and each name of the API. */
final class SearchIndex {
    /**
     * An entry of the index.
     *
     * @param t the page
     * @param h the heading
     * @param u the address from the top of the site
     * @param x the text
     */
    private record Place(String t, String h, String u, String x) {}

    private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

    private final List<Place> places = new ArrayList<>();

    /** Adds the sections of a page. */
    void add(Page page, String address) {
        Map<Heading, String> anchors = page.headings();
        String title = page.title();
        String heading = title;
        String place = address;
        StringBuilder text = new StringBuilder();
        for (Node node = page.document().getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading next) {
                places.add(new Place(title, heading, place, text.toString()));
                text.setLength(0);
                heading = Page.text(next);
                place = next.getLevel() == 1 ? address : address + "#" + anchors.get(next);
            } else {
                text.append(text(node));
            }
        }
        places.add(new Place(title, heading, place, text.toString()));
        places.removeIf(empty -> empty.x().isEmpty());
    }

    private static String text(Node block) {
        StringBuilder text = new StringBuilder();
        Page.visit(block, node -> {
            if (node instanceof FencedCodeBlock code) {
                text.append(code.getInfo().strip().equals("math") ? plain(code.getLiteral()) : code.getLiteral());
            } else if (node instanceof Paragraph || node instanceof TableCell) {
                text.append(Page.text(node)).append(node instanceof Block ? "\n" : " · ");
            }
        });
        return text.toString();
    }

    /** Adds the names of the API; a constructor is found with its class. */
    void add(Api api) {
        api.addresses().forEach((name, address) -> {
            if (!name.matches("(?:.*\\.)?(\\w+)\\.\\1")) {
                places.add(new Place("API", name, address, packageOf(address)));
            }
        });
    }

    private static String packageOf(String address) {
        return address.replaceAll("^api/[^/]*/|/[^/]*$|#.*", "").replace('/', '.');
    }

    /**
     * Converts a LaTeX formula to a searchable line of text: {@code \sum_n J_n \odot M_n} becomes {@code Σ Jₙ ⊙ Mₙ}.
     */
    static String plain(String latex) {
        String text = latex.replaceAll("\\\\(begin|end)\\{[^}]*}(\\{[^}]*})?", " ");
        for (Map.Entry<String, String> symbol : SYMBOLS.entrySet()) {
            text = text.replaceAll("\\\\" + symbol.getKey() + "(?![a-zA-Z])\\s*", symbol.getValue());
        }
        return text.replaceAll("\\\\[dt]?frac\\{([^{}]*)}\\{([^{}]*)}", "$1/$2")
                .replaceAll("\\\\[dt]?frac\\s*(\\w)\\s*(\\w)", "$1/$2")
                .replaceAll("\\\\(log|ln|exp|max|min|tanh)(?![a-zA-Z])", "$1")
                .replaceAll("\\\\(text|mathrm|mathbf|operatorname|underbrace|overbrace|sqrt)\\s*", "")
                .replaceAll("\\\\\\\\(\\[[^]]*])?", "\n")
                .replaceAll("\\\\[a-zA-Z]+|\\\\.", " ")
                .replaceAll("[{}&]", "")
                .replaceAll("\\^T\\b", "ᵀ")
                .replaceAll("_n\\b", "ₙ")
                .replaceAll("_[a-zA-Z0-9]+", "")
                .replaceAll("[ \\t]+", " ");
    }

    private static final Map<String, String> SYMBOLS = new TreeMap<>(Map.ofEntries(
            Map.entry("partial", "∂"),
            Map.entry("sum", "Σ"),
            Map.entry("odot", "⊙ "),
            Map.entry("cdot", "·"),
            Map.entry("times", "× "),
            Map.entry("top", "T"),
            Map.entry("sigma", "σ"),
            Map.entry("mu", "μ"),
            Map.entry("varepsilon", "ε"),
            Map.entry("epsilon", "ε"),
            Map.entry("Phi", "Φ"),
            Map.entry("varphi", "φ"),
            Map.entry("phi", "φ"),
            Map.entry("delta", "δ"),
            Map.entry("eta", "η"),
            Map.entry("alpha", "α"),
            Map.entry("pi", "π"),
            Map.entry("leftarrow", "← "),
            Map.entry("leq?", "≤ "),
            Map.entry("geq?", "≥ "),
            Map.entry("in", "∈ ")));

    /** A script that passes the entries to the page, since a page opened from disk may not fetch a file. */
    String script() {
        return "window.masktapePlaces = " + JSON.toJson(places) + ";\n";
    }
}
