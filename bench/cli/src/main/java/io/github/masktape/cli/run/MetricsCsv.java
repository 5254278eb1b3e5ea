// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.cli.settings.ExampleSets;
import io.github.masktape.data.TargetKind;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Trainer;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run as a CSV table (RFC 4180) with a line for each epoch, the same bytes for the same run. A number
 * reads back as the same double; an R² that is undefined is an empty cell.
 */
final class MetricsCsv {
    private MetricsCsv() {}

    /**
     * Formats the table.
     *
     * @param evaluated the set that the epochs were evaluated on: {@code validation} or {@code test}
     * @param targets the kind of targets; errors of standardized values are converted to the unit of the data
     */
    static String csv(List<Trainer.Epoch> epochs, String evaluated, TargetKind targets) {
        List<String> columns = new ArrayList<>(List.of("epoch", "training_loss", evaluated + "_loss"));
        List<String> errors = targets instanceof TargetKind.Quantities
                ? List.of("rmse", "r2")
                : List.of("errors", "examples", "error_rate");
        for (String column : errors) {
            columns.add(evaluated + "_" + column);
        }
        StringBuilder csv = new StringBuilder(String.join(",", columns)).append("\r\n");
        for (Trainer.Epoch epoch : epochs) {
            csv.append(epoch.epoch()).append(',').append(number(epoch.trainingLoss()));
            append(csv, epoch.validation(), ExampleSets.unit(targets));
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static void append(StringBuilder csv, @Nullable Evaluation evaluation, double unit) {
        if (evaluation == null) {
            return;
        }
        csv.append(',').append(number(evaluation.loss()));
        if (evaluation instanceof Evaluation.OfValues values) {
            csv.append(',').append(number(unit * values.rmse()));
            csv.append(',');
            values.r2().ifPresent(r2 -> csv.append(number(r2)));
        } else if (evaluation instanceof Evaluation.OfLabels labels) {
            csv.append(',').append(labels.errors());
            csv.append(',').append(labels.examples());
            csv.append(',').append(number(labels.errorRate()));
        }
    }

    private static String number(double value) {
        return Decimal.exact(value);
    }
}
