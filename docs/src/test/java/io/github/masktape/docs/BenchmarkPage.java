// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import com.google.gson.Gson;
import io.github.masktape.docs.Results.Run;
import io.github.masktape.docs.Results.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes docs/benchmarks/*.svg, and the tables between the markers of docs/benchmarks.md and of a chapter of the course,
 * from docs/benchmarks/*.json.
 *
 * <pre>
 *   mvn -q -pl docs -am test-compile exec:java
 * </pre>
 */
public final class BenchmarkPage {
    /** The products of a layer, as their benchmarks and as the formulas name them. */
    static final Map<String, String> PRODUCTS = inOrder("forward", "Y", "inputGradient", "dX", "weightGradient", "dW");

    /** The networks of {@code TrainingStep}, as it and as the page names them. */
    static final Map<String, String> NETWORKS = inOrder(
            "none", "Linear",
            "dropout", "Dropout",
            "dropconnect", "DropConnect",
            "dropconnect-per-batch", "DropConnect, shared");

    private static final List<String> PAGES = List.of("benchmarks.md", "course/10-fast-kernels.md");

    private static final Pattern BLOCK =
            Pattern.compile("(<!-- table ([a-z0-9-]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

    private final Path docs;
    private final Map<String, Results> results = new TreeMap<>();

    private BenchmarkPage(Path docs) throws IOException {
        this.docs = docs;
        try (Stream<Path> files = Files.list(docs.resolve("benchmarks"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".json")).toList()) {
                if (!file.toString().endsWith("machine.json")) {
                    Results of = Results.read(file);
                    results.put(of.name(), of);
                }
            }
        }
    }

    /** Writes the files; the one argument is the folder docs. */
    public static void main(String[] args) throws IOException {
        Path docs = Path.of(args[0]);
        for (Map.Entry<Path, String> file : files(docs).entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    /** Every file that is made, and what is in it. */
    static Map<Path, String> files(Path docs) throws IOException {
        BenchmarkPage page = new BenchmarkPage(docs);
        Map<Path, String> files = new TreeMap<>();
        new BenchmarkCharts(page.results)
                .all()
                .forEach((name, chart) -> files.put(docs.resolve("benchmarks").resolve(name + ".svg"), chart.svg()));
        for (String name : PAGES) {
            Path text = docs.resolve(name);
            files.put(text, page.filled(name, Files.readString(text)));
        }
        return files;
    }

    /** A page with its tables made anew; the first page must have a place for each. */
    private String filled(String name, String page) throws IOException {
        Map<String, String> tables = tables();
        Matcher blocks = BLOCK.matcher(page);
        StringBuilder filled = new StringBuilder();
        while (blocks.find()) {
            String table = tables.remove(blocks.group(2));
            if (table == null) {
                throw new IllegalArgumentException(name + ": no results for its table " + blocks.group(2));
            }
            blocks.appendReplacement(
                    filled, Matcher.quoteReplacement(blocks.group(1) + "\n" + table + "\n" + blocks.group(3)));
        }
        if (name.equals(PAGES.get(0)) && !tables.isEmpty()) {
            throw new IllegalArgumentException(name + ": has no place for the tables " + tables.keySet());
        }
        return blocks.appendTail(filled).toString();
    }

    private Map<String, String> tables() throws IOException {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("machine", machine("machine", "this machine"));
        tables.put("avx2-machine", machine("avx2-machine", "the machine of this section"));
        tables.put("limits", limits());
        tables.put(
                "matmul",
                products(
                        "matmul",
                        "DenseProduct",
                        product -> "fma",
                        run -> 2.0 * run.number("m") * run.number("k") * run.number("n")));
        tables.put(
                "masked", products("masked", "MaskedProduct", BenchmarkPage::maskedLimit, BenchmarkPage::maskedWork));
        tables.put("masks", masks());
        tables.put("storage", storage());
        tables.put("step", step());
        tables.put("width", growth("width", "width"));
        tables.put("batch", growth("batch", "batch"));
        tables.put("p", drops());
        tables.put("kernels", kernels());
        tables.put("small", small());
        for (String file : List.of(Peers.FILE, "avx2-" + Peers.FILE)) {
            tables.put(file, peers(new Peers(of(file))));
        }
        return tables;
    }

    // ---- tables ----

    private String machine(String file, String title) throws IOException {
        Map<?, ?> machine =
                new Gson().fromJson(Files.readString(docs.resolve("benchmarks/" + file + ".json")), TreeMap.class);
        List<List<String>> rows = new ArrayList<>();
        for (String key : List.of("processor", "cores", "caches", "memory", "system")) {
            Object value = machine.get(key);
            rows.add(List.of(
                    key, value instanceof Double number ? Long.toString(Math.round(number)) : String.valueOf(value)));
        }
        return markdown(List.of("", title), rows);
    }

    private String limits() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, String> limit : inOrder(
                        "fma", "GFLOP/s",
                        "planes", "GFLOP/s",
                        "words", "GFLOP/s",
                        "memory", "GB/s")
                .entrySet()) {
            rows.add(List.of(
                    "`Limits." + limit.getKey() + "`",
                    limit.getValue(),
                    text(limit(limit.getKey(), 1)),
                    text(limit(limit.getKey(), 2))));
        }
        return command("limits", "limits-2") + markdown(List.of("", "unit", "one thread", "two threads"), rows);
    }

