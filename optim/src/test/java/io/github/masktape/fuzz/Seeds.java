// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import static io.github.masktape.fuzz.Crafted.bytes;
import static io.github.masktape.fuzz.Crafted.deflate;
import static io.github.masktape.fuzz.Crafted.gzip;
import static io.github.masktape.fuzz.Crafted.idx;
import static io.github.masktape.fuzz.Crafted.littleEndian;
import static io.github.masktape.fuzz.Crafted.npy;
import static io.github.masktape.fuzz.Crafted.safetensors;
import static io.github.masktape.fuzz.Crafted.zip;
import static io.github.masktape.fuzz.Crafted.zip64;

import io.github.masktape.data.Csv;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Labels;
import io.github.masktape.data.Preprocessing;
import io.github.masktape.fuzz.Crafted.Zipped;
import io.github.masktape.io.TensorBytes;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.Checkpoint;
import io.github.masktape.optim.CheckpointBytes;
import io.github.masktape.optim.Evaluation;
import io.github.masktape.optim.Optimizer;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Adds small valid files of every kind to the archives in a folder, {@code src/test/resources/fuzz}. No build runs this: the
 * archives are committed because deflate does not give the same bytes on every JDK.
 */
final class Seeds {
    private static final byte[] ARRAY = idx(8, new int[] {3, 2, 1}, 0, 1, 127, 128, 254, 255);
    private static final byte[] FLOATS = npy("<f4", "(2,)", 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    private static final Tensor NUMBERS = Tensor.of(new double[][] {{1, -0.5}, {2, 0.25}, {4, 8}});
    private static final String TABLE = "length,\"width\",kind\n1.5,-2e3,a\n.5,7,b\n";

    private Seeds() {}

    public static void main(String[] folder) throws IOException {
        for (Parser parser : Parser.values()) {
            Corpus.add(Path.of(folder[0], parser + ".zip"), of(parser));
        }
    }

    private static Map<String, byte[]> of(Parser parser) throws IOException {
        return switch (parser) {
            case IDX ->
                Map.of(
                        "valid", ARRAY,
                        "labels", idx(8, new int[] {3}, 7, 0, 9),
                        "bytes", idx(9, new int[] {2}, 128, 1),
                        "shorts", idx(11, new int[] {2, 1}, 1, 2, 255, 255),
                        "ints", idx(12, new int[] {1, 1}, 127, 255, 255, 255),
                        "floats", idx(13, new int[] {1, 2}, 0x3f, 0x80, 0, 0, 0x7f, 0xc0, 0, 0),
                        "doubles", idx(14, new int[] {1, 1, 1, 1, 1, 1, 1, 1}, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0));
            case GZIP ->
                Map.of(
                        "valid", gzip(ARRAY),
                        "every-field", everyField(),
                        "members",
                                bytes(
                                        gzip(Arrays.copyOf(ARRAY, 7)),
                                        gzip(Arrays.copyOfRange(ARRAY, 7, ARRAY.length)),
                                        gzip(new byte[0])),
                        "padded", bytes(gzip(ARRAY), new byte[40]),
                        "packed", deflate(ARRAY),
                        "packed-doubles", deflate(idx(14, new int[] {4}, new byte[32])),
                        "not-packed", bytes(1, ARRAY.length, 0, ~ARRAY.length & 255, 255, ARRAY));
            case CSV ->
                Map.of(
                        "valid", bytes(TABLE),
                        "no-header", bytes("1,2,0\r\n3,4,10\r\n+0.5E-1,6.,9\r\n5,5,10"),
                        "texts", bytes("\ufeff\"a \"\"b\"\"\",\"c,\r\nd\"\n 1 ,\"ä😀\"\n\t2,' \n\n"),
                        "members", bytes(gzip(bytes(TABLE.substring(0, 25))), gzip(bytes(TABLE.substring(25)))),
                        "packed", gzip(bytes(TABLE)));
            case CSV_TARGETS ->
                Map.of(
                        "valid", bytes("a;b;y\n1;2;0.5\n3;4;-1e-3\n"),
                        "no-header", bytes("1;2\r\n3;4"),
                        "packed", gzip(bytes("1;2\n3;4\n")));
            case CSV_FEATURES ->
                Map.of(
                        "valid", bytes("width,length\n1,2\n"),
                        "label", bytes(TABLE),
                        "no-header", bytes("1,2\n3,4\n"),
                        "no-header-label", bytes("1,2,?\n3,4,\n"));
            case TABLE ->
                Map.of(
                        "valid",
                                bytes("id;sex;age;day;class\n1;f;2,5;1.2.2024;a\n2;m;;13.2.2024;b\n3;f;3;1.3.2024;a\n"),
                        "plain", bytes(TABLE),
                        "no-header", bytes("u,1,x\nv,?,y\nu,5,x\nv,5more,y\n"),
                        "aligned", bytes("  a   b  y\n  1   2  0.5\n 3 4  1.5\n"),
                        "separator", bytes("sep=|\r\na|b|c|\r\n1 | \"x\" |y|\r\n2|z|w|\r\n\r\n"),
                        "stamps", bytes("t,k\n2024-01-31T10:00Z,1\n2024-02-28 23:59:59.5+01:30,01\n,2.0\n"),
                        "months", bytes("m,d,k\nJan 2020,3rd Jan 2020,x\nFeb 2020,4th of May 2020 3 PM,y\n"),
                        "money", bytes("a,b,k\n$1,1,x\n-$2,(2),y\n($3),3,x\n$ (4),(4.5),y\n$-5,5,x\n$6,-6,y\n"),
                        "counts", bytes("3,2,one,two\n1.5,2,0\n2,1,1\n0,0,0\n"),
                        "packed", gzip(bytes(TABLE)));
            case TABLE_OPTIONS ->
                Map.of(
                        "valid",
                                bytes(
                                        2 | 4 | 8,
                                        1 | 8 | 1 << 4 | 64 | 128,
                                        1,
                                        "#n\nday;a;k\n1.2.2024;1.234,5;x\n#\n13.2.2024;-9;y\n\n"),
                        "utf-16", bytes(1, 0, 0, "a,b\n1,x\n2,ä\n".getBytes(StandardCharsets.UTF_16)),
                        "utf-16-little",
                                bytes(1, 0, 0, "a,b\n1,x\n2,\ud83d\ude00\n".getBytes(StandardCharsets.UTF_16LE)),
                        "latin", bytes(2 | 16 | 2 << 5, 0, 1 | 32, "k,a\nx,-9\n", 0x80, ",none\nx,5\n"),
                        "spaces", bytes(3 << 5, 4 | 8 | 3 << 4 | 64, 2 | 4 | 8 | 32, "1'000 -2.5\n  2\t1'234'567\n"),
                        "errors", bytes(1 << 5, 8, 1 | 16, "i,t,k\n1,10:30,x\n2,23:59:59,y\n"),
                        "packed", bytes(4 | 8, 9 | 2 << 4 | 64, 0, gzip(bytes("1 000,5;x\n2,5;y\n"))));
            case SAFETENSORS ->
                Map.of(
                        "valid",
                                safetensors(
                                        "{\"__metadata__\":{\"k\":\"\\ud83d\\ude00\\n\"},"
                                                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                                                + " \"b\":{\"shape\":[],\"data_offsets\":[8,16],\"dtype\":\"F64\"}} ",
                                        0,
                                        0,
                                        0x80,
                                        0x3f,
                                        0,
                                        0,
                                        0xc0,
                                        0x7f,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0xf0,
                                        0x3f),
                        "halves",
                                safetensors(
                                        "{\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]},"
                                                + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}",
                                        0x80,
                                        0x3f,
                                        1,
                                        0x80),
                        "empty", safetensors("{}"));
            case MODEL ->
                Map.of(
                        "valid",
                                model(
                                        "dropconnect 2 1 0.5 per-example, relu, dropout 0.25, linear 1 2",
                                        Preprocessing.fit(classes()).toMetadata()),
                        "regression",
                                model(
                                        "linear 2 1",
                                        Preprocessing.fit(Dataset.regression(NUMBERS, column(0, 4, 9)))
                                                .toMetadata()),
                        "table", model("linear 3 1", table()),
                        "intervals", model("linear 3 1", withIntervals(table())),
                        "architecture",
                                model("dropconnect 2 1 0.5 per-example, relu, dropout 0.25, linear 1 1", Map.of()),
                        "forms", model("dropconnect 1 2 0.125 per-batch masked-bias, tanh, sigmoid", Map.of()),
                        "empty", model("relu", Map.of()));
            case NPY ->
                Map.of(
                        "valid", FLOATS,
                        "scalar", npy("<f8", "()", 0, 0, 0, 0, 0, 0, 0xf0, 0x3f),
                        "halves", npy("<f2", "(1, 2)", 0, 0x3c, 1, 0x80),
                        "version-2",
                                bytes(
                                        0x93,
                                        "NUMPY",
                                        2,
                                        0,
                                        littleEndian(53),
                                        "{\"shape\":(1,),'fortran_order':False,'descr' : '<f2'}\n",
                                        0,
                                        0x3c));
            case NPZ ->
                Map.of(
                        "valid",
                                zip(
                                        new Zipped("a.npy", Crafted.STORED, FLOATS),
                                        new Zipped("b.npy", Crafted.DEFLATED, FLOATS)),
                        "written", TensorBytes.ofArrays(Map.of("0.weight", Tensor.scalar(1))),
                        "empty", zip(),
                        "zip64", zip64("x.npy", Crafted.STORED, FLOATS, FLOATS.length, FLOATS.length, 0));
            case CHECKPOINT ->
                Map.of("valid", CheckpointBytes.of(checkpoint(true)), "begun", CheckpointBytes.of(checkpoint(false)));
        };
    }

