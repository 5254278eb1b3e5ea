// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.text.Markup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of every page: the head, the navigation and the footer.
 *
 * @param version the version of the project
 * @param parts the parts of the navigation
 */
record Frame(String version, List<LinkGroup> parts) {
    /** A named list of links in the navigation. */
    record LinkGroup(String name, List<NavigationLink> entries) {}

    /** A link of the navigation: its text and its address from the top of the site. */
    record NavigationLink(String title, String address) {}

    /** A heading of the page, for the list of headings. */
    record Section(int level, String anchor, String title) {}

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; base-uri 'none'; form-action 'none'";

    /**
     * The HTML of a whole page.
     *
     * @param address the address of the page
     * @param title the title in the browser
     * @param kind a class for the style sheet
     * @param body the page's own HTML
     * @param sections the page's headings
     */
    String page(String address, String title, String kind, String body, List<Section> sections) {
        String top = "../".repeat((int) address.chars().filter(c -> c == '/').count());
        StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"" + POLICY + "\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .append("<title>" + Markup.escape(title.equals("Masktape") ? title : title + " · Masktape")
                        + "</title>\n")
                .append("<link rel=\"icon\" href=\"" + top + "assets/icon.svg\">\n");
        if (body.contains("class=\"math\"")) {
            html.append(style(top, "katex/katex.min.css"));
        }
        html.append(style(top, "site.css")).append(script(top, "theme.js", ""));
        if (body.contains("class=\"math\"")) {
            html.append(script(top, "katex/katex.min.js", " defer"));
        }
        if (body.contains("class=\"language-java\"")) {
            html.append(script(top, "highlight/highlight.min.js", " defer"));
        }
        html.append(script(top, "site.js", " defer")).append(script(top, "search.js", " defer"));
        html.append("</head>\n<body class=\"" + kind + "\" data-top=\"" + top + "\">\n")
                .append("<a class=\"skip\" href=\"#content\">Skip to the text</a>\n<header class=\"top\">\n")
                .append(
                        "<button type=\"button\" class=\"menu\" aria-expanded=\"false\" aria-controls=\"pages\">Menu</button>\n")
                .append("<a class=\"brand\" href=\"" + top + "index.html\">Masktape</a>\n")
                .append(
                        "<button type=\"button\" class=\"find\" aria-haspopup=\"dialog\"><span>Search</span><kbd>/</kbd></button>\n")
                .append(
                        "<button type=\"button\" class=\"theme\" aria-label=\"Dark or light\" title=\"Dark or light\"></button>\n")
                .append("</header>\n<div class=\"columns\">\n")
                .append(navigation(address))
                .append("<main id=\"content\" tabindex=\"-1\">\n<article>\n" + body + "</article>\n")
                .append(neighbors(address))
                .append("<footer>Masktape " + Markup.escape(version)
                        + " · Apache-2.0 · the output of the Java code on these pages is"
                        + " tested</footer>\n</main>\n")
                .append(contents(sections))
                .append("</div>\n</body>\n</html>\n");
        return html.toString();
    }

    private static String style(String top, String file) {
        return "<link rel=\"stylesheet\" href=\"" + top + "assets/" + file + "\">\n";
    }

    private static String script(String top, String file, String when) {
        return "<script src=\"" + top + "assets/" + file + "\"" + when + "></script>\n";
    }

    private String navigation(String address) {
        StringBuilder html = new StringBuilder("<nav id=\"pages\" aria-label=\"Pages\">\n");
        for (LinkGroup part : parts) {
            html.append("<h2>" + Markup.escape(part.name()) + "</h2>\n<ul>\n");
            for (NavigationLink entry : part.entries()) {
                String here = entry.address().equals(address) ? " aria-current=\"page\"" : "";
                html.append("<li><a href=\"" + Addresses.relative(address, entry.address()) + "\"" + here + ">"
                        + Markup.escape(entry.title()) + "</a></li>\n");
            }
            html.append("</ul>\n");
        }
        return html.append("</nav>\n").toString();
    }

    /** Links to the pages before and after this one, if it belongs to a course. */
    private String neighbors(String address) {
        List<NavigationLink> course = parts.stream()
                .flatMap(part -> part.entries().stream())
                .filter(entry -> entry.address().startsWith("course/"))
                .toList();
        List<String> addresses = course.stream().map(NavigationLink::address).toList();
        int here = addresses.indexOf(address);
        if (here < 0) {
            return "";
        }
        return "<nav class=\"neighbors\" aria-label=\"Chapters\">\n"
                + neighbor(address, "prev", "Previous", here == 0 ? null : course.get(here - 1))
                + neighbor(address, "next", "Next", here == course.size() - 1 ? null : course.get(here + 1))
                + "</nav>\n";
    }

    private static String neighbor(String address, String relation, String word, @Nullable NavigationLink entry) {
        return entry == null
                ? ""
                : "<a rel=\"" + relation + "\" href=\"" + Addresses.relative(address, entry.address()) + "\"><span>"
                        + word + "</span> " + Markup.escape(entry.title()) + "</a>\n";
    }

    /** The list of headings beside the text; empty if there are only a few. */
    private static String contents(List<Section> sections) {
        List<Section> listed = new ArrayList<>(sections);
        listed.removeIf(section -> section.level() < 2 || section.level() > 3);
        if (listed.size() < 3) {
            return "";
        }
        StringBuilder html = new StringBuilder(
                "<nav class=\"contents\" aria-label=\"On this page\">\n<h2>On this page</h2>\n<ul>\n");
        for (Section section : listed) {
            html.append("<li class=\"level" + section.level() + "\"><a href=\"#" + Markup.escape(section.anchor())
                    + "\">" + Markup.escape(section.title()) + "</a></li>\n");
        }
        return html.append("</ul>\n</nav>\n").toString();
    }
}
