// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpzTest {
    @TempDir
    private File folder;

    private File npy;
    private File npz;

    @BeforeEach
    void name() {
        npy = new File(folder, "x.npy");
        npz = new File(folder, "x.npz");
    }

    @Test
    void theBytesOfAnArrayAreThoseOfNumPy() throws IOException {
        Npz.writeArray(npy, Tensor.of(new float[] {1, 2}, 2, 1));
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";
        assertThat(Cases.read(npy))
                .isEqualTo(npy(1, text + " ".repeat(118 - 1 - text.length()) + "\n", 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40));
        assertThat(npy.length() - 8).isEqualTo(128);
    }

    @Test
    void aShapeIsATuple() throws IOException {
        assertThat(shapeText(Tensor.scalar(1))).isEqualTo("()");
        assertThat(shapeText(Tensor.of(new double[] {1, 2}))).isEqualTo("(2,)");
        assertThat(shapeText(Tensor.of(new double[] {1, 2}, 2, 1, 1))).isEqualTo("(2, 1, 1)");
    }

    private String shapeText(Tensor tensor) throws IOException {
        Npz.writeArray(npy, tensor);
        assertThat(Npz.readArray(npy)).isEqualTo(tensor);
        String text = new String(Cases.read(npy), StandardCharsets.ISO_8859_1);
        return text.substring(text.indexOf('('), text.indexOf(')') + 1);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void everyVersionAndOrderOfKeysIsRead(int version) throws IOException {
        Cases.write(
                npy, npy(version, "{ \"shape\":(1,2),'fortran_order':False , 'descr' : '<f2'}\n", 0, 0x3c, 0, 0xc0));
        assertThat(Npz.readArray(npy)).isEqualTo(Tensor.of(new float[] {1, -2}, 1, 2));
    }

    @Test
    void theSameTensorsAreTheSameBytesInEveryTimeZone() throws IOException {
        Map<String, Tensor> tensors = Map.of("x", Tensor.scalar(1));
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            new Npz(tensors).write(npz);
            byte[] tokyo = Cases.read(npz);
            TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
            new Npz(tensors).write(npz);
            assertThat(Cases.read(npz)).isEqualTo(tokyo).hasSize(244);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void packedArraysAreRead() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b", Tensor.of(new double[1000]));
        tensors.put("a", Tensor.scalar(3));
        zip(ZipEntry.DEFLATED, tensors);
        Map<String, Tensor> read = Npz.read(npz).tensors();
        assertThat(read).isEqualTo(tensors);
        assertThat(read.keySet()).containsExactly("b", "a");
    }

    @Test
    void aNameIsOneThatAZipFileCanHold() {
        assertThatThrownBy(() -> new Npz(Map.of("", Tensor.scalar(1))).write(npz))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: expected 1 to 20000 characters, got 0");
        assertThatThrownBy(() -> new Npz(Map.of("x".repeat(20_001), Tensor.scalar(1))).write(npz))
                .hasMessage("name: expected 1 to 20000 characters, got 20001");
        assertThat(npz).doesNotExist();
    }

    // ---- broken files ----

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "'<i8'; False; (1,); expected descr <f8, <f4 or <f2, got <i8; save a.astype('<f4')",
                "'|u1'; False; (1,); expected descr <f8, <f4 or <f2, got |u1; save a.astype('<f4')",
                "'<c16'; False; (1,); expected descr <f8, <f4 or <f2, got <c16; save a.real and a.imag, each of its own",
                "'<U3'; False; (1,); expected descr <f8, <f4 or <f2, got <U3; a tensor holds no texts",
            })
    void otherArraysThanOursAreNamed(String descr, String order, String shape, String problem, String hint)
            throws IOException {
        array(descr, order, shape);
        assertBroken(problem + "; " + hint + " (at byte 10)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"(0,)", "(2147483648,)", "(65536, 65536)", "(1, 1, 1, 1, 1, 1, 1, 1, 1)", "(1)", "(,)", "(1 1)"})
    void aShapeIsOfSomeElements(String shape) throws IOException {
        array("'<f4'", "False", shape);
        assertBroken("expected a shape of 1 to 2147483647 elements, at most 8 axes and no empty one, got " + shape
                + " (at byte 10)");
    }

    @Test
    void aShapeIsComparedWithTheFile() throws IOException {
        array("'<f4'", "False", "(536870911,)");
        assertBroken("truncated: expected 2147483718 bytes, got 74 (at byte 74)");
        Cases.write(npy, npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': ()}\n", 0, 0, 0, 0, 0));
        assertBroken("trailing bytes: expected 68 bytes, got 69 (at byte 68)");
    }

    @Test
    void aHeaderIsADictionaryOfThree() throws IOException {
        for (String text : new String[] {
            "",
            "\n",
            "{}\n",
            "{'descr': '<f4', 'fortran_order': False}\n",
            "{'descr': '<f4'} x\n",
            "x {'descr': '<f4', 'fortran_order': False, 'shape': ()}\n",
            "{'descr': '<f4' 'fortran_order': False, 'shape': ()}\n",
            "{'descr': '<f4', 'fortran_order': False, 'shape': ()}",
            "{" + " ".repeat(60_000) + "\n",
            "{'descr': '<f4'" + " ".repeat(60_000)
        }) {
            Cases.write(npy, npy(1, text));
            assertBroken("header: expected a dictionary of descr, fortran_order and shape (at byte 10)");
        }
        Cases.write(npy, npy(1, "{'descr': '<f4', 'descr': '<f8'}\n"));
        assertBroken("header: did not expect descr (at byte 26)");
    }

    @Test
    void otherFilesAreNoArrays() throws IOException {
        new Npz(Map.of("x", Tensor.scalar(1))).write(npy);
        assertBroken("not an .npy file (at byte 0)");
        Cases.write(npy, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 9, 0});
        assertBroken("expected version 1.0, 2.0 or 3.0 of .npy, got 9.0 (at byte 6)");
        byte[] huge = npy(2, "");
        huge[11] = 0x7f;
        Cases.write(npy, huge);
        assertBroken("expected a header of at most 65536 bytes, got 2130706432 (at byte 8)");
        Npz.writeArray(npz, Tensor.scalar(1));
        assertBrokenNpz("not an .npz file: zip END header not found");
    }

    @Test
    void otherOrdersAreRead() throws IOException {
        String header = "{'descr': 'DESCR', 'fortran_order': True, 'shape': (2L, 3L), }\n";
        byte[] columns = new byte[24];
        ByteBuffer.wrap(columns).asFloatBuffer().put(new float[] {1, 4, 2, 5, 3, 6});
        Tensor expected = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Cases.write(npy, join(npy(1, header.replace("DESCR", ">f4")), columns));
        assertThat(Npz.readArray(npy)).isEqualTo(expected);
        ByteBuffer.wrap(columns).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(new float[] {1, 4, 2, 5, 3, 6});
        Cases.write(npy, join(npy(1, header.replace("DESCR", "<f4")), columns));
        assertThat(Npz.readArray(npy)).isEqualTo(expected);
        Cases.write(
                npy, npy(1, "{'descr': '>f8', 'fortran_order': True, 'shape': (1,)}\n", 0x3f, 0xf0, 0, 0, 0, 0, 0, 0));
        assertThat(Npz.readArray(npy)).isEqualTo(Tensor.of(new double[] {1}));
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void arraysOfOtherTypesAreNamedAndTheRestIsRead() throws IOException {
        Tensor x = Tensor.of(new double[] {1, 2});
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(npz))) {
            zip.putNextEntry(new ZipEntry("y.npy"));
            zip.write(npy(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}\n", 1, 0, 0, 0, 0, 0, 0, 0));
            zip.putNextEntry(new ZipEntry("x.npy"));
            NpyHeader.write(x, zip);
            zip.putNextEntry(new ZipEntry("s.npy"));
            zip.write(npy(1, "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': ()}\n", 1, 0, 0, 0));
            zip.putNextEntry(new ZipEntry("e.npy"));
            zip.write(npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3)}\n"));
        }
        Map<String, String> unread = Map.of("y", "<i8 1", "s", "a list of fields scalar", "e", "<f4 0×3, empty");
        assertThat(Npz.read(npz)).isEqualTo(new Npz(Map.of("x", x), unread));
        assertThat(Npz.read(ByteSource.of("body", Cases.read(npz)))).isEqualTo(new Npz(Map.of("x", x), unread));
        assertThatThrownBy(() -> Npz.read(npz).write(npz))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("write: expected a content that was read completely, got one without y, s, e;"
                        + " new Npz(tensors) leaves them out on purpose");
    }

    @Test
    void bytesInMemoryAreReadAsAFileIs() throws IOException {
        Npz content = new Npz(Map.of("x", Tensor.of(new float[] {1, 2}, 1, 2)));
        content.write(npz);
        byte[] stored = Cases.read(npz);
        zip(ZipEntry.DEFLATED, content.tensors());
        for (byte[] bytes : new byte[][] {stored, Cases.read(npz)}) {
            assertThat(Npz.read(ByteSource.of("body", bytes))).isEqualTo(content);
        }
        byte[] changed = stored.clone();
        changed[stored.length / 2] ^= 1;
        for (byte[] broken : new byte[][] {new byte[0], {1, 2, 3}, Arrays.copyOf(stored, 60), changed}) {
            assertThatThrownBy(() -> Npz.read(ByteSource.of("body", broken)))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith("body");
        }
    }

    @Test
    void anArchiveHoldsOnlyArraysAndEachOnce() throws IOException {
        zip(ZipEntry.DEFLATED, Map.of("x", Tensor.scalar(1), "y", Tensor.scalar(1)));
        byte[] content = Cases.read(npz);
        replace(content, "y.npy", "x.npy");
        Cases.write(npz, content);
        assertBrokenNpz("two arrays are named x");
        replace(content, "x.npy", "x.txt");
        Cases.write(npz, content);
        assertBrokenNpz("expected only .npy files inside, got x.txt");
    }

    @Test
    void aZipBombIsRefusedUnpacked() throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(npz))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n"));
            for (int i = 0; i < 64; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        long size = (64 << 20) + 68;
        assertBrokenNpz("x.npy", "trailing bytes: expected 72 bytes, got " + size + " (at byte 72)");
        byte[] content = Cases.read(npz);
        int central = lastIndexOf(content, new byte[] {'P', 'K', 1, 2});
        Arrays.fill(content, central + 24, central + 27, (byte) 0xff);
        content[central + 27] = 0x7f;
        Cases.write(npz, content);
        assertThatThrownBy(() -> Npz.read(npz))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(
                        npz + ": x.npy: expected no more than the file's " + content.length + " bytes can hold, got ")
                .hasMessageEndingWith(" 2147483647 unpacked");
    }

    @Test
    void aChangedNumberIsNoticed() throws IOException {
        new Npz(Map.of("x", Tensor.of(new double[] {1, 2}))).write(npz);
        byte[] content = Cases.read(npz);
        content[35 + 128 + 3] ^= 1;
        Cases.write(npz, content);
        assertBrokenNpz("x.npy", "wrong checksum");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "9128; truncated: expected 9128 bytes unpacked, got 8128 (at byte 8128)",
                "8120; trailing bytes: expected 8120 bytes unpacked, got 8128 (at byte 8120)"
            })
    void aPackedArrayHasTheLengthThatItClaims(int claimed, String problem) throws IOException {
        zip(ZipEntry.DEFLATED, Map.of("x", Tensor.of(new double[1000])));
        byte[] content = Cases.read(npz);
        int central = lastIndexOf(content, new byte[] {'P', 'K', 1, 2});
        content[central + 24] = (byte) claimed;
        content[central + 25] = (byte) (claimed >> 8);
        Cases.write(npz, content);
        assertBrokenNpz("x.npy", problem);
    }

    @Test
    void damageInAPackedArrayHasItsPlace() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new ZipException("broken");
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                throw new ZipException("broken");
            }
        };
        InputStream zeros = new ByteArrayInputStream(new byte[100_000]);
        assertThatThrownBy(() -> new FileBytes(npy.toString(), new SequenceInputStream(zeros, broken)).countToEnd())
                .isInstanceOf(DataFormatException.class)
                .hasMessage(npy + ": corrupt zip data: broken (at byte 100000)");
    }

    private void array(String descr, String order, String shape) throws IOException {
        Cases.write(npy, npy(1, "{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': " + shape + "}\n"));
    }

    private void assertBroken(String problem) {
        assertThatThrownBy(() -> Npz.readArray(npy))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(npy + ": " + problem);
    }

    private void assertBrokenNpz(String entry, String problem) {
        assertThatThrownBy(() -> Npz.read(npz))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(new File(npz, entry) + ": " + problem);
    }

    private void assertBrokenNpz(String problem) {
        assertThatThrownBy(() -> Npz.read(npz))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(npz + ": " + problem);
    }

    private void zip(int method, Map<String, Tensor> tensors) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(npz))) {
            zip.setMethod(method);
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                zip.putNextEntry(new ZipEntry(tensor.getKey() + ".npy"));
                NpyHeader.write(tensor.getValue(), zip);
            }
        }
    }

    private static byte[] npy(int version, String header, int... data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        bytes.write(header.length());
        bytes.write(header.length() >> 8);
        bytes.write(new byte[version == 1 ? 0 : 2]);
        bytes.write(header.getBytes(StandardCharsets.US_ASCII));
        for (int b : data) {
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    private static void replace(byte[] content, String from, String to) {
        byte[] sought = from.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at <= content.length - sought.length; at++) {
            if (Arrays.equals(content, at, at + sought.length, sought, 0, sought.length)) {
                System.arraycopy(to.getBytes(StandardCharsets.US_ASCII), 0, content, at, sought.length);
            }
        }
    }

    private static int lastIndexOf(byte[] content, byte[] sought) {
        int at = content.length - sought.length;
        while (!Arrays.equals(content, at, at + sought.length, sought, 0, sought.length)) {
            at--;
        }
        return at;
    }
}
