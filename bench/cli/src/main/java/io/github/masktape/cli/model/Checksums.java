// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.model;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Values;
import io.github.masktape.tensor.RandomStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Checksums that identify weights and data. */
public final class Checksums {
    private Checksums() {}

    /** A checksum of examples, which detects mix-ups, not manipulation. */
    public static String of(Dataset data) {
        long features = data.features().checksum();
        long answers =
                data.targets() instanceof Values values ? values.tensor().checksum() : Arrays.hashCode(data.labels());
        return Long.toHexString(RandomStream.derive(features, answers));
    }

    /** The SHA-256 of all parameters in order, each number as a little-endian float32, without separators. */
    public static String of(Layer net) {
        MessageDigest digest = sha256();
        for (Parameter parameter : net.parameters().values()) {
            float[] values = parameter.value().toFloatArray();
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of a text in UTF-8. */
    public static String of(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
