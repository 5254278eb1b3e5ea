// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.jmh;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The limits of the machine, per core; for all cores, add {@code -t} and their number. An operation is one addition or
 * multiplication, or one byte, so that {@code ops/ns} reads GFLOP/s, or GB/s for {@code memory}.
 *
 * <pre>
 *   fma        a ← a·b + c in registers, 12 independent chains: the bound of a dense product
 *   planes     a masked product's step without its loads and stores: each lane holds 32 mask bits of its own,
 *              a ← a + x·((t ≫ 31) ∧ w), t ← t + t, 8 independent chains
 *   words      the same with 32 bits that all lanes share, as the gradients have them:
 *              a ← a + x·(((word ≪ lane) ≫ 31) ∧ w), a word from the L1 cache for each
 *   memory     a[i] ← b[i] + s·c[i] over three arrays of 64 MB, 12 bytes an element
 * </pre>
 *
 * <p>The multiplications by a w that is masked away count as work, as they do in {@link MaskedProduct}. The setup
 * compares few rounds of each with plain loops.
 *
 * <pre>
 *   java -jar bench/jmh/target/benchmarks.jar Limits
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Limits {
    /** The number of chains of {@link #fma}: the cycles of an fma times its two units, with some to spare. */
    private static final int PEAK_CHAINS = 12;

    private static final int MASKED_CHAINS = 8;

    /**
     * The number of lane steps of a chain in an invocation, large enough that entering and leaving the loop does not
     * matter.
     */
    private static final int LANE_STEPS = 1_600_000;

    private static final int ELEMENTS = 16 << 20;

    private final int[] bits = new int[64];
    private float x = 0.5f;
    private float w = 1e-9f;
    private float[] a = {};
    private float[] b = {};
    private float[] c = {};

    /** A benchmark without parameters. */
    public Limits() {}

    /** Draws bits, fills the arrays, and checks each loop. */
    @Setup
    public void build() {
        build(ELEMENTS);
    }

    void build(int elements) {
        a = new float[elements];
        b = new float[elements];
        c = new float[elements];
        Arrays.setAll(bits, i -> 0x9E3779B9 * (i + 1));
        Arrays.fill(b, 1f);
        Arrays.fill(c, 2f);
        if (memory()[elements - 1] != 1 + 2 * x) {
            throw new AssertionError("memory: " + a[elements - 1]);
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException("Limits: expected java --add-modules jdk.incubator.vector");
        }
        checkRegisters();
    }

    private void checkRegisters() {
        int steps = 40;
        double fma = 0;
        double planes = 0;
        double words = 0;
        for (int lane = 0; lane < Registers.LANES; lane++) {
            for (int chain = 0; chain < PEAK_CHAINS; chain++) {
                float sum = x + chain;
                for (int i = 0; i < steps; i++) {
                    sum = Math.fma(sum, x, w);
                }
                fma += sum;
            }
            for (int chain = 0; chain < MASKED_CHAINS; chain++) {
                float sum = 0f;
                for (int i = 0; i < Math.min(steps, 32); i++) {
                    sum = (bits[lane] + chain) << i < 0 ? Math.fma(x, w, sum) : sum;
                }
                planes += sum;
                float shared = 0f;
                for (int i = 0; i < steps; i++) {
                    shared = bits[(i + chain) % bits.length] << lane < 0 ? Math.fma(x, w, shared) : shared;
                }
                words += shared;
            }
        }
        requireNear("fma", fma, Registers.fma(steps, x, w));
        requireNear("planes", planes, Registers.planes(steps, x, w, bits));
        requireNear("words", words, Registers.words(steps, x, w, bits));
    }

    private static void requireNear(String loop, double expected, float actual) {
        if (!(Math.abs(actual - expected) <= 1e-5 * Math.abs(expected))) {
            throw new AssertionError(loop + ": expected " + expected + ", got " + actual);
        }
    }

    /** The peak of fused multiply-adds. */
    @Benchmark
    @OperationsPerInvocation(2 * PEAK_CHAINS * LANE_STEPS)
    public float fma() {
        return Registers.fma(LANE_STEPS / Registers.LANES, x, w);
    }

    /** The bound of a masked product's output. */
    @Benchmark
    @OperationsPerInvocation(2 * MASKED_CHAINS * LANE_STEPS)
    public float planes() {
        return Registers.planes(LANE_STEPS / Registers.LANES, x, w, bits);
    }

    /** The bound of its gradients. */
    @Benchmark
    @OperationsPerInvocation(2 * MASKED_CHAINS * LANE_STEPS)
    public float words() {
        return Registers.words(LANE_STEPS / Registers.LANES, x, w, bits);
    }

    /** The bandwidth of memory. */
    @Benchmark
    @OperationsPerInvocation(3 * Float.BYTES * ELEMENTS)
    public float[] memory() {
        for (int i = 0; i < a.length; i++) {
            a[i] = b[i] + x * c[i];
        }
        return a;
    }

    /** The loops over registers, in a class of their own so that {@link #memory} needs no module. */
    private static final class Registers {
        private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
        private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
        private static final int LANES = FLOATS.length();

        private Registers() {}

        private static float fma(int steps, float x, float w) {
            FloatVector b = FloatVector.broadcast(FLOATS, x);
            FloatVector c = FloatVector.broadcast(FLOATS, w);
            FloatVector a0 = b;
            FloatVector a1 = b.add(1f);
            FloatVector a2 = b.add(2f);
            FloatVector a3 = b.add(3f);
            FloatVector a4 = b.add(4f);
            FloatVector a5 = b.add(5f);
            FloatVector a6 = b.add(6f);
            FloatVector a7 = b.add(7f);
            FloatVector a8 = b.add(8f);
            FloatVector a9 = b.add(9f);
            FloatVector a10 = b.add(10f);
            FloatVector a11 = b.add(11f);
            for (int i = 0; i < steps; i++) {
                a0 = a0.fma(b, c);
                a1 = a1.fma(b, c);
                a2 = a2.fma(b, c);
                a3 = a3.fma(b, c);
                a4 = a4.fma(b, c);
                a5 = a5.fma(b, c);
                a6 = a6.fma(b, c);
                a7 = a7.fma(b, c);
                a8 = a8.fma(b, c);
                a9 = a9.fma(b, c);
                a10 = a10.fma(b, c);
                a11 = a11.fma(b, c);
            }
            FloatVector sum = a0.add(a1).add(a2).add(a3).add(a4).add(a5);
            return sum.add(a6).add(a7).add(a8).add(a9).add(a10).add(a11).reduceLanes(VectorOperators.ADD);
        }

        private static float planes(int steps, float x, float w, int[] bits) {
            FloatVector factor = FloatVector.broadcast(FLOATS, x);
            IntVector weight = IntVector.broadcast(INTS, Float.floatToRawIntBits(w));
            IntVector t0 = IntVector.fromArray(INTS, bits, 0);
            IntVector t1 = t0.add(1);
            IntVector t2 = t0.add(2);
            IntVector t3 = t0.add(3);
            IntVector t4 = t0.add(4);
            IntVector t5 = t0.add(5);
            IntVector t6 = t0.add(6);
            IntVector t7 = t0.add(7);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector a4 = a0;
            FloatVector a5 = a0;
            FloatVector a6 = a0;
            FloatVector a7 = a0;
            for (int i = 0; i < steps; i++) {
                a0 = addKept(a0, factor, weight, t0);
                a1 = addKept(a1, factor, weight, t1);
                a2 = addKept(a2, factor, weight, t2);
                a3 = addKept(a3, factor, weight, t3);
                a4 = addKept(a4, factor, weight, t4);
                a5 = addKept(a5, factor, weight, t5);
                a6 = addKept(a6, factor, weight, t6);
                a7 = addKept(a7, factor, weight, t7);
                t0 = t0.add(t0);
                t1 = t1.add(t1);
                t2 = t2.add(t2);
                t3 = t3.add(t3);
                t4 = t4.add(t4);
                t5 = t5.add(t5);
                t6 = t6.add(t6);
                t7 = t7.add(t7);
            }
            return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).reduceLanes(VectorOperators.ADD);
        }

        private static float words(int steps, float x, float w, int[] bits) {
            int mask = bits.length - 1;
            FloatVector factor = FloatVector.broadcast(FLOATS, x);
            IntVector weight = IntVector.broadcast(INTS, Float.floatToRawIntBits(w));
            IntVector lane = IntVector.zero(INTS).addIndex(1);
            FloatVector a0 = FloatVector.zero(FLOATS);
            FloatVector a1 = a0;
            FloatVector a2 = a0;
            FloatVector a3 = a0;
            FloatVector a4 = a0;
            FloatVector a5 = a0;
            FloatVector a6 = a0;
            FloatVector a7 = a0;
            for (int i = 0; i < steps; i++) {
                IntVector word = IntVector.broadcast(INTS, bits[i & mask]);
                a0 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a0);
                word = IntVector.broadcast(INTS, bits[(i + 1) & mask]);
                a1 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a1);
                word = IntVector.broadcast(INTS, bits[(i + 2) & mask]);
                a2 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a2);
                word = IntVector.broadcast(INTS, bits[(i + 3) & mask]);
                a3 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a3);
                word = IntVector.broadcast(INTS, bits[(i + 4) & mask]);
                a4 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a4);
                word = IntVector.broadcast(INTS, bits[(i + 5) & mask]);
                a5 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a5);
                word = IntVector.broadcast(INTS, bits[(i + 6) & mask]);
                a6 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a6);
                word = IntVector.broadcast(INTS, bits[(i + 7) & mask]);
                a7 = factor.fma(
                        word.lanewise(VectorOperators.LSHL, lane)
                                .lanewise(VectorOperators.ASHR, 31)
                                .and(weight)
                                .reinterpretAsFloats(),
                        a7);
            }
            return a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7).reduceLanes(VectorOperators.ADD);
        }

        /** The sum a + x·w in lanes whose t is negative, otherwise a. */
        private static FloatVector addKept(FloatVector a, FloatVector x, IntVector w, IntVector t) {
            return x.fma(t.lanewise(VectorOperators.ASHR, 31).and(w).reinterpretAsFloats(), a);
        }
    }
}
