// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.file.InputFile;
import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.table.FileSignature;
import io.github.masktape.table.UnpackedFile;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A reader of files in MNIST's IDX format, plain or gzipped (recognized by content, not by name), of any type and rank.
 *
 * <pre>
 * file    0, 0, type, rank, then a size for each axis (4 bytes each, big-endian), then the elements, row-major
 * type    8 unsigned byte, 9 byte, 11 short, 12 int, 13 float, 14 double, all big-endian
 * images  rank 2 … 8, the first axis counts them; a row of features per image, row-major
 *         feature = byte / 255f if unsigned bytes, else the element as a float
 * labels  rank 1, of an integer type; or QMNIST's rows of eight ints, the label first
 * classes = 10 if every label is below 10, else the largest label + 1
 * </pre>
 *
 * <p>The size is checked before any array is allocated: that of a plain file by its length, that of a gzipped one by
 * unpacking it twice, first only to count. Broken files throw a {@link DataFormatException}, missing ones a {@link
 * FileNotFoundException}.
 */
public final class Idx {

    private static final int IMAGES = 0x0803;
    private static final int LABELS = 0x0801;
    private static final int MOST_AXES = FileSignature.MOST_AXES;
    private static final int USUAL_CLASSES = 10;
    private static final int LARGEST_LABEL = 65_535;
    private static final int BUFFER = 1 << 16;

    private Idx() {}

    /**
     * Reads the training set of a folder with MNIST's file names: {@code train-images-idx3-ubyte} or {@code
     * train-images.idx3-ubyte}, {@code train-labels-idx1-ubyte} or {@code train-labels.idx1-ubyte}, each with or
     * without {@code .gz}, in a folder of its own name or not, and with a prefix such as {@code emnist-letters-} if the
     * folder holds one set only.
     *
     * @throws IOException if a file is missing or cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Dataset training(File folder) throws IOException {
        return read(find(folder, null, true, IMAGES), find(folder, null, true, LABELS));
    }

    /**
     * Reads the test set of a folder with MNIST's file names: as for {@link #training}, with {@code t10k} or
     * {@code test} for train.
     *
     * @throws IOException as {@link #training} does
     */
    public static Dataset test(File folder) throws IOException {
        return read(find(folder, null, false, IMAGES), find(folder, null, false, LABELS));
    }

    /**
     * Reads the images of one file and the labels of another.
     *
     * @throws IOException if a file cannot be read, is broken or is of the wrong kind, or if the numbers of labels and
     *     images differ
     */
    public static Dataset read(File images, File labels) throws IOException {
        return read(ByteSource.of(images), ByteSource.of(labels));
    }

    /**
     * Reads images and labels from paths, resources, streams or bytes, as {@link #read(File, File)} does.
     *
     * @throws IOException if it cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Dataset read(ByteSource images, ByteSource labels) throws IOException {
        IdxHeader image = IdxHeader.of(images);
        image.requireImages();
        IdxHeader label = IdxHeader.of(labels);
        label.requireLabels();
        if (image.dims[0] != label.dims[0]) {
            throw new DataFormatException(
                    labels.name(),
                    4,
                    "expected " + image.dims[0] + " labels as in " + images + ", got " + label.dims[0]);
        }
        int[] classOf = readLabels(label);
        return new Dataset(readImages(image), Labels.owning(classOf, classes(classOf)));
    }

    /**
     * Reads the images of one file, one a row, as the features that {@link #read} returns.
     *
     * @throws IOException if the file cannot be read, is broken, or holds no images
     */
    public static Tensor images(File file) throws IOException {
        return images(ByteSource.of(file));
    }

    /**
     * Reads images from a path, a resource, a stream or bytes, as {@link #images(File)} does.
     *
     * @throws IOException if it cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Tensor images(ByteSource file) throws IOException {
        IdxHeader header = IdxHeader.of(file);
        header.requireImages();
        return readImages(header);
    }

    /**
     * The number of axes of a file's array, found from its first four bytes alone, unpacked if necessary; 0 if these
     * are not those of an IDX file.
     *
     * @throws IOException if the file cannot be read
     */
    public static int rank(File file) throws IOException {
        return FileSignature.idxRank(file);
    }

