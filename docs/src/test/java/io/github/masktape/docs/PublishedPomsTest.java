// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The poms that a user's build reads: complete by the rules of Maven Central, and free of what only our build needs. */
class PublishedPomsTest {
    private static final Path ROOT = Page.root();

    private final XPath xpath = XPathFactory.newInstance().newXPath();

    @ParameterizedTest
    @ValueSource(strings = {"core", "layers", "optim", "bench/conformance", "core/bom"})
    void isComplete(String module) throws Exception {
        Document pom = pom(module);
        for (String required : List.of(
                "name",
                "description",
                "url",
                "licenses/license/url",
                "developers/developer/name",
                "scm/connection",
                "scm/url")) {
            assertThat(texts(pom, "/project/" + required)).as(required).hasSize(1);
        }
        assertThat(texts(pom, "/project/parent")).isEmpty();
        assertThat(texts(pom, "/project/properties")).isEmpty();
        assertThat(texts(pom, "//dependency[not(optional = 'true')]/groupId")).allMatch("io.github.masktape"::equals);
    }

    @Test
    void theBomNamesEveryLibrary() throws Exception {
        assertThat(texts(pom("core/bom"), "//dependencyManagement//artifactId"))
                .containsExactly("masktape-core", "masktape-layers", "masktape-optim", "masktape-conformance");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "layers", "optim"})
    void theLicenseIsInTheJar(String module) throws IOException {
        assertThat(ROOT.resolve(module).resolve("target/classes/META-INF/LICENSE"))
                .hasSameTextualContentAs(ROOT.resolve("LICENSE"));
    }

    /** What pages and examples tell a user to depend on. */
    @Test
    void coordinatesNameThisVersion() throws Exception {
        String version = texts(pom("core"), "/project/version").get(0);
        for (String file : List.of(
                "README.md",
                "docs/training.md",
                "docs/examples/module/pom.xml",
                "docs/examples/classpath/pom.xml",
                "docs/examples/kotlin/pom.xml",
                "docs/examples/benchmark/pom.xml")) {
            assertThat(Files.readString(ROOT.resolve(file))).as(file).contains(version);
        }
    }

    private static Document pom(String module) throws Exception {
        File file = ROOT.resolve(module).resolve("target/published-pom.xml").toFile();
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file);
    }

    private List<String> texts(Document pom, String path) throws Exception {
        NodeList nodes = (NodeList) xpath.evaluate(path, pom, XPathConstants.NODESET);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
