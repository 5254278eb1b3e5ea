// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.tensor.RandomStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A dataset cut into batches; the last batch of an epoch holds the remaining examples. */
public final class Batches implements BatchSource {
    private final Dataset data;
    private final int size;
    private final @Nullable Long seed;

    private Batches(Dataset data, int size, @Nullable Long seed) {
        this.data = data;
        this.size = size;
        this.seed = seed;
    }

    /** Batches of {@code size} examples in the dataset's own order. */
    public static Batches of(Dataset data, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("batchSize: expected at least 1, got " + size);
        }
        return new Batches(data, size, null);
    }

    /** Batches of the same size over an order that is drawn from a seed for each epoch. */
    public Batches withShuffling(long seed) {
        return new Batches(data, size, seed);
    }

    /** The number of batches in an epoch. */
    public int perEpoch() {
        return (data.size() - 1) / size + 1;
    }

    /**
     * The batches of an epoch, counted from 1. Epochs can be requested in any order, and iterated more than once.
     *
     * <p>With shuffling, the order is the permutation drawn from stream {@code derive(derive(−1, seed), epoch)}.
     */
    @Override
    public Iterable<Batch> epoch(int epoch) {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch: expected at least 1, got " + epoch);
        }
        int[] order = order(epoch);
        long firstStep = (epoch - 1L) * perEpoch();
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < perEpoch();
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int from = next * size;
                int[] examples = Arrays.copyOfRange(order, from, Math.min(data.size(), from + size));
                return new Batch(data, examples, firstStep + next++, null);
            }
        };
    }

    @Override
    public OptionalLong steps() {
        return OptionalLong.of(perEpoch());
    }

    /** {@inheritDoc} It contains a checksum of the data, their order and the size of a batch. */
    @Override
    public Optional<String> identity() {
        return Optional.of(String.format(
                Locale.ROOT,
                "%d examples, checksum %016x, in batches of %d%s",
                data.size(),
                data.checksum(),
                size,
                seed == null ? "" : ", shuffled by seed " + seed));
    }

    private int[] order(int epoch) {
        if (seed != null) {
            long key = RandomStream.derive(RandomStream.derive(-1, seed), epoch);
            return new RandomStream(key).permutation(data.size());
        }
        int[] order = new int[data.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        return order;
    }
}
