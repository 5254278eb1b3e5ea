// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance.command;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.Claim;
import io.github.masktape.conformance.Implementation;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.Predictor;
import io.github.masktape.conformance.TrainingLayer;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Inference;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.layers.Sigmoid;
import io.github.masktape.layers.Tanh;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An adapter of our own {@link DropConnect} to the kit.
 *
 * @param dtype the dtype of its arithmetic
 * @param composed true for the form built from elementary ops, false for the fused one
 * @param sharing the way in which the examples of a batch share masks
 * @param maskedBias true if biases are masked too
 */
public record MasktapeLayer(DType dtype, boolean composed, MaskSharing sharing, boolean maskedBias) {
    /** All parts except inference, with the layer's claims. */
    public Implementation implementation() {
        Implementation all = Implementation.named(name())
                .backprop(this::backprop)
                .masks(this::masks)
                .layer(Stepping::new)
                .claiming(Claim.SELECTS, Claim.MASKS_HAVE_PLACES);
        all = dtype == DType.FLOAT32 ? all.claiming(Claim.SINGLE_PRECISION) : all;
        all = switch (sharing) {
            case PER_EXAMPLE -> all;
            case PER_BATCH -> all.claiming(Claim.ONE_MASK_A_BATCH);
            case FLIPOUT -> all.claiming(Claim.DROPS_HALF);
        };
        return maskedBias ? all.claiming(Claim.MASKED_BIAS) : all;
    }

    /** The same implementation with a method of inference that does not draw. */
    public Implementation predictingBy(Inference inference) {
        return implementation().predictor(predictor(inference));
    }

    /** The same implementation with a method of inference that averages over draws. */
    public Implementation predictingBy(Inference inference, int samples) {
        return implementation().predictor(predictor(inference), samples);
    }

    private String name() {
        return "DropConnect, " + (composed ? "composed" : "fused") + " " + dtype
                + switch (sharing) {
                    case PER_EXAMPLE -> "";
                    case PER_BATCH -> ", one mask a batch";
                    case FLIPOUT -> ", flipout";
                }
                + (maskedBias ? ", masked bias" : "");
    }

    private DropConnect layer(double[][] w, double[] b, double dropProbability) {
        DropConnect layer = DropConnect.of(matrix(w), Tensor.of(b).to(dtype), dropProbability);
        layer = composed ? layer.withComposedForm() : layer;
        layer = layer.withMaskSharing(sharing);
        return maskedBias ? layer.withMaskedBias() : layer;
    }

    private PassResult backprop(Case c) {
        DropConnect layer = layer(c.w(), c.b(), c.dropProbability());
        Tape tape = new Tape();
        Variable x = tape.input(matrix(c.x()));
        Variable y = layer.forward(x, mask(c.mask(), c.scale()), biasMask(c));
        return outcome(tape, layer, x, y, c.dy());
    }

    private PassResult outcome(Tape tape, DropConnect layer, Variable x, Variable y, double[][] dy) {
        Gradients gradients = tape.backward(y, matrix(dy));
        return new PassResult(
                rows(y.value()),
                rows(gradients.of(x)),
                rows(gradients.of(layer.weight())),
                gradients.of(layer.bias()).toDoubleArray());
    }

    private static Mask mask(double[][][] entries, double scale) {
        boolean[][][] kept = new boolean[entries.length][entries[0].length][entries[0][0].length];
        for (int n = 0; n < kept.length; n++) {
            for (int j = 0; j < kept[n].length; j++) {
                for (int q = 0; q < kept[n][j].length; q++) {
                    kept[n][j][q] = entries[n][j][q] != 0;
                }
            }
        }
        return Mask.of(kept, scale);
    }

    /** The bias mask of a case; a masked bias is a masked weight with a single input. */
    private static @Nullable Mask biasMask(Case c) {
        if (c.biasMask() == null) {
            return null;
        }
        double[][][] entries = new double[c.biasMask().length][c.out()][1];
        for (int n = 0; n < entries.length; n++) {
            for (int j = 0; j < c.out(); j++) {
                entries[n][j][0] = c.biasMask()[n][j];
            }
        }
        return mask(entries, c.scale());
    }

    private double[][][] masks(int examples, int outputs, int inputs, double p, long seed, long step) {
        Mask mask =
                layer(new double[outputs][inputs], new double[outputs], p).mask(examples, Pass.training(seed, step));
        double[][][] entries = new double[mask.examples()][outputs][inputs];
        for (int n = 0; n < entries.length; n++) {
            for (int j = 0; j < outputs; j++) {
                for (int q = 0; q < inputs; q++) {
                    entries[n][j][q] = mask.keeps(n, j, q) ? mask.scale() : 0;
                }
            }
        }
        return entries;
    }

    /** A layer that counts its steps. */
    private final class Stepping implements TrainingLayer {
        private final DropConnect layer;
        private final long seed;
        private long step;

        Stepping(double[][] w, double[] b, double dropProbability, long seed) {
            this.layer = layer(w, b, dropProbability);
            this.seed = seed;
        }

        @Override
        public PassResult step(double[][] x, double[][] dy) {
            Tape tape = new Tape();
            Variable input = tape.input(matrix(x));
            Variable y = layer.forward(input, Pass.training(seed, step++));
            return outcome(tape, layer, input, y, dy);
        }

        @Override
        public double[][] predict(double[][] x) {
            return rows(Inference.mean().outputs(layer, matrix(x)));
        }
    }

    private Predictor predictor(Inference inference) {
        return (x, w, b, p, activation) -> {
            DropConnect layer = layer(w, b, p);
            Sequential net = switch (activation) {
                case IDENTITY -> Sequential.of(layer);
                case RELU -> Sequential.of(layer, new ReLU());
                case TANH -> Sequential.of(layer, new Tanh());
                case SIGMOID -> Sequential.of(layer, new Sigmoid());
            };
            return rows(inference.outputs(net, matrix(x)));
        };
    }

    private Tensor matrix(double[][] rows) {
        return Tensor.of(rows).to(dtype);
    }

    private static double[][] rows(Tensor matrix) {
        int columns = matrix.shape().dim(1);
        double[] flat = matrix.toDoubleArray();
        double[][] rows = new double[matrix.shape().dim(0)][columns];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(flat, i * columns, rows[i], 0, columns);
        }
        return rows;
    }
}
