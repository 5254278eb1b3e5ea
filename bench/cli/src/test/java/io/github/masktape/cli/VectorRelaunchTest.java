// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.masktape.cli.terminal.VectorRelaunch;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in JVMs of its own, started without {@code --add-modules}, whatever this one was started with. */
@Tag("once")
@Timeout(120)
class VectorRelaunchTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String RESTARTED = "WARNING: Using incubator modules: jdk.incubator.vector";

    @TempDir
    static Path folder;

    private static String train;
    private static CommandResult vector;

    @BeforeAll
    static void writeDigitsAndTrainWithVectors() throws Exception {
        TrainCommandTest.write(folder, "train", GeneratedDigits.of(310, 1));
        TrainCommandTest.write(folder, "t10k", GeneratedDigits.of(100, 2));
        train = "train --data " + folder + " --hidden 33 --epochs 1";
        vector = run("", train + " --kernels vector");
    }

    private static Process start(String options, String commandLine) throws IOException {
        return start(command(MasktapeCommand.class, options, commandLine.split(" ")));
    }

    /** A JVM that runs a class, with options separated by spaces. */
    private static List<String> command(Class<?> main, String options, String... args) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-Xmx256m"));
        command.addAll(List.of(options.isEmpty() ? new String[0] : options.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(Redirect.to(out().toFile()))
                .redirectError(Redirect.to(err().toFile()))
                .start();
    }

    private static Path out() {
        return folder.resolve("out");
    }

    private static Path err() {
        return folder.resolve("err");
    }

    private static CommandResult run(String options, String commandLine) throws Exception {
        int code = start(options, commandLine).waitFor();
        return new CommandResult(code, Files.readString(out()), Files.readString(err()));
    }

    /** Skips the test, with what the program said, where there are no vectors to be had. */
    private static void assumeVectors() {
        for (String obstacle :
                List.of("no module", "does not compile vectors", "no fused multiply-add", "are too narrow")) {
            assumeFalse(vector.err().contains(obstacle), vector.err());
        }
    }

    // ---- what runs ----

    @Test
    void scalarAndVectorKernelsGiveTheSameWeights() throws Exception {
        CommandResult scalar = run("", train + " --kernels scalar");
        assertThat(scalar.code()).isZero();
        assertThat(scalar.err()).contains("compute   scalar (as asked)").doesNotContain(RESTARTED);
        assertThat(scalar.outLines()).hasSize(2);

        assumeVectors();
        assertThat(vector.code()).isZero();
        assertThat(vector.err()).contains("compute   vector (").containsOnlyOnce(RESTARTED);
        assertThat(vector.out()).isEqualTo(scalar.out());
    }

    @Test
    void itRestartsWithoutBeingAskedAndTellsTheExitCode() throws Exception {
        assumeVectors();
        CommandResult outcome = run("", train + " --learning-rate 1e30");
        assertThat(outcome.err())
                .containsOnlyOnce(RESTARTED)
                .contains("compute   vector (")
                .containsOnlyOnce("error: training diverged");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dmasktape.kernels=scalar",
                "-XX:TieredStopAtLevel=1",
                "--limit-modules java.base",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=localhost:0"
            })
    void itDoesNotRestartWhereThatWouldNotHelp(String option) throws Exception {
        CommandResult outcome = run(option, train);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("compute   scalar (").doesNotContain(RESTARTED);
    }

    @Tag("long")
    @Test
    void theOptionIsStrongerThanTheProperty() throws Exception {
        assumeVectors();
        CommandResult outcome = run("-Dmasktape.kernels=scalar", train + " --kernels vector");
        assertThat(outcome.err()).contains("compute   vector (").containsOnlyOnce(RESTARTED);
        assertThat(outcome.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xlog:gc:file=gc.log",
                "-Xlog:gc*=debug,safepoint:gc.log:uptime",
                "-Xlog::vm.log",
                "-Xlog:gc:stdout.log",
                "-Xloggc:gc.log",
                "-XX:StartFlightRecording=filename=r.jfr",
                "-XX:ArchiveClassesAtExit=classes.jsa",
                "-XX:AOTCacheOutput=classes.aot",
                "-XX:LogFile=vm.log"
            })
    void whatOneJvmWritesIsNotSharedWithAnother(String option) {
        assertThat(VectorRelaunch.isAlone(List.of("-Xmx256m", option))).isTrue();
        assertThat(VectorRelaunch.isAlone(List.of("-Xmx256m"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xlog",
                "-Xlog:gc",
                "-Xlog:gc*=debug:stdout",
                "-Xlog:gc:stderr:uptime",
                "-Xlog::",
                "-Xlog:gc::uptime"
            })
    void theTerminalIsForSeveral(String option) {
        assertThat(VectorRelaunch.isAlone(List.of(option))).isFalse();
    }

    @Test
    void vectorsThatCannotBeAreAMistake() throws Exception {
        CommandResult outcome = run("-XX:TieredStopAtLevel=1", train + " --kernels vector");
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .matches("error: --kernels vector: this VM does not compile vectors: .*; see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradcheck", "--version"})
    void aPropertyThatMeansNothingIsAMistake(String commandLine) throws Exception {
        CommandResult outcome = run("-Dmasktape.kernels=simd", commandLine);
        assertThat(outcome.errLines())
                .containsExactly("error: -Dmasktape.kernels: expected auto, scalar or vector, got \"simd\"");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void exactlyTheCommandsThatComputeRestart() {
        for (String name : MasktapeCommand.COMMANDS) {
            String help = CommandResult.of(name + " --help").out();
            assertThat(MasktapeCommand.COMPUTING.contains(name)).isEqualTo(help.contains("--kernels"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --help",
                "train -h",
                "eval -V",
                "train --kernels scalar",
                "train --kernels=scalar",
                "--help"
            })
    void whatDoesNotComputeOnVectorsDoesNotRestart(String commandLine) {
        assertThat(VectorRelaunch.isWorthwhile(List.of(commandLine.split(" ")))).isFalse();
    }

    @Test
    void aSmallTableIsNotWorthASecondJvm() throws Exception {
        Path small = Files.writeString(folder.resolve("small.csv"), "a,b\n1,x\n2,y\n");
        Path large = Files.writeString(folder.resolve("large.csv"), "a,b\n" + "1,x\n2,y\n".repeat(10_000));
        assertThat(VectorRelaunch.isWorthwhile(List.of("train", "--data", small.toString())))
                .isFalse();
        assertThat(VectorRelaunch.isWorthwhile(List.of("train", "--data=" + small)))
                .isFalse();
        assertThat(VectorRelaunch.isWorthwhile(List.of("train", "--data=" + large)))
                .isTrue();
        // They train many networks on it.
        assertThat(VectorRelaunch.isWorthwhile(List.of("tune", "--data=" + small)))
                .isTrue();
        assertThat(VectorRelaunch.isDoneByStarter(List.of("cv", "--data=" + small)))
                .isFalse();
        assertThat(VectorRelaunch.isWorthwhile(List.of("predict", "--model", "m", "--data", large.toString())))
                .isFalse();
        assertThat(VectorRelaunch.isWorthwhile(List.of("train", "--kernels", "vector", "--data", small.toString())))
                .isTrue();
        assertThat(VectorRelaunch.isWorthwhile(List.of("train", "--data", folder.toString())))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eval", "importance"})
    void withoutDataTheTableOfTheModelCounts(String command) throws Exception {
        Path table = Files.writeString(folder.resolve("recorded.csv"), "a,b\n1,x\n2,y\n");
        Path run = Files.createDirectories(folder.resolve("recorded-" + command));
        Path model = run.resolve("model.safetensors");
        record(model, "masktape.data", "--data=" + table);
        assertThat(VectorRelaunch.isDoneByStarter(List.of(command, "--model", run.toString())))
                .isTrue();
        assertThat(VectorRelaunch.isWorthwhile(List.of(command, "--model=" + model)))
                .isFalse();

        // A relative path leads nowhere from another folder; the checkpoint has the absolute one.
        record(model, "masktape.data", "--data=nowhere.csv");
        assertThat(VectorRelaunch.isWorthwhile(List.of(command, "--model", run.toString())))
                .isTrue();
        record(run.resolve("checkpoint.safetensors"), "masktape.settings", "--data=" + table + "\n--epochs=2");
        assertThat(VectorRelaunch.isWorthwhile(List.of(command, "--model", run.toString())))
                .isFalse();

        Path tests = Files.writeString(folder.resolve("tests.csv"), "a,b\n" + "1,x\n2,y\n".repeat(150_000));
        record(model, "masktape.data", "--data=" + table + "\n--test-data=" + tests);
        assertThat(VectorRelaunch.isWorthwhile(List.of(command, "--model", run.toString())))
                .isTrue();
        assertThat(VectorRelaunch.isWorthwhile(List.of(command, "--model", folder + "/no-model")))
                .isTrue();
    }

    @Test
    void aRunIsContinuedByTheSizeOfItsTable() throws Exception {
        Path table = Files.writeString(folder.resolve("begun.csv"), "a,b\n1,x\n2,y\n");
        Path run = Files.createDirectories(folder.resolve("begun"));
        List<String> resume = List.of("train", "--resume", run.toString(), "--epochs=3");
        assertThat(VectorRelaunch.isWorthwhile(resume)).isTrue();
        record(run.resolve("checkpoint.safetensors"), "masktape.settings", "--data=" + table + "\n--epochs=2");
        assertThat(VectorRelaunch.isWorthwhile(resume)).isFalse();
        assertThat(VectorRelaunch.isDoneByStarter(resume)).isTrue();
        record(run.resolve("checkpoint.safetensors"), "masktape.settings", "--data=digits\n--epochs=2");
        assertThat(VectorRelaunch.isWorthwhile(resume)).isTrue();
    }

    private static void record(Path file, String key, String options) throws IOException {
        new SafeTensors(Map.of("w", Tensor.scalar(1)), Map.of(key, options)).write(file.toFile());
    }

    @Test
    void aSlowJvmComputesOnlyTheLeast() throws Exception {
        Path tiny = Files.writeString(folder.resolve("tiny.csv"), "a,b\n1,x\n2,y\n");
        Path small = Files.writeString(folder.resolve("some.csv"), "a,b\n" + "1,x\n2,y\n".repeat(2000));
        assertThat(VectorRelaunch.isDoneByStarter(List.of("train", "--data", tiny.toString())))
                .isTrue();
        assertThat(VectorRelaunch.isDoneByStarter(List.of("train", "--help"))).isTrue();
        assertThat(VectorRelaunch.isDoneByStarter(List.of("train", "--data", small.toString())))
                .isFalse();
        assertThat(VectorRelaunch.isDoneByStarter(List.of("predict", "--data", small.toString())))
                .isTrue();
        assertThat(VectorRelaunch.isDoneByStarter(List.of("train", "--kernels=vector", "--data", tiny.toString())))
                .isFalse();
        assertThat(VectorRelaunch.isDoneByStarter(List.of("train"))).isFalse();
        List<String> options = List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:AOTCache=/a b/c",
                "-Xlog:aot=off",
                "-Xlog:cds=off",
                "-Dmasktape.starter=true",
                "-Xmx2g");
        assertThat(VectorRelaunch.withoutStarter(true, options)).containsExactly("-Xmx2g");
        assertThat(VectorRelaunch.withoutStarter(false, options)).isEqualTo(options);
    }

    // ---- ends ----

    @Test
    void aKilledParentLeavesNoChild() throws Exception {
        assumeVectors();
        Process parent = start("", train + "00000000");
        ProcessHandle child = null;
        try {
            await(() -> text(err()).contains("compute   vector ("));
            ProcessHandle orphan = parent.children().findFirst().orElseThrow();
            child = orphan;
            assertThat(isRunning(orphan)).isTrue();
            parent.destroyForcibly();
            await(() -> !isRunning(orphan));
            assertThat(text(out())).isEmpty();
        } finally {
            parent.destroyForcibly();
            if (child != null) {
                child.destroyForcibly();
            }
        }
    }

    /** An ended process may keep its entry until somebody collects its exit code; what it ran is gone at once. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** A child that takes its time to end in order. With one argument it is the parent of that. */
    static final class Slow {
        public static void main(String[] args) throws Exception {
            if (args.length == 1) {
                String parent = "-Dmasktape.parent=" + ProcessHandle.current().pid();
                VectorRelaunch.run(new ProcessBuilder(command(Slow.class, parent, args[0], "child")).inheritIO());
                return;
            }
            VectorRelaunch.endWithParent();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                LockSupport.parkNanos(1_000_000_000);
                System.out.println("done");
            }));
            System.out.println(args[0]);
            Thread.sleep(60_000);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no way to ask a process to end")
    void aParentThatIsAskedToEndLetsItsChildEndInOrder() throws Exception {
        Process parent = start(command(Slow.class, "", "ready"));
        try {
            await(() -> text(out()).contains("ready"));
            parent.destroy();
            assertThat(parent.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(text(out()).lines()).containsExactly("ready", "done");
        } finally {
            parent.destroyForcibly();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
            Thread.sleep(20);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aJvmThatDoesNotStartLeavesTheRunToThisOne() {
        assertThat(VectorRelaunch.run(new ProcessBuilder(folder.resolve("java").toString())))
                .isEqualTo(OptionalInt.empty());
        assertThat(VectorRelaunch.run(new ProcessBuilder(JAVA, "-Xmx1k", "Main")))
                .isEqualTo(OptionalInt.empty());
    }
}
