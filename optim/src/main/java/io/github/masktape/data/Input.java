package io.github.masktape.data;

/**
 * An input of a network, made of one feature of a table.
 *
 * @param name the name of the feature, and of the category: {@code age}, {@code age missing}, {@code sex=male}
 * @param feature the index of the feature, from 0
 * @param use the meaning of the input
 * @param mean the mean that is subtracted from a number
 * @param deviation the deviation that the rest is divided by; 0 if the input is always 0
 * @param fill the number in place of a missing one
 * @param category the index of the category, from 0
 */
public record Input(String name, int feature, Use use, double mean, double deviation, double fill, int category) {
    /** The meaning of an input. */
    public enum Use {
        /** The standardized number. */
        NUMBER,
        /** 1 if the number is missing. */
        MISSING,
        /** 1 if the feature is the category. */
        CATEGORY,
        /** 1 if the category is missing, or none of those in training. */
        NO_CATEGORY
    }

    static Input number(String name, int feature, double mean, double deviation, double fill) {
        return new Input(name, feature, Use.NUMBER, mean, deviation, fill, 0);
    }

    static Input missing(String name, int feature) {
        return new Input(name, feature, Use.MISSING, 0, 1, 0, 0);
    }

    static Input category(String name, int feature, int category) {
        return new Input(name, feature, Use.CATEGORY, 0, 1, 0, category);
    }

    static Input noCategory(String name, int feature) {
        return new Input(name, feature, Use.NO_CATEGORY, 0, 1, 0, 0);
    }

    /** The input for a feature, which is NaN if it is missing. */
    public double value(double x) {
        return switch (use) {
            case NUMBER -> deviation == 0 ? 0 : ((Double.isNaN(x) ? fill : x) - mean) / deviation;
            case MISSING, NO_CATEGORY -> Double.isNaN(x) ? 1 : 0;
            case CATEGORY -> x == category ? 1 : 0;
        };
    }
}
