// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import io.github.masktape.io.TensorBytes;
import io.github.masktape.optim.CheckpointBytes;
import java.util.Optional;

/** The readers of files that others may have made. */
enum Parser {
    /** An array that the test reads twice, as it is and as images or labels. */
    IDX(new Format<>(12, IdxFiles::read, IdxFiles::write)),
    /** Of an IDX file; content that is no gzip file stands for the packed data of a right one. */
    GZIP(new Format<>(12, IdxFiles::readPacked, IdxFiles::writePacked, IdxFiles::unpacked)),
    /** A classification. */
    CSV(new Format<>(128, CsvFiles::readLabels, CsvFiles::writeLabels, IdxFiles::unpackedIfGzip)),
    /** A regression, its cells separated by semicolons. */
    CSV_TARGETS(new Format<>(128, CsvFiles::readTargets, CsvFiles::writeTargets, IdxFiles::unpackedIfGzip)),
    /** Examples for a model that knows its columns. */
    CSV_FEATURES(new Format<>(128, CsvFiles::readFeatures, CsvFiles::writeFeatures, IdxFiles::unpackedIfGzip)),
    /** A table of unknown form, which the test reads twice. */
    TABLE(new Format<>(1024, CsvFiles::readTable, CsvFiles.Found::content, IdxFiles::unpackedIfGzip)),
    /** A table with options, which its first three bytes choose. */
    TABLE_OPTIONS(new Format<>(1024, CsvFiles::readTableByOptions, CsvFiles.Found::content, CsvFiles::unpackedTable)),
    SAFETENSORS(new Format<>(128, TensorFiles::readSafeTensors, TensorBytes::of)),
    /** The same with the architecture of a network, and the tensors that it has; the test reads it twice. */
    MODEL(new Format<>(256, TensorFiles::readModel, TensorBytes::of)),
    NPY(new Format<>(12, TensorFiles::readNpy, TensorBytes::ofArray)),
    NPZ(new Format<>(128, TensorFiles::readNpz, TensorFiles::writeNpz, TensorFiles::unpackedNpz)),
    /** What {@code --resume} needs; a wrong checksum is put right first, so that the test reads it twice. */
    CHECKPOINT(new Format<>(256, TensorFiles::readCheckpoint, CheckpointBytes::of));

    private final Format<?> format;

    Parser(Format<?> format) {
        this.format = format;
    }

    /** See {@link Format#problem(byte[])}. */
    Optional<String> problem(byte[] content) {
        return format.problem(content);
    }
}
