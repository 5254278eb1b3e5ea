// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The texts that stand for a missing value.
 *
 * <p>These are an empty cell, the words that pandas takes for missing by default, R's {@code NA}, MySQL's {@code \N},
 * SAS's period, and the question mark of ARFF and many UCI files. {@code -}, {@code none} and {@code unknown} are not
 * among them, because real data sets use them as names of classes.
 */
public final class MissingValues {
    private static final Set<String> MARKERS = Set.of(
            "",
            "?",
            ".",
            "NA",
            "na",
            "<NA>",
            "#NA",
            "#N/A",
            "#N/A N/A",
            "N/A",
            "n/a",
            "NaN",
            "nan",
            "NAN",
            "-NaN",
            "-nan",
            "1.#IND",
            "-1.#IND",
            "1.#QNAN",
            "-1.#QNAN",
            "NULL",
            "Null",
            "null",
            "None",
            "\\N");

    private static final DecimalParser DECIMAL_COMMAS = new DecimalParser(',', '\0');

    /** The usual texts, no others. */
    public static final MissingValues USUAL = new MissingValues(List.of());

    private final Set<String> all;
    private final Words words = new Words(1 << 16);

    /** True for the first byte of each text. */
    private final boolean[] begins = new boolean[256];

    private final double[] numbers;

    /**
     * The usual texts and others; a number stands for all spellings of it.
     *
     * @param more the other texts, without spaces around them
     */
    public MissingValues(List<String> more) {
        all = new HashSet<>(MARKERS);
        all.addAll(more);
        List<Double> values = new ArrayList<>();
        for (String text : all) {
            byte[] bytes = Cells.utf8(text);
            words.add(bytes, 0, bytes.length);
            if (bytes.length > 0) {
                begins[bytes[0] & 0xff] = true;
            }
            for (DecimalParser parser : List.of(DecimalParser.PLAIN, DECIMAL_COMMAS)) {
                double x = parser.parse(bytes, 0, bytes.length);
                if (!Double.isNaN(x)) {
                    values.add(x);
                }
            }
        }
        numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** True if a cell of this text, without spaces around it, holds no value. */
    public boolean contains(String text) {
        return all.contains(text);
    }

    /** True if a cell of these bytes, without spaces around it, holds no value. */
    boolean contains(byte[] bytes, int from, int to) {
        return from == to || (begins[bytes[from] & 0xff] && words.find(bytes, from, to) >= 0);
    }

    /** True if some numbers stand for a missing value. */
    boolean hasNumbers() {
        return numbers.length > 0;
    }

    /** True if a cell of this number holds no value. */
    public boolean contains(double number) {
        for (double marker : numbers) {
            if (marker == number) {
                return true;
            }
        }
        return false;
    }

    /** The cell as named in a message: {@code an empty cell} or {@code the missing value 'NA'}. */
    public static String shown(String text) {
        return text.isEmpty() ? "an empty cell" : "the missing value '" + text + "'";
    }
}
