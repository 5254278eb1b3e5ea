// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

/** The encoding of a text file. */
public enum TextEncoding {
    /** UTF-8, with or without a byte order mark. */
    UTF_8,
    /** UTF-16 in the order of its byte order mark, or of its first character if that is ASCII. */
    UTF_16,
    /** Windows-1252, which has all printable characters of ISO 8859-1 (Latin-1). */
    LATIN_1
}
