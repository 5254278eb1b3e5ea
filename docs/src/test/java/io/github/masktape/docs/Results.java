// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One file of JMH's results.
 *
 * @param name the file's, without {@code .json}
 * @param runs a run for each benchmark and choice of parameters
 */
record Results(String name, List<Run> runs) {
    /** The parts of a JMH result that the page shows. */
    record Run(
            String benchmark,
            String jvm,
            List<String> jvmArgs,
            String jdkVersion,
            String vmName,
            int threads,
            int forks,
            int warmupIterations,
            String warmupTime,
            int measurementIterations,
            String measurementTime,
            @Nullable Map<String, String> params,
            Metric primaryMetric,
            Map<String, Metric> secondaryMetrics) {
        /** Class and method, as in {@code DenseProduct.forward}. */
        String method() {
            return benchmark.replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
        }

        /** The value of a parameter. */
        String param(String key) {
            String value = params == null ? null : params.get(key);
            if (value == null) {
                throw new IllegalArgumentException(benchmark + " has no parameter " + key);
            }
            return value;
        }

        /** All parameters but these, as in {@code p 0.5, threads 1}. */
        String describe(String... but) {
            Map<String, String> all = new TreeMap<>(params == null ? Map.of() : params);
            List.of(but).forEach(all::remove);
            return all.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", "));
        }

        int number(String key) {
            return Integer.parseInt(param(key));
        }

        /** The score in ms, or in operations per ns. */
        Score score() {
            double unit = switch (primaryMetric.scoreUnit) {
                case "ms/op", "ops/ns" -> 1;
                case "us/op" -> 1e-3;
                case "ns/op" -> 1e-6;
                default -> throw new IllegalArgumentException(benchmark + ": unknown unit " + primaryMetric.scoreUnit);
            };
            return new Score(primaryMetric.score, primaryMetric.scoreError).times(unit);
        }

        /** True if it is this method with these parameters, given as name, value, name, value and so on. */
        boolean is(String method, String... parameters) {
            boolean matches = method().equals(method);
            for (int i = 0; i < parameters.length; i += 2) {
                matches = matches && param(parameters[i]).equals(parameters[i + 1]);
            }
            return matches;
        }

        private String machine() {
            return "JDK " + jdkVersion + ", " + vmName;
        }

        private String conditions() {
            return forks + (forks == 1 ? " fork" : " forks") + " × (" + warmupIterations + " × " + warmupTime
                    + " warmup + " + measurementIterations + " × " + measurementTime + " measured)"
                    + (jvmArgs.isEmpty() ? "" : ", `" + String.join(" ", jvmArgs) + "`");
        }
    }

    /** A number that was measured. */
    record Metric(double score, double scoreError, String scoreUnit) {}

    /**
     * A number and half the width of its 99.9 % confidence interval.
     *
     * @param value the mean
     * @param error JMH's score error
     */
    record Score(double value, double error) {
        /** {@code factor} times this. */
        Score times(double factor) {
            return new Score(value * factor, error * factor);
        }

        /** This divided by another, both errors taken into account. */
        Score over(Score other) {
            double ratio = value / other.value;
            return new Score(ratio, ratio * Math.hypot(error / value, other.error / other.value));
        }

        /** {@code factor} divided by this, with the same relative error. */
        Score into(double factor) {
            return new Score(factor / value, factor / value * (error / value));
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is not JMH's, has no error bars, tells where this machine keeps its Java,
     *     or mixes VMs
     */
    static Results read(Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.json$", "");
        try {
            Run[] runs = new Gson().fromJson(Files.readString(file), Run[].class);
            if (runs == null || runs.length == 0) {
                throw new IllegalArgumentException(file + ": no results");
            }
            for (Run run : runs) {
                check(file, runs[0], run);
            }
            return new Results(name, List.of(runs));
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(file + ": not results of JMH with error bars: " + e.getMessage(), e);
        }
    }

    private static void check(Path file, Run first, Run run) {
        if (!run.jvm.equals("java")) {
            throw new IllegalArgumentException(file + ": jvm must read \"java\", got \"" + run.jvm + "\"");
        }
        if (!(run.primaryMetric.score > 0 && run.primaryMetric.scoreError >= 0)) {
            throw new IllegalArgumentException(file + ": " + run.benchmark + " has no error bar");
        }
        if (!run.machine().equals(first.machine())) {
            throw new IllegalArgumentException(
                    file + ": measured on two VMs: " + first.machine() + " and " + run.machine());
        }
    }

    /** The one run of a method with these parameters. */
    Run only(String method, String... parameters) {
        List<Run> found =
                runs.stream().filter(run -> run.is(method, parameters)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(name + ".json: expected one run of " + method + " with "
                    + String.join(" ", parameters) + ", got " + found.size());
        }
        return found.get(0);
    }

    /** The conditions of the measurement, such as {@code JDK 25.0.3, 2 forks × (4 × 1 s warmup + 5 × 1 s measured)}. */
    String conditions() {
        Map<String, List<String>> methods = runs.stream()
                .collect(Collectors.groupingBy(
                        Run::conditions,
                        LinkedHashMap::new,
                        Collectors.mapping(run -> run.method().replaceFirst("\\..*", ""), Collectors.toList())));
        String ways = methods.size() == 1
                ? methods.keySet().iterator().next()
                : methods.entrySet().stream()
                        .map(way -> String.join(", ", new LinkedHashSet<>(way.getValue())) + " " + way.getKey())
                        .collect(Collectors.joining("; "));
        return runs.get(0).machine() + "; " + ways;
    }
}
