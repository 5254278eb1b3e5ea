// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import io.github.masktape.cli.terminal.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The JDK's compiler, with sources and classes in memory. Its class path is that of this program. */
final class MemoryCompiler {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "-g", "-nowarn", "-Xlint:none", "-classpath", System.getProperty("java.class.path"));

    private final JavaCompiler compiler;
    private final StandardJavaFileManager files;

    MemoryCompiler() {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        if (javac == null) {
            throw new Failure("this Java runtime (" + System.getProperty("java.home")
                    + ") has no compiler; use the java of a JDK");
        }
        compiler = javac;
        files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
    }

    /**
     * A source in memory.
     *
     * @param className the name of its class, in the unnamed package
     * @param path the name in error messages
     * @param text the source code
     */
    record JavaSource(String className, String path, String text) {}

    /**
     * The result of a compilation.
     *
     * @param classes for each source, by the name of its class: the class files by class name; empty if there are errors
     * @param errors for each source with errors, by the name of its class: the errors, as javac prints them
     */
    record Compilation(Map<String, Map<String, byte[]>> classes, Map<String, List<String>> errors) {}

    /** Compiles sources together, which is many times faster than one after the other. */
    Compilation compile(List<JavaSource> sources) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        ClassFiles classes = new ClassFiles(files);
        List<SourceText> units = sources.stream().map(SourceText::new).toList();
        boolean done = compiler.getTask(Writer.nullWriter(), classes, diagnostics, OPTIONS, null, units)
                .call();
        Map<String, List<String>> errors = new HashMap<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                errors.computeIfAbsent(classNameOf(diagnostic.getSource()), none -> new ArrayList<>())
                        .add(diagnostic.toString());
            }
        }
        return new Compilation(done ? classes.bytes() : Map.of(), errors);
    }

    private static String classNameOf(@Nullable FileObject file) {
        return file == null ? "" : file.toUri().getPath().replaceAll("^/|\\.java$", "");
    }

    /** A source as a file of the compiler. */
    private static final class SourceText extends SimpleJavaFileObject {
        private final JavaSource source;

        SourceText(JavaSource source) {
            super(URI.create("memory:///" + source.className() + ".java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public String getName() {
            return source.path();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source.text();
        }
    }

    /** The classes that the compiler writes. */
    private static final class ClassFiles extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, Map<String, ByteArrayOutputStream>> written = new HashMap<>();

        ClassFiles(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() throws IOException {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.computeIfAbsent(classNameOf(sibling), none -> new HashMap<>())
                            .put(className, bytes);
                    return bytes;
                }
            };
        }

        Map<String, Map<String, byte[]>> bytes() {
            Map<String, Map<String, byte[]>> bytes = new HashMap<>();
            written.forEach((source, classes) -> {
                Map<String, byte[]> files = new HashMap<>();
                classes.forEach((name, stream) -> files.put(name, stream.toByteArray()));
                bytes.put(source, files);
            });
            return bytes;
        }
    }
}
