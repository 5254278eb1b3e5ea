// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.paper;

import io.github.masktape.cli.options.Converters;
import io.github.masktape.cli.settings.DropProbabilities;
import io.github.masktape.cli.settings.LayerSizes;
import io.github.masktape.cli.settings.NetSettings;
import io.github.masktape.cli.settings.NetSettings.Regularizer;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.tensor.Activation;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One network of the paper's experiment: inputs-width-width-classes, regularized in its two hidden layers.
 *
 * @param part the part of the experiment that it belongs to
 * @param dropProbability the drop probability of hidden weights or activations; 0 for {@link Arm#NO_DROP}
 * @param seed the seed of initial weights, shuffling and masks
 */
record PaperRun(Part part, Arm arm, Activation activation, int width, double dropProbability, long seed) {
    static final int BATCH_SIZE = 128;
    static final double LEARNING_RATE = 0.1;
    static final double MOMENTUM = 0.9;

    /** The kinds of regularization that the experiment compares. */
    enum Arm {
        DROPCONNECT("DropConnect"),
        PER_BATCH("Batch DropConnect"),
        FLIPOUT("Flipout DropConnect"),
        DROPOUT("Dropout"),
        NO_DROP("No-Drop");

        private final String title;

        Arm(String title) {
            this.title = title;
        }

        /** The name in tables and legends. */
        String title() {
            return title;
        }

        boolean isDropConnect() {
            return regularizer() == Regularizer.DROPCONNECT;
        }

        Regularizer regularizer() {
            return switch (this) {
                case DROPCONNECT, PER_BATCH, FLIPOUT -> Regularizer.DROPCONNECT;
                case DROPOUT -> Regularizer.DROPOUT;
                case NO_DROP -> Regularizer.NONE;
            };
        }

        MaskSharing masks() {
            return switch (this) {
                case PER_BATCH -> MaskSharing.PER_BATCH;
                case FLIPOUT -> MaskSharing.FLIPOUT;
                case DROPCONNECT, DROPOUT, NO_DROP -> MaskSharing.PER_EXAMPLE;
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static final class ArmWord extends Converters.EnumWord<Arm> {
            ArmWord() {
                super(Arm.values());
            }
        }
    }

    /** A table or a picture of the experiment, and its share of the budget among those asked for. */
    enum Part {
        RELU(50),
        TANH(15),
        SIGMOID(15),
        RATES(10),
        WIDTHS(10);

        private final int share;

        Part(int share) {
            this.share = share;
        }

        int share() {
            return share;
        }

        /** True if several seeds of each arm make a row of a table. */
        boolean isTable() {
            return this != RATES && this != WIDTHS;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static final class PartWord extends Converters.EnumWord<Part> {
            PartWord() {
                super(Part.values());
            }
        }
    }

    /** All runs of a part, grouped by seed, the longest first. */
    static List<PaperRun> of(Part part, int seeds) {
        List<PaperRun> runs = new ArrayList<>();
        switch (part) {
            case RELU, TANH, SIGMOID -> {
                Activation activation = Activation.valueOf(part.name());
                for (long seed = 1; seed <= seeds; seed++) {
                    for (Arm arm : Arm.values()) {
                        runs.add(new PaperRun(part, arm, activation, 800, arm == Arm.NO_DROP ? 0 : 0.5, seed));
                    }
                }
            }
            case RATES -> {
                for (Arm arm : List.of(Arm.DROPCONNECT, Arm.DROPOUT)) {
                    for (int tenths = 1; tenths <= 9; tenths++) {
                        runs.add(new PaperRun(part, arm, Activation.RELU, 400, tenths / 10.0, 1));
                    }
                }
                runs.add(new PaperRun(part, Arm.NO_DROP, Activation.RELU, 400, 0, 1));
            }
            case WIDTHS -> {
                for (int width : new int[] {1600, 800, 400, 200, 100}) {
                    for (Arm arm : List.of(Arm.DROPCONNECT, Arm.DROPOUT, Arm.NO_DROP)) {
                        runs.add(new PaperRun(part, arm, Activation.RELU, width, arm == Arm.NO_DROP ? 0 : 0.5, 1));
                    }
                }
            }
        }
        return runs;
    }

    /** The network before training. */
    Sequential network(int features, int classes) {
        LayerSizes hidden = new LayerSizes(List.of(width, width));
        DropProbabilities dropped = new DropProbabilities(List.of(dropProbability));
        return new NetSettings(hidden, arm.regularizer(), dropped, arm.masks(), false, activation)
                .network(features, classes, seed);
    }

    /**
     * The name of the run's files: {@code relu-dropconnect-1}, {@code rates-dropout-0.3}, {@code widths-no-drop-1600}.
     */
    String name() {
        String which = switch (part) {
            case RELU, TANH, SIGMOID -> "" + seed;
            case RATES -> Decimal.fixed(dropProbability, 1);
            case WIDTHS -> "" + width;
        };
        return part + "-" + arm + "-" + which;
    }

    /**
     * A schedule like the paper's 600-400-20: {@code a} epochs at the full rate, b each at half and a tenth of it, and
     * c each at four smaller rates.
     */
    record PaperSchedule(int a, int b, int c) {
        static final PaperSchedule OF_THE_PAPER = new PaperSchedule(600, 400, 20);
        static final PaperSchedule SHORTEST = new PaperSchedule(1, 1, 1);

        /** The paper's schedule, scaled to about this many epochs, but at least 7. */
        static PaperSchedule scaled(double epochs) {
            double scale = epochs / OF_THE_PAPER.epochs();
            int c = (int) Math.max(1, Math.rint(OF_THE_PAPER.c * scale));
            int b = (int) Math.max(1, Math.min(Math.rint(OF_THE_PAPER.b * scale), (epochs - 4.0 * c - 1) / 2));
            return new PaperSchedule((int) Math.max(1, Math.rint(epochs) - 2.0 * b - 4.0 * c), b, c);
        }

        int epochs() {
            return a + 2 * b + 4 * c;
        }

        LearningRate learningRate(long stepsPerEpoch) {
            return LearningRate.steps(LEARNING_RATE, stepsPerEpoch, a, b, c);
        }

        @Override
        public String toString() {
            return a + "-" + b + "-" + c;
        }

        /** Parses the form that {@link #toString} returns. */
        static PaperSchedule parse(String text) {
            if (!text.matches("[1-9]\\d{0,5}-[1-9]\\d{0,5}-[1-9]\\d{0,5}")) {
                throw Converters.refusal("a-b-c of three positive numbers", text);
            }
            String[] parts = text.split("-", -1);
            return new PaperSchedule(
                    Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        }
    }
}
