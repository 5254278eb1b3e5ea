// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.layers;

import io.github.masktape.text.Decimal;
import java.util.List;
import java.util.regex.Pattern;

/** A writer of the words that describe a layer, see {@link LayerKind}. */
public final class LayerWriter {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    private final List<LayerKind<?>> kinds;
    private final int depth;
    private final boolean exact;
    private final StringBuilder text = new StringBuilder();

    LayerWriter(List<LayerKind<?>> kinds, int depth, boolean exact) {
        this.kinds = kinds;
        this.depth = depth;
        this.exact = exact;
    }

    static void requireWord(String what, String word) {
        if (!WORD.matcher(word).matches()) {
            throw new IllegalArgumentException(what
                    + ": expected at most 40 lower-case letters, digits and hyphens that begin with a letter, got "
                    + word);
        }
    }

    /** Writes a word, which {@link LayerReader#took} reads. */
    public void word(String word) {
        requireWord("architecture", word);
        append(word);
    }

    /** Writes a positive number of features or the like, which {@link LayerReader#size} reads. */
    public void size(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("architecture: expected a size of at least 1, got " + size);
        }
        append(String.valueOf(size));
    }

    /** Writes a finite number with all its digits, which {@link LayerReader#number} reads. */
    public void number(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(
                    "architecture: expected a finite number, got " + Decimal.shortest(number, 6));
        }
        append(Decimal.exact(number));
    }

    /** Writes a network that the layer contains, which {@link LayerReader#network} reads. */
    public void network(Sequential net) {
        append("(" + Architecture.of(net, kinds, depth + 1, exact) + ")");
    }

    /** True if settings that are not written must be refused, because the text serves to copy a layer. */
    boolean isExact() {
        return exact;
    }

    private void append(String token) {
        text.append(text.isEmpty() ? "" : " ").append(token);
    }

    /** The words written so far. */
    @Override
    public String toString() {
        return text.toString();
    }
}
