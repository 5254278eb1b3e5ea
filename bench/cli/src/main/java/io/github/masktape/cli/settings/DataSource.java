package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Idx;
import java.io.File;
import java.io.IOException;
import java.util.Set;

/** The value of {@code --data}: a word, a folder or a file. */
public record DataSource(String text) {
    public enum SourceKind {
        DIGITS,
        MOONS,
        SPIRALS,
        /** A folder of images and labels. */
        IDX,
        /** A file of one array. */
        IDX_FILE,
        CSV
    }

    /** The kind of the source; that of a file follows from its first bytes, whatever its name. */
    public SourceKind kind() {
        return switch (text) {
            case "digits" -> SourceKind.DIGITS;
            case "moons" -> SourceKind.MOONS;
            case "spirals" -> SourceKind.SPIRALS;
            default ->
                file().isFile()
                        ? rank() > 0 ? SourceKind.IDX_FILE : SourceKind.CSV
                        : text.endsWith(".csv") ? SourceKind.CSV : SourceKind.IDX;
        };
    }

    /** The number of axes of an IDX file's array; 0 for any other file, and for one that its reader will refuse. */
    private int rank() {
        try {
            return Idx.rank(file());
        } catch (IOException e) {
            return 0;
        }
    }

    public Failure needsFolder() {
        return new Failure(text + ": an IDX file of "
                + (rank() == 1
                        ? "labels; name the folder that holds it and its images"
                        : "images; name the folder that holds it and its labels"));
    }

    public boolean isGenerated() {
        return Set.of("digits", "moons", "spirals").contains(text);
    }

    public File file() {
        return new File(text);
    }

    @Override
    public String toString() {
        return isGenerated() ? "generated " + text : text;
    }
}
