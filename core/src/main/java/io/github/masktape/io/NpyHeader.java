// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The header of an {@code .npy} file.
 *
 * <pre>
 * 0x93 NUMPY, version (2 bytes), length of the rest (2 bytes, little-endian; from version 2 on 4 bytes)
 * {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }, spaces, a newline: in all a multiple of 64 bytes
 * </pre>
 *
 * @param descr NumPy's name of the element type
 * @param dims the shape, in which an axis may be empty
 * @param columnMajor true if the first index of the array changes fastest
 * @param start the byte of the file at which the header's text begins
 */
record NpyHeader(String descr, List<Long> dims, boolean columnMajor, long start) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int PREFIX = 10;
    private static final int MAX_LENGTH = 1 << 16;

    /**
     * A member of the dictionary: a name, a text, a list (of fields), a word or a tuple of numbers, which Python 2 ends
     * in L, a comma or the end.
     */
    private static final Pattern MEMBER = Pattern.compile("\\s*+(['\"])(\\w++)\\1\\s*+:\\s*+"
            + "(?:(['\"])([^'\"]*+)\\3|(\\[[^\\[\\]{}]*+\\])|(True|False)|\\(([0-9L, ]*+)\\))\\s*+(?:,|(?=}))");

    /** The text of a type in NumPy, such as {@code <i8} or {@code <M8[ns]}. */
    private static final Pattern TYPE = Pattern.compile("[<>|=]?[?A-Za-z][0-9]{0,9}(\\[[0-9A-Za-z]{1,9}\\])?");

    /** The description of a structured type. */
    private static final String FIELDS = "a list of fields";

    private static final int MAX_DIMS = 200;

    private static byte[] bytes(Tensor tensor) {
        StringBuilder shape = new StringBuilder();
        for (int dim : tensor.shape().dims()) {
            shape.append(shape.length() == 0 ? "" : ", ").append(dim);
        }
        if (tensor.shape().rank() == 1) {
            shape.append(',');
        }
        String text = "{'descr': '" + NumberEncoding.of(tensor.dtype()).numpy()
                + "', 'fortran_order': False, 'shape': (" + shape + "), }";
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
        NumberEncoding.write(tensor, out);
    }

    static NpyHeader read(FileBytes in) throws IOException {
        byte[] prefix = in.read(MAGIC.length + 2);
        if (!Arrays.equals(prefix, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DataFormatException(in.name(), 0, "not an .npy file");
        }
        int version = prefix[6];
        if (version < 1 || version > 3 || prefix[7] != 0) {
            throw new DataFormatException(
                    in.name(), 6, "expected version 1.0, 2.0 or 3.0 of .npy, got " + version + "." + prefix[7]);
        }
        byte[] size = in.read(version == 1 ? 2 : 4);
        long length = 0;
        for (int i = size.length - 1; i >= 0; i--) {
            length = (length << 8) | (size[i] & 0xff);
        }
        if (length > MAX_LENGTH) {
            throw new DataFormatException(
                    in.name(), 8, "expected a header of at most " + MAX_LENGTH + " bytes, got " + length);
        }
        long at = in.offset();
        return parse(in.name(), at, new String(in.read((int) length), StandardCharsets.ISO_8859_1));
    }

    private static NpyHeader parse(String file, long start, String text) throws DataFormatException {
        String descr = null;
        String order = null;
        String dims = null;
        int at = text.startsWith("{") ? 1 : 0;
        Matcher member = MEMBER.matcher(text);
        while (at > 0 && member.region(at, text.length()).lookingAt()) {
            String name = member.group(2);
            if (name.equals("descr") && descr == null && member.group(4) != null) {
                descr = member.group(4);
            } else if (name.equals("descr") && descr == null && member.group(5) != null) {
                descr = FIELDS;
            } else if (name.equals("fortran_order") && order == null && member.group(6) != null) {
                order = member.group(6);
            } else if (name.equals("shape") && dims == null && member.group(7) != null) {
                dims = member.group(7);
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
        return new NpyHeader(descr, dims(file, start, dims), order.equals("True"), start);
    }

    private static List<Long> dims(String file, long start, String text) throws DataFormatException {
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.length() <= MAX_DIMS && text.matches("\\d{1,18}L?,|\\d{1,18}L?(, ?\\d{1,18}L?)+,?")) {
            List<Long> dims = Arrays.stream(text.split(", ?"))
                    .map(dim -> Long.valueOf(dim.replace("L", "")))
                    .toList();
            if (dims.size() <= SafeTensors.MAX_RANK) {
                return dims;
            }
        }
        throw notAShape(file, start, text);
    }

    private static DataFormatException notAShape(String file, long start, String dims) {
        return new DataFormatException(
                file,
                start,
                "expected a shape of 1 to " + Integer.MAX_VALUE + " elements, at most " + SafeTensors.MAX_RANK
                        + " axes and no empty one, got (" + dims + ")");
    }

    /** A shape with any axes as text, such as {@code 2×0}. */
    static String shapeText(List<Long> dims) {
        return dims.isEmpty() ? "scalar" : dims.stream().map(String::valueOf).collect(Collectors.joining("×"));
    }

    /** The reason why the array is not read, its type and shape; null if it is read, or has no type of NumPy's. */
    @Nullable
    String unread() {
        if (!descr.equals(FIELDS) && !TYPE.matcher(descr).matches()) {
            return null;
        }
        boolean empty = dims.contains(0L);
        return empty || NumberEncoding.ofNumpy(descr) == null
                ? descr + " " + shapeText(dims) + (empty ? ", empty" : "")
                : null;
    }

    /**
     * Reads the array.
     *
     * @throws DataFormatException if it is not one of {@link #unread floats}, or the source has not exactly its bytes
     */
    Tensor tensor(FileBytes in, long length) throws IOException {
        NumberEncoding encoding = NumberEncoding.ofNumpy(descr);
        if (encoding == null) {
            throw new DataFormatException(in.name(), start, "expected descr <f8, <f4 or <f2, got " + descr + advice());
        }
        Shape shape = shape(in.name());
        long expected = in.offset() + encoding.bytes(shape);
        if (length < expected) {
            throw new DataFormatException(
                    in.name(), length, "truncated: expected " + expected + " bytes, got " + length);
        }
        if (length > expected) {
            throw new DataFormatException(
                    in.name(), expected, "trailing bytes: expected " + expected + " bytes, got " + length);
        }
        ByteOrder order = descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return columnMajor && shape.rank() > 1
                ? rowMajor(encoding.read(in, reversed(shape), order), shape)
                : encoding.read(in, shape, order);
    }

    private String advice() {
        if (descr.matches("[<>|=]?[biu]\\d*")) {
            return "; save a.astype('<f4')";
        }
        if (descr.matches("[<>=]?c\\d+")) {
            return "; save a.real and a.imag, each of its own";
        }
        return descr.matches("[<>|=]?[US]\\d+") ? "; a tensor holds no texts" : "";
    }

    private Shape shape(String file) throws DataFormatException {
        try {
            return Shape.of(dims.stream().mapToInt(Math::toIntExact).toArray());
        } catch (ArithmeticException | IllegalArgumentException e) {
            String tuple = dims.stream().map(String::valueOf).collect(Collectors.joining(", "));
            throw notAShape(file, start, dims.size() == 1 ? tuple + "," : tuple);
        }
    }

    private static Shape reversed(Shape shape) {
        int[] dims = new int[shape.rank()];
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = shape.dim(dims.length - 1 - axis);
        }
        return Shape.of(dims);
    }

    /** The tensor with the axes of another in reversed order. */
    private static Tensor rowMajor(Tensor reversed, Shape shape) throws IOException {
        int[] dims = shape.dims();
        int[] index = new int[dims.length];
        int[] reversedIndex = new int[dims.length];
        return Tensor.ofElements(reversed.dtype(), shape, () -> {
            for (int axis = 0; axis < dims.length; axis++) {
                reversedIndex[dims.length - 1 - axis] = index[axis];
            }
            double element = reversed.get(reversedIndex);
            for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
                index[axis] = 0;
            }
            return element;
        });
    }
}