    /**
     * Reads the array of one file with its elements unchanged: as FLOAT32 where that can represent every element of the
     * type, otherwise (int, double) as FLOAT64.
     *
     * @throws IOException if the file cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Tensor tensor(File file) throws IOException {
        return tensor(ByteSource.of(file));
    }

    /**
     * Reads an array from a path, a resource, a stream or bytes, as {@link #tensor(File)} does.
     *
     * @throws IOException if it cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Tensor tensor(ByteSource file) throws IOException {
        IdxHeader header = IdxHeader.of(file);
        boolean isDouble = header.type == ElementType.INT || header.type == ElementType.DOUBLE;
        try (ElementReader elements = new ElementReader(header)) {
            return Tensor.ofElements(isDouble ? DType.FLOAT64 : DType.FLOAT32, Shape.of(header.dims), elements::next);
        } catch (OutOfMemoryError e) {
            throw header.tooLarge(isDouble ? Double.BYTES : Float.BYTES, e);
        }
    }

    /** True if a file's name is one that {@link #training} and {@link #test} look for, with any prefix. */
    public static boolean isName(String name) {
        return SetFile.of(new File("."), name) != null;
    }

    /**
     * The file of labels that belongs to a file of images: in the same folder, with the same prefix and set in its name.
     *
     * @throws IOException if there is none
     */
    public static File labelsOf(File images) throws IOException {
        SetFile known = known(images);
        return find(folder(images), known.prefix, known.isTraining, LABELS);
    }

    /**
     * Reads the set that a file of images belongs to, for training or for testing: its folder's files with the same
     * prefix.
     *
     * @throws IOException if a file is missing or cannot be read; a {@link DataFormatException} if it is broken
     */
    public static Dataset setOf(File images, boolean training) throws IOException {
        SetFile known = known(images);
        return read(
                find(folder(images), known.prefix, training, IMAGES),
                find(folder(images), known.prefix, training, LABELS));
    }

    private static File folder(File file) {
        return file.getAbsoluteFile().getParentFile();
    }

    private static SetFile known(File images) throws IOException {
        SetFile known = SetFile.of(folder(images), images.getName());
        if (known == null) {
            throw new FileNotFoundException(images + ": expected a name with train-images, t10k-images or test-images,"
                    + " by which its labels are found; or name both files, with a comma between");
        }
        return known;
    }

    private static File find(File folder, @Nullable String prefix, boolean training, int kind) throws IOException {
        InputFile.requireFolder(folder);
        List<SetFile> found = new ArrayList<>();
        for (String name : Objects.requireNonNullElse(folder.list(), new String[0])) {
            SetFile file = SetFile.of(folder, name);
            if (file != null
                    && file.isTraining == training
                    && file.isImages == (kind == IMAGES)
                    && (prefix == null || prefix.equals(file.prefix))
                    && file.file().isFile()) {
                found.add(file);
            }
        }
        if (found.isEmpty()) {
            String what = (prefix == null ? "" : prefix)
                    + (training ? "train" : "t10k")
                    + (kind == IMAGES ? "-images" : "-labels");
            String type = kind == IMAGES ? "idx3-ubyte" : "idx1-ubyte";
            throw new FileNotFoundException(folder + ": looked for " + what + "-" + type + " or " + what + "." + type
                    + ", with or without .gz, found neither");
        }
        found.sort(SetFile.ORDER);
        String first = found.get(0).prefix;
        String last = found.get(found.size() - 1).prefix;
        if (!first.isEmpty() && !first.equals(last)) {
            throw new FileNotFoundException(folder + ": holds several sets, such as " + first + "* and " + last
                    + "*; name the images of one instead of the folder: "
                    + found.get(0).file());
        }
        return found.get(0).file();
    }

    /**
     * A file of a set of images or labels, as MNIST and its relatives name it: {@code train-images-idx3-ubyte}, {@code
     * train-images.idx3-ubyte}, {@code emnist-letters-test-labels-idx1-ubyte.gz}, {@code qmnist-test-labels-idx2-int}.
     *
     * @param name its name
     * @param prefix the part of the name before the set
     */
    private record SetFile(File folder, String name, String prefix, boolean isTraining, boolean isImages, String type) {
        private static final Pattern NAME = Pattern.compile("(?i)((?:.*[-_.])?)(train|t10k|test)[-_.]"
                + "(images?|labels?)((?:[-_.]idx[1-3][-_.](?:ubyte|int))?)(?:\\.gz)?");

        /** Files without a prefix first, then plain files before packed ones, and names with a type before others. */
        static final Comparator<SetFile> ORDER = Comparator.comparing(SetFile::prefix)
                .thenComparing(each -> each.name.toLowerCase(Locale.ROOT).endsWith(".gz"))
                .thenComparing(each -> each.type.isEmpty())
                .thenComparing(SetFile::name);

