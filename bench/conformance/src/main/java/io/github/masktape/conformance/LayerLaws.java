// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import static io.github.masktape.conformance.Law.Subject.LAYER;

import io.github.masktape.conformance.text.Text;
import java.util.List;
import java.util.Objects;

/** The laws of a layer as its users see it. Its masks are observed from outside, see {@link Probe}. */
final class LayerLaws {
    static final List<Law> ALL = List.of(
            new Law(
                    "trainingDropsConnections",
                    LAYER,
                    "in training y differs from W x + b: some connections are dropped",
                    LayerLaws::drops),
            new Law(
                    "backwardUsesTheMaskOfForward",
                    LAYER,
                    "∂L/∂W = Σₙ Jₙ ⊙ Mₙ and ∂L/∂xₙ = (W ⊙ Mₙ)ᵀ dyₙ with the M that y was computed with",
                    LayerLaws::backward),
            new Law("inferenceDropsNothing", LAYER, "inference: y = W x + b, at any time", LayerLaws::inference),
            new Law(
                    "trainingGoesOnAfterInference",
                    LAYER,
                    "train, predict, train: the second training drops as the first did",
                    LayerLaws::alternation));

    private LayerLaws() {}

    /**
     * One training step that shows its masks. The bias is 0 and example n has a single input that is not 0, number q =
     * n mod in, so that y[n][j] = W[j][q]·M[n][j][q]·x[n][q] reveals M[n][j][q].
     */
    @SuppressWarnings("ArrayRecordComponent") // plain numbers; probes are never compared with equals
    private record Probe(double[][] x, double[][] w, double[][] dy, double dropProbability) {
        static Probe of(Setting s) {
            Case c = Case.of(s, 1, false, Case.NumberKind.INTEGERS);
            double[][] x = new double[s.examples()][s.in()];
            for (int n = 0; n < x.length; n++) {
                x[n][n % s.in()] = c.x()[n][n % s.in()];
            }
            return new Probe(x, c.w(), c.dy(), s.dropProbability());
        }

        TrainingLayer layer(Implementation by, long seed) {
            return Objects.requireNonNull(by.layer())
                    .create(Reference.copy(w), new double[w.length], dropProbability, seed);
        }

        PassResult step(TrainingLayer layer) {
            PassResult o = layer.step(Reference.copy(x), Reference.copy(dy));
            Expect.shape("y", o.y(), x.length, w.length);
            Expect.shape("dX", o.dx(), x.length, w[0].length);
            Expect.shape("dW", o.dw(), w.length, w[0].length);
            return o;
        }

        double seen(PassResult o, int n, int j) {
            int q = n % w[0].length;
            return o.y()[n][j] / (w[j][q] * x[n][q]);
        }

