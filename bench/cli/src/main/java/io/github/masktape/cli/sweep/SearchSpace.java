// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.cli.options.SettingsText;
import io.github.masktape.cli.settings.NetSettings.Regularizer;
import io.github.masktape.cli.settings.OptimizerKind;
import io.github.masktape.cli.settings.RunSettings;
import io.github.masktape.cli.settings.TrainerSettings;
import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.layers.MaskSharing;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.PicocliException;

/**
 * The settings that a search may choose: for some options of {@code train}, a list of values or a range. Its text has a
 * line for each option:
 *
 * <pre>
 *   --hidden            32 | 64,64 | none       values, with | between
 *   --drop-probability  0 .. 0.5                a range, drawn uniformly
 *   --learning-rate     0.0005 .. 0.02 log      a range, its logarithm drawn uniformly
 *   --batch-size        16 .. 256 log           whole numbers, since the ends are
 * </pre>
 *
 * Numbers are drawn with two significant digits. Blank lines and those that begin with # are comments.
 */
public final class SearchSpace {
    private static final Pattern LINE = Pattern.compile("(--[a-z-]+)\\s+(\\S.*)");
    private static final Pattern RANGE = Pattern.compile("(\\S+)\\s*\\.\\.\\s*(\\S+?)(\\s+log)?");
    private static final int DIGITS = 2;

    /** The options that follow from others. */
    private static final Set<String> FIXED = Set.of("--patience");

    private final Map<String, OptionValues> options;

    /** The values of an option. */
    private sealed interface OptionValues {
        /** The value at a place in [0, 1). */
        String at(double place);

        /** Some values, among them the largest and the smallest. */
        List<String> ends();
    }

    private record Choices(List<String> values) implements OptionValues {
        @Override
        public String at(double place) {
            return values.get((int) (place * values.size()));
        }

        @Override
        public List<String> ends() {
            return values;
        }

        @Override
        public String toString() {
            return String.join(" | ", values);
        }
    }

    private record NumberRange(String from, String to, boolean isLogarithmic) implements OptionValues {
        @Override
        public String at(double place) {
            double low = Double.parseDouble(from);
            double high = Double.parseDouble(to);
            // The same bits on any machine.
            double value = isLogarithmic
                    ? StrictMath.exp(StrictMath.log(low) + place * (StrictMath.log(high) - StrictMath.log(low)))
                    : low + place * (high - low);
            boolean isWhole = (from + to).matches("\\d+");
            return isWhole ? Long.toString(Math.round(value)) : Decimal.shortest(value, DIGITS);
        }

        @Override
        public List<String> ends() {
            return List.of(from, to);
        }

        @Override
        public String toString() {
            return from + " .. " + to + (isLogarithmic ? " log" : "");
        }
    }

    private SearchSpace(Map<String, OptionValues> options) {
        this.options = options;
    }

