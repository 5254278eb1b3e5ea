// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.file;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A writer that replaces files atomically: a reader finds all of the old content or all of the new, whenever the writer
 * is killed.
 *
 * <pre>
 *   write .NAME.UNIQUE.tmp in the same folder, force it to the disk, rename it to NAME, force the folder
 * </pre>
 *
 * <p>A new file gets the process's default permissions. A replaced file keeps its permissions, and its owner and group
 * where the system allows it, and is never readable to more users in the meantime. If the path is a symbolic link, its
 * target is replaced. A file that nobody may write is refused, even to the superuser.
 *
 * <p>A writer locks its temporary file, and the lock ends with the process: the next writer of the same name deletes
 * temporary files that are not locked. It uses streams, since an interrupt would close a channel.
 */
public final class AtomicFile {
    private static final int BUFFER = 1 << 16;

    /** The most characters of a file's name in that of its temporary file, each of at most four bytes. */
    private static final int MAX_PREFIX = 40;

    /** The temporary files of this process, which must not be opened, because closing one would release its lock. */
    private static final Set<File> WRITING = ConcurrentHashMap.newKeySet();

    private AtomicFile() {}

    /** The content of a file to write. */
    public interface Content {
        /**
         * Writes the content; the stream need not be closed.
         *
         * @throws IOException if the stream cannot be written or the content is unavailable; the old file then stays
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes or replaces a text file in UTF-8.
     *
     * @throws IOException with one line, {@code path: cannot be written: why}
     */
    public static void write(File file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes or replaces a file. If anything fails, the old content, if any, stays.
     *
     * @throws IOException with one line, {@code path: cannot be written: why}, or the exception that {@code content}
     *     throws
     */
    public static void write(File file, Content content) throws IOException {
        File target = target(file);
        removeLeftovers(target);
        try (Output output = Output.open(file, target)) {
            OutputStream buffered = new BufferedOutputStream(output, BUFFER) {
                @Override
                public void close() throws IOException {
                    flush();
                }
            };
            content.writeTo(buffered);
            buffered.flush();
            output.moveTo(target);
        }
    }

    /**
     * The file to write: the target if the path is a link. A {@code Path} refuses a name that the system's encoding
     * cannot represent; a {@code File} would replace each such character by a question mark and so write another file.
     */
    private static File target(File file) throws IOException {
        File target;
        try {
            target = file.toPath().toFile().getCanonicalFile();
            target.toPath();
        } catch (InvalidPathException e) {
            throw refused(file, new IOException(FileErrors.reason(e), e));
        } catch (IOException e) {
            throw refused(file, e);
        }
        File folder = target.getParentFile();
        if (folder == null || target.isDirectory()) {
            throw refused(file, "it is a folder");
        }
        if (!folder.isDirectory()) {
            throw refused(file, "no such folder: " + folder);
        }
        if (target.exists() && !target.isFile()) {
            throw refused(file, "it is not a regular file");
        }
        if (target.exists() && isReadOnly(target)) {
            throw refused(file, "it is read-only");
        }
        return target;
    }

    /**
     * True if nobody has permission to write the file. The superuser could write it, but it was protected on purpose.
     */
    private static boolean isReadOnly(File target) throws IOException {
        Permissions permissions = Permissions.of(target);
        return !target.canWrite() || (permissions != null && permissions.isReadOnly());
    }

    /** The beginning of the names of a file's temporary files; it leaves room for the rest within 255 bytes. */
    private static String prefix(File target) {
        String name = target.getName();
        int characters = Math.min(name.codePointCount(0, name.length()), MAX_PREFIX);
        return "." + name.substring(0, name.offsetByCodePoints(0, characters)) + ".";
    }

    private static String unique() {
        return ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + ".tmp";
    }

    private static void removeLeftovers(File target) {
        String prefix = prefix(target);
        File[] leftovers = target.getParentFile()
                .listFiles((folder, name) -> name.startsWith(prefix)
                        && name.substring(prefix.length()).matches("[0-9]+-[0-9a-f]+\\.tmp"));
        if (leftovers == null) {
            return;
        }
        for (File leftover : leftovers) {
            if (!WRITING.contains(leftover)) {
                removeUnlocked(leftover);
            }
        }
    }

    private static void removeUnlocked(File leftover) {
        try (FileChannel channel = FileChannel.open(leftover.toPath(), StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                leftover.delete();
            }
        } catch (IOException | OverlappingFileLockException e) {
            // We may not delete it, or it is gone: it does no harm.
            return;
        }
    }

    private static IOException refused(File file, String why) {
        return new IOException(file + ": cannot be written: " + why);
    }

    private static IOException refused(File file, IOException e) {
        IOException refused =
                refused(file, e instanceof NoSuchFileException ? "its folder was removed" : FileErrors.reason(e));
        refused.initCause(e);
        return refused;
    }

    /**
     * The owner and permissions of a file, where the file system has them (not on Windows).
     *
     * @param allowed the mode, without the bits that are not for data
     */
    private record Permissions(UserPrincipal owner, GroupPrincipal group, Set<PosixFilePermission> allowed) {
        private static final Set<PosixFilePermission> WRITE = PosixFilePermissions.fromString("-w--w--w-");

        /** Permissions for the writer alone. */
        private static final FileAttribute<?> PRIVATE =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

        /** The permissions of a file; null if there is no such file. */
        static @Nullable Permissions of(File file) throws IOException {
            PosixFileAttributeView view = view(file);
            if (view == null || !file.exists()) {
                return null;
            }
            PosixFileAttributes attributes = view.readAttributes();
            return new Permissions(attributes.owner(), attributes.group(), attributes.permissions());
        }

        private static @Nullable PosixFileAttributeView view(File file) {
            return Files.getFileAttributeView(file.toPath(), PosixFileAttributeView.class);
        }

        boolean isReadOnly() {
            return Collections.disjoint(allowed, WRITE);
        }

        /**
         * Creates a file that nobody else can read, since restricting permissions later would not affect those who had
         * already opened it.
         */
        static void createPrivate(File file) throws IOException {
            Files.createFile(file.toPath(), PRIVATE);
        }

        /**
         * Gives a private file these permissions, as far as the system allows: only the superuser can change an owner.
         * If the group cannot be set, the file's group gets the permissions of everybody else.
         */
        void giveTo(File file) {
            PosixFileAttributeView view = view(file);
            if (view == null) {
                return;
            }
            Set<PosixFilePermission> given = new HashSet<>(allowed);
            try {
                PosixFileAttributes now = view.readAttributes();
                if (!now.group().equals(group) && !succeeds(() -> view.setGroup(group))) {
                    restrictGroup(given);
                }
                if (!now.owner().equals(owner)) {
                    succeeds(() -> view.setOwner(owner));
                }
                if (!now.permissions().equals(given)) {
                    view.setPermissions(given);
                }
            } catch (IOException e) {
                // The file system has no permissions of its own, for example FAT.
                return;
            }
        }

        private static void restrictGroup(Set<PosixFilePermission> given) {
            for (String right : List.of("READ", "WRITE", "EXECUTE")) {
                if (!given.contains(PosixFilePermission.valueOf("OTHERS_" + right))) {
                    given.remove(PosixFilePermission.valueOf("GROUP_" + right));
                }
            }
        }

        private interface PermissionChange {
            void make() throws IOException;
        }

        private static boolean succeeds(PermissionChange change) {
            try {
                change.make();
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** A temporary file, open and locked; closing it deletes it unless it was moved. */
    private static final class Output extends OutputStream {
        private final File file;
        private final File temporary;
        private final @Nullable Permissions permissions;
        private final FileOutputStream out;
        private @Nullable IOException failure;

        private Output(File file, File temporary, @Nullable Permissions permissions, FileOutputStream out) {
            this.file = file;
            this.temporary = temporary;
            this.permissions = permissions;
            this.out = out;
        }

        static Output open(File file, File target) throws IOException {
            Permissions permissions = Permissions.of(target);
            while (true) {
                File temporary = new File(target.getParentFile(), prefix(target) + unique());
                if (WRITING.add(temporary)) {
                    Output output = create(file, temporary, permissions);
                    if (output != null) {
                        return output;
                    }
                    WRITING.remove(temporary);
                }
            }
        }

        /**
         * Creates a temporary file; null if the name is taken, or another process deleted it as a leftover before it
         * was locked.
         */
        private static @Nullable Output create(File file, File temporary, @Nullable Permissions permissions)
                throws IOException {
            FileOutputStream out;
            try {
                if (permissions != null) {
                    Permissions.createPrivate(temporary);
                } else if (!temporary.createNewFile()) {
                    return null;
                }
                out = new FileOutputStream(temporary);
            } catch (FileAlreadyExistsException e) {
                return null;
            } catch (IOException e) {
                temporary.delete();
                WRITING.remove(temporary);
                throw refused(file, e);
            }
            if (isLocked(out) && temporary.exists()) {
                return new Output(file, temporary, permissions, out);
            }
            out.close();
            return null;
        }

        private static boolean isLocked(FileOutputStream out) {
            try {
                return out.getChannel().tryLock() != null;
            } catch (IOException e) {
                // The file system has no locks: nobody gets one, so leftovers stay.
                return true;
            }
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = refused(file, e);
                throw failure;
            }
        }

        /** Ends a successful write; it fails if the stream failed before, even if the content's writer ignored that. */
        void moveTo(File target) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                if (permissions != null) {
                    permissions.giveTo(temporary);
                }
                out.getFD().sync();
                rename(target);
            } catch (IOException e) {
                throw refused(file, e);
            }
            force(target.getParentFile());
        }

        /** Renames the file while the lock is held, where that is possible; Windows cannot rename an open file. */
        private void rename(File target) throws IOException {
            try {
                Files.move(temporary.toPath(), target.toPath(), StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                out.close();
                Files.move(temporary.toPath(), target.toPath(), StandardCopyOption.ATOMIC_MOVE);
            }
        }

        private static void force(File folder) {
            try (FileChannel channel = FileChannel.open(folder.toPath(), StandardOpenOption.READ)) {
                channel.force(true);
            } catch (IOException e) {
                // Some systems cannot open or force a folder; the file is in place anyway.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.close();
            } finally {
                temporary.delete();
                WRITING.remove(temporary);
            }
        }
    }
}
