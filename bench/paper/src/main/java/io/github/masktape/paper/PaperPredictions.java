// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.optim.Metrics;
import io.github.masktape.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * A trained network of the paper's experiment and its predictions for the test set.
 *
 * @param probabilities examples×classes, by inference method
 */
record PaperPredictions(PaperModel model, Map<String, Tensor> probabilities) {
    PaperRun run() {
        return model.run();
    }

    PaperRun.PaperSchedule schedule() {
        return model.schedule();
    }

    /** The probabilities by one inference method. */
    Tensor by(String method) {
        return Objects.requireNonNull(probabilities.get(method));
    }

    /** The probabilities by gaussian inference if the network has masked weights, otherwise by mean inference. */
    Tensor best() {
        return by(run().arm().isDropConnect() ? "gaussian" : "mean");
    }

    /** The number of examples whose likeliest class is not their label. */
    static int errors(Tensor probabilities, int[] labels) {
        return Metrics.errors(probabilities.argMaxRows(), labels);
    }
}
