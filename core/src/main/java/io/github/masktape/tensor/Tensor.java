// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

import io.github.masktape.internal.Kernels;
import io.github.masktape.math.Elementary;
import io.github.masktape.text.Position;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An immutable dense array of numbers, row-major, of any rank.
 *
 * <p>Operations return new tensors and never broadcast: shapes and dtypes must match exactly, or the call fails with an
 * {@link IllegalArgumentException} that names the operation and both shapes. A "matrix" below is a tensor of rank 2.
 */
public final class Tensor {
    private final Shape shape;
    private final Storage<?> storage;
    private final Workspace.@Nullable Lease lease;

    private Tensor(Shape shape, Storage<?> storage, Workspace.@Nullable Lease lease) {
        this.shape = shape;
        this.storage = storage;
        this.lease = lease;
    }

    // ---- creation ----

    /** A FLOAT64 tensor of the given values, copied; without dimensions, a vector. */
    public static Tensor of(double[] values, int... dims) {
        Shape shape = shapeFor(values.length, dims);
        return new Tensor(shape, Storage.of(values.clone()), null);
    }

    /** A FLOAT32 tensor of the given values, copied; without dimensions, a vector. */
    public static Tensor of(float[] values, int... dims) {
        Shape shape = shapeFor(values.length, dims);
        return new Tensor(shape, Storage.of(values.clone()), null);
    }

