// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

/**
 * Thrown when training meets a loss or a gradient that is NaN, infinite or beyond recovery. The same run would end the
 * same way again; a smaller learning rate or a limit on the gradients' norm helps.
 */
public final class DivergenceException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    /** The epoch, from 1. */
    private final int epoch;

    /** The step, from 1. */
    private final long step;

    DivergenceException(int epoch, long step, String problem) {
        super("training diverged in epoch " + epoch + ", step " + step + ": " + problem
                + "; try clipped gradients or a smaller learning rate");
        this.epoch = epoch;
        this.step = step;
    }

    /** The epoch of the step that failed, from 1. */
    public int epoch() {
        return epoch;
    }

    /** The step that failed, counted from 1 through all epochs. */
    public long step() {
        return step;
    }
}
