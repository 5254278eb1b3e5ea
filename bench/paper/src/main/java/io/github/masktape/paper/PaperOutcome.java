package io.github.masktape.paper;

import io.github.masktape.optim.Metrics;
import io.github.masktape.tensor.Tensor;
import java.util.Map;
import java.util.Objects;

/**
 * A trained network of the paper's experiment and what it says of the test set.
 *
 * @param probabilities examples×classes, by inference method
 */
record PaperOutcome(PaperModel model, Map<String, Tensor> probabilities) {
    PaperRun run() {
        return model.run();
    }

    PaperRun.Schedule schedule() {
        return model.schedule();
    }

    /** The probabilities by one method. */
    Tensor by(String method) {
        return Objects.requireNonNull(probabilities.get(method));
    }

    /** By gaussian inference if the network has masked weights, else by mean inference. */
    Tensor best() {
        return by(run().arm().isDropConnect() ? "gaussian" : "mean");
    }

    /** The examples that have another class than the likeliest. */
    static int errors(Tensor probabilities, int[] labels) {
        return Metrics.errors(probabilities.argMaxRows(), labels);
    }
}