    /** A FLOAT64 matrix from its rows, copied. */
    public static Tensor of(double[][] rows) {
        Tensor y = zeros(DType.FLOAT64, rows.length, rows.length == 0 ? 0 : rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != rows[0].length) {
                throw new IllegalArgumentException(
                        "tensor: row " + i + " has " + rows[i].length + " elements, row 0 has " + rows[0].length);
            }
            Storage.of(rows[i]).copy(0, y.storage, i * rows[0].length, rows[0].length);
        }
        return y;
    }

    /**
     * A writer of the rows of a matrix, one after another.
     *
     * @param <E> the exception that it throws, such as an IOException where rows come from a file
     */
    @FunctionalInterface
    public interface RowWriter<E extends Exception> {
        /**
         * Writes row {@code i} into an array that is reused for all rows.
         *
         * @throws E if there is no such row; no matrix is then created
         */
        void write(int i, float[] row) throws E;
    }

    /**
     * A FLOAT32 m×n matrix whose rows are written in order, without a second copy in memory.
     *
     * @param <E> the exception that {@code rows} throws
     * @throws E if {@code rows} throws it
     */
    public static <E extends Exception> Tensor ofRows(int m, int n, RowWriter<E> rows) throws E {
        Shape shape = Shape.of(m, n);
        float[] values = new float[shape.size()];
        float[] row = new float[n];
        for (int i = 0; i < m; i++) {
            rows.write(i, row);
            System.arraycopy(row, 0, values, i * n, n);
        }
        return new Tensor(shape, Storage.of(values), null);
    }

    /**
     * A source of the elements of a tensor, one after another.
     *
     * @param <E> the exception that it throws, such as an IOException where elements come from a file
     */
    @FunctionalInterface
    public interface ElementSource<E extends Exception> {
        /**
         * The next element, row-major.
         *
         * @throws E if there is none; no tensor is then created
         */
        double next() throws E;
    }

    /**
     * A tensor whose elements are read in order, without a second copy in memory; FLOAT32 rounds each to nearest.
     *
     * @param <E> the exception that {@code elements} throws
     * @throws E if {@code elements} throws it
     */
    public static <E extends Exception> Tensor ofElements(DType dtype, Shape shape, ElementSource<E> elements)
            throws E {
        Tensor y = unwritten(shape, dtype, null);
        for (int i = 0; i < y.storage.size(); i++) {
            y.storage.set(i, elements.next());
        }
        return y;
    }

    /** A FLOAT64 scalar. */
    public static Tensor scalar(double value) {
        return new Tensor(Shape.scalar(), Storage.of(new double[] {value}), null);
    }

    /** A tensor of zeros. */
    public static Tensor zeros(DType dtype, int... dims) {
        return unwritten(Shape.of(dims), dtype, null);
    }

    /** A tensor of one repeated value. */
    public static Tensor full(DType dtype, double value, int... dims) {
        Tensor y = zeros(dtype, dims);
        y.storage.fill(value);
        return y;
    }

    /** The n×n matrix with ones on the diagonal. */
    public static Tensor identity(DType dtype, int n) {
        Tensor y = zeros(dtype, n, n);
        for (int i = 0; i < n; i++) {
            y.storage.set(i * n + i, 1);
        }
        return y;
    }

    private static Shape shapeFor(int count, int[] dims) {
        Shape shape = dims.length == 0 ? Shape.of(count) : Shape.of(dims);
        if (shape.size() != count) {
            throw new IllegalArgumentException(
                    "tensor: shape " + shape + " needs " + shape.size() + " values, got " + count);
        }
        return shape;
    }

    /** A tensor to be filled completely: in a workspace's memory, it initially holds arbitrary numbers. */
    private static Tensor unwritten(Shape shape, DType dtype, Workspace.@Nullable Lease lease) {
        Storage<?> storage = lease == null ? Storage.of(dtype, shape.size()) : lease.storage(dtype, shape.size());
        return new Tensor(shape, storage, lease);
    }

    /** An unfilled tensor in the same memory as this one. */
    private Tensor result(Shape shape) {
        return result(shape, dtype());
    }

    private Tensor result(Shape shape, DType dtype) {
        storage();
        return unwritten(shape, dtype, lease == null ? null : lease.resultLease());
    }

    /** An unfilled tensor in the same workspace as this one, or else as {@code b}. */
    private Tensor result(Shape shape, Tensor b) {
        return lease == null ? b.result(shape) : result(shape);
    }

    // ---- reading ----

    /** The lengths of the axes. */
    public Shape shape() {
        return shape;
    }

    /** The dtype of this tensor. */
    public DType dtype() {
        return storage.dtype();
    }

    /** One element, by its index on each axis. */
    public double get(int... index) {
        if (index.length != shape.rank()) {
            throw new IllegalArgumentException(
                    "get: tensor " + shape + " takes " + shape.rank() + " indices, got " + index.length);
        }
        int at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            if (index[axis] < 0 || index[axis] >= shape.dim(axis)) {
                throw new IndexOutOfBoundsException(
                        "get: index " + index[axis] + " is outside axis " + axis + " of tensor " + shape);
            }
            at = at * shape.dim(axis) + index[axis];
        }
        return storage().get(at);
    }

    /** The number in a tensor of one element. */
    public double item() {
        if (shape.size() != 1) {
            throw new IllegalArgumentException("item: expected a tensor of one element, got " + shape);
        }
        return storage().get(0);
    }

    /** All elements in row-major order, a copy. */
    public double[] toDoubleArray() {
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = storage().get(i);
        }
        return values;
    }

    /** All elements in row-major order as floats, a copy; FLOAT64 is rounded. */
    public float[] toFloatArray() {
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) storage().get(i);
        }
        return values;
    }

    /** True if no element is NaN or infinite. */
    public boolean isFinite() {
        return storage().isFinite();
    }

    /** The position of the first NaN or infinity as {@code value at [i, j]}, or null if there is none. */
    public @Nullable String firstNotFinite() {
        int at = storage().firstNotFinite();
        return at < 0 ? null : TensorText.number(storage.get(at)) + " at " + Position.of(shape.dims(), at);
    }

    /** The indices of the rows of a matrix that contain a NaN or an infinity, in order. */
    public int[] notFiniteRows() {
        requireMatrix("notFiniteRows");
        int n = shape.dim(1);
        int[] rows = new int[isFinite() ? 0 : shape.dim(0)];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            int j = 0;
            while (j < n && Double.isFinite(storage.get(i * n + j))) {
                j++;
            }
            if (j < n) {
                rows[count++] = i;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    /**
     * A checksum of shape, dtype and elements, equal for equal tensors on every machine. It detects damage and mix-ups,
     * not manipulation: tensors of one shape that differ in a single element never share it.
     */
    public long checksum() {
        long sum = shape.rank();
        for (int axis = 0; axis < shape.rank(); axis++) {
            sum = RandomStream.derive(sum, shape.dim(axis));
        }
        return RandomStream.derive(sum, storage().checksum());
    }

    /**
     * The index of the largest element of each row of a matrix, the first if there are several.
     *
     * @throws ArithmeticException if a row contains a NaN
     */
    public int[] argMaxRows() {
        requireMatrix("argMaxRows");
        int m = shape.dim(0);
        int n = shape.dim(1);
        int[] best = new int[m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double candidate = storage().get(i * n + j);
                if (Double.isNaN(candidate)) {
                    throw new ArithmeticException("argMaxRows: expected numbers, got nan at [" + i + ", " + j + "]");
                }
                if (candidate > storage.get(i * n + best[i])) {
                    best[i] = j;
                }
            }
        }
        return best;
    }

    // ---- copies ----

    /** A copy of the tensor that belongs to no workspace. */
    public Tensor copy() {
        return copyWithLease(null);
    }

    /** A copy of the tensor in a workspace's memory or on the heap. */
    Tensor copyWithLease(Workspace.@Nullable Lease lease) {
        Tensor y = unwritten(shape, dtype(), lease);
        storage().copy(0, y.storage, 0, shape.size());
        return y;
    }

    /** This tensor in another dtype, each element rounded to nearest. */
    public Tensor to(DType dtype) {
        if (dtype == dtype()) {
            return this;
        }
        Tensor y = result(shape, dtype);
        for (int i = 0; i < shape.size(); i++) {
            y.storage.set(i, storage().get(i));
        }
        return y;
    }

    /** The same elements in the same order under another shape of equal size. */
    public Tensor reshape(int... dims) {
        return reshape(Shape.of(dims));
    }

    /** The same elements in the same order under another shape of equal size. */
    public Tensor reshape(Shape shape) {
        if (shape.size() != this.shape.size()) {
            throw new IllegalArgumentException("reshape: " + this.shape + " has " + this.shape.size() + " elements, "
                    + shape + " has " + shape.size());
        }
        return new Tensor(shape, storage(), lease);
    }

    /**
     * Checks that the numbers can still be read, as every operation does.
     *
     * @throws IllegalStateException if the tensor's memory belonged to a workspace that has recycled it
     */
    public void requireReadable() {
        storage();
    }

    /** A matrix's row i, as a 1×n matrix. */
    public Tensor row(int i) {
        return rows(i);
    }

    /**
     * The rows of a matrix with these indices, in this order; an index may occur several times.
     *
     * @throws IllegalArgumentException if there is no index, or one is not in 0…m−1
     */
    public Tensor rows(int... indices) {
        requireMatrix("rows");
        requireIndices("rows", "row", indices, shape.dim(0));
        Tensor y = result(Shape.of(indices.length, shape.dim(1)));
        storage().gather(1, shape.dim(0), shape.dim(1), indices, y.storage);
        return y;
    }

    /**
     * The columns of a matrix with these indices, in this order; an index may occur several times.
     *
     * @throws IllegalArgumentException if there is no index, or one is not in 0…n−1
     */
    public Tensor columns(int... indices) {
        requireMatrix("columns");
        requireIndices("columns", "column", indices, shape.dim(1));
        Tensor y = result(Shape.of(shape.dim(0), indices.length));
        storage().gather(shape.dim(0), shape.dim(1), 1, indices, y.storage);
        return y;
    }

    /**
     * The m×n matrix to which each row of this matrix is added, row k at indices[k]: y[i, :] = Σ a[k, :] over the k
     * with indices[k] = i. A row without any is +0.0. The sum begins with its first term, k ascends; it is accumulated
     * in double.
     *
     * @throws IllegalArgumentException if there is not one index for each row, or one is not in 0…m−1
     */
    public Tensor placeRows(int[] indices, int m) {
        requireMatrix("placeRows");
        if (indices.length != shape.dim(0)) {
            throw new IllegalArgumentException(
                    "placeRows: expected " + shape.dim(0) + " indices for " + shape + ", got " + indices.length);
        }
        Tensor y = result(Shape.of(m, shape.dim(1)));
        requireIndices("placeRows", "row", indices, m);
        storage().scatter(indices, shape.dim(1), y.storage);
        return y;
    }

    private static void requireIndices(String op, String what, int[] indices, int size) {
        if (indices.length == 0) {
            throw new IllegalArgumentException(op + ": expected at least one index, got none");
        }
        for (int index : indices) {
            if (index < 0 || index >= size) {
                throw new IllegalArgumentException(
                        op + ": expected a " + what + " in 0…" + (size - 1) + ", got " + index);
            }
        }
    }

    /** The rows of all these matrices, which have equally many columns, one below the other. */
    public static Tensor stackRows(List<Tensor> matrices) {
        return stack("stackRows", matrices, 0);
    }

    /** The columns of all these matrices, which have equally many rows, side by side. */
    public static Tensor stackColumns(List<Tensor> matrices) {
        return stack("stackColumns", matrices, 1);
    }

    private static Tensor stack(String op, List<Tensor> matrices, int axis) {
        if (matrices.isEmpty()) {
            throw new IllegalArgumentException(op + ": expected at least one matrix, got none");
        }
        Tensor first = matrices.get(0);
        Tensor owner = first;
        int length = 0;
        for (Tensor matrix : matrices) {
            first.requireMatrices(op, matrix);
            if (matrix.shape.dim(1 - axis) != first.shape.dim(1 - axis)) {
                throw new IllegalArgumentException(op + ": expected matrices with the same number of "
                        + (axis == 0 ? "columns" : "rows") + ", got " + first.shape + " and " + matrix.shape);
            }
            length = Math.addExact(length, matrix.shape.dim(axis));
            owner = owner.lease == null ? matrix : owner;
        }
        int groups = axis == 0 ? 1 : first.shape.dim(0);
        Tensor y = owner.result(axis == 0 ? Shape.of(length, first.shape.dim(1)) : Shape.of(groups, length));
        int at = 0;
        for (Tensor matrix : matrices) {
            int width = matrix.shape.size() / groups;
            for (int g = 0; g < groups; g++) {
                matrix.storage().copy(g * width, y.storage, g * (y.shape.size() / groups) + at, width);
            }
            at += width;
        }
        return y;
    }

    /** The transpose of a matrix. */
    public Tensor transpose() {
        requireMatrix("transpose");
        Tensor y = result(Shape.of(shape.dim(1), shape.dim(0)));
        storage().transpose(shape.dim(0), shape.dim(1), y.storage);
        return y;
    }

    // ---- elementwise ----

    /** The sum a + b. */
    public Tensor add(Tensor b) {
        requireLike("add", b);
        Tensor y = result(shape, b);
        storage().apply(Kernels::add, b.storage(), y.storage);
        return y;
    }

    /** The difference a − b. */
    public Tensor sub(Tensor b) {
        requireLike("sub", b);
        Tensor y = result(shape, b);
        storage().apply(Kernels::subtract, b.storage(), y.storage);
        return y;
    }

    /** The elementwise product a ⊙ b. */
    public Tensor mul(Tensor b) {
        requireLike("mul", b);
        Tensor y = result(shape, b);
        storage().apply(Kernels::multiply, b.storage(), y.storage);
        return y;
    }

    /** The elementwise quotient a ÷ b. */
    public Tensor div(Tensor b) {
        requireLike("div", b);
        Tensor y = result(shape, b);
        storage().apply(Kernels::divide, b.storage(), y.storage);
        return y;
    }

    /** The product a · s. */
    public Tensor scale(double s) {
        return affine(s, -0.0);
    }

    /** The negation −a. */
    public Tensor neg() {
        return scale(-1);
    }

    /** The sum a + t, with t added to every element. */
    public Tensor plus(double t) {
        return affine(1, t);
    }

    /** Computes a·s + t; adding −0.0 changes no number, not even the sign of a zero. */
    private Tensor affine(double s, double t) {
        requireFits(s);
        requireFits(t);
        Tensor y = result(shape);
        storage().affine(s, t, y.storage);
        return y;
    }

    /** The rectified linear unit max(a, 0); NaN stays NaN. */
    public Tensor relu() {
        Tensor y = result(shape);
        storage().apply(Kernels::relu, y.storage);
        return y;
    }

    /** This tensor's elements where {@code at} is above 0, else +0.0; NaN where {@code at} is NaN. */
    public Tensor wherePositive(Tensor at) {
        requireLike("wherePositive", at);
        Tensor y = result(shape, at);
        storage().apply(Kernels::wherePositive, at.storage(), y.storage);
        return y;
    }

    /** The exponential eᵃ. */
    public Tensor exp() {
        return map(Elementary::exp);
    }

    /** The natural logarithm; NaN below 0, −∞ at 0. */
    public Tensor log() {
        return map(Elementary::log);
    }

    /** The hyperbolic tangent, tanh a. */
    public Tensor tanh() {
        return map(Elementary::tanh);
    }

    /** The logistic function 1/(1 + e⁻ᵃ). */
    public Tensor sigmoid() {
        return map(Elementary::sigmoid);
    }

    /**
     * A function of each element: y = f(a). It is computed in double; FLOAT32 rounds the result.
     *
     * <pre>
     * x.map(Math::abs)
     * </pre>
     *
     * @param f the function, called once for each element in row-major order
     */
    public Tensor map(DoubleUnaryOperator f) {
        Tensor y = result(shape);
        storage().map(f, y.storage);
        return y;
    }

    /**
     * A function of each pair of elements: y = f(a, b). It is computed in double; FLOAT32 rounds the result. A
     * comparison gives a mask of zeros and ones.
     *
     * <pre>
     * a.map(b, Math::max)
     * a.map(b, (x, y) -&gt; x &lt; y ? 1 : 0)
     * </pre>
     *
     * @param f the function, called once for each pair in row-major order
     */
    public Tensor map(Tensor b, DoubleBinaryOperator f) {
        requireLike("map", b);
        Tensor y = result(shape, b);
        storage().map(b.storage(), f, y.storage);
        return y;
    }

    // ---- means over a normal argument ----

    /**
     * The mean E[f(u)] over u ~ N(a, variance), for each element separately; exactly f(a) where the variance is 0, NaN
     * where it is negative. The error is about 10⁻¹⁵ in FLOAT64 (for RELU, times the deviation) and 2·10⁻⁷ in FLOAT32.
     */
    public Tensor expected(Activation f, Tensor variance) {
        requireLike("expected", variance);
        Tensor y = result(shape, variance);
        storage().expected(f, variance.storage(), y.storage);
        return y;
    }

    /**
     * The mean of f(u) over draws of u ~ N(a, variance), for each element of a matrix separately; exactly f(a) where
     * the variance is 0. The normal numbers at [i, j] come from stream {@code derive(keys[i], j)} of {@link
     * RandomStream} by the ziggurat method and depend on nothing else.
     *
     * @param samples the number of draws for an element
     * @param keys the keys, one for each row
     */
    public Tensor sampled(Activation f, Tensor variance, int samples, long[] keys) {
        requireLike("sampled", variance);
        requireMatrix("sampled");
        if (samples < 1) {
            throw new IllegalArgumentException("sampled: samples: expected at least 1, got " + samples);
        }
        if (keys.length != shape.dim(0)) {
            throw new IllegalArgumentException(
                    "sampled: expected " + shape.dim(0) + " keys for " + shape + ", got " + keys.length);
        }
        Tensor y = result(shape, variance);
        storage().sampled(f, variance.storage(), samples, keys, shape.dim(1), y.storage);
        return y;
    }

    // ---- products ----

    /** The product a · b, (m×k) · (k×n). FLOAT32 accumulates products by fused multiply-add in float, however many. */
    public Tensor matmul(Tensor b) {
        requireMatrices("matmul", b);
        requireInner("matmul", shape.dim(1), b.shape.dim(0), "", b, " · ", "");
        return product(shape.dim(0), shape.dim(1), 1, b, b.shape.dim(1), 1, shape.dim(1), b.shape.dim(1));
    }

    /** The product a · bᵀ, (m×k) · (n×k)ᵀ. */
    public Tensor matmulTransposed(Tensor b) {
        requireMatrices("matmulTransposed", b);
        requireInner("matmulTransposed", shape.dim(1), b.shape.dim(1), "", b, " · (", ")ᵀ");
        return product(shape.dim(0), shape.dim(1), 1, b, 1, shape.dim(1), shape.dim(1), b.shape.dim(0));
    }

    /** The product aᵀ · b, (k×m)ᵀ · (k×n). */
    public Tensor transposedMatmul(Tensor b) {
        requireMatrices("transposedMatmul", b);
        requireInner("transposedMatmul", shape.dim(0), b.shape.dim(0), "(", b, ")ᵀ · ", "");
        return product(shape.dim(1), 1, shape.dim(1), b, b.shape.dim(1), 1, shape.dim(0), b.shape.dim(1));
    }

    private Tensor product(int m, int aRow, int aColumn, Tensor b, int bRow, int bColumn, int k, int n) {
        Tensor y = result(Shape.of(m, n), b);
        storage().matmul(aRow, aColumn, b.storage(), bRow, bColumn, m, k, n, y.storage);
        return y;
    }

    /** Requires equal inner dimensions; the strings go before, between and after the two shapes in the message. */
    private void requireInner(String op, int inner, int other, String before, Tensor b, String between, String after) {
        if (inner != other) {
            throw new IllegalArgumentException(
                    op + ": inner dimensions differ: " + before + shape + between + b.shape + after);
        }
    }

    /** The sum of a matrix and a vector: y[i, j] = a[i, j] + row[j]. */
    public Tensor addRow(Tensor row) {
        requireMatrix("addRow");
        requireDType("addRow", row);
        if (row.shape.rank() != 1 || row.shape.dim(0) != shape.dim(1)) {
            throw new IllegalArgumentException(
                    "addRow: expected a vector of " + shape.dim(1) + " elements for " + shape + ", got " + row.shape);
        }
        Tensor y = result(shape, row);
        storage().addRow(row.storage(), shape.dim(0), shape.dim(1), y.storage);
        return y;
    }

    // ---- reductions ----

    /** The sum of all elements, a scalar; accumulated in double. */
    public Tensor sum() {
        Tensor y = result(Shape.scalar());
        y.storage.set(0, storage().sum(0, 1, shape.size()));
        return y;
    }

    /** The mean of all elements, a scalar; accumulated in double. */
    public Tensor mean() {
        Tensor y = result(Shape.scalar());
        y.storage.set(0, storage().sum(0, 1, shape.size()) / shape.size());
        return y;
    }

    /**
     * The sum of a matrix's rows: y[j] = Σᵢ a[i, j], i ascending, a vector of n elements for m×n. In FLOAT32 the sum of
     * up to 128 rows is rounded at each addition; the sum of more is accumulated in double and rounded once.
     */
    public Tensor sumRows() {
        requireMatrix("sumRows");
        Tensor y = result(Shape.of(shape.dim(1)));
        storage().sumRows(shape.dim(0), shape.dim(1), y.storage);
        return y;
    }

    /** The sum of a matrix's columns: y[i] = Σⱼ a[i, j], a vector of m elements for m×n; accumulated in double. */
    public Tensor sumColumns() {
        requireMatrix("sumColumns");
        int n = shape.dim(1);
        Tensor y = result(Shape.of(shape.dim(0)));
        for (int i = 0; i < shape.dim(0); i++) {
            y.storage.set(i, storage().sum(i * n, 1, n));
        }
        return y;
    }

    /** The sum Σ a ⊙ b over all elements, accumulated in double, not rounded to FLOAT32. */
    public double dot(Tensor b) {
        requireLike("dot", b);
        double sum = 0.0;
        for (int i = 0; i < shape.size(); i++) {
            sum += storage().get(i) * b.storage().get(i);
        }
        return sum;
    }

    /** The sum Σ a², in double: element i adds to the sum of number i mod 8, and the eight sums are added pairwise. */
    public double sumOfSquares() {
        return storage().sumOfSquares();
    }

    /** A tensor of the given shape with this scalar in every element. */
    public Tensor expand(Shape shape) {
        double value = item();
        Tensor y = result(shape);
        y.storage.fill(value);
        return y;
    }

    /** A matrix of m rows, each of which is this vector. */
    public Tensor repeatRows(int m) {
        requireVector("repeatRows");
        int n = shape.dim(0);
        Tensor y = result(Shape.of(m, n));
        for (int i = 0; i < m; i++) {
            storage().copy(0, y.storage, i * n, n);
        }
        return y;
    }

    /** A matrix of n columns, each of which is this vector. */
    public Tensor repeatColumns(int n) {
        requireVector("repeatColumns");
        int m = shape.dim(0);
        Tensor y = result(Shape.of(m, n));
        for (int i = 0; i < m; i++) {
            y.storage.fill(i * n, storage().get(i), n);
        }
        return y;
    }

    // ---- classification ----

    /**
     * The logarithm of the softmax of each row of a matrix: y[i, j] = a[i, j] − log Σₖ e^a[i, k], computed in double
     * around the maximum.
     */
    public Tensor logSoftmax() {
        requireMatrix("logSoftmax");
        int n = shape.dim(1);
        Tensor y = result(shape);
        for (int i = 0; i < shape.dim(0); i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                max = Math.max(max, storage().get(i * n + j));
            }
            double sum = 0.0;
            for (int j = 0; j < n; j++) {
                sum += Elementary.exp(storage.get(i * n + j) - max);
            }
            double logSum = Elementary.log(sum);
            for (int j = 0; j < n; j++) {
                y.storage.set(i * n + j, storage.get(i * n + j) - max - logSum);
            }
        }
        return y;
    }

    /**
     * One element of each row of a matrix: y[i] = a[i, columns[i]].
     *
     * @throws IllegalArgumentException if {@code columns} does not have one entry for each row, or an entry is not in 0…n−1
     */
    public Tensor pick(int[] columns) {
        requireColumns("pick", columns);
        Tensor y = result(Shape.of(columns.length));
        for (int i = 0; i < columns.length; i++) {
            storage().copy(i * shape.dim(1) + columns[i], y.storage, i, 1);
        }
        return y;
    }

    /**
     * This matrix with {@code t} added to one element of each row, at [i, columns[i]].
     *
     * @throws IllegalArgumentException if {@code columns} does not have one entry for each row, or an entry is not in 0…n−1
     */
    public Tensor plusAt(int[] columns, double t) {
        requireColumns("plusAt", columns);
        requireFits(t);
        Tensor y = result(shape);
        storage().copy(0, y.storage, 0, shape.size());
        for (int i = 0; i < columns.length; i++) {
            int at = i * shape.dim(1) + columns[i];
            y.storage.set(at, storage.get(at) + t);
        }
        return y;
    }

    // ---- masks ----

    /**
     * The product M ⊙ a by selection: kept ? a·scale : +0.0. A dropped infinite or NaN element leaves no trace.
     *
     * @param mask a mask of one example for a matrix outputs×inputs, or of as many as a tensor examples×outputs×inputs
     *     has
     */
    public Tensor mask(Mask mask) {
        Shape expected = mask.examples() == 1 && shape.rank() == 2
                ? Shape.of(mask.outputs(), mask.inputs())
                : Shape.of(mask.examples(), mask.outputs(), mask.inputs());
        if (!shape.equals(expected)) {
            throw new IllegalArgumentException("mask: expected a tensor " + expected + " for this mask, got " + shape);
        }
        if (!mask.hasOneScale()) {
            return mask(mask.unscaled())
                    .mul(mask.scales(mask.examples(), dtype()).reshape(shape));
        }
        requireFits(mask.scale());
        Tensor y = result(shape);
        storage().select(mask, y.storage);
        return y;
    }

    /** The masked product, whose row n is (W ⊙ Mₙ) xₙ, for this n×d and w of l×d. */
    public Tensor maskedLinear(Tensor w, Mask mask) {
        requireMaskedProduct("maskedLinear", mask, mask.inputs(), w);
        if (!mask.hasOneScale()) {
            return maskedLinear(w.mul(mask.scales(1, dtype())), mask.unscaled());
        }
        Tensor y = result(Shape.of(mask.examples(), mask.outputs()), w);
        storage().apply(Kernels::maskedLinear, w.storage(), mask, y.storage);
        return y;
    }

    /** The transposed masked product, whose row n is (W ⊙ Mₙ)ᵀ xₙ, for this n×l and w of l×d. */
    public Tensor maskedLinearTransposed(Tensor w, Mask mask) {
        requireMaskedProduct("maskedLinearTransposed", mask, mask.outputs(), w);
        if (!mask.hasOneScale()) {
            return maskedLinearTransposed(w.mul(mask.scales(1, dtype())), mask.unscaled());
        }
        Tensor y = result(Shape.of(mask.examples(), mask.inputs()), w);
        storage().apply(Kernels::maskedLinearTransposed, w.storage(), mask, y.storage);
        return y;
    }

    /**
     * The masked outer product Σₙ (aₙ bₙᵀ) ⊙ Mₙ, of l×d, for this n×l and b of n×d. With d = 1, as for a masked bias,
     * it is a sum of rows, accumulated as in {@link #sumRows}.
     */
    public Tensor maskedOuter(Tensor b, Mask mask) {
        requireDType("maskedOuter", b);
        requireShape("maskedOuter", this, mask.examples(), mask.outputs());
        requireShape("maskedOuter", b, mask.examples(), mask.inputs());
        if (!mask.hasOneScale()) {
            return maskedOuter(b, mask.unscaled()).mul(mask.scales(1, dtype()));
        }
        requireFits(mask.scale());
        Tensor y = result(Shape.of(mask.outputs(), mask.inputs()), b);
        storage().apply(Kernels::maskedOuter, b.storage(), mask, y.storage);
        return y;
    }

    private void requireMaskedProduct(String op, Mask mask, int columns, Tensor w) {
        requireDType(op, w);
        requireShape(op, this, mask.examples(), columns);
        requireShape(op, w, mask.outputs(), mask.inputs());
        if (mask.hasOneScale()) {
            requireFits(mask.scale());
        }
    }

    private static void requireShape(String op, Tensor tensor, int rows, int columns) {
        Shape expected = Shape.of(rows, columns);
        if (!tensor.shape.equals(expected)) {
            throw new IllegalArgumentException(
                    op + ": expected a tensor " + expected + " for this mask, got " + tensor.shape);
        }
    }

    // ---- text and equality ----

    /** True for a tensor of equal shape and dtype whose elements have equal bits; NaNs are equal to each other. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Tensor that) || !shape.equals(that.shape) || dtype() != that.dtype()) {
            return false;
        }
        for (int i = 0; i < shape.size(); i++) {
            if (Double.doubleToLongBits(storage().get(i))
                    != Double.doubleToLongBits(that.storage().get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = shape.hashCode();
        for (int i = 0; i < shape.size(); i++) {
            hash = 31 * hash + Double.hashCode(storage().get(i));
        }
        return hash;
    }

    /**
     * The tensor as text: numbers in brackets, aligned, with at most four decimals; an exact zero is a bare {@code 0}.
     * Tensors of more than 1000 elements show the first and last three of each axis.
     */
    @Override
    public String toString() {
        return TensorText.of(this);
    }

    // ---- within the package ----

    /** The numbers; throws if they may no longer be read. */
    Storage<?> storage() {
        if (lease != null && !lease.isValid()) {
            throw lease.refusal("tensor " + shape);
        }
        return storage;
    }

    Workspace.@Nullable Lease lease() {
        return lease;
    }

    Tensor withLease(Workspace.Lease lease) {
        return new Tensor(shape, storage(), lease);
    }

    /** Refuses a number that becomes infinite in FLOAT32, which would turn 0 into NaN. */
    private void requireFits(double number) {
        if (dtype() == DType.FLOAT32 && Double.isFinite(number) && Float.isInfinite((float) number)) {
            throw new IllegalArgumentException(
                    "scale: expected a number within FLOAT32's range, got " + TensorText.number(number));
        }
    }

    void requireLike(String op, Tensor b) {
        requireDType(op, b);
        if (!shape.equals(b.shape)) {
            throw new IllegalArgumentException(op + ": shapes differ: " + shape + " and " + b.shape);
        }
    }

    private void requireDType(String op, Tensor b) {
        if (dtype() != b.dtype()) {
            throw new IllegalArgumentException(
                    op + ": dtypes differ: " + dtype() + " and " + b.dtype() + "; convert one with to(...)");
        }
    }

    private void requireMatrix(String op) {
        if (shape.rank() != 2) {
            throw new IllegalArgumentException(op + ": expected a matrix, got a tensor of shape " + shape);
        }
    }

    private void requireVector(String op) {
        if (shape.rank() != 1) {
            throw new IllegalArgumentException(op + ": expected a vector, got a tensor of shape " + shape);
        }
    }

    private void requireMatrices(String op, Tensor b) {
        requireMatrix(op);
        b.requireMatrix(op);
        requireDType(op, b);
    }

    private void requireColumns(String op, int[] columns) {
        requireMatrix(op);
        if (columns.length != shape.dim(0)) {
            throw new IllegalArgumentException(
                    op + ": expected " + shape.dim(0) + " columns for " + shape + ", got " + columns.length);
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] < 0 || columns[i] >= shape.dim(1)) {
                throw new IllegalArgumentException(op + ": expected a column in 0…" + (shape.dim(1) - 1) + " for row "
                        + i + ", got " + columns[i]);
            }
        }
    }
}
