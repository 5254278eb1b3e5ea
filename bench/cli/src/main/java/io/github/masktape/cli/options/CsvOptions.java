// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.settings.CsvSettings;
import io.github.masktape.cli.settings.CsvSettings.DecimalPoint;
import io.github.masktape.cli.settings.CsvSettings.Thousands;
import io.github.masktape.cli.settings.Texts;
import io.github.masktape.cli.settings.Word;
import io.github.masktape.data.Csv;
import io.github.masktape.data.TargetKind;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for reading a CSV file. */
public final class CsvOptions {
    private static final List<String> NAMES = List.of(
            "--label-column",
            "--task",
            "--ignore",
            "--categorical",
            "--numeric",
            "--missing",
            "--na",
            "--strict",
            "--header",
            "--skip-last",
            "--delimiter",
            "--decimal",
            "--thousands",
            "--comment",
            "--encoding");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            converter = Converters.TextList.class,
            description = "Table: the column of labels or targets, by name or by number: 1 is the first, -1 the last;"
                    + " or, for a regression, several of them, separated by commas (default: the last; with a model,"
                    + " those it was trained on).")
    private @Nullable Texts labelColumns;

    @Option(
            names = "--task",
            paramLabel = "WORD",
            converter = TaskWord.class,
            description = "Table: classification (labels can be any text) or regression (targets are numbers) (default:"
                    + " regression for numbers with fractions or more than 20 different values, otherwise"
                    + " classification; with a model, its own).")
    private Csv.@Nullable Task task;

    @Option(
            names = "--ignore",
            paramLabel = "COLUMNS",
            converter = Converters.TextList.class,
            description = "Table: the columns to leave out, by name or number, separated by commas.")
    private @Nullable Texts ignore;

    @Option(
            names = "--categorical",
            paramLabel = "COLUMNS",
            converter = Converters.TextList.class,
            description = "Table: columns whose cells are categories, even if they are numbers (default: columns of"
                    + " words that repeat).")
    private @Nullable Texts categorical;

    @Option(
            names = "--numeric",
            paramLabel = "COLUMNS",
            converter = Converters.TextList.class,
            description = "Table: columns whose cells are numbers; other texts in them are errors.")
    private @Nullable Texts numeric;

    @Option(
            names = "--missing",
            paramLabel = "WORD",
            converter = MissingWord.class,
            description = "Table: fill to replace missing numbers by the median and flag them, and to make missing"
                    + " categories one of their own; error to refuse them (default: fill).")
    private Csv.@Nullable Missing missing;

    @Option(
            names = "--na",
            paramLabel = "TEXTS",
            converter = Converters.TextList.class,
            description = "Table: texts that stand for a missing value, separated by commas, besides an empty cell, ?,"
                    + " NA, N/A, NaN, NULL, None and the like.")
    private @Nullable Texts missingValues;

    @Option(
            names = "--strict",
            description = "Table: assume nothing: commas as delimiters, numbers in all columns of features, nothing"
                    + " missing, no blank lines; everything else is an error.")
    private boolean strict;

    @Option(
            names = "--header",
            paramLabel = "WORD",
            converter = HeaderWord.class,
            description =
                    "Table: yes if the first row holds the columns' names, no if it is an example, auto to decide by"
                            + " the rows below it; if they do not settle it, an error asks for yes or no (default:"
                            + " auto).")
    private Csv.@Nullable Header header;

    @Option(
            names = "--skip-last",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Table: the number of rows at the end that are no examples, such as sums or remarks below the"
                    + " table (default: none).")
    private int skippedLast;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            converter = Delimiter.class,
            description = "Table: the delimiter between cells: a character, or the word tab or space, which stands for"
                    + " any number of spaces (default: found among comma, semicolon, tab, | and spaces).")
    private @Nullable Character delimiter;

    @Option(
            names = "--decimal",
            paramLabel = "WORD",
            converter = DecimalWord.class,
            description = "Table: the decimal point of numbers: point or comma (default: found).")
    private @Nullable DecimalPoint decimal;

    @Option(
            names = "--thousands",
            paramLabel = "WORD",
            converter = ThousandsWord.class,
            description = "Table: the separator of thousands in numbers: comma, point, space or apostrophe, or the"
                    + " character itself (default: none).")
    private @Nullable Thousands thousands;

    @Option(
            names = "--comment",
            paramLabel = "CHAR",
            converter = Comment.class,
            description = "Table: the character at the beginning of lines that are comments (default: none).")
    private @Nullable Character comment;

    @Option(
            names = "--encoding",
            paramLabel = "WORD",
            converter = EncodingWord.class,
            description = "Table: utf-8, utf-16 or latin-1 (default: utf-8).")
    private Csv.@Nullable Encoding encoding;

    public static final class TaskWord extends Converters.EnumWord<Csv.Task> {
        TaskWord() {
            super(Csv.Task.values());
        }
    }

    public static final class HeaderWord extends Converters.EnumWord<Csv.Header> {
        HeaderWord() {
            super(Csv.Header.values());
        }
    }

    static final class MissingWord extends Converters.EnumWord<Csv.Missing> {
        MissingWord() {
            super(Csv.Missing.values());
        }
    }

    static final class DecimalWord extends Converters.EnumWord<DecimalPoint> {
        DecimalWord() {
            super(DecimalPoint.values());
        }
    }

    static final class ThousandsWord extends Converters.EnumWord<Thousands> {
        ThousandsWord() {
            super(Thousands.values());
        }

        @Override
        public Thousands convert(String value) {
            return switch (value) {
                case "," -> Thousands.COMMA;
                case "." -> Thousands.POINT;
                case " ", "\u00a0", "\u202f" -> Thousands.SPACE;
                case "'", "\u2019" -> Thousands.APOSTROPHE;
                default -> super.convert(value);
            };
        }
    }

    static final class EncodingWord extends Converters.EnumWord<Csv.Encoding> {
        EncodingWord() {
            super(Csv.Encoding.values());
        }
    }

    static final class Comment implements ITypeConverter<Character> {
        @Override
        public Character convert(String value) {
            char c = value.isEmpty() ? 0 : value.charAt(0);
            if (value.length() != 1 || c <= ' ' || c >= 127 || c == '"') {
                throw Converters.refusal("one printable ASCII character such as #", value);
            }
            return c;
        }
    }

    public static final class Delimiter implements ITypeConverter<Character> {
        @Override
        public Character convert(String value) {
            if (value.toLowerCase(Locale.ROOT).equals("tab")) {
                return '\t';
            }
            if (value.toLowerCase(Locale.ROOT).equals("space")) {
                return ' ';
            }
            if (value.length() != 1 || !Csv.isDelimiter(value.charAt(0))) {
                throw Converters.refusal("one ASCII character such as , or ; or the word tab or space", value);
            }
            return value.charAt(0);
        }
    }

    /** The settings that these options give. */
    public CsvSettings settings() {
        return new CsvSettings(
                labelColumns,
                task,
                new CsvSettings.Columns(ignore, categorical, numeric, missing, missingValues),
                new CsvSettings.Format(strict, header, skippedLast, delimiter, decimal, thousands, comment, encoding));
    }

    /** Refuses these options if the data are not a table. */
    public void requireNone() {
        for (String option : NAMES) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + ": expected a CSV file as --data");
            }
        }
    }

    /** Refuses a task that is not the model's. */
    public void requireTaskOf(SavedModel model) {
        Csv.Task own = model.preprocessing().targets() instanceof TargetKind.Quantities
                ? Csv.Task.REGRESSION
                : Csv.Task.CLASSIFICATION;
        if (task != null && task != own) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--task: expected " + Word.of(own) + " as " + model.file() + ", got " + Word.of(task));
        }
    }
}
