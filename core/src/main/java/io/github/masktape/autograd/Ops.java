package io.github.masktape.autograd;

import io.github.masktape.tensor.Decimal;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rulebook: every op's value and gradient rules, in one method, under its formula.
 *
 * <p>In the formulas y is the result, dy the gradient of the loss at y, and dx the gradient at an input x. No op
 * broadcasts. An op of your own is written the same way, out of {@link #op} and {@link #wrt}.
 */
public final class Ops {
    private Ops() {}

    // ---- writing an op ----

    /**
     * An op on the tape.
     *
     * @param name what the tape prints for it
     * @param value its result
     * @param vjps one {@link #wrt} for each input, in the order of the arguments
     */
    public static Variable op(String name, Tensor value, Vjp... vjps) {
        if (vjps.length == 0) {
            throw new IllegalArgumentException(name + ": an op needs at least one input");
        }
        return vjps[0].input().tape().record(name, value, vjps);
    }

    /** With respect to {@code input}: how its gradient follows from dy. */
    public static Vjp wrt(Variable input, UnaryOperator<Tensor> rule) {
        return new Vjp(input, rule);
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
        return op("sub", a.value().sub(b.value()), wrt(a, dy -> dy), wrt(b, dy -> dy.neg()));
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
        return op("mul", a.value().mul(b.value()), wrt(a, dy -> dy.mul(b.value())), wrt(b, dy -> dy.mul(a.value())));
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
        return op("neg", x.value().neg(), wrt(x, dy -> dy.neg()));
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
        return op("scale", x.value().scale(s), wrt(x, dy -> dy.scale(s)));
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
        return op(
                "square",
                x.value().mul(x.value()),
                wrt(x, dy -> dy.mul(x.value()).scale(2)));
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
                wrt(a, dy -> dy.matmulTransposed(b.value())),
                wrt(b, dy -> a.value().transposedMatmul(dy)));
    }

    /**
     * Matrix product with a transposed right side: what a layer with weights out×in does.
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
                wrt(a, dy -> dy.matmul(b.value())),
                wrt(b, dy -> dy.transposedMatmul(a.value())));
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
        return op("transpose", x.value().transpose(), wrt(x, dy -> dy.transpose()));
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
        return op("reshape", x.value().reshape(dims), wrt(x, dy -> dy.reshape(x.shape())));
    }

    /**
     * One row of a matrix, as a 1×n matrix.
     *
     * <pre>
     *   y  = x[i, :]
     *   dx = dy in row i, 0 elsewhere
     * </pre>
     */
    public static Variable row(Variable x, int i) {
        return op("row", x.value().row(i), wrt(x, dy -> dy.asRow(i, x.shape().dim(0))));
    }

    /**
     * A matrix from rows, each a 1×n matrix.
     *
     * <pre>
     *   y[i, :] = xᵢ
     *   dxᵢ     = dy[i, :]
     * </pre>
     */
    public static Variable stackRows(List<Variable> rows) {
        List<Tensor> values = new ArrayList<>();
        Vjp[] vjps = new Vjp[rows.size()];
        for (int i = 0; i < vjps.length; i++) {
            int row = i;
            values.add(rows.get(i).value());
            vjps[i] = wrt(rows.get(i), dy -> dy.row(row));
        }
        return op("stackRows", Tensor.stackRows(values), vjps);
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
        return op("addRow", x.value().addRow(b.value()), wrt(x, dy -> dy), wrt(b, dy -> dy.sumRows()));
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
        return op("relu", x.value().relu(), wrt(x, dy -> x.value().reluGradient(dy)));
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
        Tensor y = x.value().tanh();
        return op("tanh", y, wrt(x, dy -> dy.mul(y.mul(y).neg().plus(1))));
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
        Tensor y = x.value().sigmoid();
        return op("sigmoid", y, wrt(x, dy -> dy.mul(y).mul(y.neg().plus(1))));
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
        Tensor y = x.value().exp();
        return op("exp", y, wrt(x, dy -> dy.mul(y)));
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
        return op("log", x.value().log(), wrt(x, dy -> dy.div(x.value())));
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
        return op("sum", x.value().sum(), wrt(x, dy -> dy.expand(x.shape())));
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
                wrt(x, dy -> dy.scale(1.0 / x.shape().size()).expand(x.shape())));
    }

    /**
     * The rows of a matrix added up, a long FLOAT32 sum in double: see {@link Tensor#sumRows}.
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
                wrt(x, dy -> dy.repeatRows(x.shape().dim(0))));
    }

    /**
     * The columns of a matrix added up.
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
                wrt(x, dy -> dy.repeatRows(x.shape().dim(1)).transpose()));
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
                wrt(a, dy -> difference.scale(2 * dy.item() / n)),
                wrt(b, dy -> difference.scale(-2 * dy.item() / n)));
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
                logP.meanNegativeAt(own),
                wrt(z, dy -> logP.exp().minusOneAt(own).scale(dy.item() / own.length)));
    }

    /**
     * Cross-entropy under the softmax of each row of logits, of labels that are smoothed: a share ε of each is spread
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
            throw new IllegalArgumentException(
                    "smoothedCrossEntropy: smoothing must be in [0, 1], got " + Decimal.shortest(smoothing, 6));
        }
        int[] own = labels.clone();
        Tensor logP = z.value().logSoftmax();
        return op(
                "smoothedCrossEntropy",
                share(1 - smoothing, logP.meanNegativeAt(own)).sub(share(smoothing, logP.mean())),
                wrt(z, dy -> {
                    Tensor p = logP.exp();
                    return p.minusOneAt(own)
                            .scale(1 - smoothing)
                            .add(p.plus(-1.0 / z.shape().dim(1)).scale(smoothing))
                            .scale(dy.item() / own.length);
                }));
    }

    /** s·x, but 0 where s is, even of an infinity. */
    private static Tensor share(double s, Tensor x) {
        return s == 0 ? Tensor.zeros(x.dtype()) : x.scale(s);
    }

    // ---- masks ----

    /**
     * Selection by a mask of entries 0 or s: a dropped element leaves no trace, whatever it was.
     *
     * <pre>
     *   y  = x ⊙ M      kept ? s·x : +0.0
     *   dx = dy ⊙ M     kept ? s·dy : +0.0
     * </pre>
     */
    public static Variable mask(Variable x, Mask mask) {
        return op("mask", x.value().mask(mask), wrt(x, dy -> dy.mask(mask)));
    }

    /**
     * Product with a weight matrix that is masked anew for each example: DropConnect's forward and backward, fused.
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
                wrt(x, dy -> dy.maskedLinearInputGradient(w.value(), mask)),
                wrt(w, dy -> dy.maskedLinearWeightGradient(x.value(), mask)));
    }
}
