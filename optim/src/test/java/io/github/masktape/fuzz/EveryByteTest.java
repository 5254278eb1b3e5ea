// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One right file of each format, damaged at every place: read or refused, and nothing else. */
@Tag("once")
@Tag("long")
class EveryByteTest {
    @ParameterizedTest
    @EnumSource
    void aFileThatEndsEarlyIsReadOrRefused(Parser parser) throws IOException {
        byte[] valid = CorpusTest.valid(parser);
        for (int length = 0; length < valid.length; length++) {
            parser.problem(Arrays.copyOf(valid, length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileWithAByteChangedIsReadOrRefused(Parser parser) throws IOException {
        byte[] valid = CorpusTest.valid(parser);
        for (int at = 0; at < valid.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                check(parser, valid, at, valid[at] ^ 1 << bit);
            }
            check(parser, valid, at, 0);
            check(parser, valid, at, 255);
        }
    }

    private static void check(Parser parser, byte[] valid, int at, int value) {
        byte[] damaged = valid.clone();
        damaged[at] = (byte) value;
        try {
            parser.problem(damaged);
        } catch (AssertionError e) {
            throw new AssertionError("byte " + at + " set to " + (value & 255), e);
        }
    }
}
