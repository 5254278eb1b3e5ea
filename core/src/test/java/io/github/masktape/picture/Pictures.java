// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * What tests ask of pictures. Those that somebody has looked at and found right are in src/test/resources/pictures; one that comes
 * out otherwise is left in target/pictures: look at it, and if it is as good or better, copy it over the old one.
 */
public final class Pictures {
    private static final Path RIGHT = Path.of("src/test/resources/pictures");
    private static final Path NEW = Path.of("target/pictures");

    private Pictures() {}

    /** Fails unless the picture is the one of this name that was looked at, to the last character. */
    public static void assertApproved(String name, String picture) {
        try {
            Path file = RIGHT.resolve(name);
            if (Files.exists(file) && Files.readString(file).equals(picture)) {
                return;
            }
            Files.createDirectories(NEW);
            Path written = Files.writeString(NEW.resolve(name), picture);
            assertThat(file).as("look at " + written).hasContent(picture);
            assertThat(file).as("line ends, see " + written).hasSize(Files.size(written));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An SVG picture as XML, which it must be. */
    public static Document parse(String svg) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg)));
        } catch (Exception e) {
            throw new AssertionError(svg, e);
        }
    }

    /** The text in it, one string an element. */
    public static List<String> texts(String svg) {
        NodeList found = parse(svg).getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent());
        }
        return texts;
    }

    /** Its elements of a CSS class. */
    public static List<Element> elements(String svg, String itsClass) {
        NodeList all = parse(svg).getElementsByTagName("*");
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i) instanceof Element element
                    && element.getAttribute("class").equals(itsClass)) {
                elements.add(element);
            }
        }
        return elements;
    }
}