        static @Nullable SetFile of(File folder, String name) {
            Matcher match = NAME.matcher(name);
            if (!match.matches()) {
                return null;
            }
            boolean images = match.group(3).toLowerCase(Locale.ROOT).startsWith("image");
            return new SetFile(
                    folder, name, match.group(1), match.group(2).equalsIgnoreCase("train"), images, match.group(4));
        }

        /** The file; archives of Kaggle hold a folder of the same name around it. */
        File file() {
            File file = new File(folder, name);
            return file.isDirectory() ? new File(file, name) : file;
        }
    }

    private static int[] readLabels(IdxHeader header) throws IOException {
        int[] labels = new int[header.dims[0]];
        int columns = header.count / labels.length;
        try (ElementReader elements = new ElementReader(header)) {
            for (int k = 0; k < labels.length; k++) {
                labels[k] = (int) elements.next();
                for (int other = 1; other < columns; other++) {
                    double unused = elements.next();
                }
                if (labels[k] < 0 || labels[k] > LARGEST_LABEL) {
                    throw new DataFormatException(
                            header.source.name(),
                            header.length() + (long) k * columns * header.type.bytes,
                            "label: expected a number in [0, " + LARGEST_LABEL + "], got " + labels[k]);
                }
            }
        }
        return labels;
    }

    private static Tensor readImages(IdxHeader header) throws IOException {
        try (ElementReader elements = new ElementReader(header)) {
            return elements.rows(header.type == ElementType.UNSIGNED_BYTE ? 255 : 1);
        } catch (OutOfMemoryError e) {
            throw header.tooLarge(Float.BYTES, e);
        }
    }

    private static int classes(int[] labels) {
        int largest = 0;
        for (int label : labels) {
            largest = Math.max(largest, label);
        }
        return Math.max(USUAL_CLASSES, largest + 1);
    }

    private static String hex(int magic) {
        String hex = Integer.toHexString(magic);
        return "0x" + "0".repeat(8 - hex.length()) + hex;
    }

    /** The type of the elements. */
    private enum ElementType {
        UNSIGNED_BYTE(0x08, 1, "unsigned byte"),
        BYTE(0x09, 1, "byte"),
        SHORT(0x0b, 2, "short"),
        INT(0x0c, 4, "int"),
        FLOAT(0x0d, 4, "float"),
        DOUBLE(0x0e, 8, "double");

        private final int code;
        private final int bytes;
        private final String text;

        ElementType(int code, int bytes, String text) {
            this.code = code;
            this.bytes = bytes;
            this.text = text;
        }

        static @Nullable ElementType of(int code) {
            for (ElementType type : values()) {
                if (type.code == code) {
                    return type;
                }
            }
            return null;
        }

        double element(byte[] b, int at) {
            return switch (this) {
                case UNSIGNED_BYTE -> b[at] & 0xff;
                case BYTE -> b[at];
                case SHORT -> (short) (b[at] << 8 | (b[at + 1] & 0xff));
                case INT -> integer(b, at);
                case FLOAT -> Float.intBitsToFloat(integer(b, at));
                case DOUBLE ->
                    Double.longBitsToDouble((long) integer(b, at) << 32 | (integer(b, at + 4) & 0xffffffffL));
            };
        }

        private static int integer(byte[] b, int at) {
            return (b[at] & 0xff) << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | (b[at + 3] & 0xff);
        }
    }

    /** The header of a file, checked against the number of bytes that the file has. */
    private static final class IdxHeader {
        private final ByteSource source;
        private final int magic;
        private final ElementType type;
        private final int[] dims;
        private final int count;

        private IdxHeader(ByteSource source, int magic, ElementType type, int[] dims, int count) {
            this.source = source;
            this.magic = magic;
            this.type = type;
            this.dims = dims;
            this.count = count;
        }

        static IdxHeader of(ByteSource file) throws IOException {
            try (UnpackedFile source = new UnpackedFile(file)) {
                int magic = source.readInt();
                ElementType type = ElementType.of(magic >>> 8);
                int rank = magic & 0xff;
                if (type == null || rank < 1 || rank > MOST_AXES) {
                    throw new DataFormatException(
                            file.name(),
                            0,
                            "not an IDX file, expected 0x00, 0x00, a type (0x08 … 0x0e) and a rank (1 … " + MOST_AXES
                                    + "), got " + hex(magic)
                                    + (magic >>> 16 == 0x1f8b ? "; it is packed twice by gzip, unpack it once" : ""));
                }
                int[] dims = new int[rank];
                for (int axis = 0; axis < rank; axis++) {
                    dims[axis] = size(source, axisName(axis, rank));
                }
                int count = 1;
                for (int axis = 1; axis < rank; axis++) {
                    count = product(file.name(), count, dims[axis], 8, type);
                }
                count = product(file.name(), dims[0], count, 4, type);
                IdxHeader header = new IdxHeader(file, magic, type, dims, count);
                source.checkLength(header.length() + (long) count * type.bytes);
                return header;
            }
        }

