// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.autograd.GradCheck;
import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.TextMatrix;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.tensor.Compute;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code masktape gradcheck}, which computes one gradient of a small DropConnect layer in four ways. */
@Command(
        name = "gradcheck",
        description = {
            "Shows how a small DropConnect layer computes the gradient of its weights, and checks it.",
            "",
            "The gradient is computed in four ways: by the law, Σₙ Jₙ ⊙ Mₙ; by the tape over the fused op for training; by"
                    + " the tape over elementary ops; by central differences of the loss f. The first three must agree"
                    + " bit for bit, the differences within 1e-7·max(1, |a|, |f|) of the gradient a. Large matrices are"
                    + " printed in part, but checked in full."
        },
        footer = {
            "",
            "Exit code: 0 if all agree; otherwise 1, with a message that names the element and both numbers.",
            "",
            "Examples:",
            "  java -jar masktape.jar gradcheck",
            "  java -jar masktape.jar gradcheck --examples 1 --in 4 --out 3",
            "  java -jar masktape.jar gradcheck --drop-probability 0.25 --seed 7"
        })
final class GradcheckCommand implements Runnable {
    private static final double STEP = 1e-6;
    private static final int SHOWN_EXAMPLES = 4;

    private final Function<DropConnect, Layer> subject;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--examples",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Examples in the batch (default: ${DEFAULT-VALUE}).")
    private int examples = 2;

    @Option(
            names = "--in",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Inputs of the layer (default: ${DEFAULT-VALUE}).")
    private int in = 3;

    @Option(
            names = "--out",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Outputs of the layer (default: ${DEFAULT-VALUE}).")
    private int out = 2;

    @Option(
            names = "--drop-probability",
            paramLabel = "P",
            converter = Converters.DropProbability.class,
            description = "Probability that a connection is dropped, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double dropProbability = 0.5;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Seed of the random numbers and masks (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** The command for the DropConnect layer in its fused form. */
    GradcheckCommand() {
        this(layer -> layer);
    }

    /**
     * A command that checks another implementation.
     *
     * @param subject makes the implementation to check in place of a layer, with the layer's parameters and masks
     */
    GradcheckCommand(Function<DropConnect, Layer> subject) {
        this.subject = subject;
    }

    @Override
    public void run() {
        Compute.description(); // Throws if its settings are wrong, before anything is printed.
        if ((double) examples * in * out > Integer.MAX_VALUE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--examples, --in, --out: expected a product of at most " + Integer.MAX_VALUE + ", got " + examples
                            + " × " + in + " × " + out);
        }
        new CheckRun(spec.commandLine().getOut()).run();
    }

    /**
     * The largest difference between two ways to compute ∂L/∂W, relative to the allowed one.
     *
     * @param allowed the allowed difference; 0 means bit for bit
     */
    private record Gap(String way, String other, int row, int column, double a, double b, double allowed) {
        static Gap widest(String way, Tensor a, String other, Tensor b, DoubleUnaryOperator allowed) {
            Gap widest = null;
            for (int j = 0; j < a.shape().dim(0); j++) {
                for (int q = 0; q < a.shape().dim(1); q++) {
                    double number = a.get(j, q);
                    Gap gap = new Gap(way, other, j, q, number, b.get(j, q), allowed.applyAsDouble(number));
                    widest = widest == null || gap.isWiderThan(widest) ? gap : widest;
                }
            }
            return Objects.requireNonNull(widest, "a tensor is never empty");
        }

        private boolean isWiderThan(Gap other) {
            return excess() > other.excess() || (excess() == other.excess() && size() > other.size());
        }

        double size() {
            return Math.abs(a - b);
        }

        /** The difference divided by the allowed one; the check fails above 1. */
        double excess() {
            double excess = Double.doubleToLongBits(a) == Double.doubleToLongBits(b) ? 0 : size() / allowed;
            return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
        }

        private String place() {
            return "W[" + row + ", " + column + "]";
        }

        /** Both numbers, with as many digits as it takes to distinguish them. */
        String disagreement() {
            int digits = 4;
            while (digits < 17 && Decimal.shortest(a, digits).equals(Decimal.shortest(b, digits))) {
                digits++;
            }
            return "∂L/∂" + place() + " is " + Decimal.shortest(a, digits) + " by " + way + ", "
                    + Decimal.shortest(b, digits) + " by " + other;
        }

        @Override
        public String toString() {
            return excess() == 0
                    ? "0, bit for bit"
                    : Decimal.scientific(size(), 1) + " at " + place() + ", allowed "
                            + (allowed == 0 ? "0" : Decimal.scientific(allowed, 1));
        }
    }

    /** The state of one run of the check. */
    private final class CheckRun {
        private final PrintWriter page;
        private final RandomStream random = new RandomStream(seed);
        private final Pass pass = Pass.training(seed, 0);
        private final Tensor x = numbers(examples, in);
        private final Tensor w = numbers(out, in);
        private final Tensor b = numbers(1, out).reshape(out);
        private final Tensor c = numbers(examples, out);

        CheckRun(PrintWriter page) {
            this.page = page;
        }

        void run() {
            DropConnect layer = DropConnect.of(w, b, dropProbability);
            setting();
            Tape composedTape = new Tape();
            DropConnect.Trace trace = layer.trace(composedTape.constant(x), pass);
            Gradients composed = composedTape.backward(trace.output(), c);
            Tensor sum = law(trace, composed);
            Tensor elementary = composed.of(layer.weight());
            Tensor fused = fused(layer);
            Tensor differences = centralDifferences();
            double f = loss(w);
            DoubleUnaryOperator tolerance = a -> 1e-7 * Math.max(1, Math.max(Math.abs(a), Math.abs(f)));
            section("the sum, and three other ways to ∂L/∂W");
            page.print(TextMatrix.sideBySide(List.of(
                    TextMatrix.of("Σₙ Jₙ ⊙ Mₙ", sum),
                    TextMatrix.of("tape, fused op", fused),
                    TextMatrix.of("tape, elementary ops", elementary),
                    TextMatrix.of("central differences", differences))));
            verdict(
                    List.of(
                            Gap.widest("the fused op", fused, "Σₙ Jₙ ⊙ Mₙ", sum, any -> 0),
                            Gap.widest("elementary ops", elementary, "Σₙ Jₙ ⊙ Mₙ", sum, any -> 0),
                            Gap.widest("the fused op", fused, "central differences", differences, tolerance)),
                    GradCheck.strict().check(subject.apply(layer), x, pass));
        }

        /**
         * Random numbers with one decimal, so that the output can be checked by hand; never 0, which would hide a
         * mistake.
         */
        private Tensor numbers(int rows, int columns) {
            double[] values = new double[rows * columns];
            for (int i = 0; i < values.length; i++) {
                while (values[i] == 0) {
                    values[i] = Math.rint(10 * random.nextGaussian()) / 10;
                }
            }
            return Tensor.of(values, rows, columns);
        }

        private void setting() {
            page.println("DropConnect " + in + "→" + out + " in FLOAT64, " + counted(examples, "example")
                    + ", drop probability p = " + Decimal.shortest(dropProbability, 10) + ", seed " + seed);
            page.println();
            page.println("  yₙ = (W ⊙ Mₙ) xₙ + b       Mₙ is 0 with probability p, else 1/(1 − p)");
            page.println("  L  = Σ C ⊙ Y               C is random; dY = ∂L/∂Y = C");
            page.println("  Jₙ = ∂L/∂(W ⊙ Mₙ) = dyₙ xₙᵀ");
            page.println("  ∂L/∂W = Σₙ Jₙ ⊙ Mₙ");
            page.println();
            page.print(TextMatrix.sideBySide(List.of(
                    TextMatrix.of("X", x), TextMatrix.of("W", w), TextMatrix.of("b", b), TextMatrix.of("dY = C", c))));
        }

        /** Computes Σₙ Jₙ ⊙ Mₙ from the gradients at the masked weights, and prints each term. */
        private Tensor law(DropConnect.Trace trace, Gradients gradients) {
            Tensor sum = Tensor.zeros(DType.FLOAT64, out, in);
            for (int n = 0; n < examples; n++) {
                Mask mask = trace.mask().example(n);
                Tensor j = gradients.of(trace.maskedWeights().get(n));
                Tensor share = j.mask(mask);
                sum = sum.add(share);
                if (n < SHOWN_EXAMPLES) {
                    String index = subscript(n);
                    section("example " + n);
                    page.print(TextMatrix.sideBySide(List.of(
                            TextMatrix.of(
                                    "M" + index, mask.toTensor(DType.FLOAT64).reshape(out, in)),
                            TextMatrix.of("J" + index, j),
                            TextMatrix.of("J" + index + " ⊙ M" + index, share))));
                }
            }
            if (examples > SHOWN_EXAMPLES) {
                section(counted(examples - SHOWN_EXAMPLES, "more example") + ", checked but not shown");
            }
            return sum;
        }

        private Tensor fused(DropConnect layer) {
            Tape tape = new Tape();
            Variable y = subject.apply(layer).forward(tape.constant(x), pass);
            return tape.backward(y, c).of(layer.weight());
        }

        private Tensor centralDifferences() {
            double[] values = w.toDoubleArray();
            double[] slopes = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                double value = values[i];
                values[i] = value + STEP;
                double above = loss(Tensor.of(values, out, in));
                double width = values[i];
                values[i] = value - STEP;
                double below = loss(Tensor.of(values, out, in));
                slopes[i] = (above - below) / (width - values[i]);
                values[i] = value;
            }
            return Tensor.of(slopes, out, in);
        }

        private double loss(Tensor weight) {
            Layer layer = subject.apply(DropConnect.of(weight, b, dropProbability));
            return c.dot(layer.forward(Tape.inference().constant(x), pass).value());
        }

        private void verdict(List<Gap> gaps, GradCheck.Report report) {
            section("largest differences");
            row("fused op − sum", gaps.get(0).toString());
            row("elementary ops − sum", gaps.get(1).toString());
            row("fused op − central", gaps.get(2) + ", step " + Decimal.scientific(STEP, 0));
            section("the whole layer by GradCheck.strict(): X, W and b, under another random C");
            page.println(wrapped(report.toString()));
            page.println();
            String wrong = gaps.stream()
                    .filter(gap -> gap.excess() > 1)
                    .map(Gap::disagreement)
                    .findFirst()
                    .orElse(report.passed() ? null : wrong(report));
            if (wrong != null) {
                page.println("they disagree: " + wrong);
                throw new Failure("gradcheck: " + wrong);
            }
            page.println("all agree: " + out * in + (out * in == 1 ? " entry" : " entries")
                    + " bit for bit, central differences within "
                    + Decimal.scientific(gaps.get(2).size(), 1));
        }

        private void row(String name, String text) {
            page.println("  " + name + " ".repeat(23 - name.length()) + text);
        }

        private void section(String title) {
            page.println();
            page.println(title);
        }
    }

    private static String wrong(GradCheck.Report report) {
        if (report.failures() == 0 && !report.untested().isEmpty()) {
            return report.untested().get(0).toString();
        }
        GradCheck.Coordinate worst = report.worst();
        return worst == null
                ? "the layer is not deterministic"
                : "the gradient at " + worst.input() + worst.place() + " is " + Decimal.shortest(worst.analytic(), 8)
                        + " by the tape, " + Decimal.shortest(worst.numeric(), 8) + " by central differences";
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String subscript(int n) {
        StringBuilder text = new StringBuilder();
        for (char digit : Integer.toString(n).toCharArray()) {
            text.append((char) (digit - '0' + '₀'));
        }
        return text.toString();
    }

    /** Breaks lines that are too long after commas. */
    private static String wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            String rest = "  " + line;
            while (rest.length() > TextMatrix.COLUMNS && rest.lastIndexOf(", ", TextMatrix.COLUMNS - 1) > 0) {
                int end = rest.lastIndexOf(", ", TextMatrix.COLUMNS - 1) + 1;
                lines.append(rest, 0, end).append('\n');
                rest = "     " + rest.substring(end);
            }
            lines.append(rest).append('\n');
        }
        return lines.toString().stripTrailing();
    }
}
