// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrays of a workspace are used again: nobody reads in them what he did not write. */
class RecycledMemoryTest {
    private static final String RECYCLED = "its workspace was recycled";
    private static final int[] LABELS = {1, 0, 2};

    /** Every operation that gives a tensor, of two 3×3 matrices; a new one gets a row here. */
    private static final Map<String, BiFunction<Tensor, Tensor, Tensor>> OPERATIONS = Map.ofEntries(
            Map.entry("copy", (a, b) -> a.copy()),
            Map.entry("to", (a, b) -> a.to(a.dtype() == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32)),
            Map.entry("reshape", (a, b) -> a.reshape(9)),
            Map.entry("row", (a, b) -> a.row(1)),
            Map.entry("rows", (a, b) -> a.rows(2, 0)),
            Map.entry("columns", (a, b) -> a.columns(1, 2, 1)),
            Map.entry("placeRows", (a, b) -> a.placeRows(new int[] {3, 0, 3}, 4)),
            Map.entry("transpose", (a, b) -> a.transpose()),
            Map.entry("add", Tensor::add),
            Map.entry("sub", Tensor::sub),
            Map.entry("mul", Tensor::mul),
            Map.entry("div", Tensor::div),
            Map.entry("scale", (a, b) -> a.scale(2)),
            Map.entry("neg", (a, b) -> a.neg()),
            Map.entry("plus", (a, b) -> a.plus(2)),
            Map.entry("relu", (a, b) -> a.relu()),
            Map.entry("wherePositive", Tensor::wherePositive),
            Map.entry("exp", (a, b) -> a.exp()),
            Map.entry("log", (a, b) -> a.log()),
            Map.entry("tanh", (a, b) -> a.tanh()),
            Map.entry("sigmoid", (a, b) -> a.sigmoid()),
            Map.entry("map", (a, b) -> a.map(Math::abs).map(b, Math::max)),
            Map.entry("expected", (a, b) -> a.expected(Activation.RELU, b)),
            Map.entry("sampled", (a, b) -> a.sampled(Activation.TANH, b, 2, new long[] {1, 2, 3})),
            Map.entry("matmul", Tensor::matmul),
            Map.entry("matmulTransposed", Tensor::matmulTransposed),
            Map.entry("transposedMatmul", Tensor::transposedMatmul),
            Map.entry("addRow", (a, b) -> a.addRow(b.sumRows())),
            Map.entry("sum", (a, b) -> a.sum()),
            Map.entry("mean", (a, b) -> a.mean()),
            Map.entry("sumRows", (a, b) -> a.sumRows()),
            Map.entry("sumColumns", (a, b) -> a.sumColumns()),
            Map.entry("expand", (a, b) -> a.sum().expand(Shape.of(3, 3))),
            Map.entry("repeatRows", (a, b) -> a.sumRows().repeatRows(3)),
            Map.entry("repeatColumns", (a, b) -> a.sumRows().repeatColumns(3)),
            Map.entry("logSoftmax", (a, b) -> a.logSoftmax()),
            Map.entry("pick", (a, b) -> a.pick(LABELS)),
            Map.entry("plusAt", (a, b) -> a.plusAt(LABELS, -1)),
            Map.entry("mask", (a, b) -> a.mask(Mask.bernoulli(1, 3, 3, 0.5, 1))),
            Map.entry("maskedLinear", (a, b) -> a.maskedLinear(b, Mask.bernoulli(3, 3, 3, 0.5, 1))),
            Map.entry("maskedLinearTransposed", (a, b) -> a.maskedLinearTransposed(b, Mask.bernoulli(3, 3, 3, 0.5, 1))),
            Map.entry("maskedOuter", (a, b) -> a.maskedOuter(b, Mask.bernoulli(3, 3, 3, 0.5, 1))));

    /** What of an object may still be asked when it has ended: nothing that depends on its numbers. */
    private static final Set<String> FACTS = Set.of(
            "shape",
            "dtype",
            "examples",
            "outputs",
            "inputs",
            "scale",
            "hasOneScale",
            "getClass",
            "notify",
            "notifyAll",
            "wait");

    private final Workspace workspace = new Workspace();

    static Stream<String> operations() {
        return OPERATIONS.keySet().stream().sorted();
    }

