package io.github.masktape.cli.options;

import io.github.masktape.tensor.Decimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What the values of options may be. Conditions are written so that NaN fails. */
public final class Converters {
    private static final int MOST_THREADS = 256;
    private static final int LARGEST_LAYER = 32_768;

    private Converters() {}

    /** The message that follows the name of an option. */
    public static TypeConversionException refusal(String expected, String value) {
        return new TypeConversionException("expected " + expected + ", got \"" + value + "\"");
    }

    /** The word for an enum's constant on the command line. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int whole(String value, int most, String expected) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw refusal(expected, value);
    }

    private static double real(String value, DoublePredicate accepted, String expected) {
        try {
            double number = Double.parseDouble(value);
            if (accepted.test(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw refusal(expected, value);
    }

    public static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return whole(value, Integer.MAX_VALUE, "a whole number of at least 1");
        }
    }

    public static final class Threads implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            return whole(value, MOST_THREADS, "a whole number in 1…" + MOST_THREADS);
        }
    }

    public static final class Seed implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return Long.parseLong(value.strip());
            } catch (NumberFormatException e) {
                throw refusal("a whole number of 64 bits", value);
            }
        }
    }

    public static final class DropProbability implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return dropProbability(value);
        }
    }

    private static double dropProbability(String value) {
        return real(value, p -> p >= 0 && p < 1, "a number in [0, 1)");
    }

    /** Drop probabilities: one of all hidden layers, or one of each. */
    public record DropProbabilities(List<Double> values) {
        /** That of a hidden layer, counted from 0. */
        double ofLayer(int layer) {
            return values.get(values.size() == 1 ? 0 : layer);
        }

        @Override
        public String toString() {
            return values.stream().map(p -> Decimal.shortest(p, 10)).collect(Collectors.joining(","));
        }

        static final class Converter implements ITypeConverter<DropProbabilities> {
            @Override
            public DropProbabilities convert(String value) {
                return new DropProbabilities(Arrays.stream(value.split(",", -1))
                        .map(Converters::dropProbability)
                        .toList());
            }
        }
    }

    public static final class LearningRate implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, rate -> rate > 0 && rate <= Double.MAX_VALUE, "a positive number");
        }
    }

    public static final class Momentum implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, momentum -> momentum >= 0 && momentum < 1, "a number in [0, 1)");
        }
    }

    public static final class WeightDecay implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, decay -> decay >= 0 && decay <= Double.MAX_VALUE, "a number of at least 0");
        }
    }

    public static final class Seconds implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, seconds -> seconds >= 0, "a number of seconds of at least 0");
        }
    }

    public static final class Positive implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, number -> number > 0 && number <= Double.MAX_VALUE, "a positive number");
        }
    }

    /** The largest norm that gradients may have; infinite for no limit. */
    public record GradientNorm(double value) {
        static final GradientNorm ONE = new GradientNorm(1);
        private static final String UNLIMITED = "none";

        boolean isLimit() {
            return value < Double.POSITIVE_INFINITY;
        }

        @Override
        public String toString() {
            return isLimit() ? Decimal.shortest(value, 10) : UNLIMITED;
        }

        static final class Converter implements ITypeConverter<GradientNorm> {
            @Override
            public GradientNorm convert(String value) {
                return new GradientNorm(
                        value.equals(UNLIMITED)
                                ? Double.POSITIVE_INFINITY
                                : real(
                                        value,
                                        norm -> norm > 0 && norm <= Double.MAX_VALUE,
                                        "a positive number, or none"));
            }
        }
    }

    public static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, share -> share >= 0 && share < 1, "a number in [0, 1)");
        }
    }

    /** Some of the examples there are: a number of them from 1, or a share of less than 1. */
    public record Part(double value) {
        static final Part FIFTH = new Part(0.2);

        /** Of so many: at least one. */
        int of(int size) {
            return (int) (value >= 1 ? value : Math.max(1, Math.round(value * size)));
        }

        @Override
        public String toString() {
            return Decimal.shortest(value, 10);
        }

        static final class Converter implements ITypeConverter<Part> {
            private static final String EXPECTED = "a whole number of at least 1, or a share in (0, 1)";

            @Override
            public Part convert(String value) {
                double number = real(value, x -> x > 0 && x <= Integer.MAX_VALUE, EXPECTED);
                if (number >= 1 && number != Math.rint(number)) {
                    throw refusal(EXPECTED, value);
                }
                return new Part(number);
            }
        }
    }

    /** The sizes of hidden layers, first to last. */
    public record Sizes(List<Integer> values) {
        private static final String NO_LAYER = "none";

        @Override
        public String toString() {
            return values.isEmpty()
                    ? NO_LAYER
                    : values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        static final class Converter implements ITypeConverter<Sizes> {
            @Override
            public Sizes convert(String value) {
                if (value.equals(NO_LAYER)) {
                    return new Sizes(List.of());
                }
                String expected = "whole numbers in 1…" + LARGEST_LAYER + " separated by commas, or none";
                String[] parts = value.split(",", -1);
                try {
                    return new Sizes(Arrays.stream(parts)
                            .map(part -> whole(part, LARGEST_LAYER, expected))
                            .toList());
                } catch (TypeConversionException e) {
                    throw refusal(expected, value);
                }
            }
        }
    }

    /** One of a few words, each an enum constant's {@link #word}. */
    public abstract static class Word<E extends Enum<E>> implements ITypeConverter<E> {
        private final E[] words;

        public Word(E[] words) {
            this.words = words;
        }

        @Override
        public E convert(String value) {
            for (E word : words) {
                if (word(word).equals(value)) {
                    return word;
                }
            }
            throw refusal(
                    "one of " + Arrays.stream(words).map(Converters::word).collect(Collectors.joining(", ")), value);
        }
    }
}
