// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A source of batches to train on: {@link Batches} of a dataset in memory, {@link StreamedBatches} that are read or
 * generated during the run, or one of your own.
 */
@FunctionalInterface
public interface BatchSource {
    /**
     * The batches of an epoch, to be iterated once. If the iterable is {@link AutoCloseable}, the trainer closes it at
     * the end of the epoch, also if the run ends within the epoch.
     *
     * @param epoch the epoch, counted from 1. A second fit continues the count if {@link #steps} is known, and begins at
     *     1 again otherwise
     */
    Iterable<Batch> epoch(int epoch);

    /** The number of batches in every epoch, or empty if it is not known. */
    default OptionalLong steps() {
        return OptionalLong.empty();
    }

    /**
     * A text that identifies the batches, their contents and their order, such as a file's name with its checksum, or a
     * generator's seed. A checkpoint stores it, and a run resumes only with a source of the same identity. Empty if the
     * epochs cannot be repeated: then a run cannot be resumed.
     */
    default Optional<String> identity() {
        return Optional.empty();
    }
}
