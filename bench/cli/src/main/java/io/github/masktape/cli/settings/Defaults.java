// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import java.util.Collections;
import java.util.List;

/**
 * The settings that apply where the user gives none. Those of images and generated data are fixed, those of a table
 * follow from its size: see {@link #ofTable(int, int)}.
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
    /** The number of rows below which no rows are set aside for validation: each is worth more in training. */
    private static final int FEW = 5000;

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

    /** The examples that are set aside for validation, for a table of this many rows: none if there are few, else a tenth. */
    public static ExampleCount validation(int rows) {
        return rows < FEW ? ExampleCount.NONE : new ExampleCount(0.1);
    }

    /**
     * The defaults for a table.
     *
     * <pre>
     *   batch size         2·√rows, at most 512
     *   epochs             120 up to 1,000 rows, then 120·(1000/rows)^¼, at least 20
     *   hidden layers      2 of 64 units
     *   drop probability   0.03·√inputs up to 1,000 rows, then times √(1000/rows); in hundredths, 0.01 to 0.25
     *   weight decay       30/√rows, at most 3
     * </pre>
     *
     * @param rows the number of rows for training
     * @param inputs the number of inputs of the network: numbers, and a zero or one for each category
     */
    public static Defaults ofTable(int rows, int inputs) {
        double root = Math.sqrt(rows);
        double thousands = Math.max(1, rows / 1000.0);
        return new Defaults(
                new LayerSizes(Collections.nCopies(hiddenLayers(true), 64)),
                Math.max(1, Math.min(25, Math.round(3 * Math.sqrt(inputs / thousands)))) / 100.0,
                OptimizerKind.ADAMW,
                (int) Math.max(20, Math.round(120 / Math.sqrt(Math.sqrt(thousands)))),
                (int) Math.max(1, Math.min(Math.min(rows, 512), Math.round(2 * root))),
                Math.min(3, 30 / root),
                GradientNorm.ONE,
                true);
    }
}
