// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes of an array as one number, for loops that look at eight at a time. */
public final class LittleEndian {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    /** The bytes from {@code at} to {@code at + 7}, the first of them the lowest of the number. */
    public static long eight(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }
}
