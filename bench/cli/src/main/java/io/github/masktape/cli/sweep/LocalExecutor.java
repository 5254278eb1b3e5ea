// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.sweep;

import io.github.masktape.tensor.Compute;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * An executor in this process: it computes several cells at the same time, each in a thread of its own. The threads that
 * kernels may use are shared out among the cells.
 */
public final class LocalExecutor implements CellExecutor {
    private static final long LOOK_MILLIS = 50;

    private final int jobs;
    private volatile boolean stopped;

    /**
     * An executor with its own threads.
     *
     * @param jobs the number of cells at the same time
     */
    public LocalExecutor(int jobs) {
        this.jobs = jobs;
    }

    @Override
    public boolean run(List<String> cells, UnaryOperator<String> work, BiConsumer<String, String> finished) {
        ExecutorService pool = Executors.newFixedThreadPool(jobs, task -> {
            Thread thread = new Thread(task, "masktape-cell");
            // Its cell is lost when the program ends.
            thread.setDaemon(true);
            return thread;
        });
        int threads = Compute.threads();
        Compute.setThreads(Math.max(1, threads / jobs));
        try {
            ExecutorCompletionService<Map.Entry<String, String>> service = new ExecutorCompletionService<>(pool);
            cells.forEach(cell -> service.submit(() -> Map.entry(cell, work.apply(cell))));
            for (int k = 0; k < cells.size(); ) {
                Future<Map.Entry<String, String>> next = service.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    finished.accept(next.get().getKey(), next.get().getValue());
                    k++;
                } else if (stopped) {
                    return false;
                }
            }
            return !stopped;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            pool.shutdownNow();
            Compute.setThreads(threads);
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
