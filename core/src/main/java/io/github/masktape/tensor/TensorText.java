// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.text.Decimal;
import io.github.masktape.text.NumberForm;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The text form of tensors, see {@link Tensor#toString}. */
final class TensorText {
    private static final int LARGE = 1000;
    private static final int EDGE = 3;

    private final Tensor tensor;
    private final int[] dims;
    private final boolean shortened;
    private final NumberForm form;
    private final int width;

    private TensorText(Tensor tensor) {
        this.tensor = tensor;
        this.dims = tensor.shape().dims();
        this.shortened = tensor.shape().size() > LARGE;
        double[] shown = IntStream.range(0, tensor.shape().size())
                .filter(this::isShown)
                .mapToDouble(i -> tensor.storage().get(i))
                .toArray();
        this.form = NumberForm.of(shown);
        this.width = Arrays.stream(shown)
                .mapToInt(value -> form.aligned(value).length())
                .max()
                .orElse(0);
    }

    static String of(Tensor tensor) {
        StringBuilder out = new StringBuilder();
        new TensorText(tensor).append(out, 0, 0);
        return out.toString();
    }

    /** A single number, for error messages. */
    static String number(double value) {
        return Decimal.shortest(value, 5);
    }

    private boolean isShown(int at) {
        int rest = at;
        for (int axis = dims.length - 1; shortened && axis >= 0; axis--) {
            if (isHidden(axis, rest % dims[axis])) {
                return false;
            }
            rest /= dims[axis];
        }
        return true;
    }

    private boolean isHidden(int axis, int i) {
        return shortened && dims[axis] > 2 * EDGE && i >= EDGE && i < dims[axis] - EDGE;
    }

    private void append(StringBuilder out, int axis, int from) {
        if (axis == dims.length) {
            String numeral = form.aligned(tensor.storage().get(from));
            out.append(axis == 0 ? numeral.strip() : " ".repeat(width - numeral.length()) + numeral);
            return;
        }
        boolean innermost = axis == dims.length - 1;
        int stride = 1;
        for (int inner = axis + 1; inner < dims.length; inner++) {
            stride *= dims[inner];
        }
        String separator = innermost ? ", " : "," + "\n".repeat(dims.length - axis - 1) + " ".repeat(axis + 1);
        out.append('[');
        for (int i = 0; i < dims[axis]; i++) {
            if (isHidden(axis, i)) {
                out.append(separator).append('…');
                i = dims[axis] - EDGE - 1;
                continue;
            }
            out.append(i == 0 ? "" : separator);
            append(out, axis + 1, from + i * stride);
        }
        out.append(']');
    }
}
