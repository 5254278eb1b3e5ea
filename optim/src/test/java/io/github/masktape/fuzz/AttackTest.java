// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import static io.github.masktape.fuzz.Crafted.DEFLATED;
import static io.github.masktape.fuzz.Crafted.STORED;
import static io.github.masktape.fuzz.Crafted.bomb;
import static io.github.masktape.fuzz.Crafted.bytes;
import static io.github.masktape.fuzz.Crafted.checkpoint;
import static io.github.masktape.fuzz.Crafted.gzip;
import static io.github.masktape.fuzz.Crafted.idx;
import static io.github.masktape.fuzz.Crafted.littleEndian;
import static io.github.masktape.fuzz.Crafted.npy;
import static io.github.masktape.fuzz.Crafted.safetensors;
import static io.github.masktape.fuzz.Crafted.with;
import static io.github.masktape.fuzz.Crafted.withCentral;
import static io.github.masktape.fuzz.Crafted.zip;
import static io.github.masktape.fuzz.Crafted.zip64;
import static io.github.masktape.fuzz.Parser.CHECKPOINT;
import static io.github.masktape.fuzz.Parser.CSV;
import static io.github.masktape.fuzz.Parser.CSV_TARGETS;
import static io.github.masktape.fuzz.Parser.GZIP;
import static io.github.masktape.fuzz.Parser.IDX;
import static io.github.masktape.fuzz.Parser.MODEL;
import static io.github.masktape.fuzz.Parser.NPY;
import static io.github.masktape.fuzz.Parser.NPZ;
import static io.github.masktape.fuzz.Parser.SAFETENSORS;
import static io.github.masktape.fuzz.Parser.TABLE;
import static io.github.masktape.fuzz.Parser.TABLE_OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.masktape.data.Idx;
import io.github.masktape.fuzz.Crafted.Zipped;
import io.github.masktape.io.SafeTensors;
import io.github.masktape.io.TensorBytes;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.CheckpointBytes;
import io.github.masktape.optim.Optimizer;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files made to hurt, a row each: who reads it, what it is, its bytes, and how the answer begins; none if it is a file
 * like any other. The tests of each format have what that format forbids; here are the tricks.
 */
@Tag("once")
class AttackTest {
    private static final String READ = "";

    /** The answer is not the same on every JDK. */
    private static final String ANY = "?";

    private static final byte[] ARRAY = npy("<f4", "(1,)", 0, 0, 0x80, 0x3f);
    private static final int SIZE = ARRAY.length;

