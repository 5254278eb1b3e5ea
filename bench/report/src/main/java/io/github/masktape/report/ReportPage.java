// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.PermutationImportance;
import io.github.masktape.tensor.Compute;
import io.github.masktape.text.Decimal;
import io.github.masktape.text.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A report about a run on one self-contained page, which needs no network and no script.
 *
 * @param title the network and the data
 * @param command the command line that repeats the run
 * @param settings the options in effect, in order
 * @param environment facts about the machine, in order: {@link #here()} and whatever the caller adds
 * @param history the epochs in order; there may be none
 * @param bestEpoch the epoch whose weights are reported, 0 if they are those of the last epoch
 * @param watched the name of the set that each epoch is evaluated on: validation, or test
 * @param net the trained network
 * @param seed the seed of the masks
 * @param step the training step to draw
 * @param outcome the predictions for the test set
 * @param examples the test set
 * @param importance the importance of the columns of a table, or null if it is unknown
 */
public record ReportPage(
        String title,
        String command,
        Map<String, String> settings,
        Map<String, String> environment,
        List<Curves.EpochMetrics> history,
        int bestEpoch,
        String watched,
        Sequential net,
        long seed,
        StepPictures step,
        TestResult outcome,
        ShownExamples examples,
        @Nullable PermutationImportance importance) {
    private static final int MOST_OPEN_ROWS = 15;
    private static final int MOST_COLUMNS = 30;

    /** Copies the collections and checks that the numbers of examples match. */
    public ReportPage {
        settings = new LinkedHashMap<>(settings);
        environment = new LinkedHashMap<>(environment);
        history = List.copyOf(history);
        if (examples.features().shape().dim(0) != outcome.examples()) {
            throw new IllegalArgumentException("examples: expected " + outcome.examples() + ", as many as answers, got "
                    + examples.features().shape().dim(0));
        }
    }

    /** The version of this program, the JVM and the machine. */
    public static Map<String, String> here() {
        Map<String, String> environment = new LinkedHashMap<>();
        String version = ReportPage.class.getPackage().getImplementationVersion();
        environment.put("masktape", version == null ? "not from its jar" : version);
        environment.put(
                "Java",
                Runtime.version() + ", " + System.getProperty("java.vm.name") + ", "
                        + System.getProperty("java.vendor"));
        environment.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put("compute", Compute.description());
        environment.put("heap at most", Decimal.grouped(Runtime.getRuntime().maxMemory() >> 20) + " MB");
        return environment;
    }

    /** The file {@code report.html}. The same content gives the same bytes. */
    public String html() {
        Weights weights = new Weights(net, seed);
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
                """
                + "<title>" + Markup.escape(title) + "</title>\n"
                + "<style>\n" + style() + "</style>\n</head>\n<body>\n"
                + "<header>\n<h1>" + Markup.escape(title) + "</h1>\n" + outcome.headline() + "</header>\n<main>\n"
                + curves()
                + outcome.sections(examples)
                + ranking()
                + step.html(net, seed, examples)
                + weights.masks()
                + weights.statistics()
                + (examples.areImages() ? weights.pictures(examples.rows(), examples.columns()) : "")
                + origin()
                + metrics()
                + "</main>\n<footer>\n<p>Written by masktape.</p>\n</footer>\n</body>\n</html>\n";
    }

    private String curves() {
        if (!Curves.canBeDrawn(history)) {
            return Html.section("Training", Html.note("There is no loss to be drawn."));
        }
        Curves curves = new Curves(history, outcome.task(), bestEpoch, watched);
        return Html.section("Training", Html.charts(curves.pictures()));
    }

    private String ranking() {
        if (importance == null) {
            return "";
        }
        Html.HtmlTable table = new Html.HtmlTable("Columns, the most important first")
                .head("text", "column")
                .heads(List.of("error rises by", "standard error", ""));
        int all = importance.columns().size();
        double most = importance.columns().get(0).mean();
        for (PermutationImportance.Rise rise : importance.columns().subList(0, Math.min(all, MOST_COLUMNS))) {
            OptionalDouble error = rise.standardError();
            table.row(rise.column())
                    .cells(List.of(rise(rise.mean()), error.isPresent() ? rise(error.getAsDouble()) : "–"))
                    .shaded("bar", most > 0 ? Math.max(0, rise.mean()) / most : 0, "");
        }
        return Html.section(
                "Which columns matter",
                Html.note("How much the test error rises when the cells of a column are shuffled among the rows"
                        + " (permutation importance). Columns that say the same share their importance."),
                table.html(),
                all > MOST_COLUMNS ? Html.note("The first " + MOST_COLUMNS + " of " + all + " columns.") : "");
    }

    private String rise(double error) {
        return outcome.task() == Curves.ErrorKind.CLASSIFICATION
                ? NumberFormats.percent(error).replace("-", "−")
                : NumberFormats.plain(error);
    }

    private String origin() {
        return Html.section(
                "How it was made",
                "<h3>Command</h3>\n<pre><code>" + Markup.escape(command) + "</code></pre>\n",
                "<h3>Network</h3>\n<pre>" + Markup.escape(net.toString()) + "</pre>\n",
                "<div class=\"charts\">\n",
                Html.pairs("Settings", "setting", settings),
                Html.pairs("Environment", "what", environment),
                "</div>\n");
    }

    private String metrics() {
        if (history.isEmpty()) {
            return "";
        }
        boolean classes = outcome.task() == Curves.ErrorKind.CLASSIFICATION;
        Html.HtmlTable table = new Html.HtmlTable("Metrics")
                .heads(List.of("epoch", "learning rate", "training loss", watched + " loss"))
                .heads(List.of(classes ? watched + " error" : "root mean square error"));
        for (Curves.EpochMetrics epoch : history) {
            double error = epoch.validationError();
            table.row(epoch.epoch() + (epoch.epoch() == bestEpoch ? " (best)" : ""))
                    .cells(List.of(
                            NumberFormats.plain(epoch.learningRate()),
                            NumberFormats.plain(epoch.trainingLoss()),
                            NumberFormats.plain(epoch.validationLoss()),
                            classes ? NumberFormats.percent(error) : NumberFormats.plain(error)));
        }
        return Html.section(
                "Epoch by epoch",
                history.size() <= MOST_OPEN_ROWS
                        ? table.html()
                        : "<details><summary>All " + history.size() + " epochs</summary>\n" + table.html()
                                + "</details>\n");
    }

    private static String style() {
        try (InputStream style = ReportPage.class.getResourceAsStream("report.css")) {
            if (style == null) {
                throw new AssertionError("report.css is missing in the jar");
            }
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
