// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.github.masktape.io.ByteSource;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTest {

    /** Three images of 2×3 pixels. */
    private static final byte[] IMAGES = bytes(
            0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 127, 128, 255, 10, 20, 30, 40, 50, 60, 255, 254,
            253, 252, 251, 250);

    private static final byte[] LABELS = bytes(0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9);

    @TempDir
    private File folder;

    private File images;
    private File labels;

    @BeforeEach
    void writeValidFiles() throws IOException {
        images = write("images", IMAGES);
        labels = write("labels", LABELS);
    }

    @Test
    void plain_files_are_read() throws IOException {
        assertValid(Idx.read(images, labels));
    }

    @Test
    void images_are_read_without_labels_as_with_them() throws IOException {
        assertThat(Idx.images(images)).isEqualTo(Idx.read(images, labels).features());
        assertThatThrownBy(() -> Idx.images(labels)).isInstanceOf(DataFormatException.class);
    }

    @Test
    void bytesInMemoryAreReadAsFilesAre() throws IOException {
        for (byte[] images : new byte[][] {IMAGES, gzip(IMAGES)}) {
            assertValid(Idx.read(ByteSource.of("images", images), ByteSource.of("labels", LABELS)));
            assertThat(Idx.tensor(ByteSource.of("images", images)).shape().dim(0))
                    .isEqualTo(3);
            assertThatThrownBy(() -> Idx.images(ByteSource.of("body", Arrays.copyOf(images, images.length - 1))))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith("body: ");
        }
    }

    @Test
    void gzipped_files_are_read_whatever_their_names() throws IOException {
        assertValid(Idx.read(write("images", gzip(IMAGES)), write("labels", gzip(LABELS))));
        assertValid(Idx.read(write("images.gz", IMAGES), write("labels", gzip(LABELS))));
    }

    @Test
    void gzip_with_every_optional_header_field_is_read() throws IOException {
        byte[] packed = gzip(LABELS);
        byte[] header = bytes(0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 2, 0, 'e', 'x', 'n', 0, 'c', 0);
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] checksum = bytes((int) crc.getValue() & 0xff, (int) crc.getValue() >>> 8 & 0xff);
        byte[] body = Arrays.copyOfRange(packed, 10, packed.length);

        assertValid(Idx.read(images, write("labels", join(join(header, checksum), body))));

        byte[] extra = Arrays.copyOf(bytes(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0, 3, 2), 12 + 0x203);
        assertValid(Idx.read(images, write("labels", join(extra, body))));

        checksum[0] ^= 1;
        write("labels", join(join(header, checksum), body));
        assertBroken(labels, "corrupt gzip data: wrong checksum of the header (at byte 0)");
    }

    @Test
    void images_larger_than_any_buffer_are_read() throws IOException {
        byte[] header = bytes(0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 1, 44, 0, 0, 1, 45);
        byte[] large = Arrays.copyOf(header, 16 + 3 * 300 * 301);
        for (int k = 16; k < large.length; k++) {
            large[k] = (byte) ((k * k) >>> 5);
        }
        for (byte[] file : new byte[][] {large, gzip(large)}) {
            float[] pixels = pixels(Idx.read(write("images", file), labels));

            assertThat(pixels).hasSize(large.length - 16);
            for (int k = 0; k < pixels.length; k++) {
                if (pixels[k] != (large[k + 16] & 0xff) / 255f) {
                    fail("pixel " + k);
                }
            }
        }
    }

    @Test
    void classes_are_10_unless_a_label_is_larger() throws IOException {
        assertThat(Idx.read(images, write("labels", with(LABELS, 8, 9))).outputs())
                .isEqualTo(10);
        assertThat(Idx.read(images, write("labels", with(LABELS, 8, 10))).outputs())
                .isEqualTo(11);
        assertThat(Idx.read(images, write("labels", with(LABELS, 8, 255))).outputs())
                .isEqualTo(256);
    }

    @Test
    void a_folder_is_searched_for_the_names_of_mnist() throws IOException {
        for (String set : new String[] {"train", "t10k"}) {
            for (String middle : new String[] {"-", "."}) {
                for (String end : new String[] {"", ".gz"}) {
                    File imageFile = write(set + "-images" + middle + "idx3-ubyte" + end, IMAGES);
                    File labelFile = write(set + "-labels" + middle + "idx1-ubyte" + end, LABELS);

                    assertValid(set.equals("train") ? Idx.training(folder) : Idx.test(folder));
                    assertThat(imageFile.delete() && labelFile.delete()).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "emnist-letters-SET-KIND-idx1-ubyte.gz",
                "qmnist-SET-KIND-idx2-int",
                "SET-KIND",
                "SET_KIND.gz",
                "SET-KIND.IDX3-UBYTE.GZ",
            })
    void a_folder_is_searched_for_the_names_of_the_relatives_of_mnist(String name) throws IOException {
        for (String set : new String[] {"train", "test"}) {
            write(name.replace("SET", set).replace("KIND", "images"), IMAGES);
            write(name.replace("SET", set).replace("KIND", "labels"), LABELS);
        }
        assertValid(Idx.training(folder));
        assertValid(Idx.test(folder));
        File training = new File(folder, name.replace("SET", "train").replace("KIND", "images"));
        assertThat(Idx.isName(training.getName())).isTrue();
        assertThat(Idx.labelsOf(training))
                .isEqualTo(new File(folder, name.replace("SET", "train").replace("KIND", "labels")));
        assertValid(Idx.setOf(training, false));
    }

    @Test
    void of_several_sets_one_is_named() throws IOException {
        for (String prefix : new String[] {"a-", "b-"}) {
            write(prefix + "train-images-idx3-ubyte", IMAGES);
            write(prefix + "train-labels-idx1-ubyte", LABELS);
        }
        assertMissing(
                () -> Idx.training(folder),
                folder + ": holds several sets, such as a-* and b-*; name the images of one instead of the folder: "
                        + new File(folder, "a-train-images-idx3-ubyte"));
        assertValid(Idx.setOf(new File(folder, "b-train-images-idx3-ubyte"), true));
        write("train-images-idx3-ubyte", IMAGES);
        write("train-labels-idx1-ubyte", LABELS);
        assertValid(Idx.training(folder));
        assertMissing(
                () -> Idx.labelsOf(images),
                images + ": expected a name with train-images, t10k-images or test-images, by which its labels are"
                        + " found; or name both files, with a comma between");
    }

    /** As an archive of Kaggle is unpacked. */
    @Test
    void a_file_may_be_in_a_folder_of_its_name() throws IOException {
        for (String name : new String[] {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"}) {
            File inner = new File(folder, name);
            assertThat(inner.mkdir()).isTrue();
            write(name + "/" + name, name.contains("images") ? IMAGES : LABELS);
        }
        assertValid(Idx.training(folder));
    }

    @Test
    void a_row_of_eight_integers_is_a_label_of_qmnist() throws IOException {
        byte[] rows = Arrays.copyOf(bytes(0, 0, 12, 2, 0, 0, 0, 3, 0, 0, 0, 8), 12 + 3 * 8 * 4);
        for (int row = 0; row < 3; row++) {
            rows[12 + 32 * row + 3] = LABELS[8 + row];
            rows[12 + 32 * row + 7] = 99;
        }
        assertValid(Idx.read(images, write("labels", rows)));
        rows[12 + 32] = (byte) 0x80;
        write("labels", rows);
        assertBroken(labels, "label: expected a number in [0, 65535], got -2147483648 (at byte 44)");
    }

    @Test
    void folders_without_the_files_are_refused() throws IOException {
        File none = new File(folder, "none");

        assertMissing(() -> Idx.training(none), none + ": no such folder");
        assertMissing(() -> Idx.training(images), images + ": expected a folder, got a file");
        assertMissing(
                () -> Idx.training(folder),
                folder + ": looked for train-images-idx3-ubyte or train-images.idx3-ubyte, "
                        + "with or without .gz, found neither");
        write("t10k-images-idx3-ubyte", IMAGES);
        assertMissing(
                () -> Idx.test(folder),
                folder + ": looked for t10k-labels-idx1-ubyte or t10k-labels.idx1-ubyte, "
                        + "with or without .gz, found neither");
    }

    @Test
    void missing_files_are_refused() {
        File none = new File(folder, "none");

        assertMissing(() -> Idx.read(none, labels), none + ": no such file");
        assertMissing(() -> Idx.read(images, none), none + ": no such file");
        assertMissing(() -> Idx.read(folder, labels), folder + ": expected a file, got a folder or a device");
    }

    @Test
    void swapped_files_are_named() {
        assertThatThrownBy(() -> Idx.read(labels, images))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(labels + ": this looks like a label file (magic 0x00000801), "
                        + "expected images (magic 0x00000803) (at byte 0)");
        assertThatThrownBy(() -> Idx.read(images, images))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(images + ": this looks like an image file (magic 0x00000803), "
                        + "expected labels (magic 0x00000801) (at byte 0)");
    }

    @Test
    void another_magic_is_refused() throws IOException {
        String expected = "not an IDX file, expected 0x00, 0x00, a type (0x08 … 0x0e) and a rank (1 … 8), got ";
        write("images", with(IMAGES, 2, 10));
        assertBroken(images, expected + "0x00000a03 (at byte 0)");
        write("images", with(IMAGES, 3, 0));
        assertBroken(images, expected + "0x00000800 (at byte 0)");
        write("images", with(IMAGES, 3, 9));
        assertBroken(images, expected + "0x00000809 (at byte 0)");
        writeValidFiles();
        write("labels", with(LABELS, 0, 0x89));
        assertBroken(labels, expected + "0x89000801 (at byte 0)");
    }

    @Test
    void arrays_of_every_type_are_read_as_they_are() throws IOException {
        byte[] payload = bytes(0, 1, 2, 127, 128, 255, 0x3f, 0x80, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe);
        ByteBuffer values = ByteBuffer.wrap(payload);
        for (int type : new int[] {8, 9, 11, 12, 13, 14}) {
            int size = type < 11 ? 1 : type == 11 ? 2 : type == 14 ? 8 : 4;
            int n = payload.length / size;
            double[] expected = new double[n];
            for (int k = 0; k < n; k++) {
                expected[k] = switch (type) {
                    case 8 -> values.get(k) & 0xff;
                    case 9 -> values.get(k);
                    case 11 -> values.getShort(2 * k);
                    case 12 -> values.getInt(4 * k);
                    case 13 -> values.getFloat(4 * k);
                    default -> values.getDouble(8 * k);
                };
            }
            byte[] file = join(bytes(0, 0, type, 2, 0, 0, 0, 2, 0, 0, 0, n / 2), payload);
            for (byte[] content : new byte[][] {file, gzip(file)}) {
                Tensor x = Idx.tensor(write("array", content));

                assertThat(x.dtype()).isEqualTo(type == 12 || type == 14 ? DType.FLOAT64 : DType.FLOAT32);
                assertThat(x.shape()).hasToString("2×" + n / 2);
                assertThat(x.toDoubleArray()).isEqualTo(expected);
            }
        }
    }

    @Test
    void arrays_of_every_rank_are_read() throws IOException {
        for (int rank = 1; rank <= 8; rank++) {
            byte[] header = Arrays.copyOf(bytes(0, 0, 8, rank), 4 + 4 * rank);
            for (int axis = 0; axis < rank; axis++) {
                header[7 + 4 * axis] = (byte) (axis == 0 ? 3 : axis == rank - 1 ? 2 : 1);
            }
            byte[] file = join(header, rank == 1 ? bytes(1, 2, 3) : bytes(1, 2, 3, 4, 5, 6));
            Tensor x = Idx.tensor(write("array", file));

            assertThat(x.shape().rank()).isEqualTo(rank);
            assertThat(x.shape().dim(0)).isEqualTo(3);
            assertThat(x.toFloatArray()[2]).isEqualTo(3f);
            if (rank > 1) {
                Dataset data = Idx.read(write("images", file), labels);
                assertThat(data.features().toFloatArray())
                        .containsExactly(1 / 255f, 2 / 255f, 3 / 255f, 4 / 255f, 5 / 255f, 6 / 255f);
            }
        }
    }

    @Test
    void images_of_another_type_are_taken_as_they_are() throws IOException {
        byte[] header = bytes(0, 0, 13, 2, 0, 0, 0, 3, 0, 0, 0, 1);
        byte[] floats = bytes(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0);
        write("images", join(header, floats));

        assertThat(pixels(Idx.read(images, labels))).containsExactly(1, -2, 0);

        write("images", join(header, with(with(floats, 4, 0x7f), 5, 0x80)));
        assertBroken(images, "expected a number that a float holds, got inf (at byte 16)");
    }

    @Test
    void labels_of_any_integer_type_are_read() throws IOException {
        write("labels", bytes(0, 0, 9, 1, 0, 0, 0, 3, 7, 0, 9));
        assertValid(Idx.read(images, labels));
        write("labels", bytes(0, 0, 11, 1, 0, 0, 0, 3, 0, 7, 0, 0, 0, 9));
        assertValid(Idx.read(images, labels));
        write("labels", bytes(0, 0, 12, 1, 0, 0, 0, 3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9));
        assertValid(Idx.read(images, labels));
    }

    @Test
    void labels_that_are_no_classes_are_refused() throws IOException {
        write("labels", bytes(0, 0, 9, 1, 0, 0, 0, 3, 7, 255, 9));
        assertBroken(labels, "label: expected a number in [0, 65535], got -1 (at byte 9)");
        write("labels", bytes(0, 0, 12, 1, 0, 0, 0, 3, 0, 0, 0, 7, 0, 1, 0, 0, 0, 0, 0, 9));
        assertBroken(labels, "label: expected a number in [0, 65535], got 65536 (at byte 12)");
        write("labels", join(bytes(0, 0, 13, 1, 0, 0, 0, 3), new byte[12]));
        assertBroken(
                labels,
                "expected labels of rank 1 and an integer type, got rank 1 and type float (magic 0x00000d01) (at byte 0)");
        write("labels", bytes(0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 1, 1, 2, 3));
        assertBroken(
                labels,
                "expected labels of rank 1 and an integer type, got rank 2 and type unsigned byte"
                        + " (magic 0x00000802) (at byte 0)");
        write("images", bytes(0, 0, 9, 1, 0, 0, 0, 3, 7, 0, 9));
        assertBroken(images, "expected images of rank 2 … 8, got rank 1 (magic 0x00000901) (at byte 0)");
    }

    @Test
    void different_counts_are_refused() throws IOException {
        write("labels", bytes(0, 0, 8, 1, 0, 0, 0, 2, 7, 0));
        assertBroken(labels, "expected 3 labels as in " + images + ", got 2 (at byte 4)");
    }

    @Test
    void sizes_below_1_are_refused() throws IOException {
        write("images", with(IMAGES, 7, 0));
        assertBroken(images, "number of examples: expected a number in [1, 2147483647], got 0 (at byte 4)");
        write("images", with(IMAGES, 4, 255));
        assertBroken(images, "number of examples: expected a number in [1, 2147483647], got 4278190083 (at byte 4)");
        write("images", with(IMAGES, 11, 0));
        assertBroken(images, "number of rows: expected a number in [1, 2147483647], got 0 (at byte 8)");
        write("images", with(IMAGES, 15, 0));
        assertBroken(images, "number of columns: expected a number in [1, 2147483647], got 0 (at byte 12)");
        writeValidFiles();
        write("labels", bytes(0, 0, 8, 1, 0, 0, 0, 0));
        assertBroken(labels, "number of examples: expected a number in [1, 2147483647], got 0 (at byte 4)");
    }

    @Test
    void sizes_that_overflow_are_refused() throws IOException {
        write("images", with(with(IMAGES, 8, 127), 12, 127));
        assertBroken(images, "too large for one array: 2130706434 × 2130706435 bytes (at byte 8)");
        write("images", with(IMAGES, 4, 127));
        assertBroken(images, "too large for one array: 2130706435 × 6 bytes (at byte 4)");
    }

    @Test
    void a_header_that_promises_more_than_the_file_has_allocates_nothing() throws IOException {
        byte[] lying = with(LABELS, 4, 127);
        write("labels", lying);
        assertBroken(labels, "truncated: expected 2130706443 bytes, got 11 (at byte 11)");
        write("labels", gzip(lying));
        assertBroken(labels, "truncated: expected 2130706443 bytes unpacked, got 11 (at byte 11)");
    }

    @Test
    void truncated_files_are_refused() throws IOException {
        write("images", new byte[0]);
        assertBroken(images, "truncated: expected 4 more bytes (at byte 0)");
        write("images", Arrays.copyOf(IMAGES, 14));
        assertBroken(images, "truncated: expected 2 more bytes (at byte 14)");
        write("images", Arrays.copyOf(IMAGES, 33));
        assertBroken(images, "truncated: expected 34 bytes, got 33 (at byte 33)");
        write("images", gzip(Arrays.copyOf(IMAGES, 33)));
        assertBroken(images, "truncated: expected 34 bytes unpacked, got 33 (at byte 33)");
    }

    @Test
    void trailing_bytes_are_refused() throws IOException {
        write("images", Arrays.copyOf(IMAGES, 35));
        assertBroken(images, "trailing bytes: expected 34 bytes, got 35 (at byte 34)");
        write("images", gzip(Arrays.copyOf(IMAGES, 35)));
        assertBroken(images, "trailing bytes: expected 34 bytes unpacked, got more (at byte 34)");
        for (int extra : new int[] {1, 8, 30, 100_000}) {
            byte[] packed = gzip(IMAGES);
            write("images", with(Arrays.copyOf(packed, packed.length + extra), packed.length + extra - 1, 7));
            assertBroken(
                    images, "corrupt gzip data: trailing bytes that are neither another member nor zeros (at byte 34)");
        }
        write("images", join(gzip(IMAGES), gzip(bytes(1))));
        assertBroken(images, "trailing bytes: expected 34 bytes unpacked, got more (at byte 34)");
    }

    @Test
    void gzip_of_several_members_and_padding_is_read() throws IOException {
        byte[] empty = gzip(new byte[0]);
        byte[] begin = gzip(Arrays.copyOf(IMAGES, 20));
        byte[] end = gzip(Arrays.copyOfRange(IMAGES, 20, 34));
        for (byte[] packed : new byte[][] {
            join(begin, end),
            join(join(empty, begin), join(end, empty)),
            join(gzip(IMAGES), new byte[1]),
            join(join(begin, end), new byte[100_000]),
            join(begin, join(new byte[512], end)),
        }) {
            write("images", packed);
            assertValid(Idx.read(images, labels));
        }
        byte[] each = {};
        for (byte b : IMAGES) {
            each = join(each, gzip(new byte[] {b}));
        }
        write("images", each);
        assertValid(Idx.read(images, labels));
    }

    @Test
    void every_member_of_a_gzip_file_is_checked() throws IOException {
        byte[] begin = gzip(Arrays.copyOf(IMAGES, 20));
        byte[] end = gzip(Arrays.copyOfRange(IMAGES, 20, 34));
        write("images", join(with(begin, begin.length - 8, begin[begin.length - 8] + 1), end));
        assertBroken(images, "corrupt gzip data: wrong checksum (at byte 20)");
        write("images", join(with(begin, begin.length - 4, 21), end));
        assertBroken(images, "corrupt gzip data: wrong length (at byte 20)");
        write("images", join(begin, with(end, end.length - 8, end[end.length - 8] + 1)));
        assertBroken(images, "corrupt gzip data: wrong checksum (at byte 34)");
        write("images", join(begin, with(end, 2, 7)));
        assertBroken(images, "corrupt gzip data: unknown compression method (at byte 20)");
        for (int length = 1; length < end.length; length++) {
            write("images", join(begin, Arrays.copyOf(end, length)));
            assertThatThrownBy(() -> Idx.read(images, labels))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith(images + ": corrupt gzip data: truncated (at byte ");
        }
    }

    @Test
    void a_file_packed_twice_is_named_so() throws IOException {
        write("images", gzip(gzip(IMAGES)));
        assertBroken(
                images,
                "not an IDX file, expected 0x00, 0x00, a type (0x08 … 0x0e) and a rank (1 … 8), got 0x1f8b0800; it is"
                        + " packed twice by gzip, unpack it once (at byte 0)");
    }

    @Test
    void the_rank_is_told_by_the_first_bytes_alone() throws IOException {
        assertThat(Idx.rank(write("a.csv", IMAGES))).isEqualTo(3);
        assertThat(Idx.rank(write("a.csv", LABELS))).isEqualTo(1);
        assertThat(Idx.rank(write("a", gzip(IMAGES)))).isEqualTo(3);
        assertThat(Idx.rank(write("a", Arrays.copyOf(gzip(IMAGES), 30)))).isEqualTo(3);
        for (int type : new int[] {8, 9, 11, 12, 13, 14}) {
            assertThat(Idx.rank(write("a", bytes(0, 0, type, 8)))).isEqualTo(8);
        }
        for (byte[] other : new byte[][] {
            {},
            bytes(0, 0, 8),
            bytes(0, 0, 8, 0),
            bytes(0, 0, 8, 9),
            bytes(0, 0, 8, 255),
            bytes(0, 0, 10, 3),
            bytes(0, 1, 8, 3),
            bytes(1, 0, 8, 3),
            bytes('x', ',', 'y', '\n'),
            gzip(gzip(IMAGES)),
            Arrays.copyOf(gzip(IMAGES), 5)
        }) {
            assertThat(Idx.rank(write("train-images-idx3-ubyte", other))).isZero();
        }
        File missing = new File(folder, "none");
        assertMissing(() -> Idx.rank(missing), missing + ": no such file");
    }

    @Test
    void corrupt_gzip_is_refused() throws IOException {
        byte[] packed = gzip(IMAGES);
        int end = packed.length;

        write("images", Arrays.copyOf(packed, 5));
        assertBroken(images, "corrupt gzip data: truncated (at byte 0)");
        write("images", Arrays.copyOf(packed, end - 3));
        assertBroken(images, "corrupt gzip data: truncated (at byte 34)");
        write("images", with(packed, 2, 7));
        assertBroken(images, "corrupt gzip data: unknown compression method (at byte 0)");
        write("images", with(packed, 3, 0x80));
        assertBroken(images, "corrupt gzip data: reserved flags are set (at byte 0)");
        write("images", with(packed, 10, 0xff));
        assertThatThrownBy(() -> Idx.read(images, labels))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(images + ": corrupt gzip data: ")
                .hasMessageEndingWith(" (at byte 0)");
        write("images", with(packed, end - 8, packed[end - 8] + 1));
        assertBroken(images, "corrupt gzip data: wrong checksum (at byte 34)");
        write("images", with(packed, end - 1, 1));
        assertBroken(images, "corrupt gzip data: wrong length (at byte 34)");
    }

    @Test
    void every_prefix_is_refused() throws IOException {
        for (byte[] whole : new byte[][] {IMAGES, gzip(IMAGES)}) {
            for (int length = 0; length < whole.length; length++) {
                write("images", Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> Idx.read(images, labels)).isInstanceOf(DataFormatException.class);
            }
        }
        writeValidFiles();
        for (byte[] whole : new byte[][] {LABELS, gzip(LABELS)}) {
            for (int length = 0; length < whole.length; length++) {
                write("labels", Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> Idx.read(images, labels)).isInstanceOf(DataFormatException.class);
            }
        }
    }

    @Test
    void every_flipped_bit_is_accepted_or_refused_cleanly() throws IOException {
        for (byte[] whole : new byte[][] {IMAGES, gzip(IMAGES)}) {
            assertFlips(whole, "images");
        }
        writeValidFiles();
        for (byte[] whole : new byte[][] {LABELS, gzip(LABELS)}) {
            assertFlips(whole, "labels");
        }
    }

    private void assertFlips(byte[] whole, String name) throws IOException {
        for (int at = 0; at < whole.length; at++) {
            for (int flip = 1; flip < 256; flip = flip < 128 ? 2 * flip : flip + 127) {
                write(name, with(whole, at, whole[at] ^ flip));
                try {
                    assertThat(Idx.read(images, labels).labels()).hasSize(3);
                } catch (DataFormatException e) {
                    assertThat(e).hasMessageStartingWith(new File(folder, name) + ": ");
                }
            }
        }
    }

    private void assertValid(Dataset data) {
        int[] expected = {0, 1, 2, 127, 128, 255, 10, 20, 30, 40, 50, 60, 255, 254, 253, 252, 251, 250};
        float[] pixels = new float[expected.length];
        for (int k = 0; k < pixels.length; k++) {
            pixels[k] = expected[k] / 255f;
        }
        assertThat(pixels(data)).isEqualTo(pixels);
        assertThat(data.labels()).containsExactly(7, 0, 9);
        assertThat(data.outputs()).isEqualTo(10);
    }

    private void assertBroken(File file, String problem) {
        assertThatThrownBy(() -> Idx.read(images, labels))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": " + problem);
    }

    private static void assertMissing(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(FileNotFoundException.class).hasMessage(message);
    }

    private File write(String name, byte[] content) throws IOException {
        File file = new File(folder, name);
        try (OutputStream out = new FileOutputStream(file)) {
            out.write(content);
        }
        return file;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    private static byte[] with(byte[] content, int at, int value) {
        byte[] changed = content.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int k = 0; k < values.length; k++) {
            bytes[k] = (byte) values[k];
        }
        return bytes;
    }

    private static float[] pixels(Dataset data) {
        return data.features().toFloatArray();
    }
}