    private static byte[] everyField() {
        byte[] packed = gzip(ARRAY);
        byte[] header = bytes(0x1f, 0x8b, 8, 2 | 4 | 8 | 16, new byte[6], 2, 0, "exn", 0, "c", 0);
        CRC32 crc = new CRC32();
        crc.update(header);
        int checksum = (int) crc.getValue();
        return bytes(header, checksum, checksum >> 8, Arrays.copyOfRange(packed, 10, packed.length));
    }

    private static byte[] model(String architecture, Map<String, String> metadata) throws IOException {
        return TensorBytes.of(Sequential.ofArchitecture(architecture, Initializer.heUniform(1))
                .toSafeTensors(metadata));
    }

    private static Dataset classes() {
        return new Dataset(NUMBERS, new Labels(new int[] {0, 1, 1}, 2).withNames(List.of("no", "yes")))
                .withFeatureNames(List.of("a", "b, \"c\""))
                .withLabelColumn("kind", 3);
    }

    /** The metadata of a table that has a format, and columns of months, numbers and amounts of money. */
    private static Map<String, String> table() throws IOException {
        String rows = """
                when;size;paid;y
                Jan 2020;1,5;$5;0,5
                Feb 2020;;-$6;1,5
                Mar 2020;2,5;($7);2,5
                Apr 2020;3;$8,5;3
                May 2020;4;$9;4
                Jun 2020;5;$10;5
                """;
        Csv csv = Csv.of(Scratch.file(bytes(rows))).withTask(Csv.Task.REGRESSION);
        return Preprocessing.fit(csv.read()).toMetadata();
    }

    private static Map<String, String> withIntervals(Map<String, String> metadata) {
        Map<String, String> all = new HashMap<>(metadata);
        all.put("intervals.noise", "0x1.0p-2");
        all.put("intervals.scores", "0x1.0p-1 0x1.0p0 0x1.8p1");
        return all;
    }

    private static Tensor column(double... values) {
        return Tensor.of(values).reshape(values.length, 1);
    }

    private static Checkpoint checkpoint(boolean hasEpochs) {
        Map<String, Tensor> weights = Map.of("w", Tensor.scalar(0.5));
        return new Checkpoint(
                2,
                new Checkpoint.Unfinished(1, 0.25, 3),
                hasEpochs
                        ? List.of(
                                new Trainer.Epoch(1, 0.5, new Evaluation.OfLabels(1, 3, 0.75)),
                                new Trainer.Epoch(2, 0.5, null))
                        : List.of(),
                Map.of("seed", "7"),
                weights,
                hasEpochs ? weights : Map.of(),
                new Optimizer.State(2, Map.of("momentum", "0.9"), Map.of("velocity.w", Tensor.scalar(0))),
                Map.of("command", "train"));
    }
}