    private static Arguments row(Parser parser, String attack, byte[] content, String problem) {
        return Arguments.of(parser, attack, content, problem);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource({"sizes", "packed", "tables", "forms", "headers", "archives", "checkpoints", "crowds"})
    @Timeout(20)
    void anAttackIsRefusedInOneLine(Parser parser, String attack, byte[] content, String problem) {
        String answer = parser.problem(content).orElse(READ);
        if (!problem.equals(ANY)) {
            assertThat(answer).startsWith(problem);
            assertThat(answer.isEmpty()).as(answer).isEqualTo(problem.isEmpty());
        }
    }

    @Test
    @Timeout(20)
    void aSmallFileOfALargeArrayTellsWhatMemoryItNeeds() throws IOException {
        int mebibytes = (int) (Runtime.getRuntime().maxMemory() >> 20) / 4 + 1;
        assumeTrue(mebibytes < 512, "no more heap than tests are given");
        File file = Scratch.file(bomb(idx(8, new int[] {mebibytes, 1 << 20}), mebibytes));
        assertThat(file.length()).isLessThan(600_000);
        assertThatThrownBy(() -> Idx.tensor(file))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*: \\d+ elements need \\d+ MB of memory; give Java more with -Xmx");
    }

    /** Right files of as many small parts as they hold: what takes most memory for each of their bytes. */
    static Stream<Arguments> crowds() throws IOException {
        List<String> names = IntStream.range(0, 20_000)
                .mapToObj(i -> Integer.toString(i, 36))
                .toList();
        Map<String, String> texts = names.stream().collect(Collectors.toMap(name -> name, name -> ""));
        Map<String, Tensor> tensors =
                names.stream().collect(Collectors.toMap(name -> name, name -> Tensor.zeros(DType.FLOAT32)));
        String layers = "linear 1 1" + ", linear 1 1".repeat(2000);
        Sequential net = Sequential.ofArchitecture(layers, Initializer.heUniform(1));
        Optimizer.State optimizer = new Optimizer.State(1, texts, tensors);
        Checkpoint checkpoint = new Checkpoint(
                1, new Checkpoint.Unfinished(1, 0, 1), List.of(), texts, tensors, tensors, optimizer, texts);
        Zipped[] arrays = names.stream()
                .limit(5000)
                .map(name -> new Zipped(name + ".npy", DEFLATED, ARRAY))
                .toArray(Zipped[]::new);
        String row = "1,".repeat(200_000);
        return Stream.of(
                row(SAFETENSORS, "texts", TensorBytes.of(new SafeTensors(Map.of(), texts)), READ),
                row(SAFETENSORS, "tensors", TensorBytes.of(new SafeTensors(tensors, Map.of())), READ),
                row(MODEL, "layers", TensorBytes.of(net.toSafeTensors(Map.of())), READ),
                row(CHECKPOINT, "texts and tensors", CheckpointBytes.of(checkpoint), READ),
                row(CHECKPOINT, "texts", checkpoint(texts, Map.of()), READ),
                row(NPZ, "arrays", zip(arrays), READ),
                row(CSV, "columns", bytes(row, "a\n", row, "b\n"), READ),
                row(
                        CSV,
                        "names of columns",
                        bytes("x", String.join(",x", names), "\n"),
                        "line 2, column 1: a header only"),
                row(CSV, "labels of one hash", bytes(labelsOfOneHash().repeat(100)), READ),
                row(CSV, "labels amid spaces", bytes(("1," + " ".repeat(100_000) + "a\n1,b\n").repeat(20)), READ),
                row(CSV, "rows, packed", gzip(bytes("1,0\n1,1\n".repeat(100_000))), READ),
                row(
                        CSV_TARGETS,
                        "numbers that the JDK must read",
                        bytes("9e-40;9e-40\n9e-41;9e-41\n".repeat(20_000)),
                        READ),
                row(GZIP, "elements", gzip(idx(8, new int[] {1000, 1000}, new byte[1_000_000])), READ));
    }

    /** 512 labels of nine pairs of letters, Aa or BB, whose hashes are equal. */
    private static String labelsOfOneHash() {
        return IntStream.range(0, 512)
                .mapToObj(
                        i -> Integer.toBinaryString(512 + i).replace("0", "Aa").replace("1", "BB"))
                .collect(Collectors.joining("\n1,", "1,", "\n"));
    }

    private static byte[] members(byte[] content) {
        Object[] members = new Object[content.length];
        for (int i = 0; i < members.length; i++) {
            members[i] = gzip(new byte[] {content[i]});
        }
        return bytes(members);
    }

    private static byte[] crowd(byte[] member) {
        return bytes(Collections.nCopies(100_000, member).toArray());
    }

    static Stream<Arguments> sizes() {
        return Stream.of(
                row(IDX, "a rank of 255", bytes(0, 0, 8, 255, new byte[1024]), "not an IDX file, expected"),
                row(IDX, "elements that wrap an int to 0", idx(8, new int[] {65536, 65536}), "too large"),
                row(IDX, "elements that wrap a long to 0", idx(8, new int[] {65536, 65536, 65536, 65536}), "too large"),
                row(
                        IDX,
                        "elements that wrap an int to as many as there are",
                        idx(8, new int[] {0x40000001, 4}, 1, 2, 3, 4),
                        "too large"),
                row(
                        IDX,
                        "bytes that wrap an int, doubles",
                        idx(14, new int[] {0x20000001}, new byte[8]),
                        "truncated: expected 4294967312"),
                row(
                        IDX,
                        "eight axes of the largest size",
                        idx(8, IntStream.range(0, 8).map(i -> Integer.MAX_VALUE).toArray()),
                        "too large"));
    }

    static Stream<Arguments> packed() {
        byte[] array = idx(8, new int[] {4}, 1, 2, 3, 4);
        byte[] open = bytes(0x1f, 0x8b, 8, 8, new byte[6]);
        return Stream.of(
                row(
                        GZIP,
                        "1 GiB of zeros behind a small array",
                        bomb(array, 1025),
                        "trailing bytes: expected 12 bytes unpacked, got more"),
                row(GZIP, "1 GiB of zeros for a header", bomb(new byte[0], 1025), "not an IDX file"),
                row(GZIP, "packed twice", gzip(gzip(array)), "not an IDX file, expected"),
                row(
                        GZIP,
                        "a second array in a second member",
                        bytes(gzip(array), gzip(array)),
                        "trailing bytes: expected 12 bytes unpacked, got more"),
                row(
                        GZIP,
                        "1 GiB of zeros in a second member",
                        bytes(gzip(array), bomb(new byte[0], 1025)),
                        "trailing bytes: expected 12 bytes unpacked, got more"),
                row(GZIP, "a member for each byte", members(array), READ),
                row(GZIP, "100,000 empty members", bytes(gzip(array), crowd(gzip(new byte[0]))), READ),
                row(GZIP, "2 MB of zeros behind the last member", bytes(gzip(array), new byte[2_000_000]), READ),
                row(
                        GZIP,
                        "zeros and then something else",
                        bytes(gzip(array), new byte[100_000], 1),
                        "corrupt gzip data: trailing bytes that are neither another member nor zeros"),
                row(GZIP, "a name that does not end", bytes(open, "x".repeat(100_000)), "corrupt gzip data: truncated"),
                row(
                        GZIP,
                        "an extra field longer than the file",
                        bytes(0x1f, 0x8b, 8, 4, new byte[6], 255, 255),
                        "corrupt gzip data: truncated"),
                row(
                        GZIP,
                        "a preset dictionary",
                        bytes(0x1f, 0x8b, 8, 0, new byte[6], 0x78, 0xbb, new byte[64]),
                        "corrupt gzip data: "),
                row(
                        CSV,
                        "1 GiB of zeros behind a table",
                        bomb(bytes("1,a\n2,b\n"), 1025),
                        "line 3, column 1: a row of more than 16 MiB"));
    }

    static Stream<Arguments> tables() {
        String many = IntStream.range(0, 20_000).mapToObj(i -> "1,").collect(Collectors.joining());
        return Stream.of(
                row(
                        CSV,
                        "not a number, spelled in Chinese digits",
                        bytes("1,a\n一,b\n"),
                        "line 2, column 1: column 1: expected a number, got '一'"),
                row(
                        CSV,
                        "a NUL in a number",
                        bytes("1,a\n2\0,b\n"),
                        "line 2, column 1: column 1: expected a number, got '2\\u0000'"),
                row(CSV, "a NUL in a label", bytes("1,a\n2,b\0\n"), READ),
                row(
                        CSV,
                        "a second byte order mark",
                        bytes("\ufeff\ufeff1,a\n2,b\n"),
                        "line 2, column 2: a: expected at least two classes"),
                row(
                        CSV,
                        "a byte order mark at a later line",
                        bytes("1,a\n\ufeff2,b\n"),
                        "line 2, column 1: column 1: expected a number"),
                row(CSV, "half a byte order mark", bytes(0xef, 0xbb), "line 1, column 1: not UTF-8 text"),
                row(CSV, "mixed line ends", bytes("1,a\r\n2,b\n3,c\r\n4,d"), READ),
                row(CSV, "CR CR LF", bytes("1,a\r\r\n2,b\n"), "line 1, column 2: a carriage return"),
                row(
                        CSV,
                        "a terminal's commands for a name",
                        bytes("\u009b2J\u001b[2J,b\nx,y\n"),
                        "line 2, column 1: \\u009b2J\\u001b[2J: expected a number"),
                row(
                        CSV,
                        "a number of a million digits",
                        bytes("1,a\n", "9".repeat(1_000_000), ",b\n"),
                        "line 2, column 1: column 1: expected a number below"),
                row(CSV, "a million digits behind the point", bytes("1,a\n0.", "0".repeat(1_000_000), "1,b\n"), READ),
                row(CSV, "an exponent of a million digits", bytes("1,a\n1e-", "9".repeat(1_000_000), ",b\n"), READ),
                row(
                        CSV,
                        "an overlong encoding",
                        bytes("1,a\n2,", 0xc0, 0x80, "\n"),
                        "line 2, column 2: not UTF-8 text"),
                row(
                        CSV,
                        "half a surrogate pair",
                        bytes("1,a\n2,", 0xed, 0xa0, 0x80, "\n"),
                        "line 2, column 2: not UTF-8 text"),
                row(CSV, "20,000 columns", bytes(many, "a\n", many, "b\n"), READ),
                row(
                        CSV,
                        "a million columns",
                        bytes("1,".repeat(1 << 20)),
                        "line 1, column 1048577: column 1048577: expected a label"),
                row(
                        CSV,
                        "a million lines of quotes",
                        bytes("1,\"", "\"\"\n".repeat(1 << 20), "\n2,b"),
                        "line 1, column 2: a quote is opened"),
                row(
                        CSV_TARGETS,
                        "a target that no double holds",
                        bytes("1;2\n3;1e309\n"),
                        "line 2, column 2: column 2: expected a number below"));
    }

    /** Tables whose form is found, or given by options. */
    static Stream<Arguments> forms() {
        String months = IntStream.range(0, 6000)
                .mapToObj(i -> i % 12 + 1 + "/" + (i % 11 + 1) + "/2024," + i % 2)
                .collect(Collectors.joining("\n", "day,y\n", "\n13/1/2024,1\n"));
        String utf16 = "1,a\n2,b\n";
        return Stream.of(
                row(TABLE, "dates of two formats until the last row", bytes(months), READ),
                row(TABLE, "dates of no day", bytes("d,y\n31.2.2024,0\n0.0.0,1\n"), ANY),
                row(TABLE, "a line that names a quote for the delimiter", bytes("sep=\"\n1,a\n2,b\n"), ANY),
                row(
                        TABLE,
                        "a line that names a delimiter and nothing else",
                        bytes("sep=;\n"),
                        "line 1, column 1: empty file"),
                row(TABLE, "delimiters of every kind in turn", bytes(",;\t|".repeat(50_000), "\n"), ANY),
                row(
                        TABLE,
                        "a quote that is open where the form is looked for",
                        bytes("a,\"", "x;".repeat(500_000)),
                        ANY),
                row(TABLE, "a million spaces and tabs", bytes("1", " \t".repeat(500_000), "a\n2 b\n"), ANY),
                row(TABLE, "a count of rows that wraps an int", bytes("4294967298,1\n1,a\n2,b\n"), ANY),
                row(
                        TABLE_OPTIONS,
                        "10 MB of a comment, packed",
                        bytes(0, 128, 0, bomb(bytes("1,a\n2,b\n#"), 10)),
                        READ),
                row(
                        TABLE_OPTIONS,
                        "a file of comments",
                        bytes(0, 128, 0, "#\n".repeat(500_000)),
                        "line 1, column 1: empty file"),
                row(
                        TABLE_OPTIONS,
                        "half a million groups of thousands",
                        bytes(0, 8 | 64, 2, "1,a\n\"1", ",000".repeat(500_000), "\",b\n"),
                        "line 2, column 1: column 1: expected a number below"),
                row(
                        TABLE_OPTIONS,
                        "one separator for the point and for thousands",
                        bytes(4 | 8, 8 | 1 | 64, 2, "1,5;a\n2,000;b\n"),
                        ANY),
                row(TABLE_OPTIONS, "a decimal comma that is the delimiter", bytes(4 | 8, 8, 2, "1,5,a\n2,5,b\n"), ANY),
                row(
                        TABLE_OPTIONS,
                        "UTF-16 that ends within a character",
                        bytes(1, 0, 2, utf16.getBytes(StandardCharsets.UTF_16), 0),
                        "not UTF-16 text"),
                row(
                        TABLE_OPTIONS,
                        "half a surrogate pair in UTF-16",
                        bytes(1, 0, 2, utf16.getBytes(StandardCharsets.UTF_16), 0xd8, 0, 0, 'a'),
                        "not UTF-16 text"),
                row(
                        TABLE_OPTIONS,
                        "a byte that is no character of Windows-1252",
                        bytes(2, 0, 2, "1,a\n2,", 0x81, "\n"),
                        ANY),
                row(TABLE_OPTIONS, "a NUL for each character of UTF-16", bytes(1, 0, 2, new byte[200_000]), ANY));
    }

    static Stream<Arguments> headers() {
        String tensors = IntStream.range(0, 50_000)
                .mapToObj(i -> "\"" + i + "\":\"\"")
                .collect(Collectors.joining(",", "{\"__metadata__\":{", "}}"));
        String x = "{\"x\":{\"dtype\":\"F32\",\"shape\":SHAPE,\"data_offsets\":OFFSETS}}";
        return Stream.of(
                row(
                        SAFETENSORS,
                        "a header of 100 MB in 20 bytes",
                        safetensors(100_000_000, new byte[12]),
                        "not a safetensors file: expected the length of the header, 2 to 12, got 100000000"),
                row(
                        SAFETENSORS,
                        "a million objects in each other",
                        safetensors("{\"a\":".repeat(1_000_000)),
                        "a: expected dtype, shape and data_offsets, once each, got a"),
                row(
                        SAFETENSORS,
                        "a million lists in each other",
                        safetensors("{\"a\":{\"shape\":" + "[".repeat(1_000_000)),
                        "header: expected a whole number"),
                row(
                        SAFETENSORS,
                        "a million lists in the metadata",
                        safetensors("{\"__metadata__\":{\"a\":" + "[".repeat(1_000_000)),
                        "metadata a: expected a text"),
                row(SAFETENSORS, "50,000 texts of nothing", safetensors(tensors), READ),
                row(
                        SAFETENSORS,
                        "a shape that wraps a long to 0",
                        safetensors(
                                x.replace("SHAPE", "[65536,65536,65536,65536]").replace("OFFSETS", "[0,0]")),
                        "x: expected a shape"),
                row(
                        SAFETENSORS,
                        "an offset of 2^63",
                        safetensors(
                                x.replace("SHAPE", "[1]")
                                        .replace("OFFSETS", "[9223372036854775808,9223372036854775812]"),
                                1,
                                2,
                                3,
                                4),
                        "header: expected a whole number"),
                row(
                        SAFETENSORS,
                        "a negative offset",
                        safetensors(x.replace("SHAPE", "[1]").replace("OFFSETS", "[-4,0]"), 1, 2, 3, 4),
                        "header: expected a whole number"),
                row(
                        SAFETENSORS,
                        "an axis of -1",
                        safetensors(x.replace("SHAPE", "[-1]").replace("OFFSETS", "[0,4]"), 1, 2, 3, 4),
                        "header: expected a whole number"),
                row(
                        SAFETENSORS,
                        "offsets with a fraction",
                        safetensors(x.replace("SHAPE", "[1]").replace("OFFSETS", "[0.0,4.0]"), 1, 2, 3, 4),
                        "header: expected a whole number"),
                row(
                        SAFETENSORS,
                        "digits of another script",
                        safetensors(x.replace("SHAPE", "[١]").replace("OFFSETS", "[0,4]"), 1, 2, 3, 4),
                        "header: expected a whole number"),
                row(
                        SAFETENSORS,
                        "hexadecimal digits of another width",
                        safetensors("{\"__metadata__\":{\"a\":\"\\u００４１\"}}"),
                        "header: expected four hexadecimal digits"),
                row(SAFETENSORS, "a byte order mark", safetensors("\ufeff{}"), "not a safetensors file"),
                row(NPY, "a negative axis", npy("<f4", "(-1,)"), "header: expected a dictionary"),
                row(NPY, "an axis of 20 digits", npy("<f4", "(99999999999999999999,)"), "expected a shape"),
                row(
                        NPY,
                        "elements that wrap a long to 0",
                        npy("<f4", "(65536, 65536, 65536, 65536)"),
                        "expected a shape"),
                row(NPY, "Python's objects, which NumPy would run", npy("|O", "(1,)", 0x80, 4), "expected descr"),
                row(
                        NPY,
                        "a header that ends in spaces",
                        npy("<f4", "(1,), }" + " ".repeat(170), 0, 0, 0, 0),
                        "header: expected a dictionary"));
    }

    static Stream<Arguments> archives() {
        byte[] stored = zip(new Zipped("x.npy", STORED, ARRAY));
        byte[] deflated = zip(new Zipped("x.npy", DEFLATED, ARRAY));
        byte[] two = zip(new Zipped("x.npy", STORED, ARRAY), new Zipped("y.npy", STORED, ARRAY));
        return Stream.of(
                row(
                        NPZ,
                        "a name that climbs: no file is ever made of it",
                        zip(new Zipped("../../x.npy", STORED, ARRAY)),
                        READ),
                row(NPZ, "an absolute name", zip(new Zipped("/etc/x.npy", STORED, ARRAY)), READ),
                row(
                        NPZ,
                        "a name of commands to a terminal",
                        withCentral(zip(new Zipped("\u001b[2J\u009b\u2028.npy", STORED, ARRAY)), 0, 16, new byte[4]),
                        "wrong checksum"),
                row(
                        NPZ,
                        "a name of 60,000 bytes",
                        withCentral(zip(new Zipped("x".repeat(60_000) + ".npy", STORED, ARRAY)), 0, 16, new byte[4]),
                        "wrong checksum"),
                row(NPZ, "a folder", zip(new Zipped("a/", STORED, new byte[0])), "expected only .npy files"),
                row(
                        NPZ,
                        "a name that is not UTF-8",
                        zip(new Zipped(bytes("x", 0xff, ".npy"), STORED, ARRAY, new byte[0], new byte[0])),
                        "not an .npz file: "),
                row(
                        NPZ,
                        "a comment that is not UTF-8",
                        zip(new Zipped(bytes("x.npy"), STORED, ARRAY, new byte[0], bytes(0xff))),
                        "not an .npz file: "),
                row(
                        NPZ,
                        "an extra field longer than it is",
                        zip(new Zipped(bytes("x.npy"), STORED, ARRAY, bytes(1, 0, 255, 255), new byte[0])),
                        "not an .npz file: "),
                row(
                        NPZ,
                        "a size of 2^63-1",
                        zip64("x.npy", DEFLATED, ARRAY, Long.MAX_VALUE, SIZE, 0),
                        "x.npy: expected no more than the file's "),
                row(NPZ, "a size of -1", zip64("x.npy", DEFLATED, ARRAY, -1, SIZE, 0), "not an .npz file: "),
                row(NPZ, "a packed size of -1", zip64("x.npy", STORED, ARRAY, SIZE, -1, 0), "not an .npz file: "),
                row(NPZ, "a place before the file", zip64("x.npy", STORED, ARRAY, SIZE, SIZE, -1000), ANY),
                row(
                        NPZ,
                        "a place behind the file",
                        zip64("x.npy", STORED, ARRAY, SIZE, SIZE, 1L << 40),
                        "corrupt zip data: truncated"),
                row(
                        NPZ,
                        "a place at the end of all numbers",
                        zip64("x.npy", STORED, ARRAY, SIZE, SIZE, Long.MAX_VALUE),
                        "cannot be read: "),
                row(
                        NPZ,
                        "stored, it says, but deflated",
                        withCentral(deflated, 0, 10, bytes(STORED)),
                        "truncated: expected"),
                row(
                        NPZ,
                        "deflated, it says, but stored",
                        withCentral(stored, 0, 10, bytes(DEFLATED)),
                        "truncated: expected"),
                row(NPZ, "an unknown method", withCentral(stored, 0, 10, bytes(99)), "not an .npz file: "),
                row(NPZ, "an encrypted file", withCentral(stored, 0, 8, bytes(1)), "not an .npz file: "),
                row(NPZ, "two files of the same bytes", withCentral(two, 1, 42, littleEndian(0)), READ),
                row(NPZ, "more files than there are", with(two, two.length - 12, bytes(255, 255)), ANY),
                row(NPZ, "fewer files than there are", with(two, two.length - 14, bytes(1, 0, 1, 0)), READ),
                row(NPZ, "bytes before the archive", bytes("#!/bin/sh\n", stored), READ),
                row(NPZ, "bytes behind the archive", bytes(stored, "x"), READ));
    }

    static Stream<Arguments> checkpoints() {
        Tensor x = Tensor.scalar(1);
        return Stream.of(
                row(
                        CHECKPOINT,
                        "a step of 2^63",
                        checkpoint(Map.of("checkpoint.step", "9223372036854775808"), Map.of()),
                        "checkpoint.step: expected a whole number"),
                row(
                        CHECKPOINT,
                        "a step of -1",
                        checkpoint(Map.of("checkpoint.step", "-1"), Map.of()),
                        "checkpoint.step: expected a whole number"),
                row(
                        CHECKPOINT,
                        "an optimizer's step of -1",
                        checkpoint(Map.of("checkpoint.optimizer steps", "-1"), Map.of()),
                        "checkpoint.optimizer steps: expected a whole number"),
                row(
                        CHECKPOINT,
                        "a loss that is none",
                        checkpoint(Map.of("checkpoint.loss sum", "NaN"), Map.of()),
                        "checkpoint.loss sum: expected a finite number"),
                row(
                        CHECKPOINT,
                        "a loss without end",
                        checkpoint(Map.of("checkpoint.loss sum", "1e999"), Map.of()),
                        "checkpoint.loss sum: expected a finite number"),
                row(
                        CHECKPOINT,
                        "a version of its own",
                        checkpoint(Map.of("checkpoint.version", "3"), Map.of()),
                        "expected a checkpoint of version 1 or 2, got 3"),
                row(
                        CHECKPOINT,
                        "a history that is a number",
                        checkpoint(Map.of(), Map.of("history", x)),
                        "history: expected a FLOAT64 matrix"),
                row(
                        CHECKPOINT,
                        "a history of counts beyond an int",
                        checkpoint(Map.of(), Map.of("history", Tensor.of(new double[] {0, 1e300, -1e300, 0, 0}, 1, 5))),
                        READ),
                row(
                        CHECKPOINT,
                        "names that begin with what is ours",
                        checkpoint(Map.of(), Map.of("best.", x, "best.best.w", x, "optimizer.history", x)),
                        READ));
    }
}