        int length() {
            return 4 + 4 * dims.length;
        }

        /** The error for an array that does not fit in memory; a small gzip file can hold a large one. */
        IOException tooLarge(int bytes, OutOfMemoryError e) {
            return new IOException(
                    source + ": " + count + " elements need " + (long) bytes * count / 1_000_000
                            + " MB of memory; give Java more with -Xmx",
                    e);
        }

        void requireImages() throws DataFormatException {
            if (magic == LABELS) {
                throw new DataFormatException(
                        source.name(),
                        0,
                        "this looks like a label file (magic " + hex(LABELS) + "), expected images (magic "
                                + hex(IMAGES) + ")");
            }
            if (dims.length < 2) {
                throw new DataFormatException(
                        source.name(),
                        0,
                        "expected images of rank 2 … " + MOST_AXES + ", got rank 1 (magic " + hex(magic) + ")");
            }
        }

        void requireLabels() throws DataFormatException {
            if (magic == IMAGES) {
                throw new DataFormatException(
                        source.name(),
                        0,
                        "this looks like an image file (magic " + hex(IMAGES) + "), expected labels (magic "
                                + hex(LABELS) + ")");
            }
            // QMNIST's files have a row of eight integers for each image, the label first.
            boolean isQmnist = dims.length == 2 && dims[1] == 8 && type == ElementType.INT;
            if (!isQmnist && (dims.length != 1 || type == ElementType.FLOAT || type == ElementType.DOUBLE)) {
                throw new DataFormatException(
                        source.name(),
                        0,
                        "expected labels of rank 1 and an integer type, got rank " + dims.length + " and type "
                                + type.text + " (magic " + hex(magic) + ")");
            }
        }

        private static String axisName(int axis, int rank) {
            if (axis == 0) {
                return "number of examples";
            }
            return rank != 3 ? "size of axis " + axis : axis == 1 ? "number of rows" : "number of columns";
        }

        private static int size(UnpackedFile source, String what) throws IOException {
            long at = source.offset();
            int size = source.readInt();
            if (size < 1) {
                throw new DataFormatException(
                        source.file,
                        at,
                        what + ": expected a number in [1, 2147483647], got " + Integer.toUnsignedString(size));
            }
            return size;
        }

        private static int product(String file, int a, int b, long at, ElementType type) throws DataFormatException {
            try {
                return Math.multiplyExact(a, b);
            } catch (ArithmeticException e) {
                throw new DataFormatException(
                        file,
                        at,
                        "too large for one array: " + a + " × " + b + (type.bytes == 1 ? " bytes" : " elements"));
            }
        }
    }

    /** A reader of the elements of a file, one after another. */
    private static final class ElementReader implements AutoCloseable {
        private final IdxHeader header;
        private final UnpackedFile source;
        private final byte[] buffer = new byte[BUFFER];
        private int at;
        private int end;
        private int read;

        ElementReader(IdxHeader header) throws IOException {
            this.header = header;
            this.source = new UnpackedFile(header.source);
        }

        double next() throws IOException {
            if (at == end) {
                if (read == 0) {
                    source.readFully(buffer, header.length());
                }
                end = (int) Math.min(BUFFER, (long) (header.count - read) * header.type.bytes);
                source.readFully(buffer, end);
                at = 0;
            }
            double element = header.type.element(buffer, at);
            at += header.type.bytes;
            read++;
            return element;
        }

        /** All elements divided by {@code divisor}, as FLOAT32, with one row for each index of the first axis. */
        Tensor rows(float divisor) throws IOException {
            int n = header.count / header.dims[0];
            return Tensor.ofRows(header.dims[0], n, (i, row) -> {
                for (int j = 0; j < n; j++) {
                    row[j] = (float) next() / divisor;
                    if (!Float.isFinite(row[j])) {
                        throw new DataFormatException(
                                header.source.name(),
                                header.length() + (read - 1L) * header.type.bytes,
                                "expected a number that a float holds, got " + Decimal.shortest(row[j], 6));
                    }
                }
            });
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }
}
