// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.tensor.Compute;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the program again in a JVM with {@code jdk.incubator.vector}, since no manifest can add a module.
 *
 * <p>The script {@code bench/cli/masktape} starts a JVM that starts quickly but computes slowly. It marks that JVM by the property
 * {@code masktape.starter}; then all but the smallest work is done by a second JVM, which has the default options.
 *
 * <p>The JVMs end together. The child has the parent's streams, options and arguments; the parent waits for it, returns
 * its exit code, and forwards SIGTERM. If the parent is killed, the child ends as well.
 *
 * <p>The JVM's line "WARNING: Using incubator modules" stays on stderr: neither JDK 17 nor 25 has an option to suppress
 * it, and a pipe that filters it would hide the terminal from the child and change the order of its lines.
 */
public final class VectorRelaunch {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** The property with the parent's process id, which only the child has. */
    private static final String PARENT = "masktape.parent";

    /** The property of a JVM that computes slowly. */
    private static final String STARTER = "masktape.starter";

    /** The beginnings of the options by which a JVM starts soon and computes slowly. */
    private static final List<String> STARTER_OPTIONS = List.of(
            "-XX:TieredStopAtLevel=",
            "-XX:+UseSerialGC",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:AOTCache",
            "-Xlog:aot=",
            "-Xlog:cds=",
            "-D" + STARTER + "=");

    /** The number that the child adds to its exit code, since a JVM that cannot be started also ends with 1 or 2. */
    private static final int STARTED = 64;

    private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");

    /** The largest table, in bytes, on which plain kernels are done before a second JVM has started. */
    private static final long SMALL_TO_TRAIN = 64 << 10;

    private static final long SMALL_TO_PREDICT = 1 << 20;

    /** The largest table, in bytes, on which code that is compiled quickly is done before a second JVM has started. */
    private static final long TINY_TO_TRAIN = 8 << 10;

    private static final long TINY_TO_PREDICT = 64 << 10;

    /** The commands that train many networks, even on a small table. */
    private static final Set<String> SWEEPING = Set.of("cv", "tune");

    private static final Set<String> PREDICTING = Set.of("eval", "predict", "importance");

    /** The prefixes of options that bind a resource for only one process: a port, or a file that the JVM writes. */
    private static final List<String> EXCLUSIVE = List.of(
            "-agentlib:jdwp",
            "-Xrunjdwp",
            "-Dcom.sun.management.jmxremote.port",
            "-XX:StartFlightRecording",
            "-XX:ArchiveClassesAtExit",
            "-XX:AOTCacheOutput",
            "-XX:LogFile",
            "-Xloggc");

    /** A log option, [:what[:where[:…]]], that writes to a file; two processes may log to the terminal. */
    private static final Pattern LOG_FILE = Pattern.compile("-Xlog:[^:]*:(?!(stdout|stderr)?(:|$)).+");

    private static final Pattern KERNELS = Pattern.compile("(?<=--kernels=)(auto|vector)(?==|$)");

    private static final long WATCH_NANOS = 200_000_000;

    private VectorRelaunch() {}

    /**
     * Runs a program in another JVM if that is faster; returns the exit code, or empty if this JVM should run it.
     *
     * @param main the class of its main method
     */
    public static OptionalInt run(Class<?> main, String[] args) {
        boolean isStarter = Boolean.getBoolean(STARTER);
        List<String> words = List.of(args);
        if (System.getProperty(PARENT) != null || (isStarter ? isDoneByStarter(words) : !isWorthwhile(words))) {
            return OptionalInt.empty();
        }
        // As in ComputeOptions, an option overrides the property.
        Matcher kernels = KERNELS.matcher(String.join("=", args));
        if (kernels.find()) {
            System.setProperty("masktape.kernels", kernels.group());
        }
        try {
            if (!isStarter && !Compute.lacksVectorModule()) {
                return OptionalInt.empty();
            }
            boolean hasVectors = !isStarter
                    || (isWorthwhile(words)
                            && ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent());
            List<String> options = withoutStarter(
                    isStarter, ManagementFactory.getRuntimeMXBean().getInputArguments());
            return isAlone(options)
                    ? OptionalInt.empty()
                    : run(new ProcessBuilder(command(main, options, hasVectors, args)).inheritIO());
        } catch (NoClassDefFoundError e) {
            // The runtime lacks java.management.
            return OptionalInt.empty();
        } catch (IllegalArgumentException e) {
            // The command will report kernels that do not exist.
            return OptionalInt.empty();
        }
    }

    /**
     * True if vectors can probably help. It is a guess, since the options are not parsed yet; a wrong one only costs
     * time.
     */
    public static boolean isWorthwhile(List<String> args) {
        String line = String.join("=", args);
        return Collections.disjoint(args, HELP)
                && !line.contains("--kernels=scalar")
                && (line.contains("--kernels=vector") || !isSmall(args));
    }

