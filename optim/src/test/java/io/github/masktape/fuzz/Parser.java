package io.github.masktape.fuzz;

import io.github.masktape.io.TensorBytes;
import io.github.masktape.optim.CheckpointBytes;
import java.util.Optional;

/** The readers of files that others may have made. Memory: 1032 is how much deflate unpacks at most. */
enum Parser {
    IDX(new Format<>(64, IdxFiles::read, IdxFiles::write)),
    /** Of an IDX file; content that is no gzip file stands for the packed data of a right one. */
    GZIP(new Format<>(64 * 1032, IdxFiles::readPacked, IdxFiles::writePacked)),
    /** A classification. */
    CSV(new Format<>(1032, CsvFiles::readLabels, CsvFiles::writeLabels)),
    /** A regression, its cells separated by semicolons. */
    CSV_TARGETS(new Format<>(1032, CsvFiles::readTargets, CsvFiles::writeTargets)),
    /** Examples for a model that knows its columns. */
    CSV_FEATURES(new Format<>(1032, CsvFiles::readFeatures, CsvFiles::writeFeatures)),
    SAFETENSORS(new Format<>(512, TensorFiles::readSafeTensors, TensorBytes::of)),
    /** The same with the architecture of a network, and the tensors that it has. */
    MODEL(new Format<>(2048, TensorFiles::readModel, TensorBytes::of)),
    NPY(new Format<>(64, TensorFiles::readNpy, TensorBytes::ofArray)),
    NPZ(new Format<>(16 * 1032, TensorFiles::readNpz, TensorFiles::writeNpz)),
    /** What {@code --resume} needs; a wrong checksum is put right first. */
    CHECKPOINT(new Format<>(2048, TensorFiles::readCheckpoint, CheckpointBytes::of));

    private final Format<?> format;

    Parser(Format<?> format) {
        this.format = format;
    }

    /** See {@link Format#allocated(byte[])}. */
    long allocated(byte[] content) {
        return format.allocated(content);
    }

    /** See {@link Format#problem(byte[])}. */
    Optional<String> problem(byte[] content) {
        return format.problem(content);
    }
}
