// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.file.LittleEndian;
import java.util.Arrays;

/** Different texts, numbered in the order in which they are added, and how often each was. */
public final class Words {
    private final int most;
    private byte[] text = new byte[16];
    private int[] ends = new int[2];
    private int[] counts = new int[2];
    private int[] slots = new int[4];
    private int size;
    private boolean full;

    /**
     * No texts yet.
     *
     * @param most the largest number of texts; more are not added
     */
    public Words(int most) {
        this.most = most;
    }

    /** Adds a text; returns its number, or −1 if it is new and there is no room for it. */
    public int add(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        int known = slots[slot] - 1;
        if (known >= 0) {
            counts[known]++;
            return known;
        }
        if (size == most) {
            full = true;
            return -1;
        }
        int begin = size == 0 ? 0 : ends[size - 1];
        int length = to - from;
        if (text.length - begin < length) {
            text = Arrays.copyOf(text, Math.max(begin + length, 2 * text.length));
        }
        System.arraycopy(bytes, from, text, begin, length);
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        ends[size] = begin + length;
        counts[size] = 1;
        slots[slot] = ++size;
        if (2 * size > slots.length) {
            grow();
        }
        return size - 1;
    }

    /** Adds a text; returns its number, or −1 if it is new and there is no room for it. */
    public int add(String word) {
        byte[] bytes = Cells.utf8(word);
        return add(bytes, 0, bytes.length);
    }

    /** The number of a text, or −1 if it was not added. */
    public int find(byte[] bytes, int from, int to) {
        return slots[slot(bytes, from, to)] - 1;
    }

    /** The slot of the text, or the free slot where it belongs. */
    private int slot(byte[] bytes, int from, int to) {
        int mask = slots.length - 1;
        int slot = hash(bytes, from, to) & mask;
        while (slots[slot] != 0) {
            int begin = begin(slots[slot] - 1);
            if (equal(bytes, from, to, begin, ends[slots[slot] - 1])) {
                break;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int begin(int word) {
        return word == 0 ? 0 : ends[word - 1];
    }

    private static int hash(byte[] bytes, int from, int to) {
        long hash = 0x9e3779b97f4a7c15L + to - from;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            hash = mixed(hash ^ LittleEndian.eight(bytes, i));
        }
        if (i < to) {
            hash = mixed(hash ^ last(bytes, i, to));
        }
        return (int) (hash ^ hash >>> 32);
    }

    /** True if bytes[from … to) equal the bytes begin … end of {@link #text}. */
    private boolean equal(byte[] bytes, int from, int to, int begin, int end) {
        if (to - from != end - begin) {
            return false;
        }
        int i = from;
        int j = begin;
        for (; i + 8 <= to; i += 8, j += 8) {
            if (LittleEndian.eight(bytes, i) != LittleEndian.eight(text, j)) {
                return false;
            }
        }
        return i == to || last(bytes, i, to) == last(text, j, end);
    }

    private static long mixed(long bits) {
        long product = bits * 0xff51afd7ed558ccdL;
        return product ^ product >>> 29;
    }

    /** Fewer than eight bytes, as the highest bytes of a number. */
    private static long last(byte[] bytes, int from, int to) {
        if (from + 8 <= bytes.length) {
            return LittleEndian.eight(bytes, from) << (8 * (8 - to + from));
        }
        long last = 0;
        for (int i = from; i < to; i++) {
            last = last >>> 8 | (long) bytes[i] << 56;
        }
        return last;
    }

    private void grow() {
        slots = new int[2 * slots.length];
        for (int i = 0; i < size; i++) {
            slots[slot(text, begin(i), ends[i])] = i + 1;
        }
    }

    /** The number of different texts that were added. */
    public int size() {
        return size;
    }

    /** True if there was no room for a text. */
    public boolean isFull() {
        return full;
    }

    /** How often a text was added. */
    public int count(int word) {
        return counts[word];
    }

    /** The text that has this number. */
    public String word(int word) {
        return Cells.decoded(text, begin(word), ends[word]);
    }

    /** The number of a text, or −1 if it was not added. */
    public int find(String word) {
        byte[] bytes = Cells.utf8(word);
        return find(bytes, 0, bytes.length);
    }
}
