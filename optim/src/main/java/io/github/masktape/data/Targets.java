package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Workspace;

/** What a network learns to predict for each example: {@link Labels} in a classification, {@link Values} in a regression. */
public sealed interface Targets permits Labels, Values {
    /** The number of examples. */
    int size();

    /** The numbers that a network has to give for an example: one for each class, or one for each value. */
    int outputs();

    /** What they are called in a message that counts {@link #outputs}: {@code classes} or {@code targets}. */
    String noun();

    /** The targets of these examples, in this order. */
    Targets select(int[] examples);

    /** {@link #select(int[])} in a workspace's memory, until that is recycled. */
    Targets select(int[] examples, Workspace workspace);

    /** The same targets for a network that computes in this dtype. */
    Targets to(DType dtype);
}
