// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.JsonObject;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.tensor.Compute;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code masktape notebook}, which tells Jupyter about a Java kernel that has the library. */
@Command(
        name = "notebook",
        description = {
            "Installs a kernel for Jupyter: Java notebooks with Masktape on their class path, and vectors if this Java"
                    + " has them.",
            "",
            "The kernel itself is a jar from Maven Central, " + NotebookCommand.ARTIFACT + ". Without --kernel, it is"
                    + " expected beside the kernel's description; if it is not there, the error message has the"
                    + " command that fetches it. Jupyter itself must be installed already."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar notebook",
            "  java -jar masktape.jar notebook --kernel rapaio-jupyter-kernel-3.0.1.jar",
            "  jupyter lab docs/examples/law.ipynb"
        })
final class NotebookCommand implements Callable<Integer> {
    static final String ARTIFACT = "io.github.padreati:rapaio-jupyter-kernel:3.0.1";

    private static final String JAR = "rapaio-jupyter-kernel-3.0.1.jar";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Folder of Jupyter's kernels (default: ${DEFAULT-VALUE}).")
    private File folder;

    @Option(names = "--kernel", paramLabel = "JAR", description = "Jar of the kernel, if it is elsewhere.")
    private @Nullable File kernel;

    /** A command that installs into a folder of kernels unless the options name another. */
    NotebookCommand(File folder) {
        this.folder = folder;
    }

    /** The folder of the user's kernels, as Jupyter finds it from the environment. */
    static File kernels(Map<String, String> environment) {
        String home = System.getProperty("user.home");
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String data = environment.get("JUPYTER_DATA_DIR");
        if (data == null && system.contains("mac")) {
            data = home + "/Library/Jupyter";
        } else if (data == null && system.contains("windows")) {
            data = environment.getOrDefault("APPDATA", home) + "/jupyter";
        } else if (data == null) {
            data = environment.getOrDefault("XDG_DATA_HOME", home + "/.local/share") + "/jupyter";
        }
        return new File(data, "kernels");
    }

    @Override
    public Integer call() {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
            throw new Failure("this Java runtime (" + System.getProperty("java.home")
                    + ") has no module jdk.jshell; use the java of a JDK");
        }
        File own = new File(folder, "masktape");
        File jar = kernel == null ? new File(own, JAR) : kernel;
        if (!jar.isFile()) {
            throw new Failure(
                    kernel == null
                            ? jar + ": not found; fetch it with: mvn dependency:copy -Dartifact=" + ARTIFACT
                                    + " -DoutputDirectory=" + own.getAbsolutePath()
                            : jar + ": no such file");
        }
        if (!own.isDirectory() && !own.mkdirs()) {
            throw new Failure(own + ": cannot be created; name another folder with --dir");
        }
        File description = new File(own, "kernel.json");
        try {
            AtomicFile.write(description, description(jar) + "\n");
        } catch (IOException e) {
            throw new Failure(e);
        }
        spec.commandLine()
                .getOut()
                .println("wrote " + description
                        + "; Jupyter now offers the kernel \"Java with Masktape\", named masktape");
        return 0;
    }

    private static JsonObject description(File jar) {
        List<String> command =
                new ArrayList<>(List.of(new File(System.getProperty("java.home"), "bin/java").getPath()));
        if (Compute.lacksVectorModule()
                || ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.addAll(List.of("-jar", jar.getAbsolutePath(), "{connection_file}"));
        // The kernel splits its class path at semicolons, on every system.
        String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(";"));
        return new JsonObject()
                .with("argv", command)
                .with("display_name", "Java with Masktape")
                .with("language", "java")
                .with("interrupt_mode", "message")
                .with("env", new JsonObject().with("RJK_CLASSPATH", classPath));
    }
}
