// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line at the bottom of a terminal that is redrawn again and again; elsewhere it shows nothing. */
public final class StatusLine {
    private static final int WIDEST = 80;
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d{1,6})");
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private long lastDrawn = System.nanoTime() - REDRAW_NANOS;
    private int drawn;

    /** The columns of the line; 0 until it is drawn. */
    private int columns;

    public StatusLine(Terminal streams) {
        this(streams, 0);
    }

    /** A line on a terminal of a known width. */
    StatusLine(Terminal streams, int width) {
        err = streams.err();
        terminal = streams.terminal();
        columns = width == 0 ? 0 : Math.max(1, Math.min(width, WIDEST) - 1);
    }

    /** The width of the line: at most 79, and one less than the terminal's, since some wrap a line that fills them. */
    public int columns() {
        if (columns == 0) {
            columns = Math.max(1, Math.min(widthOfTerminal(), WIDEST) - 1);
        }
        return columns;
    }

    /** The width that {@code stty} reports, because Java cannot; {@value #WIDEST} if it is unknown. */
    private static int widthOfTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream size = stty.getInputStream()) {
                return width(new String(size.readAllBytes(), StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            return WIDEST;
        }
    }

    /** The width in a text of rows and columns. A terminal that does not know its size says 0. */
    static int width(String size) {
        Matcher numbers = SIZE.matcher(size.strip());
        int width = numbers.matches() ? Integer.parseInt(numbers.group(1)) : 0;
        return width == 0 ? WIDEST : width;
    }

    /** True if it is time to draw again. */
    public boolean isDue(long now) {
        return terminal && now - lastDrawn >= REDRAW_NANOS;
    }

    /** Draws the text, truncated to the width of the terminal, because a line that wraps cannot be overwritten. */
    public void draw(String text) {
        lastDrawn = System.nanoTime();
        String line = text.substring(0, Math.min(text.length(), columns()));
        err.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
        err.flush();
        drawn = line.length();
    }

    /** Erases the line. */
    public void clear() {
        if (drawn > 0) {
            err.print("\r" + " ".repeat(drawn) + "\r");
            err.flush();
            drawn = 0;
        }
    }

    /**
     * True if stderr is a terminal that can go back to the beginning of a line. On Linux, the file's name shows it;
     * elsewhere Java's console, which stands for stdin and stdout, is the best guess.
     */
    public static boolean isOnTerminal() {
        return isTerminal(2);
    }

    /** True if a stream of this process, 0, 1 or 2, is a terminal with cursor control. */
    public static boolean isTerminal(int stream) {
        String term = System.getenv("TERM");
        if (term == null || term.equals("dumb")) {
            return false;
        }
        try {
            String file =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return isConsoleTerminal();
        }
    }

    /**
     * True if Java's console is a terminal. Before JDK 22 there is a console only on a terminal; since then it must be
     * asked.
     */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isConsoleTerminal() {
        Console console = System.console();
        try {
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
