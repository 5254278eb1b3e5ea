package io.github.masktape.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.io.TensorBytes;
import io.github.masktape.layers.Sequential;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is allocated while a right file of some megabytes is read, garbage included, for each of its bytes. */
class MemoryTest {
    /** A file, and how many bytes for each of its own; measured were 8.1, 4.1, 4.7, 31.7, 4.0, 9.1, 4.0 and 4.0. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares files with equals
    private record Large(String name, Parser parser, byte[] content, double most) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Large> files() throws IOException {
        byte[] pixels = new byte[4_000_000];
        new SplittableRandom(1).nextBytes(pixels);
        byte[] images = Crafted.bytes(Crafted.idx(8, new int[] {4000, 25, 40}), pixels);
        Tensor numbers = Tensor.zeros(DType.FLOAT32, 1000, 1000);
        byte[] network = TensorBytes.of(Sequential.ofArchitecture("linear 1000 1000", Initializer.heUniform(1))
                .toSafeTensors(Map.of()));
        return Stream.of(
                new Large("images", Parser.IDX, images, 9),
                new Large("images packed to their own size", Parser.GZIP, Crafted.gzip(images), 5),
                new Large(
                        "a table of numbers",
                        Parser.CSV,
                        table(100_000, "0.123456789,-12.5,1e-3,7.25,a\n1.987654321,-0.125,2e-3,8.5,b\n"),
                        6),
                new Large("a table of digits", Parser.CSV, table(500_000, "1,0\n1,1\n"), 35),
                new Large("tensors", Parser.SAFETENSORS, network, 5),
                new Large("a network", Parser.MODEL, network, 10),
                new Large("an array", Parser.NPY, TensorBytes.ofArray(numbers), 5),
                new Large("an archive", Parser.NPZ, TensorBytes.ofArrays(Map.of("a", numbers)), 5));
    }

    private static byte[] table(int rows, String row) {
        return Crafted.bytes(row.repeat(rows));
    }

    @ParameterizedTest
    @MethodSource("files")
    void readingTakesAFewBytesForEachOfTheFile(Large file) {
        assertThat(file.parser.problem(file.content)).isEmpty();
        double allocated = file.parser.allocated(file.content) / (double) file.content.length;
        assertThat(allocated).isLessThan(file.most);
    }
}
