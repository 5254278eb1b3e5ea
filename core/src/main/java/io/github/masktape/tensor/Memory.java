package io.github.masktape.tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The arrays of a {@link Workspace}, of one thread, by type and exact length. One that was taken holds whatever it held
 * before, and is not taken again until all are given back.
 */
final class Memory {
    /** Arrays that were not needed for this many generations are let go, so that batches of many sizes do not pile up. */
    static final int PERIOD = 16;

    private final Thread owner = Thread.currentThread();
    private final Shelves<Storage> floats = new Shelves<>(length -> new Storage.Float32(new float[length]));
    private final Shelves<Storage> doubles = new Shelves<>(length -> new Storage.Float64(new double[length]));
    private final Shelves<int[]> ints = new Shelves<>(int[]::new);
    private int generation;

    boolean belongsToThisThread() {
        return Thread.currentThread() == owner;
    }

    Thread owner() {
        return owner;
    }

    Storage take(DType dtype, int length) {
        return switch (dtype) {
            case FLOAT32 -> floats.take(length);
            case FLOAT64 -> doubles.take(length);
        };
    }

    int[] takeInts(int length) {
        return ints.take(length);
    }

    /** Begins the next generation, for which all arrays are free. */
    void giveAllBack() {
        generation++;
        boolean tidy = generation % PERIOD == 0;
        floats.giveAllBack(tidy);
        doubles.giveAllBack(tidy);
        ints.giveAllBack(tidy);
    }

    /** The arrays of one type. */
    private static final class Shelves<T> {
        private final IntFunction<T> make;
        private final Map<Integer, Shelf<T>> byLength = new HashMap<>();

        Shelves(IntFunction<T> make) {
            this.make = make;
        }

        T take(int length) {
            Shelf<T> shelf = byLength.get(length);
            if (shelf == null) {
                shelf = new Shelf<>();
                byLength.put(length, shelf);
            }
            if (shelf.taken == shelf.arrays.size()) {
                shelf.arrays.add(make.apply(length));
            }
            return shelf.arrays.get(shelf.taken++);
        }

        void giveAllBack(boolean tidy) {
            byLength.values().forEach(Shelf::giveAllBack);
            if (tidy) {
                byLength.values().removeIf(shelf -> !shelf.keepsWhatWasNeeded());
            }
        }
    }

    /** The arrays of one type and length; the first {@link #taken} of them are in use. */
    private static final class Shelf<T> {
        private final List<T> arrays = new ArrayList<>();
        private int taken;
        private int most;

        void giveAllBack() {
            most = Math.max(most, taken);
            taken = 0;
        }

        /** Keeps as many as the busiest generation since the last time took, and tells whether that is any. */
        boolean keepsWhatWasNeeded() {
            arrays.subList(most, arrays.size()).clear();
            most = 0;
            return !arrays.isEmpty();
        }
    }
}
