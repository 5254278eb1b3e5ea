// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.github.masktape.data.Csv;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Idx;
import io.github.masktape.data.Values;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.io.Npz;
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
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a reader allocates for a right file of some megabytes, garbage included: the numbers that it returns, once, and
 * less than a megabyte beside them.
 */
@Tag("once")
class MemoryTest {
    private static final long BESIDE = 1_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads a file; returns the bytes of all numbers in what was read. */
    @FunctionalInterface
    private interface Reader {
        long read(File file) throws IOException;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares files with equals
    private record Large(String name, byte[] content, Reader reader) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Large> files() throws IOException {
        byte[] images = Crafted.bytes(Crafted.idx(8, new int[] {4000, 25, 40}), noise(4_000_000));
        byte[] zeros = new byte[4_000_000];
        Tensor array = Initializer.heUniform(1).weight(1000, 1000);
        Map<String, Tensor> arrays = Map.of("a", array, "b", array.to(DType.FLOAT64));
        byte[] npy = TensorBytes.ofArray(array);
        Sequential net = Sequential.ofArchitecture("linear 1000 1000", Initializer.heUniform(1));
        return Stream.of(
                new Large("images", images, file -> bytes(Idx.images(file))),
                new Large("images packed to their own size", Crafted.gzip(images), file -> bytes(Idx.images(file))),
                new Large("doubles", Crafted.bytes(Crafted.idx(14, new int[] {500_000}), zeros), MemoryTest::idx),
                new Large(
                        "a table of numbers",
                        table(100_000, "0.123456789,-12.5,1e-3,7.25,a\n1.987654321,-0.125,2e-3,8.5,\"b\"\n"),
                        file -> bytes(Csv.strict(file).read())),
                new Large(
                        "a table of digits",
                        table(500_000, "1,0\n1,1\n"),
                        file -> bytes(Csv.strict(file).read())),
                new Large(
                        "a table of targets",
                        table(500_000, "1,0\n1,1\n"),
                        file -> bytes(
                                Csv.strict(file).withTask(Csv.Task.REGRESSION).read())),
                new Large("tensors", TensorBytes.of(new SafeTensors(arrays, Map.of())), MemoryTest::tensors),
                new Large(
                        "half floats",
                        Crafted.safetensors(
                                "{'a':{'dtype':'F16','shape':[2000000],'data_offsets':[0,4000000]}}".replace('\'', '"'),
                                new int[4_000_000]),
                        MemoryTest::tensors),
                new Large(
                        "a network",
                        TensorBytes.of(net.toSafeTensors(Map.of())),
                        file -> bytes(
                                Sequential.load(file).toSafeTensors(Map.of()).tensors())),
                new Large("an array", npy, file -> bytes(Npz.readArray(file))),
                new Large(
                        "an archive",
                        TensorBytes.ofArrays(arrays),
                        file -> bytes(Npz.read(file).tensors())),
                new Large(
                        "a packed archive",
                        Crafted.zip(new Crafted.Zipped("a.npy", Crafted.DEFLATED, npy)),
                        file -> bytes(Npz.read(file).tensors())),
                new Large(
                        "a checkpoint",
                        CheckpointBytes.of(checkpoint(array)),
                        file -> bytes(Checkpoint.read(file).weights())));
    }

    private static byte[] noise(int size) {
        byte[] noise = new byte[size];
        new SplittableRandom(1).nextBytes(noise);
        return noise;
    }

    private static byte[] table(int rows, String row) {
        return Crafted.bytes(row.repeat(rows));
    }

    private static Checkpoint checkpoint(Tensor weight) {
        return new Checkpoint(
                1,
                new Checkpoint.Unfinished(1, 0, 1),
                List.of(),
                Map.of(),
                Map.of("0.weight", weight),
                Map.of(),
                new Optimizer.State(1, Map.of(), Map.of()),
                Map.of());
    }

    private static long idx(File file) throws IOException {
        return bytes(Idx.tensor(file));
    }

    private static long tensors(File file) throws IOException {
        return bytes(SafeTensors.read(file).tensors());
    }

    private static long bytes(Map<String, Tensor> tensors) {
        return tensors.values().stream().mapToLong(MemoryTest::bytes).sum();
    }

    private static long bytes(Tensor tensor) {
        return (long) tensor.shape().size() * (tensor.dtype() == DType.FLOAT64 ? Double.BYTES : Float.BYTES);
    }

    /** Targets are gathered first, and become a tensor then. */
    private static long bytes(Dataset data) {
        int last = data.targets() instanceof Values ? 2 * Double.BYTES : Integer.BYTES;
        return bytes(data.features()) + (long) last * data.size();
    }

    @ParameterizedTest
    @MethodSource("files")
    void readingTakesWhatItReturnsAndNoMegabyteMore(Large file) throws IOException {
        File onDisk = Scratch.file(file.content);
        file.reader.read(onDisk);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long returned = file.reader.read(onDisk);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated - returned).as("bytes beside those returned").isBetween(0L, BESIDE);
    }

    /** It unpacks to a quarter of the four million floats that it says it holds. */
    @Test
    void whatAPackedArchiveClaimsInVainIsNotAllocated() throws IOException {
        byte[] content = Crafted.bytes(Crafted.npy("<f4", "(4000000,)"), noise(2_000_000), new byte[2_000_000]);
        byte[] zip = Crafted.zip(new Crafted.Zipped("a.npy", Crafted.DEFLATED, content));
        byte[] lie = Crafted.withCentral(zip, 0, 24, Crafted.littleEndian(content.length + 12_000_000));
        File onDisk = Scratch.file(lie);
        assertThatThrownBy(() -> Npz.read(onDisk)).hasMessageContaining("truncated: expected 16000");
        long before = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> Npz.read(onDisk)).isInstanceOf(DataFormatException.class);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(BESIDE);
    }
}
