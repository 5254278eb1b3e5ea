// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.run;

import io.github.masktape.cli.terminal.Failure;
import io.github.masktape.cli.terminal.ShellWord;
import io.github.masktape.file.AtomicFile;
import io.github.masktape.file.FileErrors;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a training run. One process at a time holds it; the lock ends with the process.
 *
 * <pre>
 *   checkpoint.safetensors   the state to continue from; the other files are made from it
 *   model.safetensors        the network, for eval, predict and export
 *   metrics.csv              one line per epoch
 *   test.csv                 the quality of the predictions for the test set
 *   curves.svg, report.html  pictures for the user
 *   diverged.txt             why the run cannot continue, if it diverged; the next run replaces it
 * </pre>
 */
public final class RunFolder implements AutoCloseable {
    private static final String LOCK = ".lock";
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String DIVERGED = "diverged.txt";

    /**
     * The files that a run writes, with the mark of a diverged run last: as long as it exists, the rest may be deleted.
     */
    public static final List<String> FILES =
            List.of(CHECKPOINT, "model.safetensors", "metrics.csv", "test.csv", "curves.svg", "report.html", DIVERGED);

    /** The time to wait for the lock: a killed process may have a child, which notices within a fifth of a second. */
    private static final long PATIENCE_NANOS = 3_000_000_000L;

    private static final long RETRY_NANOS = 20_000_000;

    private final File folder;
    private final FileChannel lock;

    private RunFolder(File folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** A folder for a new run: created if necessary, refused if it holds anything but a diverged run. */
    public static RunFolder create(File folder) {
        requireNoRun(folder);
        make(folder);
        RunFolder run = lock(folder);
        try {
            requireNoRun(folder);
            if (diverged(folder)) {
                run.deleteRun();
            }
        } catch (Failure e) {
            run.close();
            throw e;
        }
        return run;
    }

    /** Deletes the run that the folder holds, if any, so that another one can take its place. */
    public void deleteRun() {
        for (String name : FILES) {
            try {
                Files.deleteIfExists(file(name).toPath());
            } catch (IOException e) {
                throw new Failure(file(name) + ": cannot be deleted: " + FileErrors.reason(e));
            }
        }
    }

    /** The folder of a run that was started before. */
    public static RunFolder resume(File folder) {
        requireRun(folder);
        RunFolder run = lock(folder);
        try {
            requireRun(folder);
        } catch (Failure e) {
            run.close();
            throw e;
        }
        return run;
    }

    /** Any folder, created if necessary, for one process at a time. */
    public static RunFolder hold(File folder) {
        make(folder);
        return lock(folder);
    }

    /** Creates a folder if it does not exist. */
    public static void make(File folder) {
        requireNoFile(folder);
        try {
            Files.createDirectories(folder.toPath());
        } catch (IOException e) {
            throw new Failure(folder + ": cannot be made: " + FileErrors.reason(e));
        }
    }

    private static void requireNoFile(File folder) {
        if (folder.exists() && !folder.isDirectory()) {
            throw new Failure(folder + ": expected a folder, got a file");
        }
    }

    public static void requireRun(File folder) {
        if (!checkpoint(folder).isFile()) {
            throw new Failure(folder + ": no run to continue (there is no "
                    + checkpoint(folder).getName() + "); start one with train --out "
                    + ShellWord.quoted(folder.toString()));
        }
        if (diverged(folder)) {
            throw new Failure(folder + ": this run diverged, and would do so again (see " + DIVERGED
                    + "); start another with train --out " + ShellWord.quoted(folder.toString())
                    + ", which replaces it");
        }
    }

    /**
     * Refuses a folder with a run or other files. Hidden files do not count: a lock, and the remains of a killed write.
     */
    public static void requireNoRun(File folder) {
        requireNoFile(folder);
        boolean replaced = diverged(folder);
        if (checkpoint(folder).exists() && !replaced) {
            throw new Failure(folder + " already holds a run; train --resume " + ShellWord.quoted(folder.toString())
                    + " continues it");
        }
        String[] names = folder.list((in, name) -> !name.startsWith(".") && !(replaced && FILES.contains(name)));
        if (names != null && names.length > 0) {
            throw new Failure(folder + ": expected a new or empty folder, got one with " + names[0]
                    + (names.length == 1 ? "" : " and " + (names.length - 1) + " more"));
        }
    }

    private static RunFolder lock(File folder) {
        Path path = folder.toPath().resolve(LOCK);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            long start = System.nanoTime();
            while (tryLock(channel) == null) {
                if (System.nanoTime() - start > PATIENCE_NANOS) {
                    channel.close();
                    throw new Failure(folder + ": another process is training in this folder");
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
            return new RunFolder(folder, channel);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new Failure(path + ": cannot be written: " + FileErrors.reason(e));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another thread of this process holds it.
            return null;
        }
    }

    /** The folder, as the user named it. */
    @Override
    public String toString() {
        return folder.toString();
    }

    /** The file of the checkpoint, from which the run continues. */
    public File checkpoint() {
        return checkpoint(folder);
    }

    public static File checkpoint(File folder) {
        return new File(folder, CHECKPOINT);
    }

    /** Lets the next run replace this one. */
    void markDiverged(String why) {
        try {
            AtomicFile.write(file(DIVERGED), why + "\n");
        } catch (IOException e) {
            throw new Failure(e);
        }
    }

    private static boolean diverged(File folder) {
        return new File(folder, DIVERGED).isFile();
    }

    /** One of the files that are made from the checkpoint. */
    File file(String name) {
        return new File(folder, name);
    }

    /** Releases the folder for other processes. */
    @Override
    public void close() {
        closeQuietly(lock);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written to the lock file.
            return;
        }
    }
}
