// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Comparison and text of answers: numbers, texts, booleans, tensors, lists, and arrays of these. */
final class Answers {
    private static final int LONGEST_TEXT = 300;

    private Answers() {}

    /**
     * The place where an answer differs from the right one, such as {@code [0][1]}: empty if they differ as a whole,
     * null if they agree.
     */
    static @Nullable String difference(Object right, Object given, double tolerance) {
        if (right instanceof Tensor expected && given instanceof Tensor tensor) {
            return expected.shape().equals(tensor.shape())
                    ? difference(nested(expected), nested(tensor), tolerance)
                    : "shape " + tensor.shape() + ", which should be " + expected.shape();
        }
        if (right instanceof List<?> expected && given instanceof List<?> list) {
            return difference(expected.toArray(), list.toArray(), tolerance);
        }
        if (right.getClass().isArray() && given.getClass().isArray()) {
            if (Array.getLength(right) != Array.getLength(given)) {
                return "";
            }
            for (int i = 0; i < Array.getLength(right); i++) {
                Object entry = Array.get(given, i);
                String place = entry == null ? "" : difference(Array.get(right, i), entry, tolerance);
                if (place != null) {
                    return "[" + i + "]" + place;
                }
            }
            return null;
        }
        if (right instanceof Number expected && given instanceof Number number) {
            return agree(expected.doubleValue(), number.doubleValue(), tolerance) ? null : "";
        }
        return Objects.equals(right, given) ? null : "";
    }

    /** The entries of a tensor as arrays within arrays. */
    private static Object nested(Tensor tensor) {
        return tensor.shape().rank() == 0
                ? tensor.item()
                : nested(tensor.toDoubleArray(), tensor.shape().dims(), 0, 0);
    }

    private static Object nested(double[] entries, int[] dims, int axis, int row) {
        Object[] parts = new Object[dims[axis]];
        for (int i = 0; i < parts.length; i++) {
            int next = row * parts.length + i;
            parts[i] = axis == dims.length - 1 ? entries[next] : nested(entries, dims, axis + 1, next);
        }
        return parts;
    }

    private static boolean agree(double right, double given, double tolerance) {
        return Double.compare(right, given) == 0
                || (tolerance > 0
                        && Double.isFinite(right)
                        && Math.abs(right - given) <= tolerance * Math.max(1, Math.abs(right)));
    }

    /** A value as the learner would write it; long ones are cut. */
    static String text(@Nullable Object value) {
        String text = full(value);
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + " …" : text;
    }

    private static String full(@Nullable Object value) {
        if (value instanceof Throwable thrown) {
            return thrown(thrown);
        }
        if (value instanceof Double number) {
            return Decimal.exact(number);
        }
        if (value instanceof Float number) {
            return Decimal.exact(number);
        }
        if (value instanceof Tensor tensor) {
            return full(nested(tensor));
        }
        if (value != null && value.getClass().isArray()) {
            StringJoiner entries = new StringJoiner(", ", "[", "]");
            for (int i = 0; i < Array.getLength(value); i++) {
                entries.add(full(Array.get(value, i)));
            }
            return entries.toString();
        }
        return String.valueOf(value);
    }

    /** An exception and the place in the learner's file, which is in the unnamed package. */
    private static String thrown(Throwable thrown) {
        if (thrown instanceof ExceptionInInitializerError && thrown.getCause() != null) {
            return thrown(thrown.getCause());
        }
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (isOfLearner(frame)) {
                return thrown + ", at line " + frame.getLineNumber();
            }
        }
        return thrown.toString();
    }

    /** True for a frame of the learner's class: no other class than that and its check has no package. */
    static boolean isOfLearner(StackTraceElement frame) {
        return frame.getClassName().indexOf('.') < 0
                && frame.getFileName() != null
                && !frame.getFileName().endsWith("Check.java");
    }
}
