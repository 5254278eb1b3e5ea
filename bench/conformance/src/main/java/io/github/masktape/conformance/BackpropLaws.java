// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import static io.github.masktape.conformance.Law.Subject.BACKPROP;

import io.github.masktape.conformance.text.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/** The laws of a training pass under given masks. */
final class BackpropLaws {
    static final List<Law> ALL = List.of(
            new Law(
                    "axesOfSizeOneAreKept",
                    BACKPROP,
                    "y is N×out, dX N×in, dW out×in, db out, even where one of these is 1",
                    BackpropLaws::shapes),
            new Law("eachExampleSeesTheWeightsThroughItsMask", BACKPROP, "yₙ = (W ⊙ Mₙ) xₙ + b", BackpropLaws::forward),
            new Law(
                    "theScaleIsAppliedOnce",
                    BACKPROP,
                    "one example, one connection, kept, b = 0: y = x·W/(1 − p)",
                    BackpropLaws::scaleOnce),
            new Law(
                    "theGradientOfWIsTheSumOfJMaskedByM",
                    BACKPROP,
                    "∂L/∂W = Σₙ Jₙ ⊙ Mₙ, Jₙ = dyₙ xₙᵀ",
                    BackpropLaws::weightGradient),
            new Law(
                    "forOneExampleTheGradientOfWIsJMaskedByM",
                    BACKPROP,
                    "N = 1: ∂L/∂W = J ⊙ M",
                    (i, s) -> weightGradient(i, s.withExamples(1))),
            new Law(
                    "droppedWeightsReceiveExactlyZeroGradient",
                    BACKPROP,
                    "M[n][j][q] = 0 for all n: ∂L/∂W[j][q] = 0, so a step does not move it",
                    BackpropLaws::droppedGradient),
            new Law(
                    "keptWeightsReceiveTheirGradientTimesTheScale",
                    BACKPROP,
                    "N = 1, M[j][q] ≠ 0: ∂L/∂W[j][q] = J[j][q]/(1 − p)",
                    BackpropLaws::keptGradient),
            new Law(
                    "theGradientReachesTheRawWeight",
                    BACKPROP,
                    "∂L/∂W ≠ 0 where a connection is kept and J is not 0",
                    BackpropLaws::reachesWeight),
            new Law(
                    "theGradientOfXPassesThroughTheMaskedWeights",
                    BACKPROP,
                    "∂L/∂xₙ = (W ⊙ Mₙ)ᵀ dyₙ",
                    BackpropLaws::inputGradient),
            new Law(
                    "theGradientOfBIsTheSumOverExamples",
                    BACKPROP,
                    "∂L/∂b = Σₙ dyₙ (masked biases: Σₙ dyₙ ⊙ mₙ)",
                    BackpropLaws::biasGradient),
            new Law(
                    "everyGradientAgreesWithDifferencesOfTheOutputs",
                    BACKPROP,
                    "∂L/∂v = (L(v + h) − L(v − h))/2h exactly, as L = Σ dy ⊙ y is linear in v",
                    BackpropLaws::differences),
            new Law(
                            "withNothingDroppedItIsLinear",
                            BACKPROP,
                            "p = 0: y = x Wᵀ + b, ∂L/∂W = dyᵀ x, ∂L/∂x = dy W",
                            BackpropLaws::linear)
                    .unless(Claim.DROPS_HALF),
            new Law(
                    "anExampleDoesNotDependOnTheOthers",
                    BACKPROP,
                    "yₙ and ∂L/∂xₙ are the same if the example is alone in its batch",
                    BackpropLaws::examplesAlone),
            new Law(
                    "whatIsGivenIsNotChanged",
                    BACKPROP,
                    "x, W, b, M and dy are the same after a pass as before",
                    BackpropLaws::unchanged),
            new Law(
                    "theSameCaseGivesTheSameResult",
                    BACKPROP,
                    "two passes of one case: equal y, dX, dW, db",
                    BackpropLaws::repeatable),
            new Law(
                    "whatIsDroppedLeavesNoTraceEvenIfInfinite",
                    BACKPROP,
                    "M = 0: W·M = +0.0 and J·M = +0.0, also of ∞ and −x",
                    Claim.SELECTS,
                    BackpropLaws::selects));

    private BackpropLaws() {}

    private static PassResult run(Implementation by, Case c) {
        PassResult o = Objects.requireNonNull(by.backprop()).run(c.copy());
        Expect.shape("y", o.y(), c.examples(), c.out());
        Expect.shape("dX", o.dx(), c.examples(), c.in());
        Expect.shape("dW", o.dw(), c.out(), c.in());
        Expect.shape("db", new double[][] {o.db()}, 1, c.out());
        return o;
    }

