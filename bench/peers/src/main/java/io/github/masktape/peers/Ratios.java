// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The table at the end of the program's output: each side's time, and that time divided by Masktape's.
 *
 * <pre>
 *   r      = b/a                              a Masktape's time, b the other side's
 *   error  = r·√((Δa/a)² + (Δb/b)²)           Δ the error that JMH reports: half of a 99.9 % interval
 * </pre>
 */
final class Ratios {
    private Ratios() {}

    /**
     * The result of one side.
     *
     * @param comparison the benchmark with all its parameters except the side
     * @param error NaN if there are too few measurements to estimate it
     */
    record Row(String comparison, String side, double time, double error, String unit) {
        static Row of(RunResult result) {
            BenchmarkParams params = result.getParams();
            String[] path = params.getBenchmark().split("\\.", -1);
            StringBuilder comparison = new StringBuilder(path[path.length - 2]);
            for (String key : params.getParamsKeys()) {
                if (!key.equals("side")) {
                    comparison.append(", ").append(key).append(" = ").append(params.getParam(key));
                }
            }
            Result<?> time = result.getPrimaryResult();
            return new Row(
                    comparison.toString(),
                    params.getParam("side"),
                    time.getScore(),
                    time.getScoreError(),
                    time.getScoreUnit());
        }
    }

    /** The table for JMH's results. */
    static String table(Collection<RunResult> results) {
        return table(results.stream().map(Row::of).toList());
    }

    /** The table of these rows, in their order; a comparison without Masktape has no ratios. */
    static String table(List<Row> rows) {
        Map<String, List<Row>> comparisons = new LinkedHashMap<>();
        for (Row row : rows) {
            comparisons
                    .computeIfAbsent(row.comparison(), key -> new ArrayList<>())
                    .add(row);
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-46s %-26s %s%n", "Each side's time, and that over Masktape's", "time", "÷ Masktape"));
        comparisons.forEach((comparison, sides) -> {
            text.append(comparison).append('\n');
            for (Row side : sides) {
                text.append(String.format(
                                Locale.ROOT,
                                "  %-44s %-26s %s",
                                side.side(),
                                measured(side.time(), side.error()) + " " + side.unit(),
                                ratio(side, sides))
                        .stripTrailing());
                text.append('\n');
            }
        });
        return text.toString();
    }

    private static String ratio(Row side, List<Row> sides) {
        for (Row ours : sides) {
            if (ours.side().equals(SideBySide.MASKTAPE)) {
                double ratio = side.time() / ours.time();
                double error = ratio * Math.hypot(ours.error() / ours.time(), side.error() / side.time());
                return side.side().equals(SideBySide.MASKTAPE) ? "1" : measured(ratio, error);
            }
        }
        return "";
    }

    /** A value with its error and about three digits: {@code 12.3 ± 0.4}. */
    private static String measured(double value, double error) {
        String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value)
                + " ± "
                + (Double.isNaN(error) ? "?" : String.format(Locale.ROOT, format, error));
    }
}
