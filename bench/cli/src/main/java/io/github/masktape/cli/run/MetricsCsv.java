package io.github.masktape.cli.run;

import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run as a table in CSV (RFC 4180): a line an epoch, the same bytes for the same run. A number reads
 * back as the same double; an R² that is undefined is an empty cell.
 */
final class MetricsCsv {
    private MetricsCsv() {}

    /**
     * The table.
     *
     * @param evaluated what the epochs were evaluated on: {@code validation} or {@code test}
     * @param unit of a regression's targets, that its standardized errors are multiples of
     */
    static String csv(List<Trainer.Epoch> epochs, String evaluated, boolean regression, double unit) {
        List<String> columns = new ArrayList<>(List.of("epoch", "training_loss", evaluated + "_loss"));
        for (String column : regression ? List.of("rmse", "r2") : List.of("errors", "examples", "error_rate")) {
            columns.add(evaluated + "_" + column);
        }
        StringBuilder csv = new StringBuilder(String.join(",", columns)).append("\r\n");
        for (Trainer.Epoch epoch : epochs) {
            csv.append(epoch.epoch()).append(',').append(number(epoch.trainingLoss()));
            append(csv, epoch.validation(), unit);
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static void append(StringBuilder csv, Trainer.@Nullable Evaluation evaluation, double unit) {
        if (evaluation == null) {
            return;
        }
        csv.append(',').append(number(evaluation.loss()));
        if (evaluation.isRegression()) {
            csv.append(',').append(number(unit * evaluation.rmse()));
            csv.append(',');
            evaluation.r2().ifPresent(r2 -> csv.append(number(r2)));
        } else {
            csv.append(',').append(evaluation.errors());
            csv.append(',').append(evaluation.examples());
            csv.append(',').append(number(evaluation.errorRate()));
        }
    }

    private static String number(double value) {
        return Decimal.exact(value);
    }
}