    /** True if a JVM that computes slowly should do the work itself. */
    public static boolean isDoneByStarter(List<String> args) {
        return !Collections.disjoint(args, HELP)
                || (isAtMost(args, TINY_TO_TRAIN, TINY_TO_PREDICT)
                        && !String.join("=", args).contains("--kernels=vector"));
    }

    /** The options of a child of a JVM with these options. */
    public static List<String> withoutStarter(boolean isStarter, List<String> options) {
        return options.stream()
                .filter(option -> !isStarter || STARTER_OPTIONS.stream().noneMatch(option::startsWith))
                .toList();
    }

    /** True if the data is a table so small that starting a second JVM takes longer than computing. */
    private static boolean isSmall(List<String> args) {
        return isAtMost(args, SMALL_TO_TRAIN, SMALL_TO_PREDICT);
    }

    private static boolean isAtMost(List<String> args, long toTrain, long toPredict) {
        if (args.isEmpty() || SWEEPING.contains(args.get(0))) {
            return false;
        }
        long size = dataSize(args);
        return size >= 0 && size <= (PREDICTING.contains(args.get(0)) ? toPredict : toTrain);
    }

    /**
     * The size of the file that {@code --data} names, or without it the first model or the run to continue; −1 if it is
     * not known.
     */
    private static long dataSize(List<String> args) {
        String data = value(args, "--data");
        if (data != null) {
            File file = new File(data);
            return file.isFile() ? file.length() : -1;
        }
        String model = value(args, PREDICTING.contains(args.get(0)) ? "--model" : "--resume");
        return model == null ? -1 : RecordedData.size(new File(model));
    }

    /** The first value of an option; null if there is none. */
    private static @Nullable String value(List<String> args, String option) {
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).startsWith(option + "=")) {
                return args.get(i).substring(option.length() + 1);
            }
            if (args.get(i).equals(option) && i + 1 < args.size()) {
                return args.get(i + 1);
            }
        }
        return null;
    }

    /** True if the options bind a resource, such as a port or a log file, that a second JVM cannot share. */
    public static boolean isAlone(List<String> options) {
        return options.stream()
                .anyMatch(option ->
                        LOG_FILE.matcher(option).matches() || EXCLUSIVE.stream().anyMatch(option::startsWith));
    }

    private static List<String> command(Class<?> main, List<String> options, boolean hasVectors, String[] args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        if (hasVectors) {
            command.add("--add-modules=" + VECTOR_MODULE);
        }
        command.add("-D" + PARENT + "=" + ProcessHandle.current().pid());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        Collections.addAll(command, args);
        return command;
    }

    /** Runs a child, whose exit code comes from {@link #exitCode}; returns empty if it does not start. */
    public static OptionalInt run(ProcessBuilder builder) {
        // The JVM's options already have one.
        builder.environment().keySet().removeAll(Set.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
        // The hook comes first: a signal may arrive as soon as there is a child.
        CompletableFuture<Optional<Process>> started = new CompletableFuture<>();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> started.join().ifPresent(VectorRelaunch::end), "masktape-end-child"));
        Process child;
        try {
            child = builder.start();
        } catch (IOException e) {
            started.complete(Optional.empty());
            return OptionalInt.empty();
        }
        started.complete(Optional.of(child));
        int code = child.onExit().join().exitValue();
        if (code == 1 || code == 2) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(code >= STARTED && code <= STARTED + 2 ? code - STARTED : code);
    }

    /** Ends a child by SIGTERM where there are signals, so that it can finish cleanly. */
    private static void end(Process child) {
        child.destroy();
        child.onExit().join();
    }

    /** The exit code with which this JVM must end: {@code code} in a parent, {@code code} + 64 in a child. */
    public static int exitCode(int code) {
        return System.getProperty(PARENT) == null ? code : STARTED + code;
    }

    /** Lets a child end as soon as its parent is gone, even killed. */
    public static void endWithParent() {
        long parent = Long.getLong(PARENT, 0);
        if (parent == 0) {
            return;
        }
        Thread watch = new Thread(
                () -> {
                    while (isParent(parent)) {
                        LockSupport.parkNanos(WATCH_NANOS);
                    }
                    Runtime.getRuntime().halt(1);
                },
                "masktape-watch-parent");
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * True if the process is this JVM's living parent; false once it has ended, even while nobody has collected its
     * exit code.
     */
    private static boolean isParent(long pid) {
        return ProcessHandle.current()
                .parent()
                .filter(parent -> parent.pid() == pid)
                .isPresent();
    }
}
