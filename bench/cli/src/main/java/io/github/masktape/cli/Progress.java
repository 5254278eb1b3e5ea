package io.github.masktape.cli;

import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Decimal;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Tells how a training run goes: a line an epoch, and on a terminal a bar in between, drawn over and over. */
final class Progress implements Trainer.Listener {
    private static final int COLUMNS = 79;
    private static final int BAR = 16;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private final int epochs;
    private final int examples;
    private final int batchSize;
    private final long start = System.nanoTime();
    private long epochStart = start;
    private long lastStep = start;
    private long lastDrawn = start - REDRAW_NANOS;
    private int drawn;
    private int stepsOfEpoch;
    private double lossOfEpoch;

    /**
     * The progress of a run that begins now.
     *
     * @param examples in an epoch
     */
    Progress(PrintWriter err, boolean terminal, int epochs, int examples, int batchSize) {
        this.err = err;
        this.terminal = terminal;
        this.epochs = epochs;
        this.examples = examples;
        this.batchSize = batchSize;
    }

    /**
     * True if stderr is a terminal that can go back to the beginning of a line. Linux tells by the file's name; elsewhere
     * the console that Java knows, which is one of stdin and stdout, has to do.
     */
    static boolean isOnTerminal() {
        String term = System.getenv("TERM");
        if (term == null || term.equals("dumb")) {
            return false;
        }
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return isConsoleTerminal();
        }
    }

    /** Before JDK 22 there is a console only if there is a terminal; since then it has to be asked. */
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

    @Override
    public void step(Trainer.Step step) {
        lastStep = System.nanoTime();
        stepsOfEpoch++;
        lossOfEpoch += step.loss();
        if (terminal && lastStep - lastDrawn >= REDRAW_NANOS) {
            lastDrawn = lastStep;
            draw(bar(step));
        }
    }

    private String bar(Trainer.Step step) {
        double done = (double) step.number() / step.total();
        int full = (int) (done * BAR);
        long examplesDone = Math.min((long) stepsOfEpoch * batchSize, examples);
        return epoch(step.epoch()) + "  [" + "=".repeat(full) + " ".repeat(BAR - full) + "]  loss "
                + Decimal.fixed(lossOfEpoch / stepsOfEpoch, 4) + "  " + perSecond(examplesDone) + "  "
                + minutes((lastStep - start) * (1 / done - 1)) + " left";
    }

    @Override
    public void epoch(Trainer.Epoch epoch) {
        clear();
        err.println(epoch(epoch.epoch()) + "  training loss " + Decimal.fixed(epoch.trainingLoss(), 4)
                + "  test error "
                + padded(percent(Objects.requireNonNull(epoch.validation()).errorRate()), 7) + "  "
                + seconds((double) (lastStep - epochStart))
                + "  " + perSecond(examples));
        epochStart = System.nanoTime();
        stepsOfEpoch = 0;
        lossOfEpoch = 0;
    }

    /** Tells how long it all took. */
    void finish() {
        err.println("trained in " + seconds((double) (System.nanoTime() - start)));
    }

    /** Wipes the bar away. */
    void clear() {
        if (drawn > 0) {
            err.print("\r" + " ".repeat(drawn) + "\r");
            err.flush();
            drawn = 0;
        }
    }

    /** A bar that went on in a second line could not be drawn over. */
    private void draw(String text) {
        String bar = text.substring(0, Math.min(text.length(), COLUMNS));
        err.print("\r" + bar + " ".repeat(Math.max(0, drawn - bar.length())));
        err.flush();
        drawn = bar.length();
    }

    private String epoch(int epoch) {
        return "epoch " + padded("" + epoch, ("" + epochs).length()) + "/" + epochs;
    }

    private String perSecond(long count) {
        double seconds = Math.max(1, lastStep - epochStart) / 1e9;
        return Decimal.fixed(count / seconds, 0) + " examples/s";
    }

    static String percent(double share) {
        return Decimal.fixed(100 * share, 2) + " %";
    }

    private static String seconds(double nanos) {
        return Decimal.fixed(nanos / 1e9, 1) + " s";
    }

    private static String minutes(double nanos) {
        long seconds = Math.round(nanos / 1e9);
        return seconds / 60 + ":" + (seconds % 60 < 10 ? "0" : "") + seconds % 60;
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
