// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The Javadoc of core, layers and optim, and what is in it. */
final class Api {
    private static final List<String> MODULES = List.of("core", "layers", "optim");
    private static final Pattern ARGUMENTS = Pattern.compile("\\(.*\\)$");
    /**
     * The warnings of javadoc that are intended: a parameter or result has no tag if the tag would only repeat its name
     * and the first sentence. Everything else is a fault: a missing comment, an unexplained record component, type
     * parameter or exception, or a broken link.
     */
    private static final Pattern MEANT = Pattern.compile("using incubating module|no @param for [^<]\\S*$|no @return$");

    private static final Pattern WARNING = Pattern.compile("(?m)^(.*?): (?:warning|error)(?:: )?(.*)\\R(.*)$");

    /** Addresses from the top of the site, by {@code Type}, {@code Type.Nested} and {@code Type.member}. */
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private Api() {}

    /** Runs javadoc and reads its lists. */
    static Api build(Path root, Path site, Path styleSheet) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet",
                "-notimestamp",
                "--release=17",
                "-Xdoclint:all",
                "-Xmaxwarns",
                "100000",
                "--add-modules=jdk.incubator.vector",
                "--module-path=" + annotations(),
                "-d",
                site.resolve("api").toString(),
                "--add-stylesheet",
                styleSheet.toString(),
                "-windowtitle",
                "Masktape API",
                "-doctitle",
                "Masktape API",
                "-header",
                "<a href=\"{@docRoot}/../index.html\">Masktape docs</a>"));
        for (String module : MODULES) {
            arguments.add("--module-source-path=io.github.masktape." + module + "="
                    + root.resolve(module).resolve("src/main/java"));
        }
        arguments.add("--module="
                + MODULES.stream().map(module -> "io.github.masktape." + module).collect(Collectors.joining(",")));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int status = ToolProvider.findFirst("javadoc")
                .orElseThrow(() -> new IllegalStateException("this JDK has no javadoc"))
                .run(out, out, arguments.toArray(new String[0]));
        String faults = faults(said.toString());
        if (status != 0 || !faults.isEmpty()) {
            throw new IllegalStateException("javadoc: " + (faults.isEmpty() ? said : faults));
        }
        withoutMissingFonts(site.resolve("api"));
        return read(site);
    }

    /** Removes the reference of JDK 17's style sheet to a file of fonts that some builds lack. */
    private static void withoutMissingFonts(Path api) throws IOException {
        Path style = api.resolve("stylesheet.css");
        if (Files.exists(style) && !Files.exists(api.resolve("resources/fonts/dejavu.css"))) {
            Files.writeString(style, Files.readString(style).replace("@import url('resources/fonts/dejavu.css');", ""));
        }
    }

    /** The warnings and errors in javadoc's output that must be fixed. */
    static String faults(String said) {
        return WARNING.matcher(said)
                .results()
                .filter(warning -> !MEANT.matcher(warning.group(2)).find()
                        || (warning.group(2).startsWith("no @param")
                                && warning.group(3).matches(".*\\brecord\\b.*")))
                .map(warning -> "\n" + warning.group())
                .collect(Collectors.joining());
    }

    private static Path annotations() {
        try {
            return Path.of(NullMarked.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads the lists that javadoc writes for its own search. */
    private static Api read(Path site) throws IOException {
        Api api = new Api();
        Map<String, String> modules = new LinkedHashMap<>();
        for (JsonElement element : list(site, "package")) {
            JsonObject entry = element.getAsJsonObject();
            if (entry.has("m")) {
                modules.put(text(entry, "l"), text(entry, "m"));
            }
        }
        for (JsonElement element : list(site, "type")) {
            JsonObject entry = element.getAsJsonObject();
            if (entry.has("p")) {
                api.addresses.putIfAbsent(text(entry, "l"), page(modules, text(entry, "p"), text(entry, "l")));
            }
        }
        for (JsonElement element : list(site, "member")) {
            JsonObject entry = element.getAsJsonObject();
            if (entry.has("c")) {
                String anchor = entry.has("u") ? text(entry, "u") : text(entry, "l");
                String member = ARGUMENTS.matcher(text(entry, "l")).replaceFirst("");
                api.addresses.putIfAbsent(
                        text(entry, "c") + "." + member,
                        page(modules, text(entry, "p"), text(entry, "c")) + "#" + anchor);
            }
        }
        return api;
    }

    private static String page(Map<String, String> modules, String inPackage, String type) {
        return "api/" + modules.get(inPackage) + "/" + inPackage.replace('.', '/') + "/" + type + ".html";
    }

    private static JsonArray list(Path site, String kind) throws IOException {
        String script = Files.readString(site.resolve("api/" + kind + "-search-index.js"));
        String json = script.substring(script.indexOf('['), script.lastIndexOf(']') + 1);
        return new Gson().fromJson(json, JsonArray.class);
    }

    private static String text(JsonObject entry, String key) {
        return entry.get(key).getAsString();
    }

    /**
     * The address at which a name of the API is documented, such as {@code Tape} or {@code Ops.matmul(a, b)}; otherwise
     * null.
     */
    @Nullable
    String address(String name) {
        return addresses.get(ARGUMENTS.matcher(name).replaceFirst(""));
    }

    /** The address of every type and member. */
    Map<String, String> addresses() {
        return addresses;
    }
}
