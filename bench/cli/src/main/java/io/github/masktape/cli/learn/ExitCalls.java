// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.learn;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Finds calls that would end the JVM, and the check with it, in a compiled class. */
final class ExitCalls {
    private static final Set<String> CALLS =
            Set.of("java/lang/System.exit", "java/lang/Runtime.exit", "java/lang/Runtime.halt");

    private ExitCalls() {}

    /** True if the constant pool of a class file names a method that ends the JVM. */
    static boolean in(byte[] classFile) {
        Map<Integer, String> texts = new HashMap<>();
        Map<Integer, Integer> names = new HashMap<>();
        Map<Integer, int[]> methods = new HashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
            in.readInt(); // the magic number
            in.readInt(); // the version
            int count = in.readUnsignedShort();
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts.put(i, in.readUTF());
                    case 7, 8, 16, 19, 20 -> names.put(i, in.readUnsignedShort());
                    case 10 -> methods.put(i, new int[] {in.readUnsignedShort(), in.readUnsignedShort()});
                    case 12 -> {
                        names.put(i, in.readUnsignedShort());
                        in.readUnsignedShort();
                    }
                    case 15 -> in.skipNBytes(3);
                    case 5, 6 -> {
                        in.readLong();
                        i++; // a long or a double takes two places
                    }
                    default -> in.readInt();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return methods.values().stream()
                .map(method -> texts.get(names.get(method[0])) + "." + texts.get(names.get(method[1])))
                .anyMatch(CALLS::contains);
    }
}
