// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.io;

import io.github.masktape.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, read strictly: JSON (RFC 8259) of exactly this form, without a duplicate key, whose
 * tensors cover the data without gap or overlap.
 *
 * @param entries the entries in the header's order
 */
record SafeTensorsHeader(Collection<TensorEntry> entries, Map<String, String> metadata) {

    /**
     * The place of a tensor: bytes {@code begin} to {@code end} of the data, as stated at byte {@code at} of the file.
     *
     * @param content how the numbers are read, or why they are not
     */
    record TensorEntry(String name, TensorContent content, long begin, long end, int at) {}

    /** The content of a tensor. */
    sealed interface TensorContent {}

    /** TensorNumbers that are read. */
    record TensorNumbers(NumberEncoding encoding, Shape shape) implements TensorContent {}

    /** A tensor that is not read: of another dtype, or empty. */
    record Unread(String description) implements TensorContent {}

    static SafeTensorsHeader parse(String file, byte[] json, long dataLength) throws DataFormatException {
        return new HeaderParser(file, json, dataLength).parse();
    }

    private static final class HeaderParser {
        private static final int START = Long.BYTES;
        private static final int MOST_DIGITS = 18;

        private final String file;
        private final byte[] json;
        private final long dataLength;
        private int at;

        HeaderParser(String file, byte[] json, long dataLength) {
            this.file = file;
            this.json = json;
            this.dataLength = dataLength;
        }

        SafeTensorsHeader parse() throws DataFormatException {
            if (json[0] != '{') {
                throw broken(0, "not a safetensors file: expected a header that begins with {");
            }
            requireUtf8();
            Map<String, TensorEntry> entries = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            boolean hasMetadata = false;
            expect('{');
            for (boolean first = true; more(first, '}'); first = false) {
                int start = at;
                String name = key();
                if (name.equals(SafeTensors.METADATA) ? hasMetadata : entries.containsKey(name)) {
                    throw broken(start, "key " + name + " stands twice");
                }
                if (name.equals(SafeTensors.METADATA)) {
                    hasMetadata = true;
                    metadata(metadata);
                } else {
                    entries.put(name, entry(name));
                }
            }
            space();
            if (at < json.length) {
                throw broken(at, "expected only spaces after the header's last }");
            }
            requireCovered(entries.values());
            return new SafeTensorsHeader(entries.values(), metadata);
        }

        private void requireUtf8() throws DataFormatException {
            CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
            ByteBuffer bytes = ByteBuffer.wrap(json);
            CharBuffer chars = CharBuffer.allocate(1 << 13);
            CoderResult result = decoder.decode(bytes, chars, true);
            while (result.isOverflow()) {
                chars.clear();
                result = decoder.decode(bytes, chars, true);
            }
            try {
                if (result.isError()) {
                    result.throwException();
                }
            } catch (CharacterCodingException e) {
                throw broken(bytes.position(), "header is not UTF-8");
            }
        }

        private void metadata(Map<String, String> metadata) throws DataFormatException {
            expect('{');
            for (boolean first = true; more(first, '}'); first = false) {
                int start = at;
                String key = key();
                if (metadata.containsKey(key)) {
                    throw broken(start, "metadata key " + key + " stands twice");
                }
                if (next() != '"') {
                    throw broken(at, "metadata " + key + ": expected a text");
                }
                metadata.put(key, string());
            }
        }

        private TensorEntry entry(String name) throws DataFormatException {
            space();
            int start = at;
            String dtype = null;
            List<Long> dims = null;
            List<Long> offsets = null;
            expect('{');
            for (boolean first = true; more(first, '}'); first = false) {
                int field = at;
                String key = key();
                if (key.equals("dtype") && dtype == null) {
                    dtype = string();
                } else if (key.equals("shape") && dims == null) {
                    dims = integers(SafeTensors.MAX_RANK);
                } else if (key.equals("data_offsets") && offsets == null) {
                    offsets = integers(2);
                } else {
                    throw broken(field, name + ": expected dtype, shape and data_offsets, once each, got " + key);
                }
            }
            if (dtype == null || dims == null || offsets == null || offsets.size() != 2) {
                throw broken(start, name + ": expected dtype, shape and two data_offsets");
            }
            return entry(name, dtype, dims, offsets, start);
        }

        private TensorEntry entry(String name, String dtype, List<Long> dims, List<Long> offsets, int start)
                throws DataFormatException {
            long begin = offsets.get(0);
            long end = offsets.get(1);
            if (begin > end || end > dataLength) {
                throw broken(
                        start,
                        name + ": expected data_offsets within the " + dataLength + " bytes of data, got " + offsets);
            }
            TensorContent content = content(name, dtype, dims, start);
            if (content instanceof TensorNumbers numbers && end - begin != numbers.encoding.bytes(numbers.shape)) {
                throw broken(
                        start,
                        name + ": expected " + numbers.encoding.bytes(numbers.shape) + " bytes for " + numbers.encoding
                                + " " + numbers.shape + ", got " + (end - begin));
            }
            if (content instanceof Unread && begin < end && dims.contains(0L)) {
                throw broken(start, name + ": expected no bytes for an empty tensor, got " + (end - begin));
            }
            return new TensorEntry(name, content, begin, end, start);
        }

