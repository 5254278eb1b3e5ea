package io.github.masktape.cli;

import io.github.masktape.data.Dataset;
import io.github.masktape.layers.Inference;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What one or more models answer: of classifiers the probabilities, examples×classes; of regressions the targets in
 * their own unit.
 */
final class Answers {
    private final Tensor values;
    private final int[] predicted;

    private Answers(Tensor values, int[] predicted) {
        this.values = values;
        this.predicted = predicted;
    }

    /**
     * Asks the models.
     *
     * @param features for each model, as its network wants them
     */
    static Answers of(List<Model> models, List<Tensor> features, InferenceOptions options) {
        Inference inference = options.inference();
        List<Tensor> answers = new ArrayList<>();
        boolean regression = models.get(0).preprocessing().isRegression();
        for (int i = 0; i < models.size(); i++) {
            Model model = models.get(i);
            Tensor x = features.get(i).to(model.dtype());
            answers.add(
                    regression
                            ? model.preprocessing().restoreTargets(inference.outputs(model.net(), x))
                            : inference.probabilities(model.net(), x));
        }
        Tensor mean = answers.size() == 1 ? answers.get(0) : Inference.vote(answers);
        if (regression) {
            return new Answers(mean, new int[0]);
        }
        // Of logits, where nothing is averaged: probabilities near 1 are rounded.
        boolean logits = models.size() == 1 && !options.averagesProbabilities();
        Tensor ranked = logits
                ? inference.outputs(
                        models.get(0).net(), features.get(0).to(models.get(0).dtype()))
                : mean;
        return new Answers(mean, ranked.argMaxRows());
    }

    /** The mean over the models. */
    Tensor values() {
        return values;
    }

    /** The likeliest class of an example; not for a regression. */
    int predicted(int example) {
        return predicted[example];
    }

    /** The number of wrong answers. */
    int errors(Dataset data) {
        int errors = 0;
        int[] labels = data.labels();
        for (int i = 0; i < labels.length; i++) {
            errors += predicted[i] == labels[i] ? 0 : 1;
        }
        return errors;
    }
}
