// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import io.github.masktape.peers.graphs.Graphs;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Compares Masktape with DJL/PyTorch and DL4J: it checks that they compute the same, measures the memory of a
 * DropConnect step, runs JMH, and prints a table of ratios.
 *
 * <pre>
 *   mvn -q -Ppeers -pl bench/peers -am -DskipTests package
 *   java -jar bench/peers/target/peers.jar
 *   java -jar bench/peers/target/peers.jar DropConnectStep -p threads=1 -f 1 -wi 1 -i 2
 *   java -jar bench/peers/target/peers.jar --only verify
 *   java -jar bench/peers/target/peers.jar --only graphs --graphs 2000 --seed 1
 * </pre>
 *
 * <p>The comparison is fair: every side gets the same weights, the same batch and the same number of threads, computes
 * in float32, and does the whole step: masks, forward, loss, backward, zeroing of gradients where needed, SGD with
 * momentum. Unless loss, gradients and the weights after three steps agree, nothing is measured. Nothing is copied that
 * a careful user would not copy, nothing is logged, and each measurement has a JVM of its own. PyTorch's DropConnect is
 * timed in the formula's literal form and in the fastest form that was found ({@link TorchStep} lists the forms that
 * were tried), whose masks come from a generator much cheaper than PyTorch's own.
 *
 * <p>Two things differ: DL4J has only Nesterov momentum, which takes a few more operations per weight, and its
 * DropConnect is a different method ({@link Verify} shows how), with one mask per batch, so it is compared with
 * Masktape's and PyTorch's masks for a whole batch. The number of threads is set by calls, not by OMP_NUM_THREADS, so
 * that one run can measure several numbers.
 */
public final class PeersMain {
    private static final String HELP = """
            Usage: java -jar peers.jar [--only verify|graphs|laws|memory|benchmarks] [--graphs N] [--seed N]
                                       [--json FILE] [JMH's arguments]

            Masktape beside DJL/PyTorch and DL4J. Without --only all, in this order:
              verify      checks that the sides compute the same loss, gradients and weights
              graphs      random graphs of all ops, on our tape and on PyTorch's: values, gradients, and gradients
                          of gradients agree
              laws        which laws of DropConnect DL4J's keeps, and how it breaks the others
              memory      what a DropConnect step needs, each side in its own process
              benchmarks  JMH, then each side's time as a multiple of Masktape's

              --graphs N  how many (default: 2000)
              --seed N    of the graphs (default: another each time; it is printed)
              --json FILE JMH's result as JSON (default: peers.json beside the jar)
              -h          JMH's own help; -l lists the benchmarks

            Examples:
              java -jar peers.jar DropConnectStep -p threads=1 -p dropProbability=0.5
              java -jar peers.jar --only benchmarks DenseStep -f 1 -wi 1 -i 2

            Exit code: 0 done, 1 a check or a run failed, 2 a usage mistake.
            """;

    private PeersMain() {}

    /** Runs the requested parts and ends the JVM with an exit code. */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        if (rest.remove("--help")) {
            System.out.print(HELP);
            return;
        }
        try {
            String only = option(rest, "--only", "all");
            String json = option(rest, "--json", besideTheJar());
            String graphs = option(rest, "--graphs", "2000", "[1-9][0-9]{0,8}");
            String seed =
                    option(rest, "--seed", "" + new SplittableRandom().nextInt(1, Integer.MAX_VALUE), "-?[0-9]{1,18}");
            if (!List.of("all", "verify", "graphs", "laws", "memory", "benchmarks")
                    .contains(only)) {
                throw new CommandLineOptionException(
                        "--only: expected verify, graphs, laws, memory or benchmarks, got " + only);
            }
            CommandLineOptions jmh = new CommandLineOptions(rest.toArray(String[]::new));
            if (jmh.shouldHelp() || jmh.shouldList()) {
                org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
                return;
            }
            System.exit(run(only, graphs, seed, json, jmh));
        } catch (CommandLineOptionException e) {
            System.err.println("error: " + e.getMessage() + "; see --help");
            System.exit(2);
        } catch (RunnerException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(String only, String graphs, String seed, String json, CommandLineOptions jmh)
            throws IOException, InterruptedException, RunnerException {
        boolean all = only.equals("all");
        if ((all || only.equals("verify")) && child(Verify.class, "1g") != 0) {
            System.err.println("error: the sides do not compute the same; nothing is measured");
            return 1;
        }
        if ((all || only.equals("graphs")) && child(Graphs.class, "1g", graphs, seed) != 0) {
            System.err.println("error: the tape and PyTorch's autograd do not compute the same; nothing is measured");
            return 1;
        }
        if ((all || only.equals("laws")) && child(Dl4jLaws.class, "1g") != 0) {
            System.err.println("error: DL4J breaks other laws than it did");
            return 1;
        }
        if (all || only.equals("memory")) {
            System.out.println("Memory of DropConnect steps of 784-800-800-10, p = 0.5, 128 examples:");
            for (String side : Memory.SIDES) {
                if (child(Memory.class, "128m", side) != 0) {
                    System.err.println("error: " + side + " did not finish");
                    return 1;
                }
            }
        }
        if (all || only.equals("benchmarks")) {
            System.out.print(Ratios.table(benchmark(json, jmh)));
        }
        return 0;
    }

    private static Collection<RunResult> benchmark(String json, CommandLineOptions jmh) throws RunnerException {
        List<String> flags = new ArrayList<>(flags());
        flags.addAll(jmh.getJvmArgsAppend().orElse(List.of()));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(jmh)
                .jvmArgsAppend(flags.toArray(String[]::new))
                .shouldFailOnError(true);
        if (!jmh.getResult().hasValue()) {
            options.result(json).resultFormat(ResultFormatType.JSON);
        }
        return new Runner(options.build()).run();
    }

    /** The JVM options of every measurement and check. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of(
                "--add-modules=jdk.incubator.vector",
                // DJL: no downloads, no usage reports.
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true"));
        if (Runtime.version().feature() >= 22) {
            flags.add("--enable-native-access=ALL-UNNAMED");
        }
        if (Runtime.version().feature() >= 23) {
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        return flags;
    }

    /** Runs a class in a JVM of its own and waits for it; returns its exit code. */
    private static int child(Class<?> main, String heap, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-Xmx" + heap, "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    /** Removes an option and its value from the arguments; returns the value. */
    private static String option(List<String> args, String name, String otherwise) throws CommandLineOptionException {
        int at = args.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        args.remove(at);
        if (at == args.size()) {
            throw new CommandLineOptionException(name + ": expected a value");
        }
        return args.remove(at);
    }

    private static String option(List<String> args, String name, String otherwise, String pattern)
            throws CommandLineOptionException {
        String value = option(args, name, otherwise);
        if (!value.matches(pattern)) {
            throw new CommandLineOptionException(name + ": expected a number, got " + value);
        }
        return value;
    }

    private static String besideTheJar() {
        Path first = Path.of(System.getProperty("java.class.path").split(File.pathSeparator, 2)[0]);
        return first.resolveSibling("peers.json").toString();
    }
}
