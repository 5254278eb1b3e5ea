package io.github.masktape.tensor;

import java.util.Arrays;

/** A tensor as text: see {@link Tensor#toString}. */
final class TensorText {
    private static final int LARGE = 1000;
    private static final int EDGE = 3;
    private static final int DECIMALS = 4;

    private final Tensor tensor;
    private final int[] dims;
    private final boolean shortened;
    private boolean scientific;
    private int decimals;
    private int width;

    private TensorText(Tensor tensor) {
        this.tensor = tensor;
        this.dims = tensor.shape().dims();
        this.shortened = tensor.shape().size() > LARGE;
    }

    static String of(Tensor tensor) {
        TensorText text = new TensorText(tensor);
        text.measure();
        StringBuilder out = new StringBuilder();
        text.append(out, 0, 0);
        return out.toString();
    }

    /** At most a thousand numbers, each as it stands in the text of a tensor of them, without what aligns it. */
    static String[] numerals(double[] values) {
        TensorText text = new TensorText(Tensor.of(values));
        text.measure();
        return Arrays.stream(values).mapToObj(text::numeral).map(String::strip).toArray(String[]::new);
    }

    /** One number on its own, as in error messages. */
    static String number(double value) {
        return Decimal.shortest(value, 5);
    }

    /** Where the element {@code at} of a shape stands, as {@code [1, 2]}. */
    static String position(Shape shape, int at) {
        StringBuilder text = new StringBuilder("]");
        int rest = at;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            text.insert(0, (axis == 0 ? "" : ", ") + rest % shape.dim(axis));
            rest /= shape.dim(axis);
        }
        return text.insert(0, "[").toString();
    }

    /** Chooses the form that suits all shown numbers; zeros, NaN and infinities suit any. */
    private void measure() {
        double largest = 0;
        for (int i = 0; i < tensor.shape().size(); i++) {
            double size = Math.abs(tensor.storage().get(i));
            if (isShown(i) && size <= Double.MAX_VALUE) {
                largest = Math.max(largest, size);
            }
        }
        scientific = largest >= 1e8 || (largest > 0 && largest < 1e-3);
        for (int i = 0; i < tensor.shape().size(); i++) {
            double value = tensor.storage().get(i);
            if (isShown(i) && value != 0 && Math.abs(value) <= Double.MAX_VALUE) {
                decimals = scientific ? DECIMALS : Math.max(decimals, decimalsOf(value));
            }
        }
        for (int i = 0; i < tensor.shape().size(); i++) {
            if (isShown(i)) {
                width = Math.max(width, numeral(tensor.storage().get(i)).length());
            }
        }
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

    private static int decimalsOf(double value) {
        String text = Decimal.fixed(value, DECIMALS);
        int used = text.length();
        while (text.charAt(used - 1) == '0') {
            used--;
        }
        int digits = used - text.indexOf('.') - 1;
        return digits == 0 && Decimal.fixed(value, DECIMALS).matches("-?0\\.0*") ? DECIMALS : digits;
    }

    private String numeral(double value) {
        if (value == 0 && decimals > 0 && !scientific) {
            return "0" + " ".repeat(decimals + 1);
        }
        if (value == 0) {
            return "0";
        }
        return scientific ? Decimal.scientific(value, DECIMALS) : Decimal.fixed(value, decimals);
    }

    private void append(StringBuilder out, int axis, int from) {
        if (axis == dims.length) {
            String numeral = numeral(tensor.storage().get(from));
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
