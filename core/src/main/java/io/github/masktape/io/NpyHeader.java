package io.github.masktape.io;

import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an {@code .npy} file.
 *
 * <pre>
 * 0x93 NUMPY, version (2 bytes), length of the rest (2 bytes, little-endian; from version 2 on 4 bytes)
 * {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }, spaces, a newline: in all a multiple of 64 bytes
 * </pre>
 */
record NpyHeader(Encoding encoding, Shape shape) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREFIX = 10;
    private static final int MAX_LENGTH = 1 << 16;

    /** A member of the dictionary: a name, a text, a word or a tuple of numbers, a comma or the end. */
    private static final Pattern MEMBER = Pattern.compile("\\s*+(['\"])(\\w++)\\1\\s*+:\\s*+"
            + "(?:(['\"])([^'\"]*+)\\3|(True|False)|\\(([0-9, ]*+)\\))\\s*+(?:,|(?=}))");

    private static final int MAX_DIMS = 200;

    private static byte[] bytes(Tensor tensor) {
        StringBuilder shape = new StringBuilder();
        for (int dim : tensor.shape().dims()) {
            shape.append(shape.length() == 0 ? "" : ", ").append(dim);
        }
        if (tensor.shape().rank() == 1) {
            shape.append(',');
        }
        String text = "{'descr': '" + Encoding.of(tensor.dtype()).numpy() + "', 'fortran_order': False, 'shape': ("
                + shape + "), }";
        int length = (PREFIX + text.length() + 1 + 63) / 64 * 64;
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) ' ');
        System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
        bytes[6] = 1;
        bytes[7] = 0;
        bytes[8] = (byte) (length - PREFIX);
        bytes[9] = (byte) ((length - PREFIX) >> 8);
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, bytes, PREFIX, text.length());
        bytes[length - 1] = '\n';
        return bytes;
    }

    static int length(Tensor tensor) {
        return bytes(tensor).length;
    }

    static void write(Tensor tensor, OutputStream out) throws IOException {
        out.write(bytes(tensor));
        Encoding.write(tensor, out);
    }

    static NpyHeader read(File file, FileBytes source) throws IOException {
        byte[] prefix = source.read(MAGIC.length + 2);
        if (!Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DataFormatException(file, 0, "not an .npy file");
        }
        int version = prefix[6];
        if (version < 1 || version > 3 || prefix[7] != 0) {
            throw new DataFormatException(
                    file, 6, "expected version 1.0, 2.0 or 3.0 of .npy, got " + version + "." + prefix[7]);
        }
        byte[] size = source.read(version == 1 ? 2 : 4);
        long length = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            length = (length << 8) | (size[i] & 0xff);
        }
        if (length > MAX_LENGTH) {
            throw new DataFormatException(
                    file, 8, "expected a header of at most " + MAX_LENGTH + " bytes, got " + length);
        }
        long at = source.offset();
        return parse(file, at, new String(source.read((int) length), StandardCharsets.ISO_8859_1));
    }

    private static NpyHeader parse(File file, long start, String text) throws DataFormatException {
        String descr = null;
        String order = null;
        String dims = null;
        int at = text.startsWith("{") ? 1 : 0;
        Matcher member = MEMBER.matcher(text);
        while (at > 0 && member.region(at, text.length()).lookingAt()) {
            String name = member.group(2);
            if (name.equals("descr") && descr == null && member.group(4) != null) {
                descr = member.group(4);
            } else if (name.equals("fortran_order") && order == null && member.group(5) != null) {
                order = member.group(5);
            } else if (name.equals("shape") && dims == null && member.group(6) != null) {
                dims = member.group(6);
            } else {
                throw new DataFormatException(file, start + at, "header: did not expect " + name);
            }
            at = member.end();
        }
        if (descr == null
                || order == null
                || dims == null
                || !text.substring(at).matches("\\s*}\\s*\\n")) {
            throw new DataFormatException(
                    file, start, "header: expected a dictionary of descr, fortran_order and shape");
        }
        if (order.equals("True")) {
            throw new DataFormatException(
                    file, start, "expected a row-major array, got fortran_order True; save numpy.ascontiguousarray(a)");
        }
        Encoding encoding = Encoding.ofNumpy(descr);
        if (encoding == null) {
            throw new DataFormatException(
                    file, start, "expected descr <f8, <f4 or <f2, got " + descr + "; save a.astype('<f4')");
        }
        return new NpyHeader(encoding, shape(file, start, dims));
    }

    private static Shape shape(File file, long start, String dims) throws DataFormatException {
        try {
            if (dims.isEmpty()) {
                return Shape.scalar();
            }
            if (dims.length() > MAX_DIMS || !dims.matches("\\d+,|\\d+(, ?\\d+)+,?")) {
                throw new NumberFormatException();
            }
            String[] numbers = dims.split(", ?");
            if (numbers.length > SafeTensors.MAX_RANK) {
                throw new NumberFormatException();
            }
            return Shape.of(Arrays.stream(numbers).mapToInt(Integer::parseInt).toArray());
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(
                    file,
                    start,
                    "expected a shape of 1 to " + Integer.MAX_VALUE + " elements, at most " + SafeTensors.MAX_RANK
                            + " axes and no empty one, got (" + dims + ")");
        }
    }
}