        /** Checks that the gradients match the masks that y shows. */
        void check(Implementation by, PassResult o) {
            double bound = 64 * by.unitRoundoff();
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[0].length; q++) {
                    double sum = 0;
                    double size = 0;
                    for (int n = q; n < x.length; n += w[0].length) {
                        double term = dy[n][j] * x[n][q] * seen(o, n, j);
                        sum += term;
                        size += Math.abs(term);
                    }
                    Expect.equal(
                            "dW" + BackpropLaws.at(j, q),
                            o.dw()[j][q],
                            sum,
                            bound * size,
                            () -> "Σₙ J·M with the M that the forward pass used, which y shows");
                }
            }
            for (int n = 0; n < x.length; n++) {
                int q = n % w[0].length;
                double sum = 0;
                double size = 0;
                for (int j = 0; j < w.length; j++) {
                    double term = w[j][q] * seen(o, n, j) * dy[n][j];
                    sum += term;
                    size += Math.abs(term);
                }
                Expect.equal(
                        "dX" + BackpropLaws.at(n, q),
                        o.dx()[n][q],
                        sum,
                        bound * size,
                        () -> "Σⱼ W·M·dy with the M that the forward pass used, which y shows");
            }
        }

        long dropped(PassResult o) {
            long count = 0;
            for (int n = 0; n < x.length; n++) {
                for (int j = 0; j < w.length; j++) {
                    count += o.y()[n][j] == 0 ? 1 : 0;
                }
            }
            return count;
        }

        String describe(PassResult o) {
            return "x  = " + Text.matrix(x) + "\nW  = " + Text.matrix(w) + "\nb  = 0\ny  = " + Text.matrix(o.y())
                    + "\ndy = " + Text.matrix(dy) + "\np  = " + Text.number(dropProbability);
        }
    }

    private static void onProbe(Probe probe, PassResult o, Runnable law) {
        try {
            law.run();
        } catch (Law.Broken broken) {
            throw new Law.Broken(broken.getMessage() + "\n" + probe.describe(o));
        }
    }

    /** A probe with 64 connections at p = ½; the probability that none is dropped is 2⁻⁶⁴. */
    private static Probe wide(Setting s) {
        return Probe.of(new Setting(1, s.in(), 64, 0.5, s.seed(), false, true));
    }

    private static void drops(Implementation by, Setting s) {
        Probe probe = wide(s);
        PassResult o = probe.step(probe.layer(by, s.seed()));
        onProbe(
                probe,
                o,
                () -> Expect.that(
                        probe.dropped(o) > 0,
                        () -> "none of 64 connections was dropped in training, at p = 0.5: y is W x + b"));
    }

    private static void backward(Implementation by, Setting s) {
        Probe probe = Probe.of(s);
        PassResult o = probe.step(probe.layer(by, s.seed()));
        onProbe(probe, o, () -> probe.check(by, o));
    }

    private static void inference(Implementation by, Setting s) {
        Case c = s.numbers(by);
        TrainingLayer layer = Objects.requireNonNull(by.layer())
                .create(Reference.copy(c.w()), c.b().clone(), s.dropProbability(), s.seed());
        for (String when : List.of("before training", "a second time", "after a training step")) {
            if (when.startsWith("after")) {
                layer.step(Reference.copy(c.x()), Reference.copy(c.dy()));
            }
            inference(by, s, c, layer, when);
        }
    }

    private static void inference(Implementation by, Setting s, Case c, TrainingLayer layer, String when) {
        double[][] y = layer.predict(Reference.copy(c.x()));
        Expect.shape("y in inference", y, c.examples(), c.out());
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                double sum = c.b()[j];
                double size = Math.abs(sum);
                for (int q = 0; q < c.in(); q++) {
                    sum += c.w()[j][q] * c.x()[n][q];
                    size += Math.abs(c.w()[j][q] * c.x()[n][q]);
                }
                Expect.equal(
                        "y" + BackpropLaws.at(n, j) + " in inference, " + when,
                        y[n][j],
                        sum,
                        s.exact() ? 0 : (c.in() + 5) * by.unitRoundoff() * size,
                        () -> "Σ_q W·x + b: nothing is dropped, nothing is scaled\nx  = " + Text.matrix(c.x())
                                + "\nW  = " + Text.matrix(c.w()) + "\nb  = " + Text.vector(c.b()));
            }
        }
    }

    /** True if the gradients match the masks; whether they always do is the subject of another law. */
    private static boolean fits(Probe probe, Implementation by, PassResult o) {
        try {
            probe.check(by, o);
            return true;
        } catch (Law.Broken broken) {
            return false;
        }
    }

    private static void alternation(Implementation by, Setting s) {
        Probe probe = wide(s);
        TrainingLayer layer = probe.layer(by, s.seed());
        boolean gradientsFit = fits(probe, by, probe.step(layer));
        double[][] before = layer.predict(Reference.copy(probe.x()));
        PassResult o;
        try {
            o = probe.step(layer);
        } catch (Law.Broken broken) {
            throw broken;
        } catch (RuntimeException e) {
            throw new Law.Broken("the training step after an inference failed: " + e);
        }
        onProbe(probe, o, () -> {
            Expect.that(
                    probe.dropped(o) > 0,
                    () -> "after an inference none of 64 connections was dropped in training, at p = 0.5");
            if (gradientsFit) {
                probe.check(by, o);
            }
        });
        Expect.same(
                "y in the second inference",
                layer.predict(Reference.copy(probe.x())),
                before,
                "the first inference gave the expected number; the step in between only returned gradients");
    }
}
