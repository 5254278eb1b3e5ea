// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code masktape explain}, which writes the explorer page. */
@Command(
        name = "explain",
        description = {
            "Writes the explorer: one HTML page that shows how DropConnect's gradients are computed, with all numbers of a"
                    + " small layer, forwards and backwards, and three nets that train.",
            "",
            "It runs this program's engine in the browser, from the file alone; nothing is loaded from elsewhere. It needs"
                    + " Chrome or Edge 119, Firefox 120, Safari 18.2, or later."
        },
        footer = {
            "",
            "Examples:",
            "  java -jar masktape.jar explain --out explorer.html",
            "  java -jar masktape.jar explain --out explorer.html && firefox explorer.html"
        })
final class ExplainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "File to write, all or nothing; an existing file is replaced.")
    private @Nullable File out;

    @Override
    public Integer call() {
        File target = Objects.requireNonNull(out);
        try (InputStream page =
                ExplainCommand.class.getResourceAsStream("/io/github/masktape/explorer/explorer.html")) {
            if (page == null) {
                throw new Failure("this build has no explorer page; build it with: mvn -pl bench/cli -am package");
            }
            AtomicFile.write(target, page::transferTo);
        } catch (IOException e) {
            throw new Failure(e);
        }
        spec.commandLine()
                .getOut()
                .println("wrote " + target + ", " + target.length() + " bytes; open it in a browser");
        return 0;
    }
}