    private Score limit(String name, int threads) {
        return of(threads == 1 ? "limits" : "limits-" + threads)
                .only("Limits." + name)
                .score();
    }

    private String products(String file, String benchmark, UnaryOperator<String> limit, Function<Run, Double> work)
            throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String kernel : List.of("vector", "scalar")) {
            for (Map.Entry<String, String> product : PRODUCTS.entrySet()) {
                for (int threads = 1; threads <= 2; threads++) {
                    Run run = of(file).only(
                                    benchmark + "." + product.getKey(),
                                    "kernel",
                                    kernel,
                                    "threads",
                                    Integer.toString(threads));
                    Score speed = run.score().into(work.apply(run) / 1e6);
                    rows.add(List.of(
                            product.getValue(),
                            kernel,
                            Integer.toString(threads),
                            text(run.score()),
                            text(speed),
                            percent(speed.value()
                                    / limit(limit.apply(product.getKey()), threads)
                                            .value()),
                            "`Limits." + limit.apply(product.getKey()) + "`"));
                }
            }
        }
        return command(file) + markdown(List.of("", "kernel", "threads", "ms", "GFLOP/s", "reaches", "of"), rows);
    }

    /** The loop over registers with the instructions of a masked product. */
    private static String maskedLimit(String product) {
        return product.equals("forward") ? "planes" : "words";
    }

    static double maskedWork(Run run) {
        return 2.0 * run.number("batch") * run.number("width") * run.number("width");
    }

    private String masks() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String kernel : List.of("vector", "scalar")) {
            for (String p : List.of("0.5", "0.2", "0.1")) {
                Run run = of("masks").only("MaskGeneration.draw", "kernel", kernel, "p", p);
                double bits = maskedWork(run) / 2;
                rows.add(List.of(p, kernel, text(run.score()), text(run.score().into(bits / 1e6))));
            }
        }
        return command("masks") + markdown(List.of("p", "kernel", "ms", "bits/ns"), rows);
    }

    private String storage() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        Map<String, String> ways = inOrder(
                "products", "the three products, their mask given",
                "stored", "a mask drawn and stored, the three products",
                "recomputed", "the mask drawn again for each of the three products");
        ways.forEach((method, way) -> rows.add(Stream.concat(
                        Stream.of(way),
                        Stream.of("0.5", "0.2")
                                .map(p -> text(of("storage")
                                        .only("MaskGeneration." + method, "p", p)
                                        .score())))
                .toList()));
        return command("storage") + markdown(List.of("", "ms, p = 0.5", "ms, p = 0.2"), rows);
    }

    private String step() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        NETWORKS.forEach((network, name) -> {
            Run one = of("step").only("TrainingStep.step", "regularizer", network, "threads", "1");
            Run two = of("step").only("TrainingStep.step", "regularizer", network, "threads", "2");
            Run dense = of("step").only("TrainingStep.step", "regularizer", "none", "threads", "1");
            rows.add(List.of(
                    name,
                    text(one.score()),
                    text(two.score()),
                    ratio(one.score().value() / two.score().value()),
                    ratio(one.score().value() / dense.score().value()),
                    kilobytes(one),
                    kilobytes(two)));
        });
        return command("step")
                + markdown(
                        List.of(
                                "",
                                "ms, one thread",
                                "ms, two threads",
                                "speedup",
                                "relative to Linear",
                                "kB a step",
                                "kB a step, two threads"),
                        rows);
    }

    private static String kilobytes(Run run) {
        Results.Metric allocated = run.secondaryMetrics().get("gc.alloc.rate.norm");
        if (allocated == null) {
            throw new IllegalArgumentException(run.benchmark() + ": measured without -prof gc");
        }
        return number(allocated.score() / 1000, 1);
    }

    /** Linear and DropConnect, a row for each value of a parameter. */
    private String growth(String file, String parameter) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int value : values(of(file), parameter)) {
            Score dense = step(file, "none", parameter, value);
            Score masked = step(file, "dropconnect", parameter, value);
            rows.add(
                    List.of(Integer.toString(value), text(dense), text(masked), ratio(masked.value() / dense.value())));
        }
        return command(file) + markdown(List.of(parameter, "Linear, ms", "DropConnect, ms", "ratio"), rows);
    }

    private Score step(String file, String network, String parameter, int value) {
        return of(file).only("TrainingStep.step", "regularizer", network, parameter, Integer.toString(value))
                .score();
    }

    static List<Integer> values(Results results, String parameter) {
        return results.runs().stream()
                .map(run -> run.number(parameter))
                .distinct()
                .sorted()
                .toList();
    }

    private String drops() throws IOException {
        Score half = of("p").only("TrainingStep.step", "p", "0.5").score();
        List<List<String>> rows = Stream.of("0.5", "0.2", "0.1")
                .map(p -> of("p").only("TrainingStep.step", "p", p))
                .map(run -> List.of(
                        run.param("p"), text(run.score()), ratio(run.score().value() / half.value())))
                .toList();
        return command("p") + markdown(List.of("p", "DropConnect, ms", "relative to p = 0.5"), rows);
    }

    private String kernels() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (List<String> row :
                List.of(List.of("FLOAT32", "vector"), List.of("FLOAT32", "scalar"), List.of("FLOAT64", "scalar"))) {
            Stream<String> scores = Stream.of("none", "dropconnect")
                    .map(network -> text(of("kernels")
                            .only(
                                    "TrainingStep.step",
                                    "regularizer",
                                    network,
                                    "dtype",
                                    row.get(0),
                                    "kernel",
                                    row.get(1))
                            .score()));
            rows.add(Stream.concat(row.stream(), scores).toList());
        }
        return command("kernels") + markdown(List.of("dtype", "kernel", "Linear, ms", "DropConnect, ms"), rows);
    }

    private String peers(Peers peers) {
        List<List<String>> rows = peers.sides().stream()
                .map(side -> List.of(
                        side.comparison(),
                        side.name(),
                        text(side.time()),
                        side.ratio().value() == 1 ? "1" : text(side.ratio())))
                .toList();
        return peers.results().conditions() + ".\n\n" + markdown(List.of("", "", "ms", "time ÷ Masktape's"), rows);
    }

    private String small() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (int batch : values(of("small"), "batch")) {
            Run tape = of("small").only("SmallNet.tape", "batch", Integer.toString(batch));
            Run byHand = of("small").only("SmallNet.handwritten", "batch", Integer.toString(batch));
            rows.add(List.of(
                    Integer.toString(batch),
                    text(tape.score().times(1000)),
                    text(byHand.score().times(1000)),
                    ratio(tape.score().value() / byHand.score().value()),
                    kilobytes(tape)));
        }
        return command("small") + markdown(List.of("batch", "tape, µs", "by hand, µs", "ratio", "kB a step"), rows);
    }

    private Results of(String name) {
        Results found = results.get(name);
        if (found == null) {
            throw new IllegalArgumentException("docs/benchmarks/" + name + ".json is missing");
        }
        return found;
    }

    // ---- text ----

    /** The commands in bench/jmh/measure.sh that made these files, and how they measured. */
    private String command(String... names) throws IOException {
        List<String> script = Files.readAllLines(docs.resolveSibling("bench/jmh/measure.sh"));
        String commands = Arrays.stream(names)
                .map(name -> script.stream()
                        .filter(line -> line.startsWith("run " + name + " "))
                        .map(line -> "java -jar bench/jmh/target/benchmarks.jar "
                                + line.substring(("run " + name + " ").length()))
                        .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
        return "```sh\n" + commands + "\n```\n\n" + of(names[0]).conditions() + ".\n\n";
    }

    private static String markdown(List<String> header, List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        row(table, header);
        row(table, header.stream().map(column -> "---").toList());
        rows.forEach(row -> row(table, row));
        return table.toString();
    }

    private static void row(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** A score such as {@code 12.34 ± 0.56}: the error with two digits, the value with as many decimals. */
    static String text(Score score) {
        int decimals =
                score.error() == 0 ? 3 : (int) Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(score.error()))));
        return number(score.value(), decimals) + " ± " + number(score.error(), decimals);
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String percent(double share) {
        return number(100 * share, 0) + " %";
    }

    static String ratio(double ratio) {
        return number(ratio, 2) + " ×";
    }

    private static Map<String, String> inOrder(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
