package io.github.masktape.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM while there is work that has to end in order: the JVM, which has already begun to end with 130 or
 * 143, waits until {@link #close}.
 */
public final class ShutdownHook implements AutoCloseable {
    private static final long LONGEST_MINUTES = 10;

    private final CountDownLatch inOrder = new CountDownLatch(1);
    private final Runnable stop;
    private final Thread hook = new Thread(this::stopAndWait, "masktape-stop");

    /**
     * From now on.
     *
     * @param stop asks the work to end soon; called in another thread
     */
    public ShutdownHook(Runnable stop) {
        this.stop = stop;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already ending.
            stop.run();
        }
    }

    private void stopAndWait() {
        stop.run();
        try {
            inOrder.await(LONGEST_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is in order: the JVM may end. */
    @Override
    public void close() {
        inOrder.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending, so the hook stays.
            return;
        }
    }
}
