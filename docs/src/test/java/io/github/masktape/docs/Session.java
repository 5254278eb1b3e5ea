// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * A JShell session that runs the Java of one page, block after block, with the test's own class path.
 *
 * <p>Snippets run in the thread that calls {@link #run}. JShell's own "local" engine starts a thread for each, and a
 * tape belongs to the thread that made it.
 */
final class Session implements AutoCloseable {
    private static final Pattern MAIN = Pattern.compile("\\bstatic void main\\(String");

    private final String page;
    private final JShell shell = JShell.builder()
            .executionEngine(new InThisThread(), Map.of())
            .compilerOptions("--class-path", System.getProperty("java.class.path"))
            .build();

    /** A session for the page of that name. */
    Session(String page) {
        this.page = page;
    }

    /**
     * Runs a block; if it declares a class with a {@code main}, runs that too.
     *
     * @return what was printed, without the last line's end
     * @throws AssertionError with page, line and message if a snippet does not compile or throws
     */
    String run(Fence fence) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            evaluateAll(fence);
        } finally {
            System.setOut(before);
        }
        String text = printed.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
        return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    private void evaluateAll(Fence fence) {
        List<Snippet> snippets = new ArrayList<>();
        String rest = fence.text().stripLeading();
        while (!rest.isEmpty()) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (next.completeness() == Completeness.EMPTY) {
                break;
            }
            int line = fence.line() + lines(fence.text(), fence.text().length() - rest.length());
            if (next.completeness() == Completeness.COMPLETE_WITH_SEMI) {
                throw failure(line, "a semicolon is missing");
            }
            snippets.addAll(evaluate(inProject(next.source() == null ? rest : next.source()), line));
            rest = next.remaining() == null ? "" : next.remaining().stripLeading();
        }
        for (Snippet snippet : snippets) {
            if (shell.status(snippet) == Status.RECOVERABLE_DEFINED
                    || shell.status(snippet) == Status.RECOVERABLE_NOT_DEFINED) {
                throw failure(
                        fence.line(),
                        "unresolved: "
                                + shell.unresolvedDependencies((DeclarationSnippet) snippet)
                                        .toList());
            }
            if (snippet instanceof TypeDeclSnippet type
                    && MAIN.matcher(type.source()).find()) {
                evaluate(type.name() + ".main(new String[0]);", fence.line());
            }
        }
    }

    /** The source with absolute paths of files, since readers start in the project's folder, tests in their module's. */
    private static String inProject(String source) {
        return source.replace("\"docs/", '"' + Page.root().toString().replace('\\', '/') + "/docs/");
    }

    private List<Snippet> evaluate(String source, int line) {
        List<Snippet> snippets = new ArrayList<>();
        for (SnippetEvent event : shell.eval(source)) {
            if (event.causeSnippet() != null) {
                continue;
            }
            if (event.status() == Status.REJECTED) {
                shell.diagnostics(event.snippet())
                        .filter(problem -> problem.isError())
                        .findFirst()
                        .ifPresent(problem -> {
                            int at = (int) Math.max(0, problem.getStartPosition());
                            throw failure(
                                    line + lines(source, at),
                                    problem.getMessage(Locale.ROOT).strip());
                        });
                throw failure(line, "does not compile");
            }
            if (event.exception() instanceof EvalException thrown) {
                throw failure(
                        line + linesBefore(thrown, event.snippet()),
                        "throws " + thrown.getExceptionClassName() + ": " + thrown.getMessage());
            }
            if (event.exception() != null) {
                throw failure(line, "throws " + event.exception());
            }
            snippets.add(event.snippet());
        }
        return snippets;
    }

    /** The lines of a snippet before the one that threw. JShell names the file of snippet 12 {@code #12}. */
    private static int linesBefore(EvalException thrown, Snippet snippet) {
        for (StackTraceElement element : thrown.getStackTrace()) {
            if (("#" + snippet.id()).equals(element.getFileName())) {
                return Math.max(0, element.getLineNumber() - 1);
            }
        }
        return 0;
    }

    private AssertionError failure(int line, String message) {
        return new AssertionError(page + ":" + line + ": " + message);
    }

    private static int lines(String text, int end) {
        return (int) text.substring(0, Math.min(end, text.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
    }

    @Override
    public void close() {
        shell.close();
    }

    private static final class InThisThread implements ExecutionControlProvider {
        @Override
        public String name() {
            return "in this thread";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return new DirectExecutionControl();
        }
    }
}
