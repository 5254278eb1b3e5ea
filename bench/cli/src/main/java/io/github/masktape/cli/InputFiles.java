package io.github.masktape.cli;

import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.settings.DataSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What a command reads: the files and folders of all its options and parameters but {@code --out}, and this program.
 *
 * <p>No command overwrites an input, whatever path names it.
 */
final class InputFiles {
    private InputFiles() {}

    /** Refuses a command line whose {@code --out} is an input. */
    static void requireNotOverwritten(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        CommandSpec command = last.commandSpec();
        OptionSpec option = command.findOption("--out");
        // That of gradcheck is a number.
        if (option == null || !(option.getValue() instanceof File out)) {
            return;
        }
        for (ArgSpec other : command.args()) {
            if (!other.equals(option)) {
                for (File input : files(other.getValue())) {
                    require(command, out, overwritten(out, input, name(other) + " " + input));
                }
            }
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            require(command, out, isSame(out, new File(entry)) ? "which is this program" : null);
        }
    }

    private static void require(CommandSpec command, File out, @Nullable String overwritten) {
        if (overwritten != null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--out: expected a path that is not also an input, got " + out + ", " + overwritten);
        }
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static List<File> files(@Nullable Object value) {
        if (value instanceof Collection<?> values) {
            return values.stream().flatMap(each -> files(each).stream()).toList();
        }
        if (value instanceof DataSource source) {
            return source.isGenerated() ? List.of() : List.of(source.file());
        }
        return value instanceof File file ? List.of(file) : List.of();
    }

    /** How an output is an input; null if it is not. */
    private static @Nullable String overwritten(File out, File input, String named) {
        if (isSame(out, input)) {
            return "which is " + named;
        }
        // Other files of a folder are not read, so that predictions may be written there, and written again.
        File[] read = input.listFiles((folder, name) -> RunFolder.FILES.contains(name) || name.contains("-ubyte"));
        for (File file : read == null ? new File[0] : read) {
            if (isSame(out, file)) {
                return "a file of " + named;
            }
        }
        return null;
    }

    /** Also through links, symbolic or hard, and where there is nothing yet. */
    private static boolean isSame(File a, File b) {
        try {
            return a.getCanonicalFile().equals(b.getCanonicalFile())
                    || (a.exists() && b.exists() && Files.isSameFile(a.toPath(), b.toPath()));
        } catch (IOException e) {
            // Who reads or writes it says why that is not possible.
            return false;
        }
    }
}
