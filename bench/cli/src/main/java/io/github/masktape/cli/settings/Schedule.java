package io.github.masktape.cli.settings;

import io.github.masktape.optim.LearningRate;

/** The course of the learning rate, as the user gave it: {@code constant}, {@code cosine} or {@code a-b-c}. */
public record Schedule(String text) {
    private static final String STEPS = "[1-9]\\d{0,8}(-[1-9]\\d{0,8}){2}";

    LearningRate of(double rate, int epochs, long stepsPerEpoch) {
        return switch (text) {
            case "constant" -> LearningRate.constant(rate);
            case "cosine" -> LearningRate.cosine(rate, epochs * stepsPerEpoch);
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

    @Override
    public String toString() {
        return text;
    }

    /** True if the text is a schedule. */
    public static boolean isSchedule(String text) {
        return text.equals("constant") || text.equals("cosine") || text.matches(STEPS);
    }
}
