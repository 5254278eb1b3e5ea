package io.github.masktape.cli;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 by which two runs are compared. */
final class Fingerprint {
    private Fingerprint() {}

    /** SHA-256 over all parameters in order, each number as a little-endian float32, nothing in between. */
    static String of(Layer net) {
        MessageDigest digest = sha256();
        for (Parameter parameter : net.parameters().values()) {
            float[] values = parameter.value().toFloatArray();
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
