// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;

/** The number formats of a report. */
final class NumberFormats {
    private NumberFormats() {}

    /** A number with four significant digits. */
    static String plain(double value) {
        return Double.isNaN(value) ? "–" : Decimal.shortest(value, 4).replace("-", "−");
    }

    /** Formats numbers of the data, or numbers in the same unit, with all their digits. */
    static List<String> ofData(Tensor values) {
        List<String> texts = new ArrayList<>();
        for (double value : values.toDoubleArray()) {
            String text = values.dtype() == DType.FLOAT32 ? Decimal.exact((float) value) : Decimal.exact(value);
            texts.add(Double.isNaN(value) ? "–" : text.replace("-", "−"));
        }
        return texts;
    }

    /** A share as a percentage with two decimals: {@code 1.84 %}, with a space that does not break. */
    static String percent(double share) {
        return Double.isNaN(share) ? "–" : Decimal.fixed(100 * share, 2) + "\u00A0%";
    }
}
