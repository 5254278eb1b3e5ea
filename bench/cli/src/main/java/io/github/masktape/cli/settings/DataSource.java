// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.settings;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.data.Dataset;
import io.github.masktape.data.Idx;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
        /** A file of images and one of labels, with a comma between. */
        IDX_PAIR,
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
                        : pair().size() == 2
                                ? SourceKind.IDX_PAIR
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

    /** The two files of a pair, or none. */
    private List<File> pair() {
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
            File images = new File(text.substring(0, comma));
            File labels = new File(text.substring(comma + 1));
            if (images.isFile() && labels.isFile()) {
                return List.of(images, labels);
            }
        }
        return List.of();
    }

    /** The images and labels of a pair, or of a file of images and the labels beside it. */
    public Dataset labeledImages() throws IOException {
        if (kind() == SourceKind.IDX_FILE) {
            requireImages();
            return Idx.read(file(), Idx.labelsOf(file()));
        }
        List<File> pair = pair();
        if (pair.size() != 2) {
            throw new Failure(text + ": expected a file of images and one of labels, with a comma between");
        }
        return Idx.read(pair.get(0), pair.get(1));
    }

    /** Refuses a file of labels. */
    void requireImages() {
        if (rank() == 1) {
            throw new Failure(text + ": an IDX file of labels; name its images, or the folder that holds both");
        }
    }

    /** True if the data are generated or there is such a file or folder. */
    public boolean exists() {
        return isGenerated() || file().exists() || !pair().isEmpty();
    }

    /** The files and folders that the data are read from. */
    public List<File> files() {
        List<File> pair = pair();
        return isGenerated() ? List.of() : file().exists() || pair.isEmpty() ? List.of(file()) : pair;
    }

    /** The same data, by absolute paths. */
    public String absolute() {
        return isGenerated()
                ? text
                : files().stream().map(File::getAbsolutePath).collect(Collectors.joining(","));
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
