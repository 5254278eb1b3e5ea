// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A JavaScript library on the class path, packaged as a WebJar. */
final class WebJar {
    private final String folder;

    /** The WebJar with this group and name. */
    WebJar(String group, String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = open("META-INF/maven/" + group + "/" + name + "/pom.properties")) {
            properties.load(in);
        }
        folder = "META-INF/resources/webjars/" + name + "/" + properties.getProperty("version") + "/";
    }

    /** Copies one of its files. */
    void copy(String file, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream in = open(folder + file)) {
            Files.write(target, in.readAllBytes());
        }
    }

    /** One of its files. */
    String read(String file) throws IOException {
        try (InputStream in = open(folder + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = WebJar.class.getClassLoader().getResourceAsStream(resource);
        if (in == null) {
            throw new IOException("not on the class path: " + resource);
        }
        return in;
    }
}
