package io.github.masktape.cli.settings;

import java.util.Collections;
import java.util.List;

/**
 * The settings that apply where the user gives none. Those of images and generated data are fixed, those of a table
 * follow from its size: see {@link #ofTable}.
 *
 * @param hidden the sizes of the hidden layers
 * @param dropProbability the drop probability of each hidden layer
 * @param optimizer the kind of optimizer
 * @param epochs the number of epochs
 * @param batchSize the number of examples in a step
 * @param weightDecay the weight decay of AdamW; that of other optimizers is 0
 * @param clip the limit of the norm of the gradients
 * @param keepsBest true to keep the weights of the best epoch where there are examples for validation
 */
public record Defaults(
        LayerSizes hidden,
        double dropProbability,
        OptimizerKind optimizer,
        int epochs,
        int batchSize,
        double weightDecay,
        GradientNorm clip,
        boolean keepsBest) {
    /** The defaults for images and generated data. */
    public static final Defaults FIXED = new Defaults(
            new LayerSizes(List.of(128)), 0.5, OptimizerKind.SGD, 15, 64, 0.01, GradientNorm.UNLIMITED, false);

    /** The defaults that suit the examples. */
    public static Defaults of(ExampleSets examples) {
        return examples.isTable() ? ofTable(examples.training().size(), examples.inputs()) : FIXED;
    }

    /** The number of hidden layers. */
    public static int hiddenLayers(boolean isTable) {
        return isTable ? 2 : FIXED.hidden.values().size();
    }

    /** The kind of optimizer. */
    public static OptimizerKind optimizer(boolean isTable) {
        return isTable ? OptimizerKind.ADAMW : FIXED.optimizer;
    }

    /** The learning rate. */
    public static double learningRate(OptimizerKind optimizer) {
        return optimizer == OptimizerKind.SGD ? 0.1 : 0.003;
    }

    /** The examples to set apart for validation from this many rows of a table. */
    public static ExampleCount validation(int rows) {
        return rows < 1000 ? ExampleCount.NONE : new ExampleCount(0.1);
    }

    /**
     * The defaults for a table.
     *
     * @param rows the number of rows for training
     * @param features the number of features
     */
    public static Defaults ofTable(int rows, int features) {
        int batch = (int) Math.max(1, Math.min(512, Math.round(2 * Math.sqrt(rows))));
        return new Defaults(
                new LayerSizes(Collections.nCopies(2, 64)),
                0.1,
                OptimizerKind.ADAMW,
                126,
                batch,
                0.01,
                GradientNorm.ONE,
                true);
    }
}
