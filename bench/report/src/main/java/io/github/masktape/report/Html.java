// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.text.Decimal;
import io.github.masktape.text.Markup;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Builders for parts of an HTML page, which escape all text. */
final class Html {
    private Html() {}

    /** A picture as a data URI for an attribute. */
    static String dataUri(byte[] png) {
        return "data:image/png;base64," + new String(Base64.getEncoder().encode(png), StandardCharsets.US_ASCII);
    }

    /** A part of the page under a heading. */
    static String section(String title, String... content) {
        return "<section>\n<h2>" + Markup.escape(title) + "</h2>\n" + String.join("", content) + "</section>\n";
    }

    /** A remark below a table or chart. */
    static String note(String text) {
        return "<p class=\"note\">" + Markup.escape(text) + "</p>\n";
    }

    /** Several charts, as many in a line as fit. */
    static String charts(String... svgs) {
        return "<div class=\"charts\">\n" + String.join("", svgs) + "</div>\n";
    }

    /** A drawing that scrolls sideways if it is too wide for the page. */
    static String drawing(String name, String svg) {
        return "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"" + Markup.escape(name) + "\">\n" + svg
                + "</div>\n";
    }

    /** A table of names and their values. */
    static String pairs(String caption, String name, Map<String, String> pairs) {
        HtmlTable table = new HtmlTable(caption, "pairs").head("text", name).head("text", "value");
        pairs.forEach((key, value) -> table.row(key).cell("text", value));
        return table.html();
    }

    /** A table that scrolls sideways if it is too wide; the first cell of each row is its head. */
    static final class HtmlTable {
        private final StringBuilder head = new StringBuilder();
        private final StringBuilder body = new StringBuilder();

        HtmlTable(String caption) {
            this(caption, "numbers");
        }

        HtmlTable(String caption, String style) {
            head.append("<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"")
                    .append(Markup.escape(caption))
                    .append("\"><table class=\"")
                    .append(style)
                    .append("\">\n<caption>")
                    .append(Markup.escape(caption))
                    .append("</caption>\n<thead><tr>");
        }

        HtmlTable heads(List<String> names) {
            names.forEach(name -> head.append("<th scope=\"col\">")
                    .append(Markup.escape(name))
                    .append("</th>"));
            return this;
        }

        /** Adds a column with a style, for example {@code text}. */
        HtmlTable head(String style, String name) {
            head.append("<th scope=\"col\" class=\"")
                    .append(style)
                    .append("\">")
                    .append(Markup.escape(name))
                    .append("</th>");
            return this;
        }

        HtmlTable row(String name) {
            body.append(body.isEmpty() ? "" : "</tr>\n")
                    .append("<tr><th scope=\"row\">")
                    .append(Markup.escape(name))
                    .append("</th>");
            return this;
        }

        HtmlTable cells(List<String> texts) {
            texts.forEach(
                    text -> body.append("<td>").append(Markup.escape(text)).append("</td>"));
            return this;
        }

        HtmlTable cell(String style, String text) {
            body.append("<td class=\"")
                    .append(style)
                    .append("\">")
                    .append(Markup.escape(text))
                    .append("</td>");
            return this;
        }

        /** Adds a cell whose background has a color of this strength. */
        HtmlTable shaded(String style, double share, String text) {
            body.append("<td class=\"")
                    .append(style)
                    .append("\" style=\"--share:")
                    .append(Decimal.fixed(share, 3))
                    .append("\">")
                    .append(Markup.escape(text))
                    .append("</td>");
            return this;
        }

        String html() {
            return head + "</tr></thead>\n<tbody>\n" + body + (body.isEmpty() ? "" : "</tr>\n")
                    + "</tbody></table></div>\n";
        }
    }
}
