// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Shape;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The rulebook: every op's value and gradient rules, in one method, under its formula.
 *
 * <p>In the formulas y is the result, dy the gradient of the loss at y, and dx the gradient at an input x. No op
 * broadcasts. Rules are written with ops of this book, so the gradient of a gradient needs no rules of its own. An op
 * of your own is written the same way, with {@link #op} and {@link #wrt}.
 */
public final class Ops {
    private Ops() {}

    // ---- writing an op ----

    /**
     * An op on the tape.
     *
     * @param name the name that the tape prints
     * @param value the op's result
     * @param vjps one {@link #wrt} for each input, in the order of the arguments
     */
    public static Variable op(String name, Tensor value, Vjp... vjps) {
        if (vjps.length == 0) {
            throw new IllegalArgumentException(name + ": an op needs at least one input");
        }
        return vjps[0].input().tape().record(name, value, vjps);
    }

    /** The rule for one input, from dy to the input's gradient: the product with respect to {@code input}. */
    public static Vjp wrt(Variable input, UnaryOperator<Variable> rule) {
        Vjp none = input.tape().noRule();
        return none == null ? new Vjp.OfGradient(input, rule) : none;
    }

    /** The rule for one input, from dy and the op's result y to the input's gradient. */
    public static Vjp wrt(Variable input, BinaryOperator<Variable> rule) {
        Vjp none = input.tape().noRule();
        return none == null ? new Vjp.OfGradientAndResult(input, rule) : none;
    }

    /** The rule for an input that changes the result in steps only: its gradient is 0 wherever it exists. */
    public static Vjp zero(Variable input) {
        Vjp none = input.tape().noRule();
        return none == null ? new Vjp.Zero(input) : none;
    }

    // ---- arithmetic ----

    /**
     * Sum of two tensors.
     *
     * <pre>
     *   y  = a + b
     *   da = dy
     *   db = dy
     * </pre>
     */
    public static Variable add(Variable a, Variable b) {
        return op("add", a.value().add(b.value()), wrt(a, dy -> dy), wrt(b, dy -> dy));
    }

    /**
     * Difference of two tensors.
     *
     * <pre>
     *   y  = a − b
     *   da = dy
     *   db = −dy
     * </pre>
     */
    public static Variable sub(Variable a, Variable b) {
        return op("sub", a.value().sub(b.value()), wrt(a, dy -> dy), wrt(b, dy -> neg(dy)));
    }

    /**
     * Elementwise (Hadamard) product.
     *
     * <pre>
     *   y  = a ⊙ b
     *   da = dy ⊙ b
     *   db = dy ⊙ a
     * </pre>
     */
    public static Variable mul(Variable a, Variable b) {
        return op("mul", a.value().mul(b.value()), wrt(a, dy -> mul(dy, b)), wrt(b, dy -> mul(dy, a)));
    }

    /**
     * Elementwise quotient.
     *
     * <pre>
     *   y  = a ÷ b
     *   da = dy ÷ b
     *   db = −dy ⊙ y ÷ b
     * </pre>
     */
    public static Variable div(Variable a, Variable b) {
        return op(
                "div", a.value().div(b.value()), wrt(a, dy -> div(dy, b)), wrt(b, (dy, y) -> neg(div(mul(dy, y), b))));
    }

    /**
     * Negation.
     *
     * <pre>
     *   y  = −x
     *   dx = −dy
     * </pre>
     */
    public static Variable neg(Variable x) {
        return op("neg", x.value().neg(), wrt(x, dy -> neg(dy)));
    }

    /**
     * Product with a number.
     *
     * <pre>
     *   y  = s·x
     *   dx = s·dy
     * </pre>
     */
    public static Variable scale(Variable x, double s) {
        return op("scale", x.value().scale(s), wrt(x, dy -> scale(dy, s)));
    }

    /**
     * Product with a scalar.
     *
     * <pre>
     *   y  = s·x
     *   dx = s·dy
     *   ds = Σ dy ⊙ x
     * </pre>
     *
     * @param s a scalar, a tensor without dimensions
     */
    public static Variable scaleBy(Variable x, Variable s) {
        return op(
                "scaleBy",
                x.value().scale(s.value().item()),
                wrt(x, dy -> scaleBy(dy, s)),
                wrt(s, dy -> sum(mul(dy, x))));
    }

    /**
     * Sum with a number.
     *
     * <pre>
     *   y  = x + t
     *   dx = dy
     * </pre>
     */
    public static Variable plus(Variable x, double t) {
        return op("plus", x.value().plus(t), wrt(x, dy -> dy));
    }

    /**
     * Elementwise square.
     *
     * <pre>
     *   y  = x²
     *   dx = 2·dy ⊙ x
     * </pre>
     */
    public static Variable square(Variable x) {
        return op("square", x.value().mul(x.value()), wrt(x, dy -> scale(mul(dy, x), 2)));
    }

    /**
     * Elementwise absolute value; its gradient at 0 is 0.
     *
     * <pre>
     *   y  = |x|
     *   dx = x &gt; 0 ? dy : x &lt; 0 ? −dy : 0
     * </pre>
     */
    public static Variable abs(Variable x) {
        return op("abs", x.value().map(Math::abs), wrt(x, dy -> sub(wherePositive(dy, x), wherePositive(dy, neg(x)))));
    }

    /**
     * Elementwise maximum; where both are equal, each gets half of the gradient. NaN where a or b is NaN.
     *
     * <pre>
     *   y  = max(a, b)
     *   da = a &gt; b ? dy : a = b ? dy/2 : 0
     *   db = b &gt; a ? dy : a = b ? dy/2 : 0
     * </pre>
     */
    public static Variable maximum(Variable a, Variable b) {
        return op(
                "maximum",
                pairs("maximum", a, b, Math::max),
                wrt(a, dy -> whereLarger(dy, a, b)),
                wrt(b, dy -> whereLarger(dy, b, a)));
    }

    /**
     * Elementwise minimum; where both are equal, each gets half of the gradient. NaN where a or b is NaN.
     *
     * <pre>
     *   y  = min(a, b)
     *   da = a &lt; b ? dy : a = b ? dy/2 : 0
     *   db = b &lt; a ? dy : a = b ? dy/2 : 0
     * </pre>
     */
    public static Variable minimum(Variable a, Variable b) {
        return op(
                "minimum",
                pairs("minimum", a, b, Math::min),
                wrt(a, dy -> whereLarger(dy, b, a)),
                wrt(b, dy -> whereLarger(dy, a, b)));
    }

    private static Tensor pairs(String op, Variable a, Variable b, DoubleBinaryOperator f) {
        if (!a.shape().equals(b.shape()) || a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(op + ": expected two tensors of one shape and dtype, got " + a.shape()
                    + " " + a.dtype() + " and " + b.shape() + " " + b.dtype());
        }
        return a.value().map(b.value(), f);
    }

    /** The product of dy with 1 where a is larger than b, ½ where they are equal, and 0 elsewhere. */
    private static Variable whereLarger(Variable dy, Variable a, Variable b) {
        Variable share = dy.tape()
                .constant(a.value().map(b.value(), (x, y) -> x > y ? 1 : x == y ? 0.5 : x < y ? 0 : Double.NaN));
        return mul(wherePositive(dy, share), share);
    }

    /**
     * Each element, but at least {@code low} and at most {@code high}. NaN stays NaN.
     *
     * <pre>
     *   y  = min(max(x, low), high)
     *   dx = low ≤ x ≤ high ? dy : 0
     * </pre>
     *
     * @param low at most high; −∞ for no lower bound
     * @param high +∞ for no upper bound
     */
    public static Variable clamp(Variable x, double low, double high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException("clamp: expected low ≤ high, got " + Decimal.shortest(low, 6) + " and "
                    + Decimal.shortest(high, 6));
        }
        return op("clamp", x.value().map(v -> Math.min(Math.max(v, low), high)), wrt(x, dy -> {
            Tensor within = x.value().map(v -> v >= low && v <= high ? 1 : Double.isNaN(v) ? v : 0);
            return wherePositive(dy, dy.tape().constant(within));
        }));
    }

    // ---- matrices ----

    /**
     * Matrix product.
     *
     * <pre>
     *   y  = a · b      (m×k) · (k×n)
     *   da = dy · bᵀ
     *   db = aᵀ · dy
     * </pre>
     */
    public static Variable matmul(Variable a, Variable b) {
        return op(
                "matmul",
                a.value().matmul(b.value()),
                wrt(a, dy -> matmulTransposed(dy, b)),
                wrt(b, dy -> transposedMatmul(a, dy)));
    }

    /**
     * Matrix product with a transposed right side, as in a layer with weights out×in.
     *
     * <pre>
     *   y  = a · bᵀ     (m×k) · (n×k)ᵀ
     *   da = dy · b
     *   db = dyᵀ · a
     * </pre>
     */
    public static Variable matmulTransposed(Variable a, Variable b) {
        return op(
                "matmulTransposed",
                a.value().matmulTransposed(b.value()),
                wrt(a, dy -> matmul(dy, b)),
                wrt(b, dy -> transposedMatmul(dy, a)));
    }

    /**
     * Matrix product with a transposed left side, as in the gradient of a weight.
     *
     * <pre>
     *   y  = aᵀ · b     (k×m)ᵀ · (k×n)
     *   da = b · dyᵀ
     *   db = a · dy
     * </pre>
     */
    public static Variable transposedMatmul(Variable a, Variable b) {
        return op(
                "transposedMatmul",
                a.value().transposedMatmul(b.value()),
                wrt(a, dy -> matmulTransposed(b, dy)),
                wrt(b, dy -> matmul(a, dy)));
    }

    /**
     * Transpose of a matrix.
     *
     * <pre>
     *   y  = xᵀ
     *   dx = dyᵀ
     * </pre>
     */
    public static Variable transpose(Variable x) {
        return op("transpose", x.value().transpose(), wrt(x, dy -> transpose(dy)));
    }

    /**
     * The same elements under another shape.
     *
     * <pre>
     *   y  = x, reshaped
     *   dx = dy, reshaped back
     * </pre>
     */
    public static Variable reshape(Variable x, int... dims) {
        return op(
                "reshape",
                x.value().reshape(dims),
                wrt(x, dy -> reshape(dy, x.shape().dims())));
    }

    /**
     * Rows of a matrix, in any order and any number: one row, a slice, or a lookup in a table of embeddings.
     *
     * <pre>
     *   y[k, :]  = x[iₖ, :]              x m×n
     *   dx[i, :] = Σ dy[k, :]            over the k with iₖ = i
     * </pre>
     *
     * @param indices i, each in 0…m−1
     */
    public static Variable rows(Variable x, int... indices) {
        int[] own = indices.clone();
        return op(
                "rows",
                x.value().rows(own),
                wrt(x, dy -> placeRows(dy, own, x.shape().dim(0))));
    }

    /**
     * Each row of a matrix added to a row of an m×n matrix of zeros, as {@link Tensor#placeRows} adds.
     *
     * <pre>
     *   y[i, :]  = Σ x[k, :]             over the k with iₖ = i
     *   dx[k, :] = dy[iₖ, :]
     * </pre>
     *
     * @param indices i, one for each row of x, each in 0…m−1
     */
    public static Variable placeRows(Variable x, int[] indices, int m) {
        int[] own = indices.clone();
        return op("placeRows", x.value().placeRows(own, m), wrt(x, dy -> rows(dy, own)));
    }

    /**
     * Columns of a matrix, in any order and any number.
     *
     * <pre>
     *   y[:, k]  = x[:, jₖ]              x m×n
     *   dx[:, j] = Σ dy[:, k]            over the k with jₖ = j
     * </pre>
     *
     * @param indices j, each in 0…n−1
     */
    public static Variable columns(Variable x, int... indices) {
        int[] own = indices.clone();
        return op(
                "columns",
                x.value().columns(own),
                wrt(x, dy -> transpose(placeRows(transpose(dy), own, x.shape().dim(1)))));
    }

    /**
     * One element of each row of a matrix. With the columns of {@link Tensor#argMaxRows}, y is the maximum of each row,
     * and the first of several equal maxima gets the gradient.
     *
     * <pre>
     *   y[i]     = x[i, jᵢ]              m×n to m
     *   dx[i, j] = j = jᵢ ? dy[i] : +0.0
     * </pre>
     *
     * @param columns j, one for each row, each in 0…n−1
     */
    public static Variable pick(Variable x, int... columns) {
        int[] own = columns.clone();
        return op("pick", x.value().pick(own), wrt(x, dy -> {
            int m = x.shape().dim(0);
            int n = x.shape().dim(1);
            int[] places = IntStream.range(0, m).map(i -> i * n + own[i]).toArray();
            return reshape(placeRows(reshape(dy, m, 1), places, m * n), m, n);
        }));
    }

    /**
     * Matrices with equally many columns, one below the other.
     *
     * <pre>
     *   y   = x₀ over x₁ over …          mᵢ×n to Σmᵢ×n
     *   dxᵢ = the rows of dy that are xᵢ in y
     * </pre>
     */
    public static Variable stackRows(List<Variable> matrices) {
        return stack("stackRows", matrices, Tensor::stackRows, 0, Ops::rows);
    }

    /**
     * Matrices with equally many rows, side by side.
     *
     * <pre>
     *   y   = x₀ beside x₁ beside …      m×nᵢ to m×Σnᵢ
     *   dxᵢ = the columns of dy that are xᵢ in y
     * </pre>
     */
    public static Variable stackColumns(List<Variable> matrices) {
        return stack("stackColumns", matrices, Tensor::stackColumns, 1, Ops::columns);
    }

    private static Variable stack(
            String name,
            List<Variable> matrices,
            Function<List<Tensor>, Tensor> value,
            int axis,
            BiFunction<Variable, int[], Variable> slice) {
        Tensor y = value.apply(matrices.stream().map(Variable::value).toList());
        Vjp[] vjps = new Vjp[matrices.size()];
        int end = 0;
        for (int i = 0; i < vjps.length; i++) {
            int from = end;
            int to = from + matrices.get(i).shape().dim(axis);
            vjps[i] = wrt(
                    matrices.get(i),
                    dy -> slice.apply(dy, IntStream.range(from, to).toArray()));
            end = to;
        }
        return op(name, y, vjps);
    }

    /**
     * A matrix plus a vector in every row.
     *
     * <pre>
     *   y[i, j] = x[i, j] + b[j]
     *   dx      = dy
     *   db      = Σᵢ dy[i, :]          added as {@link Tensor#sumRows} adds
     * </pre>
     */
    public static Variable addRow(Variable x, Variable b) {
        return op("addRow", x.value().addRow(b.value()), wrt(x, dy -> dy), wrt(b, dy -> sumRows(dy)));
    }

    // ---- activations and elementary functions ----

    /**
     * Rectified linear unit; its gradient at 0 is 0.
     *
     * <pre>
     *   y  = max(x, 0)
     *   dx = x &gt; 0 ? dy : 0
     * </pre>
     */
    public static Variable relu(Variable x) {
        return op("relu", x.value().relu(), wrt(x, dy -> wherePositive(dy, x)));
    }

    /**
     * Selection by the sign of another tensor.
     *
     * <pre>
     *   y  = at &gt; 0 ? x : +0.0        NaN where at is NaN
     *   dx = at &gt; 0 ? dy : +0.0
     *   d at = 0                       it has steps only
     * </pre>
     *
     * @param at of the shape of x
     */
    public static Variable wherePositive(Variable x, Variable at) {
        return op("wherePositive", x.value().wherePositive(at.value()), wrt(x, dy -> wherePositive(dy, at)), zero(at));
    }

    /**
     * Hyperbolic tangent.
     *
     * <pre>
     *   y  = tanh x
     *   dx = dy ⊙ (1 − y²)
     * </pre>
     */
    public static Variable tanh(Variable x) {
        return op("tanh", x.value().tanh(), wrt(x, (dy, y) -> mul(dy, plus(neg(square(y)), 1))));
    }

    /**
     * Logistic function.
     *
     * <pre>
     *   y  = 1/(1 + e⁻ˣ)
     *   dx = dy ⊙ y ⊙ (1 − y)
     * </pre>
     */
    public static Variable sigmoid(Variable x) {
        return op("sigmoid", x.value().sigmoid(), wrt(x, (dy, y) -> mul(mul(dy, y), plus(neg(y), 1))));
    }

    /**
     * The smooth ReLU, computed so that it does not overflow. ln σ(x) is −softplus(−x).
     *
     * <pre>
     *   y  = ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻ˡˣˡ)
     *   dx = dy/(1 + e⁻ˣ)
     * </pre>
     */
    public static Variable softplus(Variable x) {
        Tensor positive = x.value().relu();
        Tensor size = positive.add(x.value().neg().relu());
        return op("softplus", positive.add(size.neg().exp().plus(1).log()), wrt(x, dy -> mul(dy, sigmoid(x))));
    }

    /**
     * Exponential.
     *
     * <pre>
     *   y  = eˣ
     *   dx = dy ⊙ y
     * </pre>
     */
    public static Variable exp(Variable x) {
        return op("exp", x.value().exp(), wrt(x, (dy, y) -> mul(dy, y)));
    }

    /**
     * Natural logarithm.
     *
     * <pre>
     *   y  = ln x
     *   dx = dy ÷ x
     * </pre>
     */
    public static Variable log(Variable x) {
        return op("log", x.value().log(), wrt(x, dy -> div(dy, x)));
    }

    /**
     * Square root; NaN below 0. Its gradient at 0 is not finite: add a small number to x first.
     *
     * <pre>
     *   y  = √x
     *   dx = ½·dy ÷ y
     * </pre>
     */
    public static Variable sqrt(Variable x) {
        return op("sqrt", x.value().map(Math::sqrt), wrt(x, (dy, y) -> scale(div(dy, y), 0.5)));
    }

    // ---- reductions ----

    /**
     * Sum of all elements.
     *
     * <pre>
     *   y  = Σᵢ xᵢ      a scalar
     *   dx = dy everywhere
     * </pre>
     */
    public static Variable sum(Variable x) {
        return op("sum", x.value().sum(), wrt(x, dy -> expand(dy, x.shape())));
    }

    /**
     * A scalar at every place of a tensor.
     *
     * <pre>
     *   y  = x everywhere
     *   dx = Σᵢ dyᵢ
     * </pre>
     *
     * @param shape the shape of the result
     */
    public static Variable expand(Variable x, Shape shape) {
        return op("expand", x.value().expand(shape), wrt(x, dy -> sum(dy)));
    }

    /**
     * Mean of all elements.
     *
     * <pre>
     *   y  = (1/n)·Σᵢ xᵢ      a scalar, n elements
     *   dx = dy/n everywhere
     * </pre>
     */
    public static Variable mean(Variable x) {
        return op(
                "mean",
                x.value().mean(),
                wrt(x, dy -> expand(scale(dy, 1.0 / x.shape().size()), x.shape())));
    }

    /**
     * Sum of the rows of a matrix; a long FLOAT32 sum is accumulated in double, see {@link Tensor#sumRows}.
     *
     * <pre>
     *   y[j]     = Σᵢ x[i, j]      m×n to n
     *   dx[i, j] = dy[j]
     * </pre>
     */
    public static Variable sumRows(Variable x) {
        return op(
                "sumRows",
                x.value().sumRows(),
                wrt(x, dy -> repeatRows(dy, x.shape().dim(0))));
    }

    /**
     * A vector as each row of a matrix.
     *
     * <pre>
     *   y[i, j] = x[j]      n to m×n
     *   dx[j]   = Σᵢ dy[i, j]
     * </pre>
     */
    public static Variable repeatRows(Variable x, int m) {
        return op("repeatRows", x.value().repeatRows(m), wrt(x, dy -> sumRows(dy)));
    }

    /**
     * Sum of the columns of a matrix.
     *
     * <pre>
     *   y[i]     = Σⱼ x[i, j]      m×n to m
     *   dx[i, j] = dy[i]
     * </pre>
     */
    public static Variable sumColumns(Variable x) {
        return op(
                "sumColumns",
                x.value().sumColumns(),
                wrt(x, dy -> repeatColumns(dy, x.shape().dim(1))));
    }

    /**
     * A vector as each column of a matrix.
     *
     * <pre>
     *   y[i, j] = x[i]      m to m×n
     *   dx[i]   = Σⱼ dy[i, j]
     * </pre>
     */
    public static Variable repeatColumns(Variable x, int n) {
        return op("repeatColumns", x.value().repeatColumns(n), wrt(x, dy -> sumColumns(dy)));
    }

    // ---- losses ----

    /**
     * Mean squared error.
     *
     * <pre>
     *   y  = (1/n)·Σᵢ (aᵢ − bᵢ)²      a scalar, n elements
     *   da = (2·dy/n)·(a − b)
     *   db = −da
     * </pre>
     */
    public static Variable meanSquaredError(Variable a, Variable b) {
        Tensor difference = a.value().sub(b.value());
        double n = a.shape().size();
        return op(
                "meanSquaredError",
                difference.mul(difference).mean(),
                wrt(a, dy -> scaleBy(sub(a, b), scale(dy, 2 / n))),
                wrt(b, dy -> scaleBy(sub(a, b), scale(dy, -2 / n))));
    }

    /**
     * Probabilities of logits, row by row; computed around each row's maximum, so that large logits do not overflow.
     *
     * <pre>
     *   y[i, j] = eᶻ⁽ⁱ ʲ⁾ / Σₖ eᶻ⁽ⁱ ᵏ⁾      z and y of n×classes
     *   dz      = y ⊙ (dy − s)              s[i, j] = Σₖ dy[i, k]·y[i, k]
     * </pre>
     */
    public static Variable softmax(Variable z) {
        return op("softmax", z.value().logSoftmax().exp(), wrt(z, (dy, y) -> softmaxGradient(y, dy)));
    }

    /** The product y ⊙ (dy − s) of the softmax's Jacobian, which is symmetric, with dy. */
    private static Variable softmaxGradient(Variable y, Variable dy) {
        Variable s = repeatColumns(sumColumns(mul(dy, y)), y.shape().dim(1));
        return mul(y, sub(dy, s));
    }

    /**
     * The logarithms of {@link #softmax}, exact where a probability would be rounded to 0.
     *
     * <pre>
     *   y[i, j] = z[i, j] − ln Σₖ eᶻ⁽ⁱ ᵏ⁾    z and y of n×classes
     *   dz      = dy − eʸ ⊙ s               s[i, j] = Σₖ dy[i, k]
     * </pre>
     */
    public static Variable logSoftmax(Variable z) {
        return op("logSoftmax", z.value().logSoftmax(), wrt(z, (dy, y) -> {
            Variable s = repeatColumns(sumColumns(dy), z.shape().dim(1));
            return sub(dy, mul(exp(y), s));
        }));
    }

    /**
     * Cross-entropy of integer labels under the softmax of each row of logits; computed around each row's maximum, so
     * that large logits do not overflow.
     *
     * <pre>
     *   p[i, :] = softmax(z[i, :])
     *   y       = −(1/n)·Σᵢ ln p[i, labelᵢ]      a scalar, z of n×classes
     *   dz      = (dy/n)·(p − onehot(labels))
     * </pre>
     */
    public static Variable softmaxCrossEntropy(Variable z, int[] labels) {
        int[] own = labels.clone();
        Tensor logP = z.value().logSoftmax();
        return op(
                "softmaxCrossEntropy",
                logP.pick(own).neg().mean(),
                wrt(z, dy -> scaleBy(probabilityError(z, logP.exp().plusAt(own, -1)), scale(dy, 1.0 / own.length))));
    }

    /**
     * Cross-entropy of smoothed labels under the softmax of each row of logits: a share ε of each label is spread
     * evenly over all classes.
     *
     * <pre>
     *   p[i, :] = softmax(z[i, :])
     *   t[i, :] = (1 − ε)·onehot(labelᵢ) + ε/classes
     *   y       = −(1/n)·Σᵢⱼ t[i, j]·ln p[i, j]      a scalar, z of n×classes
     *   dz      = (dy/n)·(p − t)                     = (dy/n)·((1 − ε)·(p − onehot(labels)) + ε·(p − 1/classes))
     * </pre>
     *
     * <p>Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016.
     *
     * @param smoothing ε, in [0, 1]
     */
    public static Variable smoothedCrossEntropy(Variable z, int[] labels, double smoothing) {
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("smoothedCrossEntropy: smoothing: expected a number in [0, 1], got "
                    + Decimal.shortest(smoothing, 6));
        }
        int[] own = labels.clone();
        Tensor logP = z.value().logSoftmax();
        return op(
                "smoothedCrossEntropy",
                share(1 - smoothing, logP.pick(own).neg().mean()).sub(share(smoothing, logP.mean())),
                wrt(z, dy -> {
                    Tensor p = logP.exp();
                    Tensor error = p.plusAt(own, -1)
                            .scale(1 - smoothing)
                            .add(p.plus(-1.0 / z.shape().dim(1)).scale(smoothing));
                    return scaleBy(probabilityError(z, error), scale(dy, 1.0 / own.length));
                }));
    }

    /**
     * The difference softmax(z) − t for target probabilities t that do not depend on z, already computed by the loss.
     *
     * <pre>
     *   y  = p − t                     p = softmax(z)
     *   dz = p ⊙ (dy − s)              s[i, j] = Σₖ dy[i, k]·p[i, k]
     * </pre>
     */
    private static Variable probabilityError(Variable z, Tensor error) {
        return op("probabilityError", error, wrt(z, dy -> softmaxGradient(softmax(z), dy)));
    }

    /** The product s·x, but 0 if s is 0, even for infinite x. */
    private static Tensor share(double s, Tensor x) {
        return s == 0 ? Tensor.zeros(x.dtype()) : x.scale(s);
    }

    // ---- masks ----

    /**
     * Selection by a mask with entries 0 or s: a dropped element leaves no trace, whatever its value.
     *
     * <pre>
     *   y  = x ⊙ M      kept ? s·x : +0.0
     *   dx = dy ⊙ M     kept ? s·dy : +0.0
     * </pre>
     */
    public static Variable mask(Variable x, Mask mask) {
        return op("mask", x.value().mask(mask), wrt(x, dy -> mask(dy, mask)));
    }

    /**
     * Product with a weight matrix under a separate mask for each example: DropConnect's forward pass, fused. The three
     * masked products are each other's gradients.
     *
     * <pre>
     *   y[n, :]  = (W ⊙ Mₙ) xₙ          x n×d, W l×d, M n×l×d
     *   dx[n, :] = (W ⊙ Mₙ)ᵀ dyₙ
     *   dW       = Σₙ (dyₙ xₙᵀ) ⊙ Mₙ    = Σₙ Jₙ ⊙ Mₙ
     * </pre>
     */
    public static Variable maskedLinear(Variable x, Variable w, Mask mask) {
        return op(
                "maskedLinear",
                x.value().maskedLinear(w.value(), mask),
                wrt(x, dy -> maskedLinearTransposed(dy, w, mask)),
                wrt(w, dy -> maskedOuter(dy, x, mask)));
    }

    /**
     * Product with a transposed weight matrix under a separate mask for each example: DropConnect's gradient at its
     * input.
     *
     * <pre>
     *   y[n, :]  = (W ⊙ Mₙ)ᵀ xₙ         x n×l, W l×d, M n×l×d
     *   dx[n, :] = (W ⊙ Mₙ) dyₙ
     *   dW       = Σₙ (xₙ dyₙᵀ) ⊙ Mₙ
     * </pre>
     */
    public static Variable maskedLinearTransposed(Variable x, Variable w, Mask mask) {
        return op(
                "maskedLinearTransposed",
                x.value().maskedLinearTransposed(w.value(), mask),
                wrt(x, dy -> maskedLinear(dy, w, mask)),
                wrt(w, dy -> maskedOuter(x, dy, mask)));
    }

    /**
     * Sum of outer products, each masked by its example's mask: DropConnect's gradient with respect to its weight.
     *
     * <pre>
     *   y        = Σₙ (aₙ bₙᵀ) ⊙ Mₙ     a n×l, b n×d, M n×l×d, y l×d
     *   da[n, :] = (dy ⊙ Mₙ) bₙ
     *   db[n, :] = (dy ⊙ Mₙ)ᵀ aₙ
     * </pre>
     */
    public static Variable maskedOuter(Variable a, Variable b, Mask mask) {
        return op(
                "maskedOuter",
                a.value().maskedOuter(b.value(), mask),
                wrt(a, dy -> maskedLinear(b, dy, mask)),
                wrt(b, dy -> maskedLinearTransposed(a, dy, mask)));
    }
}
