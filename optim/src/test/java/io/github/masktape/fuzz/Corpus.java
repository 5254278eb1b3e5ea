// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The corpus of one parser: a zip archive of input files. Equal files give equal archives on every JDK, because entries are
 * sorted by name, stored without compression, and carry a fixed time.
 *
 * <pre>
 *   java optim/src/test/java/io/github/masktape/fuzz/Corpus.java unpack ARCHIVE FOLDER    # FOLDER then holds only these files
 *   java optim/src/test/java/io/github/masktape/fuzz/Corpus.java add ARCHIVE FILE...      # a folder adds the files in it
 *   java optim/src/test/java/io/github/masktape/fuzz/Corpus.java remove ARCHIVE NAME...
 * </pre>
 */
final class Corpus {
    /** The earliest whole month that an entry stores without a time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private Corpus() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            throw new IllegalArgumentException("Corpus: expected unpack, add or remove, an archive, and files");
        }
        Path archive = Path.of(arguments[1]);
        List<String> operands = List.of(arguments).subList(2, arguments.length);
        switch (arguments[0]) {
            case "unpack" -> unpack(archive, Path.of(operands.get(0)));
            case "add" -> add(archive, operands.stream().map(Path::of).toList());
            case "remove" -> remove(archive, operands);
            default ->
                throw new IllegalArgumentException("Corpus: expected unpack, add or remove, got " + arguments[0]);
        }
    }

    /** The files of an archive by their names. */
    static SortedMap<String, byte[]> read(Path archive) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    files.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return files;
    }

    /** The bytes of the archive of these files. */
    static byte[] archive(SortedMap<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                CRC32 checksum = new CRC32();
                checksum.update(file.getValue());
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(TIME);
                entry.setSize(file.getValue().length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** Adds files to an archive, or replaces those of the same name; makes the archive if there is none. */
    static void add(Path archive, Map<String, byte[]> files) throws IOException {
        SortedMap<String, byte[]> all = Files.exists(archive) ? read(archive) : new TreeMap<>();
        all.putAll(files);
        Files.write(archive, archive(all));
    }

    private static void add(Path archive, List<Path> paths) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (Path path : paths) {
            for (Path file : Files.isDirectory(path) ? files(path) : List.of(path)) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        add(archive, files);
    }

    private static void remove(Path archive, List<String> names) throws IOException {
        SortedMap<String, byte[]> files = read(archive);
        for (String name : names) {
            if (files.remove(name) == null) {
                throw new IllegalArgumentException("Corpus: expected a name of a file in " + archive + ", got " + name);
            }
        }
        Files.write(archive, archive(files));
    }

    private static void unpack(Path archive, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path old : files(folder)) {
            Files.delete(old);
        }
        for (Map.Entry<String, byte[]> file : read(archive).entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
