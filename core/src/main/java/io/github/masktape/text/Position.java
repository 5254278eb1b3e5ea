// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.text;

/** The text form of an element's position in an array of several axes. */
public final class Position {
    private Position() {}

    /**
     * The index on each axis, as {@code [1, 2]}.
     *
     * @param dims the lengths of the axes, outermost first
     * @param at the number of the element in row-major order
     */
    public static String of(int[] dims, int at) {
        StringBuilder text = new StringBuilder("]");
        int rest = at;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            text.insert(0, (axis == 0 ? "" : ", ") + rest % dims[axis]);
            rest /= dims[axis];
        }
        return text.insert(0, "[").toString();
    }
}
