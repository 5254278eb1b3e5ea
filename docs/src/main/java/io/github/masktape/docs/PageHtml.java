// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.text.Markup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;
import org.jspecify.annotations.Nullable;

/** A renderer of a page's own HTML, without the frame around it. */
final class PageHtml {
    private final Page page;
    private final String address;
    private final Addresses addresses;
    private final Api api;
    private final Map<Heading, String> anchors;

    PageHtml(Page page, Addresses addresses, Api api) {
        this.page = page;
        this.address = addresses.of(page.file());
        this.addresses = addresses;
        this.api = api;
        this.anchors = page.headings();
    }

    String html() {
        return HtmlRenderer.builder()
                .nodeRendererFactory(Blocks::new)
                .attributeProviderFactory(context -> this::attributes)
                .extensions(List.of(TablesExtension.create()))
                .build()
                .render(page.document());
    }

    private void attributes(Node node, String tag, Map<String, String> attributes) {
        if (node instanceof Link link) {
            attributes.put("href", target(link.getDestination()));
        } else if (node instanceof Image image && tag.equals("img")) {
            attributes.put("src", target(image.getDestination()));
            attributes.put("loading", "lazy");
            attributes.putAll(size(image.getDestination()));
        } else if (node instanceof TableCell && Page.text(node).length() <= 24) {
            attributes.put("class", "short");
        }
    }

    private String target(String destination) {
        try {
            return addresses.link(address, Objects.requireNonNull(page.file().getParent()), destination);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(page.name() + ": a link leads to " + e.getMessage(), e);
        }
    }

    /** The width and height that an SVG picture states, so that the text does not move when the picture loads. */
    private Map<String, String> size(String destination) {
        Path file = page.file().resolveSibling(destination);
        Map<String, String> size = new HashMap<>();
        if (destination.endsWith(".svg") && Files.exists(file)) {
            try {
                String svg = Files.readString(file);
                String head = svg.substring(0, svg.indexOf('>', svg.indexOf("<svg")) + 1);
                for (String side : List.of("width", "height")) {
                    Matcher number = Pattern.compile("\\s" + side + "=\"([0-9.]+)(?:px)?\"")
                            .matcher(head);
                    if (number.find()) {
                        size.put(side, Long.toString(Math.round(Double.parseDouble(number.group(1)))));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return size;
    }

    /** Renders headings with anchors, blocks by their language, names of the API as links, and tables that scroll. */
    private final class Blocks implements NodeRenderer {
        private final HtmlNodeRendererContext context;
        private final HtmlWriter html;

        Blocks(HtmlNodeRendererContext context) {
            this.context = context;
            this.html = context.getWriter();
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Heading.class, FencedCodeBlock.class, Code.class, TableBlock.class);
        }

        @Override
        public void render(Node node) {
            if (node instanceof Heading heading) {
                heading(heading);
            } else if (node instanceof FencedCodeBlock block) {
                block(block);
            } else if (node instanceof Code code) {
                code(code);
            } else {
                html.line();
                html.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table>");
                children(node);
                html.raw("</table></div>");
                html.line();
            }
        }

        private void heading(Heading heading) {
            String anchor = Objects.requireNonNull(anchors.get(heading));
            String tag = "h" + heading.getLevel();
            html.line();
            html.raw("<" + tag + " id=\"" + Markup.escape(anchor) + "\">");
            children(heading);
            if (heading.getLevel() > 1) {
                html.raw("<a class=\"anchor\" href=\"#" + Markup.escape(anchor)
                        + "\" aria-label=\"Link to this section\">#</a>");
            }
            html.raw("</" + tag + ">");
            html.line();
        }

        private void block(FencedCodeBlock block) {
            String language = language(block);
            String text = Markup.escape(Page.withoutEnd(block.getLiteral()));
            html.line();
            switch (language) {
                case "math" -> html.raw("<div class=\"math\" tabindex=\"0\">" + text + "</div>");
                case "java" ->
                    html.raw((isPrinting(block) ? "<div class=\"example\">\n" : "")
                            + "<div class=\"code\"><pre tabindex=\"0\"><code class=\"language-java\">" + text
                            + "</code></pre></div>");
                case "text" ->
                    html.raw("<div class=\"output\"><span class=\"label\">prints</span><pre tabindex=\"0\"><samp>"
                            + text + "</samp></pre></div>" + (isPrinted(block) ? "\n</div>" : ""));
                case "sh" ->
                    html.raw("<div class=\"code shell\"><pre tabindex=\"0\"><code>" + text + "</code></pre></div>");
                default -> html.raw("<pre class=\"plain\" tabindex=\"0\">" + text + "</pre>");
            }
            html.line();
        }

        private boolean isPrinting(FencedCodeBlock java) {
            return java.getNext() instanceof FencedCodeBlock next
                    && language(next).equals("text");
        }

        private boolean isPrinted(FencedCodeBlock output) {
            return output.getPrevious() instanceof FencedCodeBlock before
                    && language(before).equals("java");
        }

        private void code(Code code) {
            String link = isInLink(code) ? null : link(code.getLiteral());
            String text = "<code>" + Markup.escape(code.getLiteral()) + "</code>";
            html.raw(link == null ? text : "<a class=\"name\" href=\"" + Markup.escape(link) + "\">" + text + "</a>");
        }

        private void children(Node node) {
            for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
                context.render(child);
            }
        }
    }

    private @Nullable String link(String name) {
        String there = api.address(name);
        return there == null ? null : Addresses.relative(address, there);
    }

    private static String language(FencedCodeBlock block) {
        return block.getInfo().strip();
    }

    private static boolean isInLink(Node node) {
        for (Node above = node.getParent(); above != null; above = above.getParent()) {
            if (above instanceof Link || above instanceof Heading) {
                return true;
            }
        }
        return false;
    }
}