        private TensorContent content(String name, String dtype, List<Long> dims, int start)
                throws DataFormatException {
            @Nullable NumberEncoding encoding = NumberEncoding.named(dtype);
            if (!dtype.matches("[A-Z][A-Z0-9_]{0,19}")) {
                throw broken(start, name + ": expected a dtype such as F32, got " + dtype);
            }
            boolean empty = dims.contains(0L);
            if (encoding == null || empty) {
                return new Unread(dtype + " " + NpyHeader.shapeText(dims) + (empty ? ", empty" : ""));
            }
            try {
                return new TensorNumbers(
                        encoding,
                        Shape.of(dims.stream().mapToInt(Math::toIntExact).toArray()));
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw broken(
                        start, name + ": expected a shape of 1 to " + Integer.MAX_VALUE + " elements, got " + dims);
            }
        }

        private void requireCovered(Collection<TensorEntry> entries) throws DataFormatException {
            List<TensorEntry> inFile = new ArrayList<>(entries);
            inFile.sort(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end));
            long covered = 0;
            for (TensorEntry entry : inFile) {
                if (entry.begin != covered) {
                    throw broken(
                            entry.at,
                            entry.name + ": expected data from byte " + covered + " on, where the tensor before ends,"
                                    + " got byte " + entry.begin);
                }
                covered = entry.end;
            }
            if (covered != dataLength) {
                throw new DataFormatException(
                        file,
                        START + json.length + covered,
                        "trailing bytes: expected " + covered + " bytes of data, got " + dataLength);
            }
        }

        // ---- JSON ----

        private void space() {
            while (at < json.length && " \t\n\r".indexOf(json[at]) >= 0) {
                at++;
            }
        }

        private int next() throws DataFormatException {
            space();
            if (at == json.length) {
                throw broken(at, "header ends early");
            }
            return json[at];
        }

        private void expect(char c) throws DataFormatException {
            if (next() != c) {
                throw broken(at, "header: expected " + c);
            }
            at++;
        }

        /** Moves past the comma to the next member of an object or list, or past its end; returns false at the end. */
        private boolean more(boolean first, char close) throws DataFormatException {
            if (next() == close) {
                at++;
                return false;
            }
            if (!first) {
                expect(',');
                if (next() == close) {
                    throw broken(at, "header: expected no " + close + " after a comma");
                }
            }
            return true;
        }

        private String key() throws DataFormatException {
            String key = string();
            expect(':');
            return key;
        }

        private List<Long> integers(int most) throws DataFormatException {
            List<Long> integers = new ArrayList<>();
            expect('[');
            for (boolean first = true; more(first, ']'); first = false) {
                if (integers.size() == most) {
                    throw broken(at, "header: expected at most " + most + " numbers in a list");
                }
                integers.add(integer());
            }
            return integers;
        }

        private long integer() throws DataFormatException {
            int start = at;
            long value = 0;
            while (at < json.length && json[at] >= '0' && json[at] <= '9' && at - start <= MOST_DIGITS) {
                value = 10 * value + json[at++] - '0';
            }
            int digits = at - start;
            boolean padded = digits > 1 && json[start] == '0';
            if (digits == 0 || digits > MOST_DIGITS || padded || ".eE".indexOf(next()) >= 0) {
                throw broken(start, "header: expected a whole number from 0 on, of at most 18 digits");
            }
            return value;
        }

        private String string() throws DataFormatException {
            expect('"');
            StringBuilder text = new StringBuilder();
            int plain = at;
            while (true) {
                if (at == json.length) {
                    throw broken(at, "header ends within a text");
                }
                byte b = json[at];
                if (b >= 0 && b < ' ') {
                    throw broken(at, "header: expected no control character in a text");
                }
                if (b != '"' && b != '\\') {
                    at++;
                    continue;
                }
                text.append(new String(json, plain, at - plain, StandardCharsets.UTF_8));
                at++;
                if (b == '"') {
                    return text.toString();
                }
                text.appendCodePoint(escape());
                plain = at;
            }
        }

        private int escape() throws DataFormatException {
            int start = at - 1;
            int c = at < json.length ? json[at++] : -1;
            if (c != 'u') {
                int known = "\"\\/bfnrt".indexOf(c);
                if (known < 0) {
                    throw broken(start, "header: expected one of the escapes of JSON");
                }
                return "\"\\/\b\f\n\r\t".charAt(known);
            }
            int unit = hex(start);
            if (!Character.isSurrogate((char) unit)) {
                return unit;
            }
            boolean escaped = at + 1 < json.length && json[at] == '\\' && json[at + 1] == 'u';
            at += 2;
            int low = escaped && Character.isHighSurrogate((char) unit) ? hex(start) : 0;
            if (!Character.isLowSurrogate((char) low)) {
                throw broken(start, "header: expected a whole surrogate pair");
            }
            return Character.toCodePoint((char) unit, (char) low);
        }

        private int hex(int start) throws DataFormatException {
            int value = 0;
            for (int i = 0; i < 4; i++, at++) {
                int digit = at < json.length ? Character.digit(json[at], 16) : -1;
                if (digit < 0) {
                    throw broken(start, "header: expected four hexadecimal digits");
                }
                value = (value << 4) | digit;
            }
            return value;
        }

        private DataFormatException broken(int at, String problem) {
            return new DataFormatException(file, (long) START + at, problem);
        }
    }
}
