// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.ConsoleTeaVMToolLog;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.builder.BuildException;
import org.teavm.tooling.builder.BuildResult;
import org.teavm.tooling.builder.InProcessBuildStrategy;
import org.teavm.vm.TeaVMOptimizationLevel;

/**
 * The program that builds the explorer page: it compiles the engine for the browser, to WebAssembly with garbage
 * collection, and puts it, the scripts, the styles and the formulas into one HTML file.
 *
 * <p>The target is not JavaScript, because TeaVM 0.15 does not round floats there.
 */
final class BuildPage {
    private static final String RUNTIME = "org/teavm/backend/wasm/wasm-gc-runtime.min.js";

    private BuildPage() {}

    /**
     * Builds the page.
     *
     * @param args the folder of this module; the folder of classes for the browser, which come first on the class path;
     *     the files to write
     */
    public static void main(String[] args) throws IOException, BuildException {
        Path module = Path.of(args[0]);
        Path browserClasses = Path.of(args[1]);
        Path out = Path.of(args[2]);
        Path sources = module.resolve("src/main/page");
        String page = Files.readString(sources.resolve("page.html"));
        page = replaceOnce(
                page,
                "<link rel=\"stylesheet\" href=\"page.css\">",
                "<style>\n" + Files.readString(sources.resolve("page.css")) + "</style>");
        page = replaceOnce(
                page,
                "<script src=\"engine.js\"></script>",
                script(resource(RUNTIME))
                        + "<script type=\"text/plain\" id=\"engine-wasm\">"
                        + Base64.getEncoder().encodeToString(compile(browserClasses, out.resolveSibling("teavm")))
                        + "</script>\n"
                        + "<script type=\"application/json\" id=\"engine-formulas\">\n"
                        + formulas(Files.readString(
                                module.resolve("../../core/src/main/java/io/github/masktape/autograd/Ops.java")))
                        + "</script>\n"
                        + script(Files.readString(sources.resolve("engine.js"))));
        page = replaceOnce(
                page, "<script src=\"page.js\"></script>", script(Files.readString(sources.resolve("page.js"))));
        for (int i = 2; i < args.length; i++) {
            Files.writeString(Path.of(args[i]), page);
        }
    }

    private static byte[] compile(Path browserClasses, Path target) throws IOException, BuildException {
        List<String> classPath = new ArrayList<>();
        classPath.add(browserClasses.toString());
        classPath.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)));
        InProcessBuildStrategy teavm = new InProcessBuildStrategy();
        teavm.init();
        teavm.setLog(new WarningsAndErrors());
        teavm.setClassPathEntries(classPath);
        teavm.setTargetType(TeaVMTargetType.WEBASSEMBLY_GC);
        teavm.setMainClass("io.github.masktape.explorer.Exports");
        teavm.setEntryPointName("main");
        teavm.setTargetDirectory(target.toString());
        teavm.setTargetFileName("engine.wasm");
        teavm.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
        teavm.setObfuscated(true);
        teavm.setStrict(true);
        BuildResult result = teavm.build();
        StringBuilder problems = new StringBuilder();
        for (Problem problem : result.getProblems().getSevereProblems()) {
            DefaultProblemTextConsumer text = new DefaultProblemTextConsumer();
            problem.render(text);
            problems.append('\n').append(text.getText()).append(" at ").append(problem.getLocation());
        }
        if (problems.length() > 0) {
            throw new IllegalStateException("the engine does not compile for the browser:" + problems);
        }
        return Files.readAllBytes(target.resolve("engine.wasm"));
    }

    /** A log that prints only warnings and errors. */
    private static final class WarningsAndErrors extends ConsoleTeaVMToolLog {
        WarningsAndErrors() {
            super(false);
        }

        @Override
        public void info(String text) {}

        @Override
        public void info(String text, Throwable cause) {}
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = BuildPage.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no " + name + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String script(String text) {
        if (text.contains("</script")) {
            throw new IllegalStateException("a script must not contain </script");
        }
        return "<script>\n" + text + "</script>\n";
    }

    private static String replaceOnce(String page, String what, String by) {
        int at = page.indexOf(what);
        if (at < 0 || page.indexOf(what, at + 1) >= 0) {
            throw new IllegalStateException("page.html must contain " + what + " once");
        }
        return page.substring(0, at) + by + page.substring(at + what.length());
    }

    private static final Pattern OP =
            Pattern.compile("/\\*\\*((?:(?!\\*/).)*?)\\*/\\s*public static Variable (\\w+)\\(", Pattern.DOTALL);
    private static final Pattern PRE = Pattern.compile("<pre>\\n(.*?)\\n[ *]*</pre>", Pattern.DOTALL);

    /** The formulas of the rulebook's ops, taken from its Javadoc, as a JSON object from name to text. */
    static String formulas(String ops) {
        StringBuilder json = new StringBuilder("{");
        Matcher op = OP.matcher(ops);
        while (op.find()) {
            Matcher pre = PRE.matcher(op.group(1));
            if (pre.find()) {
                String text = pre.group(1)
                        .replaceAll("(?m)^ *\\* {0,3}", "")
                        .replace("&gt;", ">")
                        .replace("&lt;", "<");
                json.append(json.length() == 1 ? "\n" : ",\n")
                        .append('"')
                        .append(op.group(2))
                        .append("\": \"")
                        .append(text.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                                .replace("<", "\\u003c"))
                        .append('"');
            }
        }
        return json.append("\n}\n").toString();
    }
}
