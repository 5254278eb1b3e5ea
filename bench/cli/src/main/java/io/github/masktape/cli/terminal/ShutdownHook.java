// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A hook for Ctrl-C and SIGTERM during work that must end cleanly: the JVM, which is already ending with 130 or 143,
 * waits until {@link #close}.
 */
public final class ShutdownHook implements AutoCloseable {
    private static final long LONGEST_MINUTES = 10;

    private final CountDownLatch inOrder = new CountDownLatch(1);
    private final Runnable stop;
    private final Thread hook = new Thread(this::stopAndWait, "masktape-stop");

    /**
     * Registers the hook.
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

    /** Ends the waiting: the work has ended cleanly, and the JVM may end. */
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
