package io.github.masktape.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pictures that somebody has looked at and found right, in src/test/resources/pictures. One that comes out otherwise is left in
 * target/pictures: look at it, and if it is as good or better, copy it over the old one.
 */
public final class Approved {
    private static final Path RIGHT = Path.of("src/test/resources/pictures");
    private static final Path NEW = Path.of("target/pictures");

    private Approved() {}

    /** Fails unless the picture is the one of this name that was looked at, to the last character. */
    public static void assertApproved(String name, String picture) {
        try {
            Path file = RIGHT.resolve(name);
            if (Files.exists(file) && Files.readString(file).equals(picture)) {
                return;
            }
            Files.createDirectories(NEW);
            Path written = Files.writeString(NEW.resolve(name), picture);
            assertThat(file).as("look at " + written).hasContent(picture);
            assertThat(file).as("line ends, see " + written).hasSize(Files.size(written));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
