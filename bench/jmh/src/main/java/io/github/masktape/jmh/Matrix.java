// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program that checks "same seed, same bits": it compares the {@link Fingerprint} over JDKs × compilers × vector
 * extensions × kernels × threads, and with that of the browser if the tests of the explorer have left one.
 *
 * <p>It prints a line for each VM and the SHA-256 on which all agree, and fails if they do not. Without arguments, the
 * JDKs are the one that runs it and the newest other one, 21 or later, in the same folder. {@code -XX:UseAVX} goes from
 * 0 to the processor's level; at 2, vectors have 128 bits and then 256. Scalar kernels run wherever the vector kernels
 * did; elsewhere they have already run.
 *
 * <pre>
 *   java -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Matrix
 *   java -cp bench/jmh/target/benchmarks.jar io.github.masktape.jmh.Matrix JDK_FOLDER JDK_FOLDER
 * </pre>
 */
public final class Matrix {
    private static final Path BROWSER = Path.of("docs/explorer/target/fingerprint.txt");

    private static final int MOST_VECTOR_EXTENSIONS = 3;

    /** The most bytes of a vector. */
    private static final int NARROW = 16;

    private static final int WIDE = 64;

    /** The output of one JVM. */
    private record JvmOutput(String kernels, String extensions, List<String> hashes) {}

    private static final List<String> COMPILERS = List.of("C2", "C1");

    private static final String CELL = "%-9s %-9s %-7s";

    /** The cells of each hash. */
    private final Map<String, List<String>> cells = new TreeMap<>();

    Matrix() {}

    /** Runs all combinations; the exit code is 1 if two of them have different hashes. */
    public static void main(String[] homes) throws IOException, InterruptedException {
        Matrix matrix = new Matrix();
        List<Path> jdks =
                homes.length == 0 ? jdks() : Stream.of(homes).map(Path::of).toList();
        System.out.printf(CELL + " %-24s %s%n", "JDK", "compiler", "UseAVX", "threads 1, 2, 3, 7", "kernels");
        for (Path jdk : jdks) {
            for (String compiler : COMPILERS) {
                for (int extensions = 0; extensions <= MOST_VECTOR_EXTENSIONS; extensions++) {
                    if (extensions == 2) {
                        matrix.run(jdk, compiler, extensions, NARROW, "auto");
                    }
                    if (matrix.run(jdk, compiler, extensions, WIDE, "auto").startsWith("vector")) {
                        matrix.run(jdk, compiler, extensions, WIDE, "scalar");
                    }
                }
            }
        }
        matrix.browser();
        System.out.println(matrix.verdict());
        System.exit(matrix.agrees() ? 0 : 1);
    }

    /** Runs one JVM and returns the kernels it used, or an empty string if the processor lacks the extensions. */
    private String run(Path jdk, String compiler, int extensions, int vectorBytes, String kernels)
            throws IOException, InterruptedException {
        JvmOutput result = start(jdk, compiler, extensions, vectorBytes, kernels);
        boolean known = result.extensions.equals(Integer.toString(extensions))
                || (result.extensions.isEmpty() && extensions == 0);
        if (!known) {
            return "";
        }
        String cell = CELL.formatted(version(jdk), compiler, result.extensions);
        List<String> distinct = result.hashes.stream()
                .map(hash -> hash.substring(0, 12))
                .distinct()
                .toList();
        System.out.printf("%s %-24s %s%n", cell, String.join(" ", distinct), result.kernels);
        for (int i = 0; i < result.hashes.size(); i++) {
            add(cell + " threads " + Fingerprint.THREADS.get(i) + ", " + result.kernels, result.hashes.get(i));
        }
        return result.kernels;
    }

    private static JvmOutput start(Path jdk, String compiler, int extensions, int vectorBytes, String kernels)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
        // Processors other than x86 have no UseAVX.
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=" + extensions));
        command.add("-XX:MaxVectorSize=" + vectorBytes);
        if (compiler.equals("C1")) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "-Dmasktape.kernels=" + kernels));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Fingerprint.class.getName()));
        Path errors = Files.createTempFile("matrix", ".txt");
        try {
            Process vm =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String out = new String(vm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            List<String> lines = out.lines().toList();
            if (vm.waitFor() != 0 || lines.size() != 2 + Fingerprint.THREADS.size()) {
                throw new IllegalStateException(String.join(" ", command) + "\n" + out + Files.readString(errors));
            }
            return new JvmOutput(lines.get(0), lines.get(1), lines.subList(2, lines.size()));
        } finally {
            Files.delete(errors);
        }
    }

    /**
     * Compares the hash that the explorer's tests found in the browser; a result older than this program is ignored.
     */
    private void browser() throws IOException {
        Path self = Path.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)[0]);
        List<String> lines = Files.exists(BROWSER) ? Files.readAllLines(BROWSER) : List.of();
        if (lines.size() != 2 || Files.getLastModifiedTime(BROWSER).compareTo(Files.getLastModifiedTime(self)) < 0) {
            System.out.println("no browser: " + BROWSER + " is written by the tests of docs/explorer");
            return;
        }
        System.out.printf("%-27s %-24.12s %s%n", lines.get(0), lines.get(1), "scalar (WebAssembly)");
        add(lines.get(0), lines.get(1));
    }

    void add(String cell, String hash) {
        cells.computeIfAbsent(hash, key -> new ArrayList<>()).add(cell);
    }

    boolean agrees() {
        return cells.size() == 1;
    }

    /** The hash on which all agree, or each hash with its cells. */
    String verdict() {
        int runs = cells.values().stream().mapToInt(List::size).sum();
        if (agrees()) {
            return runs + " runs, one sha256: " + cells.keySet().iterator().next();
        }
        StringBuilder text = new StringBuilder(runs + " runs, " + cells.size() + " different results:");
        cells.forEach(
                (hash, where) -> text.append('\n').append(hash).append("\n  ").append(String.join("\n  ", where)));
        return text.toString();
    }

    // ---- JDKs ----

    private static List<Path> jdks() throws IOException {
        Path mine = Path.of(System.getProperty("java.home")).toRealPath();
        List<Path> others = new ArrayList<>();
        try (Stream<Path> folder = Files.list(mine.getParent())) {
            for (Path path : folder.toList()) {
                Path home = path.toRealPath();
                if (!home.equals(mine)
                        && Files.isExecutable(home.resolve("bin/java"))
                        && version(home).feature() >= 21) {
                    others.add(home);
                }
            }
        }
        return Stream.concat(Stream.of(mine), others.stream().max(Comparator.comparing(Matrix::version)).stream())
                .toList();
    }

    /** The version in the JDK's file {@code release}; 1 if it has none. */
    private static Runtime.Version version(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> Runtime.Version.parse(line.replaceAll("JAVA_VERSION=|\"", "")))
                    .findFirst()
                    .orElse(Runtime.Version.parse("1"));
        } catch (IOException e) {
            return Runtime.Version.parse("1");
        }
    }
}
