// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.optim.LearningRate;
import java.util.List;

/** The course of the learning rate, as the user gave it: {@code constant}, {@code cosine} or {@code a-b-c}. */
public record Schedule(String text) {
    /** Half a cosine in each cycle of epochs. */
    public static final Schedule COSINE = new Schedule("cosine");

    private static final String STEPS = "[1-9]\\d{0,8}(-[1-9]\\d{0,8}){2}";

    LearningRate of(double rate, Epochs epochs, long stepsPerEpoch) {
        return switch (text) {
            case "constant" -> LearningRate.constant(rate);
            case "cosine" -> cosines(rate, epochs.ends(), stepsPerEpoch);
            default -> {
                String[] abc = text.split("-", -1);
                yield LearningRate.steps(
                        rate,
                        stepsPerEpoch,
                        Integer.parseInt(abc[0]),
                        Integer.parseInt(abc[1]),
                        Integer.parseInt(abc[2]));
            }
        };
    }

    private static LearningRate cosines(double rate, List<Integer> ends, long stepsPerEpoch) {
        LearningRate all = LearningRate.cosine(rate, ends.get(0) * stepsPerEpoch);
        for (int i = 1; i < ends.size(); i++) {
            long begin = ends.get(i - 1) * stepsPerEpoch;
            LearningRate before = all;
            LearningRate cycle = LearningRate.cosine(rate, ends.get(i) * stepsPerEpoch - begin);
            all = step -> step < begin ? before.at(step) : cycle.at(step - begin);
        }
        return all;
    }

    @Override
    public String toString() {
        return text;
    }

    /** True if the text is a schedule. */
    public static boolean isSchedule(String text) {
        return text.equals("constant") || text.equals("cosine") || text.matches(STEPS);
    }
}
