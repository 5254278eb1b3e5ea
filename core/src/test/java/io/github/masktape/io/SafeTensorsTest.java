// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {
    private static final String SCALAR = "{\"x\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}";

    @TempDir
    private File folder;

    private File file;

    @BeforeEach
    void name() {
        file = new File(folder, "model.safetensors");
    }

    @Test
    void theBytesAreThoseOfTheFormat() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", Tensor.of(new float[] {1, -0f}, 2, 1));
        tensors.put("a\"", Tensor.scalar(2));
        new SafeTensors(tensors, Map.of("z", "ü", "k", "\n")).write(file);
        String header = "{\"__metadata__\":{\"k\":\"\\u000a\",\"z\":\"ü\"},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"a\\\"\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]}}";
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(1).putFloat(-0f).putDouble(2);
        int length = header.getBytes(StandardCharsets.UTF_8).length;
        assertThat(Cases.read(file)).isEqualTo(bytes(header + " ".repeat((8 - length % 8) % 8), data.array()));
    }

    @Test
    void everyNaNIsWrittenAsTheSameOne() throws IOException {
        Tensor odd = Tensor.of(new double[] {Double.longBitsToDouble(0xfff8000000000123L)});
        new SafeTensors(Map.of("x", odd), Map.of()).write(file);
        byte[] first = Cases.read(file);
        new SafeTensors(Map.of("x", Tensor.of(new double[] {Double.NaN})), Map.of()).write(file);
        assertThat(Cases.read(file)).isEqualTo(first);
    }

    @Test
    void halfPrecisionIsReadExactly() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits : new int[] {0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x03ff, 0x0400, 0xfc00, 0x7e00}) {
            data.putShort((short) bits);
        }
        for (int bits : new int[] {0x3f80, 0xc040, 0x0001}) {
            data.putShort((short) bits);
        }
        write(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[9],\"data_offsets\":[0,18]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[18,24]}}",
                data.array());
        Map<String, Tensor> tensors = SafeTensors.read(file).tensors();
        float inf = Float.NEGATIVE_INFINITY;
        assertThat(tensors.get("h"))
                .isEqualTo(
                        Tensor.of(new float[] {1, -2, 65504, 0x1p-24f, -0f, 0x1.ff8p-15f, 0x1p-14f, inf, Float.NaN}));
        assertThat(tensors.get("b")).isEqualTo(Tensor.of(new float[] {1, -3, 0x1p-133f}));
    }

    @Test
    void tensorsMayLieInAnotherOrderThanInTheHeader() throws IOException {
        write(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
        Map<String, Tensor> tensors = SafeTensors.read(file).tensors();
        assertThat(tensors.keySet()).containsExactly("a", "b");
        assertThat(tensors.get("a").item()).isEqualTo(2);
        assertThat(tensors.get("b").item()).isEqualTo(1);
    }

    @Test
    void noTensorsAreAFileToo() throws IOException {
        new SafeTensors(Map.of(), Map.of()).write(file);
        assertThat(file).hasSize(16);
        assertThat(SafeTensors.read(file)).isEqualTo(new SafeTensors(Map.of(), Map.of()));
    }

    @Test
    void whatCannotBeWrittenIsTheCallersMistake() {
        Tensor x = Tensor.scalar(1);
        assertThatThrownBy(() -> new SafeTensors(Map.of("__metadata__", x), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor name: expected any but __metadata__");
        assertThatThrownBy(() -> new SafeTensors(Map.of("\ud83d", x), Map.of()))
                .hasMessage("tensor name: expected Unicode text, got half a surrogate pair");
        assertThatThrownBy(() -> new SafeTensors(Map.of(), Map.of("k", "\ude00")))
                .hasMessage("metadata k: expected Unicode text, got half a surrogate pair");
        assertThatThrownBy(() -> new SafeTensors(Map.of("x", x.reshape(1, 1, 1, 1, 1, 1, 1, 1, 1)), Map.of()))
                .hasMessage("tensor x: expected at most 8 axes, got 9");
    }

    // ---- broken files ----

    @Test
    void aMissingFileAndAFolderAreNamed() {
        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(file + ": no such file");
        assertThatThrownBy(() -> SafeTensors.read(folder))
                .hasMessage(folder + ": expected a file, got a folder or a device");
    }

    @Test
    void anEmptyFileIsTruncated() {
        Cases.write(file, new byte[0]);
        assertBroken("truncated: expected a header, got 0 bytes in all (at byte 0)");
    }

    @Test
    void aZipFileIsToldFromOurs() throws IOException {
        new Npz(Map.of("x", Tensor.scalar(1))).write(file);
        assertBroken("this looks like a ZIP file (NumPy's .npz, PyTorch's .pt), expected safetensors (at byte 0)");
    }

    @ParameterizedTest
    @CsvSource({"-1, 18446744073709551615", "1, 1", "58, 58", "9223372036854775807, 9223372036854775807"})
    void theLengthOfTheHeaderIsWithinTheFile(long length, String shown) throws IOException {
        byte[] content = bytes(SCALAR, new byte[4]);
        assertThat(content).hasSize(8 + 57);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        Cases.write(file, content);
        assertBroken(
                "not a safetensors file: expected the length of the header, 2 to 57, got " + shown + " (at byte 0)");
    }

    @Test
    void aHeaderBeyond100MegabytesIsRefusedUnread() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file, "rw")) {
            sparse.setLength(3L << 30);
            sparse.writeLong(Long.reverseBytes(2L << 30));
        }
        assertBroken("not a safetensors file: expected the length of the header, 2 to 100000000, got 2147483648"
                + " (at byte 0)");
    }

    @Test
    void aTensorOfTheWholeMachineIsRefusedUnread() throws IOException {
        assertBroken("[2147483647]", "0,4", "x: expected 8589934588 bytes for F32 2147483647, got 4 (at byte 13)");
        assertBroken(
                "[65536,65536]",
                "0,4",
                "x: expected a shape of 1 to 2147483647 elements, got [65536, 65536] (at byte 13)");
        assertBroken(
                "[4294967296,4294967296]",
                "0,4",
                "x: expected a shape of 1 to 2147483647 elements, got [4294967296, 4294967296]" + " (at byte 13)");
        assertBroken("[0,4294967296]", "0,4", "x: expected no bytes for an empty tensor, got 4 (at byte 13)");
    }

    @Test
    void theDataIsCoveredWithoutGapOrOverlap() throws IOException {
        assertBroken("[]", "4,8", "x: expected data_offsets within the 4 bytes of data, got [4, 8] (at byte 13)");
        assertBroken("[]", "4,0", "x: expected data_offsets within the 4 bytes of data, got [4, 0] (at byte 13)");
        assertBroken("[2]", "0,4", "x: expected 8 bytes for F32 2, got 4 (at byte 13)");
        write(SCALAR, new byte[8]);
        assertBroken("trailing bytes: expected 4 bytes of data, got 8 (at byte 65)");
        String y = ",\"y\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[OFFSETS]}}";
        String x = SCALAR.substring(0, SCALAR.length() - 1);
        write(x + y.replace("OFFSETS", "2,6"), new byte[8]);
        assertBroken("y: expected data from byte 4 on, where the tensor before ends, got byte 2 (at byte 65)");
        write(x + y.replace("OFFSETS", "8,12"), new byte[12]);
        assertBroken("y: expected data from byte 4 on, where the tensor before ends, got byte 8 (at byte 65)");
        write(x + y.replace("OFFSETS", "0,4"), new byte[4]);
        assertBroken("y: expected data from byte 4 on, where the tensor before ends, got byte 0 (at byte 65)");
    }

    @Test
    void nothingStandsTwice() throws IOException {
        String x = SCALAR.substring(1, SCALAR.length() - 1);
        write("{" + x + "," + x + "}", new byte[4]);
        assertBroken("key x stands twice (at byte 61)");
        write("{" + x + "," + x.replace("\"x\"", "\"\\u0078\"") + "}", new byte[4]);
        assertBroken("key x stands twice (at byte 61)");
        write("{\"__metadata__\":{},\"__metadata__\":{}}", new byte[0]);
        assertBroken("key __metadata__ stands twice (at byte 27)");
        write("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", new byte[0]);
        assertBroken("metadata key k stands twice (at byte 33)");
        write("{\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", new byte[0]);
        assertBroken("x: expected dtype, shape and data_offsets, once each, got dtype (at byte 28)");
    }

    @Test
    void tensorsOfOtherNumbersAndEmptyOnesAreNamed() throws IOException {
        String x = SCALAR.substring(1, SCALAR.length() - 1);
        write(
                "{\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[4,12]}," + x
                        + ",\"e\":{\"dtype\":\"F32\",\"shape\":[2,0],\"data_offsets\":[4,4]}}",
                new byte[12]);
        SafeTensors read = SafeTensors.read(file);
        assertThat(read.tensors())
                .isEqualTo(Map.of("x", Tensor.of(new float[] {0}).reshape(Shape.scalar())));
        assertThat(read.unread()).isEqualTo(Map.of("n", "I64 scalar", "e", "F32 2×0, empty"));
        assertThatThrownBy(() -> read.write(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("write: expected a content that was read completely, got one without n, e;"
                        + " new SafeTensors(tensors, metadata) leaves them out on purpose");
        write(SCALAR.replace("F32", "float"), new byte[4]);
        assertBroken("x: expected a dtype such as F32, got float (at byte 13)");
    }

    @Test
    void aPointerOfGitLfsIsNamed() throws IOException {
        Cases.write(
                file, "version https://git-lfs.github.com/spec/v1\noid sha256:1\n".getBytes(StandardCharsets.UTF_8));
        assertBroken("this looks like a Git LFS pointer, expected safetensors; fetch it by git lfs pull (at byte 0)");
    }

    @Test
    void streamsAndPathsAreReadAsFilesAre() throws IOException {
        SafeTensors content = new SafeTensors(Map.of("x", Tensor.of(new double[] {1, 2})), Map.of("k", "v"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.write(out);
        byte[] bytes = out.toByteArray();
        content.write(file);
        assertThat(Cases.read(file)).isEqualTo(bytes);
        Path inJar = new File(folder, "model.jar").toPath();
        try (FileSystem jar = FileSystems.newFileSystem(inJar, Map.of("create", "true"))) {
            Files.write(jar.getPath("x"), bytes);
        }
        try (FileSystem jar = FileSystems.newFileSystem(inJar)) {
            assertThat(SafeTensors.read(ByteSource.of(jar.getPath("x")))).isEqualTo(content);
        }
        assertThat(SafeTensors.read(ByteSource.of(file.toPath()))).isEqualTo(content);
        assertThat(SafeTensors.read(ByteSource.of("stream", new ByteArrayInputStream(bytes))))
                .isEqualTo(content);
        ByteSource cut = ByteSource.of("stream", Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> SafeTensors.read(cut))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith("stream: ");
        assertThatThrownBy(() -> ByteSource.of("model", getClass().getResourceAsStream("none")))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage("model: no such resource");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "[];                                        not a safetensors file: expected a header that begins with {;0",
                "{\"x\":1};                                 header: expected {;5",
                "{\"x\":{}};                                x: expected dtype, shape and two data_offsets;5",
                "{\"x\":{\"shape\":[1,1,1,1,1,1,1,1,1]}};   header: expected at most 8 numbers in a list;31",
                "{\"x\":{\"shape\":[[[[[[};                 header: expected a whole number from 0 on, of at most 18 digits;15",
                "{\"x\":{\"shape\":[01]}};                  header: expected a whole number from 0 on, of at most 18 digits;15",
                "{\"x\":{\"shape\":[1e2]}};                 header: expected a whole number from 0 on, of at most 18 digits;15",
                "{\"x\":{\"shape\":[1,]}};                  header: expected no ] after a comma;17",
                "{\"__metadata__\":{\"k\":{}}};             metadata k: expected a text;21",
                "{\"__metadata__\":{\"k\":\"\\ud83d\"}};    header: expected a whole surrogate pair;22",
                "{\"__metadata__\":{\"k\":\"\\x\"}};        header: expected one of the escapes of JSON;22",
                "{\"x;                                      header ends within a text;3",
                "{\"x\":{;                                  header ends early;6",
                "{}x;                                       expected only spaces after the header's last };2",
            })
    void aHeaderIsStrictJson(String header, String problem, int at) throws IOException {
        write(header, new byte[0]);
        assertBroken(problem + " (at byte " + (8 + at) + ")");
    }

    @Test
    void aHeaderIsUtf8() throws IOException {
        byte[] content = bytes("{\"?\":", new byte[0]);
        content[10] = (byte) 0xc0;
        Cases.write(file, content);
        assertBroken("header is not UTF-8 (at byte 10)");
    }

    @Test
    void aMessageStaysOneShortLine() throws IOException {
        write("{\"" + "\\n\\u0085\\u009b\\u2028" + "a".repeat(100_000) + "\":{}}", new byte[0]);
        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file + ": ????aaa")
                .extracting(e -> e.getMessage().length())
                .matches(length -> length < 1200 + file.toString().length());
    }

    @Test
    void aDTypeIsKept() throws IOException {
        new SafeTensors(Map.of("x", Tensor.zeros(DType.FLOAT32, 2)), Map.of()).write(file);
        assertThat(SafeTensors.read(file).tensors().get("x").dtype()).isEqualTo(DType.FLOAT32);
    }

    private void assertBroken(String shape, String offsets, String problem) throws IOException {
        write(SCALAR.replace("[]", shape).replace("[0,4]", "[" + offsets + "]"), new byte[4]);
        assertBroken(problem);
    }

    private void assertBroken(String problem) {
        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": " + problem);
    }

    private void write(String header, byte[] data) throws IOException {
        Cases.write(file, bytes(header, data));
    }

    private static byte[] bytes(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .array());
        bytes.write(text);
        bytes.write(data);
        return bytes.toByteArray();
    }
}