    /** Checks a law on a case; the message of a broken law includes the case. */
    private static void on(Case c, Runnable law) {
        try {
            law.run();
        } catch (Law.Broken broken) {
            throw new Law.Broken(broken.getMessage() + "\n" + c);
        }
    }

    private static void shapes(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> run(by, c));
    }

    private static void forward(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> forward(by, s, c, run(by, c)));
    }

    private static void forward(Implementation by, Setting s, Case c, PassResult o) {
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                int row = n;
                int output = j;
                Expect.sum(
                        "y" + at(n, j),
                        o.y()[n][j],
                        Reference.y(c, n, j),
                        s.exact(),
                        by,
                        () -> "Σ_q W" + at(output, "q") + "·M" + at(row, output, "q") + "·x" + at(row, "q") + " + b["
                                + output + "]"
                                + spell(
                                        c.in(),
                                        q -> product(c.w()[output][q], c.mask(row, output, q), c.x()[row][q]),
                                        c.b()[output] * c.biasMask(row, output)));
            }
        }
    }

    private static void scaleOnce(Implementation by, Setting s) {
        double scale = 1 / (1 - s.dropProbability());
        double w = 3;
        Case c = new Case(
                new double[][] {{2}},
                new double[][] {{w}},
                new double[] {0},
                new double[][][] {{{scale}}},
                by.claims(Claim.MASKED_BIAS) ? new double[][] {{scale}} : null,
                new double[][] {{1}},
                s.dropProbability());
        on(
                c,
                () -> Expect.equal(
                        "y",
                        run(by, c).y()[0][0],
                        2 * w * scale,
                        s.exact() ? 0 : 8 * by.unitRoundoff() * 2 * w * scale,
                        () -> "x·W·M = 2·3·" + Text.number(scale) + ", where M = 1/(1 − p) holds the only scale"));
    }

    private static void weightGradient(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> weightGradient(by, s, c, run(by, c)));
    }

    private static void weightGradient(Implementation by, Setting s, Case c, PassResult o) {
        for (int j = 0; j < c.out(); j++) {
            for (int q = 0; q < c.in(); q++) {
                int output = j;
                int input = q;
                Expect.sum(
                        "dW" + at(j, q),
                        o.dw()[j][q],
                        Reference.dw(c, j, q),
                        s.exact(),
                        by,
                        () -> "Σₙ dy"
                                + at("n", output) + "·x" + at("n", input) + "·M" + at("n", output, input)
                                + spell(
                                        c.examples(),
                                        n -> product(c.dy()[n][output], c.x()[n][input], c.mask(n, output, input)),
                                        0));
            }
        }
    }

    private static void droppedGradient(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> {
            PassResult o = run(by, c);
            for (int j = 0; j < c.out(); j++) {
                for (int q = 0; q < c.in(); q++) {
                    if (Reference.isDroppedByAll(c, j, q)) {
                        Expect.equal(
                                "dW" + at(j, q),
                                o.dw()[j][q],
                                0,
                                0,
                                () ->
                                        "every example dropped the connection, so the loss does not depend on it; J alone is not the gradient, J ⊙ M is");
                    }
                }
            }
        });
    }

    private static void keptGradient(Implementation by, Setting s) {
        Case c = s.withExamples(1).numbers(by);
        on(c, () -> {
            PassResult o = run(by, c);
            for (int j = 0; j < c.out(); j++) {
                for (int q = 0; q < c.in(); q++) {
                    double jacobian = c.dy()[0][j] * c.x()[0][q];
                    double expected = jacobian * c.scale();
                    if (c.mask(0, j, q) != 0) {
                        Expect.equal(
                                "dW" + at(j, q),
                                o.dw()[j][q],
                                expected,
                                s.exact() ? 0 : 8 * by.unitRoundoff() * Math.abs(expected),
                                () -> "J = dy·x = " + Text.number(jacobian)
                                        + ", and the scale of the forward pass belongs to the backward pass too: J·M = "
                                        + Text.number(jacobian) + "·" + Text.number(c.scale()));
                    }
                }
            }
        });
    }

    private static void reachesWeight(Implementation by, Setting s) {
        Case c = s.withExamples(1).numbers(by);
        on(c, () -> {
            PassResult o = run(by, c);
            for (int j = 0; j < c.out(); j++) {
                for (int q = 0; q < c.in(); q++) {
                    double share = c.dy()[0][j] * c.x()[0][q] * c.mask(0, j, q);
                    String name = "dW" + at(j, q);
                    if (share != 0) {
                        Expect.that(
                                o.dw()[j][q] != 0,
                                () -> name
                                        + " is 0, but the connection is kept: the loss depends on the raw weight through the"
                                        + " masked one, and its gradient is J·M = " + Text.number(share));
                    }
                }
            }
        });
    }

    private static void inputGradient(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> inputGradient(by, s, c, run(by, c)));
    }

    private static void inputGradient(Implementation by, Setting s, Case c, PassResult o) {
        for (int n = 0; n < c.examples(); n++) {
            for (int q = 0; q < c.in(); q++) {
                int row = n;
                int input = q;
                Expect.sum(
                        "dX" + at(n, q),
                        o.dx()[n][q],
                        Reference.dx(c, n, q),
                        s.exact(),
                        by,
                        () -> "Σⱼ W"
                                + at("j", input) + "·M" + at(row, "j", input) + "·dy" + at(row, "j")
                                + spell(
                                        c.out(),
                                        j -> product(c.w()[j][input], c.mask(row, j, input), c.dy()[row][j]),
                                        0));
            }
        }
    }

    private static void biasGradient(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> biasGradient(by, s, c, run(by, c)));
    }

    private static void biasGradient(Implementation by, Setting s, Case c, PassResult o) {
        for (int j = 0; j < c.out(); j++) {
            int output = j;
            Expect.sum(
                    "db[" + j + "]",
                    o.db()[j],
                    Reference.db(c, j),
                    s.exact(),
                    by,
                    () -> "Σₙ dy" + at("n", output)
                            + (by.claims(Claim.MASKED_BIAS) ? "·m" + at("n", output) : "")
                            + spell(
                                    c.examples(),
                                    n -> by.claims(Claim.MASKED_BIAS)
                                            ? product(c.dy()[n][output], c.biasMask(n, output))
                                            : Text.number(c.dy()[n][output]),
                                    0));
        }
    }

    /**
     * Compares gradients with central differences. L = Σ dy ⊙ y is linear in each number, so a difference with h = 1
     * has no error but rounding.
     */
    private static void differences(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> {
            PassResult o = run(by, c);
            double bound = s.exact() ? 0 : 8 * by.unitRoundoff() * lossSize(c) * (c.in() + c.examples() * c.out() + 4);
            // Sizes around a machine word would need thousands of passes per try.
            int most = 5;
            for (int n = 0; n < c.examples() && n < most; n++) {
                for (int q = 0; q < c.in() && q < most; q++) {
                    int row = n;
                    int column = q;
                    difference("dX" + at(n, q), o.dx()[n][q], bound, h -> {
                        double[][] x = Reference.copy(c.x());
                        x[row][column] += h;
                        return loss(by, c.withX(x));
                    });
                }
            }
            for (int j = 0; j < c.out() && j < most; j++) {
                for (int q = 0; q < c.in() && q < most; q++) {
                    int row = j;
                    int column = q;
                    difference("dW" + at(j, q), o.dw()[j][q], bound, h -> {
                        double[][] w = Reference.copy(c.w());
                        w[row][column] += h;
                        return loss(by, c.withW(w));
                    });
                }
                int output = j;
                difference("db[" + j + "]", o.db()[j], bound, h -> {
                    double[] b = c.b().clone();
                    b[output] += h;
                    return loss(by, c.withB(b));
                });
            }
        });
    }

    private static void difference(String what, double gradient, double bound, DoubleUnaryOperator loss) {
        double up = loss.applyAsDouble(1);
        double down = loss.applyAsDouble(-1);
        Expect.equal(
                what,
                gradient,
                (up - down) / 2,
                bound,
                () -> "with 1 more the loss Σ dy ⊙ y is " + Text.number(up) + ", with 1 less " + Text.number(down)
                        + ", and the gradient is half the difference");
    }

    private static double loss(Implementation by, Case c) {
        double[][] y = Objects.requireNonNull(by.backprop()).run(c.copy()).y();
        double loss = 0;
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                loss += c.dy()[n][j] * y[n][j];
            }
        }
        return loss;
    }

    /** A bound of the sum of the absolute terms of L while one number is larger by 1. */
    private static double lossSize(Case c) {
        double size = 0;
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                double dy = Math.abs(c.dy()[n][j]);
                size += dy * c.scale() * (Math.abs(c.b()[j]) + 1);
                for (int q = 0; q < c.in(); q++) {
                    size += dy * c.scale() * (Math.abs(c.w()[j][q]) + 1) * (Math.abs(c.x()[n][q]) + 1);
                }
            }
        }
        return size;
    }

    private static void linear(Implementation by, Setting s) {
        Setting none = s.withDropProbability(0);
        Case c = none.numbers(by);
        on(c, () -> {
            PassResult o = run(by, c);
            forward(by, none, c, o);
            weightGradient(by, none, c, o);
            inputGradient(by, none, c, o);
            biasGradient(by, none, c, o);
        });
    }

    private static void examplesAlone(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> {
            PassResult all = run(by, c);
            for (int n = 0; n < c.examples(); n++) {
                PassResult alone = run(by, c.example(n));
                for (int j = 0; j < c.out(); j++) {
                    double bound = s.exact() ? 0 : 2 * Reference.y(c, n, j).bound(by.unitRoundoff());
                    Expect.equal(
                            "y" + at(n, j),
                            all.y()[n][j],
                            alone.y()[0][j],
                            bound,
                            () -> "the example alone in its batch gives the expected number");
                }
                for (int q = 0; q < c.in(); q++) {
                    double bound = s.exact() ? 0 : 2 * Reference.dx(c, n, q).bound(by.unitRoundoff());
                    Expect.equal(
                            "dX" + at(n, q),
                            all.dx()[n][q],
                            alone.dx()[0][q],
                            bound,
                            () -> "the example alone in its batch gives the expected number");
                }
            }
        });
    }

    private static void unchanged(Implementation by, Setting s) {
        Case c = s.numbers(by);
        Case given = c.copy();
        Objects.requireNonNull(by.backprop()).run(given);
        String why = "the pass changed it; masking in place loses the dropped weights";
        on(c, () -> {
            Expect.same("x", given.x(), c.x(), why);
            Expect.same("W", given.w(), c.w(), why);
            Expect.same("b", new double[][] {given.b()}, new double[][] {c.b()}, why);
            Expect.same("dy", given.dy(), c.dy(), why);
            for (int n = 0; n < c.mask().length; n++) {
                Expect.same("M[" + n + "]", given.mask()[n], c.mask()[n], why);
            }
        });
    }

    private static void repeatable(Implementation by, Setting s) {
        Case c = s.numbers(by);
        on(c, () -> {
            PassResult once = run(by, c);
            PassResult again = run(by, c);
            String why = "a first pass with the same numbers and masks gave the expected number";
            Expect.same("y", again.y(), once.y(), why);
            Expect.same("dX", again.dx(), once.dx(), why);
            Expect.same("dW", again.dw(), once.dw(), why);
            Expect.same("db", new double[][] {again.db()}, new double[][] {once.db()}, why);
        });
    }

    /** Makes weights that all examples drop infinite, and then J infinite where an example drops a connection. */
    private static void selects(Implementation by, Setting s) {
        Case c = s.numbers(by);
        double[][] w = Reference.copy(c.w());
        double[][] dy = Reference.copy(c.dy());
        for (int j = 0; j < c.out(); j++) {
            for (int q = 0; q < c.in(); q++) {
                if (Reference.isDroppedByAll(c, j, q)) {
                    w[j][q] = (j + q) % 2 == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
                }
            }
        }
        Case infinite = c.withW(w);
        on(infinite, () -> {
            PassResult o = run(by, infinite);
            forward(by, s, c, o);
            inputGradient(by, s, c, o);
            weightGradient(by, s, c, o);
            positiveZeros(c, o);
        });
        for (double[] row : dy) {
            row[0] = Double.NEGATIVE_INFINITY;
        }
        Case steep = c.withDy(dy);
        on(steep, () -> positiveZeros(c, run(by, steep)));
    }

    private static void positiveZeros(Case c, PassResult o) {
        for (int j = 0; j < c.out(); j++) {
            for (int q = 0; q < c.in(); q++) {
                if (Reference.isDroppedByAll(c, j, q)) {
                    String name = "dW" + at(j, q);
                    double actual = o.dw()[j][q];
                    Expect.that(
                            Double.doubleToRawLongBits(actual) == 0,
                            () -> name + " should be +0.0, as every example dropped the connection, got "
                                    + Text.number(actual) + ": select, do not multiply by 0");
                }
            }
        }
    }

    // ---- messages ----

    static String at(Object... indices) {
        StringBuilder text = new StringBuilder();
        for (Object index : indices) {
            text.append('[').append(index).append(']');
        }
        return text.toString();
    }

    private static String product(double... factors) {
        StringJoiner text = new StringJoiner("·");
        for (double factor : factors) {
            text.add(factor < 0 ? "(" + Text.number(factor) + ")" : Text.number(factor));
        }
        return text.toString();
    }

    /** A sum written out if it has few terms. */
    private static String spell(int terms, IntFunction<String> term, double last) {
        if (terms > 4) {
            return "";
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < terms; i++) {
            all.add(term.apply(i));
        }
        if (last != 0) {
            all.add(Text.number(last));
        }
        return " = " + String.join(" + ", all);
    }
}
