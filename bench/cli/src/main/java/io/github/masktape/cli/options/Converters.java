// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.cli.settings.DropProbabilities;
import io.github.masktape.cli.settings.Epochs;
import io.github.masktape.cli.settings.ExampleCount;
import io.github.masktape.cli.settings.GradientNorm;
import io.github.masktape.cli.settings.LayerSizes;
import io.github.masktape.cli.settings.Schedule;
import io.github.masktape.cli.settings.StepSettings.ClassWeights;
import io.github.masktape.cli.settings.Texts;
import io.github.masktape.cli.settings.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converters and checks of option values. Conditions are written so that NaN fails. */
public final class Converters {
    private static final int MOST_THREADS = 256;
    private static final int LARGEST_LAYER = 32_768;

    private Converters() {}

    /** The message that follows the name of an option. */
    public static TypeConversionException refusal(String expected, String value) {
        return new TypeConversionException("expected " + expected + ", got \"" + value + "\"");
    }

    private static int whole(String value, int most, String expected) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
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
            // Reported below.
        }
        throw refusal(expected, value);
    }

    public static final class Count implements ITypeConverter<Integer> {
        private static final String EXPECTED = "a whole number of at least 1";

        @Override
        public Integer convert(String value) {
            return whole(value, Integer.MAX_VALUE, EXPECTED);
        }
    }

    /** Converts a share between 0 and 1. */
    public static final class Level implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, level -> level > 0 && level < 1, "a number between 0 and 1, such as 0.9");
        }
    }

    /** Converts a number of epochs, or the last epochs of several cycles in ascending order. */
    static final class EpochCount implements ITypeConverter<Epochs> {
        @Override
        public Epochs convert(String value) {
            List<Integer> ends = new ArrayList<>();
            for (String part : value.split(",", -1)) {
                ends.add(whole(part, Integer.MAX_VALUE, Count.EXPECTED));
                int last = ends.size() - 1;
                if (last > 0 && ends.get(last) <= ends.get(last - 1)) {
                    throw refusal("ascending numbers", value);
                }
            }
            return new Epochs(ends);
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

    static final class DropProbabilityList implements ITypeConverter<DropProbabilities> {
        @Override
        public DropProbabilities convert(String value) {
            return new DropProbabilities(Arrays.stream(value.split(",", -1))
                    .map(Converters::dropProbability)
                    .toList());
        }
    }

    public static final class PositiveRate implements ITypeConverter<Double> {
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

    static final class Norm implements ITypeConverter<GradientNorm> {
        @Override
        public GradientNorm convert(String value) {
            return value.equals(GradientNorm.UNLIMITED.toString())
                    ? GradientNorm.UNLIMITED
                    : new GradientNorm(
                            real(value, norm -> norm > 0 && norm <= Double.MAX_VALUE, "a positive number, or none"));
        }
    }

    public static final class Share implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            return real(value, share -> share >= 0 && share < 1, "a number in [0, 1)");
        }
    }

    static final class Examples implements ITypeConverter<ExampleCount> {
        private static final String EXPECTED = "a whole number of at least 1, a share in (0, 1), or none";

        @Override
        public ExampleCount convert(String value) {
            if (value.equals(ExampleCount.NONE.toString())) {
                return ExampleCount.NONE;
            }
            double number = real(value, x -> x > 0 && x <= Integer.MAX_VALUE, EXPECTED);
            if (number >= 1 && number != Math.rint(number)) {
                throw refusal(EXPECTED, value);
            }
            return new ExampleCount(number);
        }
    }

    public static final class TextList implements ITypeConverter<Texts> {
        @Override
        public Texts convert(String value) {
            try {
                return Texts.of(value);
            } catch (IllegalArgumentException e) {
                throw refusal("texts separated by commas, in quotes if they hold some", value);
            }
        }
    }

    /** Converts weights of classes; the last = of a part separates the name, which may have others, from the weight. */
    static final class ClassWeighting implements ITypeConverter<ClassWeights> {
        private static final String EXPECTED = "balanced, none, or names with positive weights such as yes=5,no=1";

        @Override
        public ClassWeights convert(String value) {
            if (value.equals(ClassWeights.BALANCED.toString())) {
                return ClassWeights.BALANCED;
            }
            if (value.equals(ClassWeights.NONE.toString())) {
                return ClassWeights.NONE;
            }
            Map<String, Double> byName = new LinkedHashMap<>();
            for (String part : new TextList().convert(value).values()) {
                int equals = part.lastIndexOf('=');
                if (equals < 1) {
                    throw refusal(EXPECTED, value);
                }
                String name = part.substring(0, equals);
                double weight =
                        real(part.substring(equals + 1), number -> number > 0 && number <= Double.MAX_VALUE, EXPECTED);
                if (byName.put(name, weight) != null) {
                    throw refusal("one weight for each class", value);
                }
            }
            return new ClassWeights(false, byName);
        }
    }

    static final class Sizes implements ITypeConverter<LayerSizes> {
        @Override
        public LayerSizes convert(String value) {
            LayerSizes none = new LayerSizes(List.of());
            if (value.equals(none.toString())) {
                return none;
            }
            String expected = "whole numbers in 1…" + LARGEST_LAYER + " separated by commas, or none";
            try {
                return new LayerSizes(Arrays.stream(value.split(",", -1))
                        .map(part -> whole(part, LARGEST_LAYER, expected))
                        .toList());
            } catch (TypeConversionException e) {
                throw refusal(expected, value);
            }
        }
    }

    static final class Schedules implements ITypeConverter<Schedule> {
        @Override
        public Schedule convert(String value) {
            if (!Schedule.isSchedule(value)) {
                throw refusal("constant, cosine or a-b-c of three positive numbers", value);
            }
            return new Schedule(value);
        }
    }

    /** Converts the value of {@code --data}. */
    public static final class Source implements ITypeConverter<DataSource> {
        @Override
        public DataSource convert(String value) {
            if (value.isEmpty()) {
                throw refusal("a folder, a CSV file, digits, moons or spirals", value);
            }
            return new DataSource(SpooledInput.path(value));
        }
    }

    /** Converts one of a few words, each the {@link Word} of an enum constant. */
    public abstract static class EnumWord<E extends Enum<E>> implements ITypeConverter<E> {
        private final E[] words;

        protected EnumWord(E[] words) {
            this.words = words;
        }

        @Override
        public E convert(String value) {
            for (E word : words) {
                if (Word.of(word).equals(value)) {
                    return word;
                }
            }
            throw refusal("one of " + Arrays.stream(words).map(Word::of).collect(Collectors.joining(", ")), value);
        }
    }
}