    @Test
    void everyOperationHasARow() {
        assertThat(OPERATIONS)
                .containsOnlyKeys(Arrays.stream(Tensor.class.getMethods())
                        .filter(method -> method.getReturnType() == Tensor.class)
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))
                        .map(Method::getName)
                        .distinct()
                        .toList());
    }

    /** A result is written whole: what the array held before is nowhere in it. */
    @ParameterizedTest
    @MethodSource("operations")
    void aResultDoesNotDependOnWhatItsMemoryHeld(String operation) {
        BiFunction<Tensor, Tensor, Tensor> function = OPERATIONS.get(operation);
        for (DType dtype : DType.values()) {
            Tensor a = Cases.tensor(1, 3, 3).to(dtype);
            Tensor b = Cases.tensor(2, 3, 3).to(dtype);
            soil();
            assertThat(function.apply(workspace.borrow(a), workspace.borrow(b))).isEqualTo(function.apply(a, b));
            assertThat(function.apply(a, workspace.borrow(b))).isEqualTo(function.apply(a, b));
        }
    }

    @Test
    void stackedMatricesDoNotDependOnWhatTheirMemoryHeld() {
        Tensor row = Tensor.of(new double[] {1, 2, 3}, 1, 3);
        soil();
        assertThat(Tensor.stackRows(List.of(row, workspace.borrow(row)))).isEqualTo(Tensor.of(new double[][] {
            {1, 2, 3}, {1, 2, 3}
        }));
        assertThat(Tensor.stackColumns(List.of(row, workspace.borrow(row))))
                .isEqualTo(Tensor.of(new double[][] {{1, 2, 3, 1, 2, 3}}));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anEndedOperandIsRefused(String operation) {
        BiFunction<Tensor, Tensor, Tensor> function = OPERATIONS.get(operation);
        Tensor alive = Cases.tensor(1, 3, 3);
        Tensor ended = workspace.borrow(alive);
        workspace.recycle();
        assertRefused(() -> function.apply(ended, alive));
        if (usesSecond(function)) {
            assertRefused(() -> function.apply(alive, ended));
        }
    }

    /** With a second operand of the wrong dtype an operation that uses it fails. */
    private static boolean usesSecond(BiFunction<Tensor, Tensor, Tensor> function) {
        Tensor a = Cases.tensor(1, 3, 3);
        try {
            Tensor unused = function.apply(a, a.to(DType.FLOAT32));
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Whatever belongs to a workspace, and every public method of it, found by reflection. */
    @ParameterizedTest
    @EnumSource(DType.class)
    void everyReaderOfWhatHasEndedRefuses(DType dtype) throws Exception {
        Tensor x = Cases.tensor(1, 3, 3).to(dtype);
        MutableTensor place = new MutableTensor(x);
        Tensor borrowed = workspace.borrow(x);
        Mask mask = workspace.bernoulli(3, 3, 3, 0.5, 1);
        Mask single = workspace.bernoulli(1, 3, 3, 0.5, 1);
        List<Object> held = List.of(
                borrowed,
                borrowed.reshape(9),
                borrowed.add(x),
                borrowed.sum(),
                borrowed.row(0),
                borrowed.add(x).reshape(1, 9),
                borrowed.to(DType.FLOAT64).mul(borrowed.to(DType.FLOAT64)),
                place.view(workspace),
                place.view(workspace).reshape(9),
                x.matmul(place.view(workspace)),
                workspace.outlastingSteps(place.view(workspace)),
                borrowed.mask(mask.example(0)),
                Tensor.stackRows(List.of(x.row(0), borrowed.row(1))),
                workspace.borrow(new Workspace().borrow(x)),
                single);
        List<Object> twins = held.stream()
                .map(object -> object instanceof Tensor tensor ? tensor.copy() : Mask.bernoulli(1, 3, 3, 0.5, 1))
                .toList();
        workspace.recycle();
        // Their arrays are in use again now.
        Tensor next = workspace.borrow(x).add(x);
        assertThat(next).isEqualTo(x.scale(2));
        for (int i = 0; i < held.size(); i++) {
            Object ended = held.get(i);
            Object alive = twins.get(i);
            int readers = 0;
            for (Method method : ended.getClass().getMethods()) {
                if (!Modifier.isStatic(method.getModifiers())
                        && !FACTS.contains(method.getName())
                        && accepts(alive, method)) {
                    readers++;
                    assertRefused(() -> call(ended, method));
                }
            }
            assertThat(readers).isGreaterThan(ended instanceof Mask ? 5 : 15);
        }
        assertRefused(() -> x.reshape(1, 3, 3).mask(single));
        assertRefused(() -> x.mask(single));
        assertRefused(() -> x.maskedLinear(x, mask));
        assertRefused(() -> new MutableTensor((Tensor) held.get(2)));
        assertRefused(() -> place.set((Tensor) held.get(2)));
        assertRefused(() -> place.update((Tensor) held.get(2), new Descent(1)));
        assertThat(place.value()).isEqualTo(x);
    }

    /** Whether one that is alive does it: a vector has no rows, a matrix is no item. */
    private static boolean accepts(Object alive, Method method) throws Exception {
        try {
            call(alive, method);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** With arguments that a matrix of 3×3 or a mask would take. */
    private static Object call(Object object, Method method) throws Exception {
        Shape shape = object instanceof Tensor tensor ? tensor.shape() : Shape.scalar();
        DType dtype = object instanceof Tensor tensor ? tensor.dtype() : DType.FLOAT64;
        String name = method.getName();
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            String type = types[i].getSimpleName();
            arguments[i] = switch (type) {
                case "int" -> i;
                case "double" -> 1.0;
                case "int[]" ->
                    name.equals("reshape") ? shape.dims() : name.equals("get") ? new int[shape.rank()] : new int[3];
                case "Shape" -> name.equals("expand") ? Shape.of(2) : shape;
                case "long[]" -> new long[3];
                case "Activation" -> Activation.RELU;
                case "DType" -> dtype == DType.FLOAT32 ? DType.FLOAT64 : DType.FLOAT32;
                case "Mask" -> Mask.bernoulli(name.equals("mask") ? 1 : 3, 3, 3, 0.5, 2);
                case "Tensor" -> Tensor.zeros(dtype, name.equals("addRow") ? new int[] {3} : shape.dims());
                case "DoubleUnaryOperator" -> (DoubleUnaryOperator) Math::abs;
                case "DoubleBinaryOperator" -> (DoubleBinaryOperator) Math::max;
                case "Object" ->
                    object instanceof Mask ? Mask.bernoulli(1, 3, 3, 0.5, 2) : Tensor.zeros(dtype, shape.dims());
                default -> throw new AssertionError(method);
            };
        }
        try {
            return method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Test
    void whatBelongsToNoWorkspaceStaysAsItIs() {
        Tensor x = Cases.tensor(1, 3, 3);
        Tensor copy = workspace.borrow(x).add(x).copy();
        Mask example = workspace.bernoulli(3, 3, 3, 0.5, 1).example(2);
        MutableTensor place = new MutableTensor(workspace.borrow(x).add(x));
        double[] array = workspace.borrow(x).add(x).toDoubleArray();
        Tensor numbers = Mask.bernoulli(3, 3, 3, 0.5, 1).toTensor(DType.FLOAT64);
        soil();
        soil();
        assertThat(copy).isEqualTo(x.scale(2));
        assertThat(place.value()).isEqualTo(x.scale(2));
        assertThat(array).containsExactly(x.scale(2).toDoubleArray());
        assertThat(example).isEqualTo(Mask.bernoulli(3, 3, 3, 0.5, 1).example(2));
        assertThat(numbers).isEqualTo(Mask.bernoulli(3, 3, 3, 0.5, 1).toTensor(DType.FLOAT64));
    }

    @Test
    void aMaskInAWorkspaceHasTheSameBits() {
        for (int width : new int[] {1, 31, 32, 33, 63, 64, 65, 130}) {
            soil();
            assertThat(workspace.bernoulli(3, 2, width, 0.3, 7)).isEqualTo(Mask.bernoulli(3, 2, width, 0.3, 7));
        }
        assertThatThrownBy(() -> workspace.bernoulli(1, 1, 1, 1, 7))
                .hasMessage("dropProbability: expected a number in [0, 1), got 1");
    }

    @Test
    void theNextGenerationUsesTheSameArrays() {
        Tensor x = workspace.borrow(Tensor.zeros(DType.FLOAT32, 10));
        Storage<?> first = x.scale(2).storage();
        int[] bits = workspace.bernoulli(1, 2, 3, 0.5, 1).bits();
        Storage<?> second = x.scale(2).storage();
        assertThat(second).isNotSameAs(first);
        workspace.recycle();
        Tensor y = workspace.borrow(Tensor.zeros(DType.FLOAT32, 2, 5));
        assertThat(List.of(y.scale(2).storage(), y.scale(2).storage())).containsExactly(first, second);
        assertThat(workspace.bernoulli(1, 2, 40, 0.5, 1).bits()).isNotSameAs(bits);
        assertThat(workspace.bernoulli(1, 2, 1, 0.5, 1).bits()).isSameAs(bits);
    }

    /** Batches of many sizes do not pile up. */
    @Test
    void arraysThatAreNotNeededAreLetGo() {
        Storage<?> rare =
                workspace.borrow(Tensor.zeros(DType.FLOAT32, 7)).scale(2).storage();
        Storage<?> kept = null;
        Storage<?> needless = null;
        for (int i = 0; i <= 2 * Workspace.PERIOD; i++) {
            workspace.recycle();
            Tensor x = workspace.borrow(Tensor.zeros(DType.FLOAT32, 5));
            Storage<?> first = x.scale(2).storage();
            needless = i == 0 ? x.scale(2).storage() : needless;
            assertThat(first).isSameAs(kept == null ? first : kept);
            kept = first;
        }
        Tensor x = workspace.borrow(Tensor.zeros(DType.FLOAT32, 5));
        assertThat(x.scale(2).storage()).isNotSameAs(needless);
        Tensor y = workspace.borrow(Tensor.zeros(DType.FLOAT32, 7));
        assertThat(y.scale(2).storage()).isNotSameAs(rare);
    }

    /** Enough lengths for several to meet in one slot of the table. */
    @Test
    void everyLengthAndTypeHasArraysOfItsOwn() {
        List<Object> first = arrays(1);
        assertThat(first).doesNotHaveDuplicates();
        for (int i = 0; i <= 2 * Workspace.PERIOD; i++) {
            workspace.recycle();
            assertThat(arrays(2)).allMatch(array -> isOneOf(array, first));
        }
        workspace.recycle();
        List<Object> later = arrays(1);
        for (int i = 0; i < first.size(); i++) {
            boolean wasNeeded = i % 6 < 3;
            assertThat(later.get(i) == first.get(i)).isEqualTo(wasNeeded);
        }
    }

    /** Arrays of lengths 1, 1 + step, …, of all three kinds, each of the length asked for. */
    private List<Object> arrays(int step) {
        List<Object> arrays = new ArrayList<>();
        Tensor[] zeros = {
            workspace.borrow(Tensor.scalar(0)),
            workspace.borrow(Tensor.scalar(0).to(DType.FLOAT32))
        };
        for (int length = 1; length <= 200; length += step) {
            for (Tensor zero : zeros) {
                Storage<?> storage = zero.expand(Shape.of(length)).storage();
                assertThat(storage.size()).isEqualTo(length);
                assertThat(storage.dtype()).isEqualTo(zero.dtype());
                arrays.add(storage);
            }
            int[] bits = workspace.bernoulli(length, 1, 1, 0.5, 1).bits();
            assertThat(bits).hasSize(length);
            arrays.add(bits);
        }
        return arrays;
    }

    private static boolean isOneOf(Object array, List<Object> arrays) {
        return arrays.stream().anyMatch(other -> other == array);
    }

    @Test
    void anotherThreadReadsNothing() throws InterruptedException {
        Tensor x = Cases.tensor(1, 3, 3);
        Tensor result = workspace.borrow(x).add(x);
        Mask mask = workspace.bernoulli(3, 3, 3, 0.5, 1);
        String message = ": its workspace belongs to thread \""
                + Thread.currentThread().getName() + "\" and was read by thread \"reader\"; copy() it there for others";
        assertThat(thrownBy("reader", () -> result.get(0, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 3×3" + message);
        assertThat(thrownBy("reader", () -> result.add(x))).hasMessage("tensor 3×3" + message);
        assertThat(thrownBy("reader", () -> mask.keeps(0, 0, 0))).hasMessage("mask 3×3×3" + message);
        assertThat(thrownBy("reader", () -> workspace.bernoulli(3, 3, 3, 0.5, 1)))
                .hasMessage("workspace" + message);
        assertThat(result).isEqualTo(x.scale(2));
    }

    /** Whoever had it before may be in the middle of an operation: his arrays are not used again. */
    @Test
    void anotherThreadThatRecyclesBeginsWithMemoryOfItsOwn() throws InterruptedException {
        Tensor x = Cases.tensor(1, 3, 3);
        Tensor result = workspace.borrow(x).add(x);
        Storage<?> storage = result.storage();
        AtomicReference<Storage<?>> other = new AtomicReference<>();
        assertThat(thrownBy("other", () -> {
                    workspace.recycle();
                    other.set(workspace.borrow(x).sub(x).storage());
                }))
                .isNull();
        assertThat(other.get()).isNotSameAs(storage);
        assertThat(storage.get(0)).isCloseTo(2 * x.get(0, 0), within(0.0));
        assertRefused(() -> result.get(0, 0));
        workspace.recycle();
        assertThat(workspace.borrow(x).add(x)).isEqualTo(x.scale(2));
    }

    private static Throwable thrownBy(String name, Runnable work) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler((t, failure) -> thrown.set(failure));
        thread.start();
        thread.join();
        return thrown.get();
    }

    private void soil() {
        MemoryPoison.in(workspace);
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining(RECYCLED);
    }
}
