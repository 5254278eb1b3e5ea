package io.github.masktape.cli.options;

import io.github.masktape.cli.model.SavedModel;
import io.github.masktape.cli.settings.CsvSettings;
import io.github.masktape.cli.settings.Word;
import io.github.masktape.data.Csv;
import io.github.masktape.data.TargetKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for reading a CSV file. */
public final class CsvOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "CSV: the column of labels or targets, by name or by number: 1 is the first, -1 the last"
                    + " (default: the last; with a model, the one it was trained on).")
    private @Nullable String labelColumn;

    @Option(
            names = "--task",
            paramLabel = "WORD",
            converter = TaskWord.class,
            description = "CSV: classification (labels can be any text) or regression (targets are numbers)"
                    + " (default: classification; with a model, its own).")
    private Csv.@Nullable Task task;

    @Option(
            names = "--header",
            paramLabel = "WORD",
            converter = HeaderWord.class,
            description =
                    "CSV: yes if the first row holds the columns' names, no if it is an example, auto to decide by"
                            + " its cells; if they do not settle it, an error asks for yes or no (default: auto).")
    private Csv.@Nullable Header header;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            converter = Delimiter.class,
            description = "CSV: the delimiter between cells: a character, or the word tab (default: ,).")
    private @Nullable Character delimiter;

    public static final class TaskWord extends Converters.Words<Csv.Task> {
        TaskWord() {
            super(Csv.Task.values());
        }
    }

    public static final class HeaderWord extends Converters.Words<Csv.Header> {
        HeaderWord() {
            super(Csv.Header.values());
        }
    }

    public static final class Delimiter implements ITypeConverter<Character> {
        @Override
        public Character convert(String value) {
            if (value.toLowerCase(Locale.ROOT).equals("tab")) {
                return '\t';
            }
            if (value.length() != 1 || !Csv.isDelimiter(value.charAt(0))) {
                throw Converters.refusal("one ASCII character such as , or ; or the word tab", value);
            }
            return value.charAt(0);
        }
    }

    /** The settings that these options give. */
    public CsvSettings settings() {
        return new CsvSettings(labelColumn, task, header, delimiter);
    }

    /** Refuses these options if the data are not a CSV file. */
    public void requireNone() {
        Object[] values = {labelColumn, task, header, delimiter};
        String[] names = {"--label-column", "--task", "--header", "--delimiter"};
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                throw new ParameterException(spec.commandLine(), names[i] + ": expected a CSV file as --data");
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
