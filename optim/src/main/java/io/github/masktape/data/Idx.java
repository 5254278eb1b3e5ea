package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;

/**
 * Image classification data in the IDX format of MNIST, plain or gzipped (told apart by content, not by name).
 *
 * <pre>
 * images: 0x00000803, n, rows, columns (4 bytes each, big-endian), then n·rows·columns bytes
 * labels: 0x00000801, n, then n bytes
 * feature = (byte &amp; 0xff) / 255f, a row of rows·columns features per image, row-major
 * classes = 10 if every label is below 10, else the largest label + 1
 * </pre>
 *
 * <p>Every byte is accounted for before anything of the header's size is allocated: a plain file by its length, a
 * gzipped one by unpacking it twice, first only to count. Broken files throw {@link DataFormatException}, missing ones
 * {@link FileNotFoundException}.
 */
public final class Idx {

    private static final int IMAGES = 0x0803;
    private static final int LABELS = 0x0801;
    private static final int USUAL_CLASSES = 10;
    private static final int BUFFER = 1 << 16;

    private Idx() {}

    /**
     * The training set of a folder with MNIST's file names: {@code train-images-idx3-ubyte} or
     * {@code train-images.idx3-ubyte}, {@code train-labels-idx1-ubyte} or {@code train-labels.idx1-ubyte}, each with or
     * without {@code .gz}.
     */
    public static Dataset training(File folder) throws IOException {
        return read(find(folder, "train", IMAGES), find(folder, "train", LABELS));
    }

    /** The test set of a folder with MNIST's file names: as for {@link #training}, with {@code t10k} for train. */
    public static Dataset test(File folder) throws IOException {
        return read(find(folder, "t10k", IMAGES), find(folder, "t10k", LABELS));
    }

    /** The images of one file with the labels of another. */
    public static Dataset read(File images, File labels) throws IOException {
        Header image = Header.of(images, IMAGES);
        Header label = Header.of(labels, LABELS);
        if (image.examples != label.examples) {
            throw new DataFormatException(
                    labels, 4, "expected " + image.examples + " labels as in " + images + ", got " + label.examples);
        }
        int[] classOf = readLabels(label);
        float[] pixels = readImages(image);
        return new Dataset(
                Tensor.of(pixels, classOf.length, pixels.length / classOf.length), classOf, classes(classOf));
    }

    private static File find(File folder, String set, int kind) throws IOException {
        if (!folder.exists()) {
            throw new FileNotFoundException(folder + ": no such folder");
        }
        if (!folder.isDirectory()) {
            throw new FileNotFoundException(folder + ": expected a folder, got a file");
        }
        String what = set + (kind == IMAGES ? "-images" : "-labels");
        String type = kind == IMAGES ? "idx3-ubyte" : "idx1-ubyte";
        String dashed = what + "-" + type;
        String dotted = what + "." + type;
        for (String name : new String[] {dashed, dotted, dashed + ".gz", dotted + ".gz"}) {
            File file = new File(folder, name);
            if (file.isFile()) {
                return file;
            }
        }
        throw new FileNotFoundException(
                folder + ": looked for " + dashed + " or " + dotted + ", with or without .gz, found neither");
    }

    private static int[] readLabels(Header header) throws IOException {
        byte[] bytes = new byte[header.payload];
        try (Source source = new Source(header.file)) {
            source.readFully(new byte[header.length], header.length);
            source.readFully(bytes, bytes.length);
        }
        int[] labels = new int[bytes.length];
        for (int k = 0; k < labels.length; k++) {
            labels[k] = bytes[k] & 0xff;
        }
        return labels;
    }

    private static float[] readImages(Header header) throws IOException {
        float[] pixels = new float[header.payload];
        byte[] buffer = new byte[BUFFER];
        try (Source source = new Source(header.file)) {
            source.readFully(buffer, header.length);
            for (int done = 0; done < pixels.length; ) {
                int n = Math.min(buffer.length, pixels.length - done);
                source.readFully(buffer, n);
                for (int k = 0; k < n; k++) {
                    pixels[done + k] = (buffer[k] & 0xff) / 255f;
                }
                done += n;
            }
        }
        return pixels;
    }

    private static int classes(int[] labels) {
        int largest = 0;
        for (int label : labels) {
            largest = Math.max(largest, label);
        }
        return Math.max(USUAL_CLASSES, largest + 1);
    }

    private static String magic(int magic) {
        String hex = Integer.toHexString(magic);
        return "0x" + "0".repeat(8 - hex.length()) + hex;
    }

    /** What a file says about itself, checked against the number of bytes that it has. */
    private record Header(File file, int length, int examples, int payload) {

        static Header of(File file, int kind) throws IOException {
            try (Source source = new Source(file)) {
                checkMagic(file, source.readInt(), kind);
                int examples = size(source, "number of examples");
                int features = 1;
                if (kind == IMAGES) {
                    int rows = size(source, "number of rows");
                    int columns = size(source, "number of columns");
                    features = product(file, rows, columns, 8);
                }
                int payload = product(file, examples, features, 4);
                Header header = new Header(file, (int) source.offset(), examples, payload);
                source.checkLength((long) header.length + header.payload);
                return header;
            }
        }

        private static void checkMagic(File file, int magic, int kind) throws DataFormatException {
            if (magic == kind) {
                return;
            }
            String expected = ", expected " + (kind == IMAGES ? "images" : "labels") + " (magic " + magic(kind) + ")";
            if (magic == LABELS) {
                throw new DataFormatException(
                        file, 0, "this looks like a label file (magic " + magic(magic) + ")" + expected);
            }
            if (magic == IMAGES) {
                throw new DataFormatException(
                        file, 0, "this looks like an image file (magic " + magic(magic) + ")" + expected);
            }
            throw new DataFormatException(file, 0, "not an IDX file of bytes" + expected + ", got " + magic(magic));
        }

        private static int size(Source source, String what) throws IOException {
            long at = source.offset();
            int size = source.readInt();
            if (size < 1) {
                throw new DataFormatException(
                        source.file, at, what + " must be in [1, 2147483647], got " + Integer.toUnsignedString(size));
            }
            return size;
        }

        private static int product(File file, int a, int b, long at) throws DataFormatException {
            try {
                return Math.multiplyExact(a, b);
            } catch (ArithmeticException e) {
                throw new DataFormatException(file, at, "too large for one array: " + a + " × " + b + " bytes");
            }
        }
    }
}
