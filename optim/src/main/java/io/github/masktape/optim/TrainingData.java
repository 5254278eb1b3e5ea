// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.data.Batch;
import io.github.masktape.data.BatchSource;
import io.github.masktape.data.Batches;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Values;
import io.github.masktape.tensor.RandomStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** The data of a run, as batches of epochs. */
sealed interface TrainingData {
    /** The number of examples whose outputs identify a net. */
    int PROBED_EXAMPLES = 4;

    /** The number of batches in every epoch, or empty if it is not known. */
    OptionalLong steps();

    /**
     * The batches of an epoch of a run, in an order that no earlier epoch had.
     *
     * @param epoch the epoch of this run, from 1
     * @param begun the number of steps that the optimizer made before this run
     */
    Iterable<Batch> epoch(int epoch, long begun);

    /** False if a run on these data cannot be resumed. */
    boolean isRepeatable();

    /** The first few examples, the same in each run on these data if they are repeatable. */
    Dataset probe();

    /** Adds what identifies the data to the settings of a run. */
    void describe(Map<String, String> settings);

    /**
     * A dataset cut into batches.
     *
     * @param data all examples
     * @param batchSize the number of examples in a batch
     * @param seed the seed of shuffling
     */
    record OfDataset(Dataset data, int batchSize, long seed) implements TrainingData {
        @Override
        public OptionalLong steps() {
            return Batches.of(data, batchSize).steps();
        }

        @Override
        public Iterable<Batch> epoch(int epoch, long begun) {
            Batches batches = Batches.of(data, batchSize);
            if (begun % batches.perEpoch() == 0) {
                return batches.withShuffling(seed).epoch(Math.toIntExact(begun / batches.perEpoch()) + epoch);
            }
            // An earlier run was stopped within an epoch, or had other data.
            return batches.withShuffling(RandomStream.derive(seed, begun)).epoch(epoch);
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public Dataset probe() {
            return first(data);
        }

        @Override
        public void describe(Map<String, String> settings) {
            TrainingData.describe("training", data, settings);
            settings.put("batch size", String.valueOf(batchSize));
        }
    }

    /**
     * Batches from a source.
     *
     * @param source makes the batches
     */
    record OfSource(BatchSource source) implements TrainingData {
        @Override
        public OptionalLong steps() {
            return source.steps();
        }

        @Override
        public Iterable<Batch> epoch(int epoch, long begun) {
            long before = steps().isEmpty() ? 0 : (begun + steps().getAsLong() - 1) / steps().getAsLong();
            return source.epoch(Math.toIntExact(before + epoch));
        }

        @Override
        public boolean isRepeatable() {
            return source.identity().isPresent();
        }

        @Override
        public Dataset probe() {
            Iterable<Batch> batches = source.epoch(1);
            try {
                Iterator<Batch> iterator = batches.iterator();
                if (!iterator.hasNext()) {
                    throw new IllegalStateException("batches: expected at least one in epoch 1, got none");
                }
                return first(iterator.next().examples());
            } finally {
                close(batches);
            }
        }

        @Override
        public void describe(Map<String, String> settings) {
            Optional<String> identity = source.identity();
            settings.put("training batches", identity.orElse("without an identity"));
        }
    }

    /** Closes the batches of an epoch, if they can be closed. */
    static void close(Iterable<Batch> batches) {
        if (!(batches instanceof AutoCloseable closeable)) {
            return;
        }
        try {
            closeable.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalStateException("batches: expected to close them, got " + e.getMessage(), e);
        }
    }

    private static Dataset first(Dataset data) {
        return data.select(
                IntStream.range(0, Math.min(PROBED_EXAMPLES, data.size())).toArray());
    }

    /** The checksum of features and targets, as text. */
    static String checksum(Dataset data) {
        long checksum = data.features().checksum();
        if (data.targets() instanceof Values values) {
            checksum = Checksum.append(checksum, values.tensor());
        } else {
            for (int label : data.labels()) {
                checksum = Checksum.append(checksum, label);
            }
        }
        return "checksum " + Checksum.text(checksum);
    }

    /** Adds what identifies a dataset to the settings of a run. */
    static void describe(String name, Dataset data, Map<String, String> settings) {
        settings.put(name + " examples", String.valueOf(data.size()));
        settings.put(name + " features", String.valueOf(data.features().shape().dim(1)));
        settings.put(name + " " + data.targets().noun(), String.valueOf(data.outputs()));
        settings.put(name + " data", checksum(data));
        if (data.isWeighted()) {
            long weights = Checksum.EMPTY;
            for (double weight : data.weights()) {
                weights = Checksum.append(weights, weight);
            }
            settings.put(name + " weights", "checksum " + Checksum.text(weights));
        }
    }
}
