// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.run.RunFolder;
import io.github.masktape.cli.settings.DataSource;
import io.github.masktape.data.Idx;
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
 * The inputs of a command: the files and folders of all its options and parameters except {@code --out}, the data that
 * a model names if the command reads them, and this program.
 *
 * <p>No command overwrites an input, whatever path refers to it.
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
        // The --out of gradcheck is a number.
        if (option == null || !(option.getValue() instanceof File out)) {
            return;
        }
        for (ArgSpec other : command.args()) {
            if (!other.equals(option)) {
                requireNotOverwritten(command, out, name(other), files(other.getValue()));
            }
        }
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            require(command, out, isSame(out, new File(entry)) ? "which is this program" : null);
        }
    }

    /** Refuses an {@code --out} that is one of these inputs. */
    static void requireNotOverwritten(CommandSpec command, File out, String name, List<File> inputs) {
        for (File input : inputs) {
            require(command, out, overwritten(out, input, name + " " + input));
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
            return source.files();
        }
        return value instanceof File file ? List.of(file) : List.of();
    }

    /** The reason why an output would overwrite an input; null if it would not. */
    private static @Nullable String overwritten(File out, File input, String named) {
        if (isSame(out, input)) {
            return "which is " + named;
        }
        // Other files of a folder are not read, so predictions may be written there, even repeatedly.
        File[] read = input.listFiles((folder, name) -> RunFolder.FILES.contains(name) || Idx.isName(name));
        for (File file : read == null ? new File[0] : read) {
            if (isSame(out, file.isDirectory() ? new File(file, file.getName()) : file)) {
                return "a file of " + named;
            }
        }
        return null;
    }

    /** True if both paths refer to the same file, through symbolic or hard links too, even if it does not exist yet. */
    private static boolean isSame(File a, File b) {
        try {
            return a.getCanonicalFile().equals(b.getCanonicalFile())
                    || (a.exists() && b.exists() && Files.isSameFile(a.toPath(), b.toPath()));
        } catch (IOException e) {
            // Whoever reads or writes the file will report the cause.
            return false;
        }
    }
}
