// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Batches cut from a stream: the lines of a file, the rows of a query, or generated examples. Only one batch is in
 * memory at a time; the last batch of an epoch holds the remaining elements.
 *
 * @param <E> what an example is made of, such as a line of text
 */
public final class StreamedBatches<E> implements BatchSource {
    private final Opening<E> opening;
    private final int size;
    private final Function<List<E>, Dataset> examples;
    private final @Nullable Long steps;
    private final @Nullable String identity;

    /**
     * Opens the stream of an epoch.
     *
     * @param <E> the type of its elements
     */
    @FunctionalInterface
    public interface Opening<E> {
        /**
         * The elements of an epoch, counted from 1. The stream is closed at the end of the epoch.
         *
         * @throws IOException if the stream cannot be opened
         */
        Stream<E> open(int epoch) throws IOException;
    }

    private StreamedBatches(
            Opening<E> opening,
            int size,
            Function<List<E>, Dataset> examples,
            @Nullable Long steps,
            @Nullable String identity) {
        this.opening = opening;
        this.size = size;
        this.examples = examples;
        this.steps = steps;
        this.identity = identity;
    }

    /**
     * Batches of {@code size} elements.
     *
     * @param <E> the type of the elements
     * @param opening opens the stream of an epoch
     * @param examples makes a batch's examples of its elements, at most {@code size}. If it fails, the error names the
     *     first element with which it fails alone, counted from 1
     */
    public static <E> StreamedBatches<E> of(Opening<E> opening, int size, Function<List<E>, Dataset> examples) {
        if (size < 1) {
            throw new IllegalArgumentException("batchSize: expected at least 1, got " + size);
        }
        return new StreamedBatches<>(opening, size, examples, null, null);
    }

    /** The same batches, of which every epoch has this many, as progress bars and schedules want to know. */
    public StreamedBatches<E> withSteps(long perEpoch) {
        if (perEpoch < 1) {
            throw new IllegalArgumentException("steps: expected at least 1 in an epoch, got " + perEpoch);
        }
        return new StreamedBatches<>(opening, size, examples, perEpoch, identity);
    }

    /**
     * The same batches with a text that identifies them, see {@link BatchSource#identity}: it promises that an epoch has
     * the same batches whenever it is opened.
     */
    public StreamedBatches<E> withIdentity(String identity) {
        return new StreamedBatches<>(opening, size, examples, steps, identity);
    }

    @Override
    public OptionalLong steps() {
        return steps == null ? OptionalLong.empty() : OptionalLong.of(steps);
    }

    @Override
    public Optional<String> identity() {
        return Optional.ofNullable(identity);
    }

    /** {@inheritDoc} They can be iterated once; the stream is closed at their end, or by {@code close}. */
    @Override
    public Iterable<Batch> epoch(int epoch) {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch: expected at least 1, got " + epoch);
        }
        try {
            return new EpochBatches(opening.open(epoch), epoch);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The batch of some elements, of which {@code before} came before them in the epoch. */
    private Batch batch(List<E> elements, long before, int epoch) {
        try {
            return new Batch(examples.apply(elements));
        } catch (RuntimeException e) {
            int first = firstRefused(elements);
            String which = first < 0
                    ? "elements " + (before + 1) + " to " + (before + elements.size())
                    : "element " + (before + first + 1);
            throw new IllegalArgumentException("batches: " + which + " of epoch " + epoch + ": " + e.getMessage(), e);
        }
    }

    /** The index of the first element of which no examples can be made; −1 if the elements fail only together. */
    private int firstRefused(List<E> elements) {
        for (int i = 0; i < elements.size(); i++) {
            try {
                Dataset unused = examples.apply(elements.subList(i, i + 1));
            } catch (RuntimeException e) {
                return i;
            }
        }
        return -1;
    }

    /** The batches of one epoch. */
    private final class EpochBatches implements Iterable<Batch>, AutoCloseable {
        private final Stream<E> stream;
        private final int number;

        EpochBatches(Stream<E> stream, int number) {
            this.stream = stream;
            this.number = number;
        }

        @Override
        public Iterator<Batch> iterator() {
            Iterator<E> elements = stream.iterator();
            return new Iterator<>() {
                private long used;

                @Override
                public boolean hasNext() {
                    if (elements.hasNext()) {
                        return true;
                    }
                    close();
                    return false;
                }

                @Override
                public Batch next() {
                    List<E> some = new ArrayList<>();
                    while (some.size() < size && elements.hasNext()) {
                        some.add(elements.next());
                    }
                    if (some.isEmpty()) {
                        throw new NoSuchElementException();
                    }
                    Batch batch = batch(some, used, number);
                    used += some.size();
                    return batch;
                }
            };
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