    /**
     * The space that lines describe.
     *
     * @param source the name of the lines' file, for messages
     * @param base the settings of the options that are not in it
     * @throws Failure if a line is wrong, or a value of an option
     */
    public static SearchSpace of(List<String> lines, String source, RunSettings base) {
        Map<String, OptionValues> options = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String place = source + ", line " + (i + 1) + ": ";
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new Failure(
                        place + "expected an option and its values, such as --hidden 32 | 64,64, got " + line);
            }
            String option = matcher.group(1);
            if (!searchable(base).contains(option)) {
                throw new Failure(place + "expected one of the options " + String.join(" ", searchable(base)) + ", got "
                        + option);
            }
            if (options.put(option, values(matcher.group(2), place + option)) != null) {
                throw new Failure(place + "expected " + option + " once");
            }
        }
        SearchSpace space = new SearchSpace(options);
        options.forEach((option, values) -> values.ends().forEach(value -> {
            try {
                RunSettings unused = space.apply(base, Map.of(option, value));
            } catch (Failure e) {
                throw new Failure(source + ": " + option + " " + value + ": " + e.getMessage());
            }
        }));
        return space;
    }

    /** The names of the options that a space may have. */
    private static List<String> searchable(RunSettings base) {
        List<String> names = new ArrayList<>(SettingsText.values(base).keySet());
        names.subList(0, names.indexOf("--hidden")).clear();
        names.removeAll(FIXED);
        for (String name : List.of("--momentum", "--class-weights")) {
            if (!names.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static OptionValues values(String text, String place) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            List<String> values =
                    Arrays.stream(text.split("\\|", -1)).map(String::strip).toList();
            if (values.contains("")) {
                throw new Failure(place + ": expected values with | between, got " + text);
            }
            return new Choices(values);
        }
        NumberRange range = new NumberRange(matcher.group(1), matcher.group(2), matcher.group(3) != null);
        try {
            double from = Double.parseDouble(range.from);
            double to = Double.parseDouble(range.to);
            if (from < to && to <= Double.MAX_VALUE && (from > 0 || !range.isLogarithmic)) {
                return range;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new Failure(place + ": expected a range of two ascending numbers"
                + (range.isLogarithmic ? " above 0" : "") + ", got " + text);
    }

    /** The space around the settings that {@code train} would use. */
    public static SearchSpace around(RunSettings base) {
        boolean isTable = base.data().isTable();
        TrainerSettings training = base.training();
        Map<String, OptionValues> options = new LinkedHashMap<>();
        if (base.net().dropProbabilities().values().size() == 1) {
            options.put(
                    "--hidden",
                    new Choices(
                            isTable
                                    ? List.of("32", "64", "128", "32,32", "64,64", "128,128")
                                    : List.of("128", "256", "512", "128,128", "256,256")));
        }
        options.put("--regularizer", new Choices(List.of("none", "dropout", "dropconnect")));
        options.put(
                "--drop-probability",
                isTable ? new NumberRange("0.01", "0.5", true) : new NumberRange("0.1", "0.6", false));
        options.put("--activation", new Choices(List.of("relu", "tanh")));
        options.put("--epochs", factors(training.epochs().total()));
        options.put("--learning-rate", logarithmic(training.learningRate(), 6, 4));
        options.put("--batch-size", factors(training.steps().batchSize()));
        if (training.steps().weightDecay() > 0) {
            options.put("--weight-decay", logarithmic(training.steps().weightDecay(), 10, 4));
        }
        return new SearchSpace(options);
    }

    private static Choices factors(int usual) {
        return new Choices(Stream.of(Math.max(1, usual / 2), usual, 2 * usual)
                .map(String::valueOf)
                .distinct()
                .toList());
    }

    private static NumberRange logarithmic(double usual, double down, double up) {
        return new NumberRange(Decimal.shortest(usual / down, DIGITS), Decimal.shortest(usual * up, DIGITS), true);
    }

    /** This space without some options. */
    public SearchSpace without(Predicate<String> option) {
        Map<String, OptionValues> rest = new LinkedHashMap<>(options);
        rest.keySet().removeIf(option);
        return new SearchSpace(rest);
    }

    /** The names of the options. */
    public List<String> names() {
        return List.copyOf(options.keySet());
    }

    /**
     * The values of a draw, without those of options that the other ones make meaningless.
     *
     * <pre>
     *   option i of draw n is at the place u = RandomStream(derive(derive(derive(−5, seed), n), i)).nextDouble()
     * </pre>
     */
    public Map<String, String> draw(RunSettings base, long seed, long number) {
        long key = RandomStream.derive(RandomStream.derive(-5, seed), number);
        Map<String, String> chosen = new LinkedHashMap<>();
        int i = 0;
        for (Map.Entry<String, OptionValues> option : options.entrySet()) {
            double place = new RandomStream(RandomStream.derive(key, i++)).nextDouble();
            chosen.put(option.getKey(), option.getValue().at(place));
        }
        return meaningful(base, chosen);
    }

    /**
     * All combinations of values, the last option changing fastest, each once.
     *
     * @throws Failure if an option has a range
     */
    public List<Map<String, String>> product(RunSettings base) {
        List<Map<String, String>> all = List.of(Map.of());
        for (Map.Entry<String, OptionValues> option : options.entrySet()) {
            if (!(option.getValue() instanceof Choices choices)) {
                throw new Failure(option.getKey() + ": expected values with | between for --grid, got the range "
                        + option.getValue());
            }
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> before : all) {
                for (String value : choices.values) {
                    Map<String, String> chosen = new LinkedHashMap<>(before);
                    chosen.put(option.getKey(), value);
                    longer.add(chosen);
                }
            }
            all = longer;
        }
        return all.stream().map(chosen -> meaningful(base, chosen)).distinct().toList();
    }

    /** The chosen values without those of options that have no effect beside the other ones. */
    private Map<String, String> meaningful(RunSettings base, Map<String, String> chosen) {
        RunSettings settings = apply(base, chosen);
        Map<String, String> kept = new LinkedHashMap<>(chosen);
        boolean drops = settings.net().regularizer() != Regularizer.NONE
                && !settings.net().hidden().values().isEmpty();
        boolean connects = drops && settings.net().regularizer() == Regularizer.DROPCONNECT;
        kept.keySet().removeIf(option -> switch (option) {
            case "--regularizer" -> settings.net().hidden().values().isEmpty();
            case "--drop-probability" -> !drops || (connects && settings.net().mask() == MaskSharing.FLIPOUT);
            case "--mask" -> !connects;
            case "--momentum" -> settings.training().steps().optimizer() != OptimizerKind.SGD;
            default -> false;
        });
        return kept;
    }

    /**
     * Settings with other values of some options.
     *
     * @throws Failure if a value is not one of its option
     */
    public RunSettings apply(RunSettings base, Map<String, String> chosen) {
        Map<String, String> values = SettingsText.values(base);
        values.putAll(chosen);
        boolean isFlipout = "flipout".equals(values.get("--mask")) && "dropconnect".equals(values.get("--regularizer"));
        if (isFlipout) {
            // Its random signs drop half of the connections.
            values.put("--drop-probability", "0.5");
        }
        RunSettings parsed;
        try {
            parsed = SettingsText.parse(SettingsText.text(values));
        } catch (PicocliException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
        int dropped = parsed.net().dropProbabilities().values().size();
        int layers = parsed.net().hidden().values().size();
        if (dropped > 1 && dropped != layers) {
            throw new Failure(
                    "expected a drop probability for each of the " + layers + " hidden layers, got " + dropped);
        }
        TrainerSettings before = base.training();
        return new RunSettings(
                base.data(),
                parsed.net(),
                before.patience() != null && before.runsAll()
                        ? parsed.training().keepingBest()
                        : parsed.training());
    }

    /** The lines that describe it. */
    @Override
    public String toString() {
        int width = options.keySet().stream().mapToInt(String::length).max().orElse(0);
        return options.entrySet().stream()
                .map(option ->
                        option.getKey() + " ".repeat(width - option.getKey().length()) + "  " + option.getValue())
                .collect(Collectors.joining("\n"));
    }
}
