// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Workspace;

/**
 * The targets that a network learns to predict, one for each example: {@link Labels} in a classification, {@link
 * Values} in a regression.
 */
public sealed interface Targets permits Labels, Values {
    /** The number of examples. */
    int size();

    /** The number of outputs that a network needs for these targets: one for each class, or one for each value. */
    int outputs();

    /** The noun for messages that count {@link #outputs}: {@code classes} or {@code targets}. */
    String noun();

    /** The targets of these examples, in this order. */
    Targets select(int[] examples);

    /** The same as {@link #select(int[])}, in a workspace's memory, valid until that is recycled. */
    Targets select(int[] examples, Workspace workspace);

    /** The same targets for a network that computes in this dtype. */
    Targets to(DType dtype);
}
