package io.github.masktape.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of a {@link Workspace}, of one thread, by type and exact length. One that was taken holds whatever it held
 * before, and is not taken again until all are given back.
 *
 * <p>A step of a small network takes some 30 arrays in 3 µs. So the shelf of a length is found in a table of our own: a
 * HashMap, with lengths as objects, takes 20 ns where this takes 3 (EPYC).
 */
final class Memory {
    /** Arrays that were not needed for this many generations are let go, so that batches of many sizes do not pile up. */
    static final int PERIOD = 16;

    private static final int LOG_SLOTS = 6;

    private enum Kind {
        FLOATS {
            @Override
            Object make(int length) {
                return new Storage.Float32(new float[length]);
            }
        },
        DOUBLES {
            @Override
            Object make(int length) {
                return new Storage.Float64(new double[length]);
            }
        },
        INTS {
            @Override
            Object make(int length) {
                return new int[length];
            }
        };

        abstract Object make(int length);
    }

    /** The arrays of one kind and length; the first {@link #taken} of them are in use. */
    private static final class Shelf {
        final Kind kind;
        final int length;
        final List<Object> arrays = new ArrayList<>();
        int taken;
        /** The most that a generation took since the shelf was tidied. */
        int most;
        /** Another of the same slot. */
        @Nullable
        Shelf next;

        Shelf(Kind kind, int length, @Nullable Shelf next) {
            this.kind = kind;
            this.length = length;
            this.next = next;
        }

        Object take() {
            if (taken == arrays.size()) {
                arrays.add(kind.make(length));
            }
            return arrays.get(taken++);
        }
    }

    private final Thread owner = Thread.currentThread();
    private final @Nullable Shelf[] slots = new Shelf[1 << LOG_SLOTS];
    private int generation;

    boolean belongsToThisThread() {
        return Thread.currentThread() == owner;
    }

    Thread owner() {
        return owner;
    }

    Storage take(DType dtype, int length) {
        return (Storage) shelf(dtype == DType.FLOAT32 ? Kind.FLOATS : Kind.DOUBLES, length)
                .take();
    }

    int[] takeInts(int length) {
        return (int[]) shelf(Kind.INTS, length).take();
    }

    private Shelf shelf(Kind kind, int length) {
        int slot = length * 0x9E3779B9 >>> Integer.SIZE - LOG_SLOTS;
        for (Shelf shelf = slots[slot]; shelf != null; shelf = shelf.next) {
            if (shelf.length == length && shelf.kind == kind) {
                return shelf;
            }
        }
        Shelf shelf = new Shelf(kind, length, slots[slot]);
        slots[slot] = shelf;
        return shelf;
    }

    /** Begins the next generation, for which all arrays are free. */
    void giveAllBack() {
        generation++;
        for (int slot = 0; slot < slots.length; slot++) {
            for (Shelf shelf = slots[slot]; shelf != null; shelf = shelf.next) {
                shelf.most = Math.max(shelf.most, shelf.taken);
                shelf.taken = 0;
            }
            if (generation % PERIOD == 0) {
                slots[slot] = tidied(slots[slot]);
            }
        }
    }

    /** The shelves with as many arrays as their busiest generation took, without those that are empty then. */
    private static @Nullable Shelf tidied(@Nullable Shelf first) {
        Shelf kept = null;
        Shelf next;
        for (Shelf shelf = first; shelf != null; shelf = next) {
            next = shelf.next;
            shelf.arrays.subList(shelf.most, shelf.arrays.size()).clear();
            if (shelf.most > 0) {
                shelf.most = 0;
                shelf.next = kept;
                kept = shelf;
            }
        }
        return kept;
    }
}
