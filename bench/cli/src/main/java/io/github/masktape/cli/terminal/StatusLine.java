package io.github.masktape.cli.terminal;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** A line at the bottom of a terminal that is redrawn again and again; elsewhere it shows nothing. */
public final class StatusLine {
    public static final int COLUMNS = 79;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private long lastDrawn = System.nanoTime() - REDRAW_NANOS;
    private int drawn;

    public StatusLine(Terminal streams) {
        err = streams.err();
        terminal = streams.terminal();
    }

    /** True if it is time to draw again. */
    public boolean isDue(long now) {
        return terminal && now - lastDrawn >= REDRAW_NANOS;
    }

    /** Draws the text, truncated to the width of the terminal, because a line that wraps cannot be overwritten. */
    public void draw(String text) {
        lastDrawn = System.nanoTime();
        String line = text.substring(0, Math.min(text.length(), COLUMNS));
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
