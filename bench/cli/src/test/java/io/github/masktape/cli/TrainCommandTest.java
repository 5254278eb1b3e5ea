// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.model.Checksums;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedDigits;
import io.github.masktape.layers.Linear;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
    /** A run of a second or less: a few hundred digits, as files in MNIST's format. */
    private static final String SMALL = "--hidden 64 --epochs 2 --batch-size 50";

    @TempDir
    static Path data;

    @BeforeAll
    static void writeDigits() throws IOException {
        write(data, "train", GeneratedDigits.of(310, 1));
        write(data, "t10k", GeneratedDigits.of(100, 2));
    }

    /** Writes a data set as files of MNIST's names. */
    static void write(Path folder, String set, Dataset digits) throws IOException {
        Files.createDirectories(folder);
        try (DataOutputStream images =
                open(new GZIPOutputStream(Files.newOutputStream(folder.resolve(set + "-images-idx3-ubyte.gz"))))) {
            for (int header : new int[] {0x803, digits.size(), 28, 28}) {
                images.writeInt(header);
            }
            for (float pixel : digits.features().toFloatArray()) {
                images.writeByte(Math.round(255 * pixel));
            }
        }
        try (DataOutputStream labels = open(Files.newOutputStream(folder.resolve(set + "-labels-idx1-ubyte")))) {
            labels.writeInt(0x801);
            labels.writeInt(digits.size());
            for (int label : digits.labels()) {
                labels.writeByte(label);
            }
        }
    }

    private static DataOutputStream open(OutputStream file) {
        return new DataOutputStream(file);
    }

    private static CommandResult train(String options) {
        return CommandResult.of("train --data " + data + " " + SMALL + (options.isEmpty() ? "" : " ") + options);
    }

    // ---- results ----

    @Test
    void stdoutCarriesTheTwoResultsAndNothingElse() {
        CommandResult outcome = train("");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.outLines()).hasSize(2);
        assertThat(outcome.outLines().get(0)).matches("weights sha256 [0-9a-f]{64}");
        assertThat(outcome.outLines().get(1)).matches("test error \\d+\\.\\d\\d % \\(\\d+ of 100\\)");
        assertThat(outcome.out()).endsWith("\n");
    }

    @Test
    void stderrTellsWhatIsDoneAndEachEpoch() {
        CommandResult outcome = train("--mask-bias --weight-decay 0.0001 --threads 2");
        assertThat(outcome.errLines().subList(0, 7))
                .containsExactly(
                        "data      " + data + ": 310 examples for training, 100 for testing",
                        "network   0  DropConnect 784→64",
                        "          1  ReLU",
                        "          2  Linear 64→10",
                        "masks     per-example, of biases too, drop probability 0.5",
                        "training  2 epochs in batches of 50, learning rate 0.1 cosine, momentum 0.9,"
                                + " weight decay 0.0001",
                        "seed      1");
        assertThat(outcome.errLines().get(7)).startsWith("compute   ").endsWith(", 2 threads");
        String epoch =
                " {2}training loss \\d\\.\\d{4} {2}test error +\\d+\\.\\d\\d % {2}\\d+\\.\\d s {2}\\d+ examples/s";
        assertThat(outcome.errLines().get(8)).matches("epoch 1/2" + epoch);
        assertThat(outcome.errLines().get(9)).matches("epoch 2/2" + epoch);
        assertThat(outcome.errLines().get(10)).matches("trained in \\d+\\.\\d s");
        assertThat(outcome.errLines()).hasSize(11);
        assertThat(outcome.err()).doesNotContain("\r", "\u001b");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void theSameCommandGivesTheSameBitsOnAnyMachineWithAnyNumberOfThreads(int threads) {
        assertThat(train("--threads " + threads).outLines())
                .containsExactly(
                        "weights sha256 54309a8d5529f8c0b90faf19cbeade41c867d2ad4bcc4345a64c6202b712ff64",
                        "test error 45.00 % (45 of 100)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seed 2",
                "--regularizer none",
                "--regularizer dropout",
                "--drop-probability 0.25",
                "--mask per-batch",
                "--mask flipout",
                "--mask-bias",
                "--activation tanh",
                "--activation sigmoid",
                "--learning-rate 0.05",
                "--momentum 0",
                "--weight-decay 0.001",
                "--schedule constant",
                "--schedule 1-1-1",
            })
    void everyOptionOfTrainingChangesTheWeights(String option) {
        CommandResult outcome = train(option);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.outLines().get(0))
                .matches("weights sha256 .*")
                .doesNotContain("54309a8d5529f8c0b90faf19cbeade41c867d2ad4bcc4345a64c6202b712ff64");
    }

    @Test
    void optionsAreTheNetwork() {
        assertThat(CommandResult.of(
                                "train --data " + data + " --hidden 9,7 --regularizer dropout --drop-probability 0.2"
                                        + " --activation tanh --epochs 1")
                        .err())
                .contains("""
                        network   0  Linear 784→9
                                  1  Tanh
                                  2  Dropout 0.2
                                  3  Linear 9→7
                                  4  Tanh
                                  5  Dropout 0.2
                                  6  Linear 7→10
                        training  1 epoch in batches of\
                        """);
    }

    @Test
    void withoutHiddenLayersThereIsNothingToMask() {
        CommandResult outcome = CommandResult.of("train --data " + data + " --hidden none --epochs 1");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("network   0  Linear 784→10\ntraining  1 epoch");
    }

    @Test
    void theHashIsOverLittleEndianFloatsOfAllParametersInOrder() throws Exception {
        Linear layer = Linear.of(Tensor.of(new float[] {1, -2, 0.5f, 3}, 2, 2), Tensor.of(new float[] {0.1f, -0f}));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (float value : new float[] {1, -2, 0.5f, 3, 0.1f, -0f}) {
            int bits = Float.floatToRawIntBits(value);
            bytes.write(bits);
            bytes.write(bits >> 8);
            bytes.write(bits >> 16);
            bytes.write(bits >> 24);
        }
        byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        assertThat(Checksums.of(layer)).isEqualTo(HexFormat.of().formatHex(expected));
    }

    // ---- mistakes ----

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    --drop-probability 1     | a number in [0, 1), got "1"
                    --drop-probability -0.1  | a number in [0, 1), got "-0.1"
                    --drop-probability NaN   | a number in [0, 1), got "NaN"
                    --drop-probability half  | a number in [0, 1), got "half"
                    --hidden 0               | whole numbers in 1…32768 separated by commas, or none, got "0"
                    --hidden 800,,800        | whole numbers in 1…32768 separated by commas, or none, got "800,,800"
                    --hidden 800,            | whole numbers in 1…32768 separated by commas, or none, got "800,"
                    --hidden=                | whole numbers in 1…32768 separated by commas, or none, got ""
                    --hidden 99999           | whole numbers in 1…32768 separated by commas, or none, got "99999"
                    --regularizer l2         | one of none, dropout, dropconnect, got "l2"
                    --mask per-layer         | one of per-example, per-batch, flipout, got "per-layer"
                    --activation gelu        | one of relu, tanh, sigmoid, got "gelu"
                    --epochs 0               | a whole number of at least 1, got "0"
                    --epochs 1.5             | a whole number of at least 1, got "1.5"
                    --epochs 3000000000      | a whole number of at least 1, got "3000000000"
                    --batch-size 0           | a whole number of at least 1, got "0"
                    --learning-rate 0        | a positive number, got "0"
                    --learning-rate NaN      | a positive number, got "NaN"
                    --learning-rate Infinity | a positive number, got "Infinity"
                    --momentum 1             | a number in [0, 1), got "1"
                    --momentum NaN           | a number in [0, 1), got "NaN"
                    --weight-decay -1        | a number of at least 0, got "-1"
                    --weight-decay NaN       | a number of at least 0, got "NaN"
                    --schedule 6-4           | constant, cosine or a-b-c of three positive numbers, got "6-4"
                    --schedule 6-0-1         | constant, cosine or a-b-c of three positive numbers, got "6-0-1"
                    --schedule linear        | constant, cosine or a-b-c of three positive numbers, got "linear"
                    --seed x                 | a whole number of 64 bits, got "x"
                    --threads 0              | a whole number in 1…256, got "0"
                    --threads 257            | a whole number in 1…256, got "257"
                    --kernels simd           | one of auto, scalar, vector, got "simd"
                    """)
    void aValueThatCannotBeIsRefusedBeforeAnythingIsDone(String option, String expected) {
        CommandResult outcome = CommandResult.of("train --data /there/is/no/such/folder " + option);
        assertThat(outcome.errLines())
                .containsExactly("error: " + option.split("[ =]", 2)[0] + ": expected " + expected
                        + "; see masktape train --help");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void helpNamesEveryOptionAndItsDefault() {
        assertThat(CommandResult.of("train --help").out().replaceAll("\\s+", " "))
                .contains(
                        "--data=DATA A CSV file; a folder of IDX files",
                        "(default: digits, 10000 of seed 1 for training and 10000 of seed 2 for testing)",
                        "--hidden=SIZES",
                        "(default: 128; for a table by its size, see docs/tables.md)",
                        "--regularizer=WORD",
                        "(default: dropconnect)",
                        "--drop-probability=P",
                        "(default: 0.5; for a table by its size)",
                        "--mask=WORD",
                        "(default: per-example)",
                        "--mask-bias",
                        "--activation=WORD",
                        "(default: relu)",
                        "--epochs=N Number of epochs, passes over the training data (default: 15; for a table by its",
                        "--batch-size=N Examples in a step (default: 64; for a table by its size)",
                        "--optimizer=WORD sgd, adam or adamw (default: adamw for a table, otherwise sgd)",
                        "--learning-rate=RATE",
                        "(default: 0.1 with sgd, 0.003 with adam or adamw)",
                        "--momentum=M",
                        "(default: 0.9)",
                        "--weight-decay=D Weight decay, at least 0 (default: 0; with adamw 0.01, or for a table by its",
                        "--schedule=S",
                        "(default: cosine)",
                        "--seed=N",
                        "(default: 1)",
                        "--threads=N",
                        "(default: one per processor)",
                        "--kernels=WORD scalar, vector, or auto: vector where that is faster",
                        "train starts a second JVM that has it, except with scalar or for a small table"
                                + " (default: -Dmasktape.kernels, else auto)",
                        "--stacktrace",
                        "--help",
                        "--version",
                        "Examples: java -jar masktape.jar train");
    }

    // ---- failures ----

    @Test
    void aDivergingRunTellsEpochAndStep() {
        CommandResult outcome = train("--learning-rate 1e6");
        assertThat(outcome.errLines())
                .last()
                .asString()
                .startsWith("error: training diverged in epoch 1, step 2: the loss is ")
                .endsWith(
                        "; try clipped gradients or a smaller learning rate (--clip 1, or --learning-rate below 1000000;"
                                + " masktape lr looks for one)");
        assertThat(outcome.err()).doesNotContain("\tat ");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void aDivergingRunNamesTheOpWhereItBegan() {
        CommandResult outcome = train("--learning-rate 1e30");
        assertThat(outcome.errLines())
                .last()
                .asString()
                .startsWith("error: training diverged in epoch 1, step 2: the loss is NaN; first at #")
                .endsWith(
                        "; try clipped gradients or a smaller learning rate (--clip 1, or --learning-rate below 1.000000000e+30;"
                                + " masktape lr looks for one)");
        assertThat(outcome.code()).isEqualTo(1);
    }

    @Test
    void missingDataIsOneLine() {
        assertFails("/there/is/no/such/folder", "/there/is/no/such/folder: no such folder");
    }

    @Test
    void aFolderWithoutDataTellsWhatWasLookedFor(@TempDir Path empty) {
        assertFails(
                empty.toString(),
                empty + ": looked for train-images-idx3-ubyte or train-images.idx3-ubyte, with or without .gz,"
                        + " found neither");
    }

    @Test
    void labelsInThePlaceOfImagesAreRecognized(@TempDir Path folder) throws IOException {
        Files.copy(data.resolve("train-labels-idx1-ubyte"), folder.resolve("train-images-idx3-ubyte"));
        Files.copy(data.resolve("train-labels-idx1-ubyte"), folder.resolve("train-labels-idx1-ubyte"));
        assertFails(
                folder.toString(),
                folder.resolve("train-images-idx3-ubyte") + ": this looks like a label file (magic 0x00000801),"
                        + " expected images (magic 0x00000803) (at byte 0)");
    }

    @Test
    void aTruncatedFileTellsWhere(@TempDir Path folder) throws IOException {
        write(folder, "train", GeneratedDigits.of(20, 1));
        Path images = folder.resolve("train-images-idx3-ubyte.gz");
        byte[] bytes = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(bytes, bytes.length / 2));
        CommandResult outcome = CommandResult.of("train --data " + folder);
        assertThat(outcome.errLines())
                .singleElement()
                .asString()
                .matches("error: \\Q" + images + "\\E: corrupt gzip data: truncated \\(at byte \\d+\\)");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void trainingAndTestImagesMustBeOfOneSize(@TempDir Path folder) throws IOException {
        write(folder, "train", GeneratedDigits.of(20, 1));
        write(folder, "t10k", new Dataset(Tensor.zeros(DType.FLOAT32, 3, 784), new int[3], 10));
        Path images = folder.resolve("t10k-images-idx3-ubyte.gz");
        try (DataOutputStream file = open(new GZIPOutputStream(Files.newOutputStream(images)))) {
            for (int header : new int[] {0x803, 3, 2, 2}) {
                file.writeInt(header);
            }
            file.write(new byte[12]);
        }
        assertFails(folder.toString(), folder + ": expected test images of 784 pixels as in training, got 4");
    }

    @Test
    void trainingMustKnowTheTestsClasses(@TempDir Path folder) throws IOException {
        write(folder, "train", GeneratedDigits.of(20, 1));
        Tensor blank = Tensor.zeros(DType.FLOAT32, 2, 784);
        write(folder, "t10k", new Dataset(blank, new int[] {3, 12}, 13));
        assertFails(folder.toString(), folder + ": expected test labels below 10 as in training, got 12");
    }

    /** A file of training images stands for its set; two files are split, or tested on two others. */
    @Test
    void imagesMayBeNamedByTheirFiles(@TempDir Path folder) throws IOException {
        write(folder, "emnist-letters-train", GeneratedDigits.of(310, 1));
        write(folder, "emnist-letters-test", GeneratedDigits.of(100, 2));
        write(folder, "emnist-digits-train", GeneratedDigits.of(20, 1));
        String images =
                folder.resolve("emnist-letters-train-images-idx3-ubyte.gz").toString();
        String labels = folder.resolve("emnist-letters-train-labels-idx1-ubyte").toString();
        String test = folder.resolve("emnist-letters-test-images-idx3-ubyte.gz") + ","
                + folder.resolve("emnist-letters-test-labels-idx1-ubyte");
        String expected = train("").out();
        assertThat(CommandResult.of("train --data " + images + " " + SMALL).out())
                .isEqualTo(expected);
        assertThat(CommandResult.of("train --data " + images + "," + labels + " --test-data " + test + " " + SMALL)
                        .out())
                .isEqualTo(expected);
        assertThat(CommandResult.of("train --data " + images + "," + labels + " --test 31 " + SMALL)
                        .out())
                .contains(" of 31)");
        assertFails(
                folder.toString(),
                folder + ": holds several sets, such as emnist-digits-* and emnist-letters-*; name the images of one"
                        + " instead of the folder: "
                        + folder.resolve("emnist-digits-train-images-idx3-ubyte.gz"));
    }

    private static void assertFails(String folder, String message) {
        CommandResult outcome = CommandResult.of("train --data " + folder);
        assertThat(outcome.errLines()).containsExactly("error: " + message);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
    }
}
