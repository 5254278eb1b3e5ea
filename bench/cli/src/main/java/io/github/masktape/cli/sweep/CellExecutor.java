// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The place where cells are computed: the processors of this machine, or any others. Cells and results are plain texts,
 * and a result is a function of its cell, so a cell can be computed anywhere, and again if its computer is lost.
 */
public interface CellExecutor {
    /**
     * Computes the results of all cells, in any order. Results are reported one at a time, each as soon as it is there.
     *
     * @param cells the text of each cell
     * @param work computes the result of a cell; called by several threads at the same time
     * @param finished takes a cell and its result
     * @return true if all cells are computed, false if {@link #stop} was called before
     */
    boolean run(List<String> cells, UnaryOperator<String> work, BiConsumer<String, String> finished);

    /** Ends this and all later runs soon, without the cells that are not computed yet; callable from any thread. */
    void stop();
}
