package io.github.masktape.data;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.text.Printable;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the rows of a CSV file (RFC 4180), one after another, each as cells of text or numbers.
 *
 * <pre>
 * file = [BOM] row {end row} [end] {end}      UTF-8, plain or gzipped
 * row  = cell {delimiter cell}
 * cell = bare | " quoted "                    bare: no quote, delimiter or end; quoted: anything, " written ""
 * end  = LF | CR LF
 * </pre>
 *
 * <p>It is stricter than most: a quote inside a bare cell, anything between a closing quote and the delimiter, a lone
 * CR, a blank line before further rows, and bytes that are not UTF-8 are errors; nothing is guessed. One row is held at
 * a time.
 */
final class CsvCells implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The length of the longest row, in bytes. Longer rows are taken for an unclosed quote. */
    private static final int LONGEST_ROW = 1 << 24;

    /** The number of digits that always fit in a long. */
    private static final int DIGITS = 18;

    /** The most bytes of a label that are kept. A longer one is mostly spaces, which mean nothing. */
    private static final int MOST_KEPT = 64;

    /** The powers 10⁰ … 10²², which doubles represent exactly, like all whole numbers up to 2⁵³. */
    private static final double[] POWERS = powers();

    private static final long EXACT = 1L << 53;

    /**
     * The least exponent of the table of powers of ten: 10ᵏ = (SIGNIFICANDS + δ)·2^BINARY, 0 ≤ δ &lt; 1, as unsigned
     * numbers of 64 bits.
     */
    private static final int LEAST_POWER = -64;

    private static final long[] SIGNIFICANDS = new long[-2 * LEAST_POWER + 1];
    private static final int[] BINARY = new int[SIGNIFICANDS.length];

    static {
        for (int i = 0; i < SIGNIFICANDS.length; i++) {
            int k = LEAST_POWER + i;
            BigInteger power = BigInteger.TEN.pow(Math.abs(k));
            BINARY[i] = k < 0 ? -power.bitLength() - 63 : power.bitLength() - 64;
            BigInteger bits = k < 0 ? BigInteger.ONE.shiftLeft(-BINARY[i]).divide(power) : power.shiftRight(BINARY[i]);
            SIGNIFICANDS[i] = bits.longValue();
        }
    }

    private final UnpackedFile source;
    private final Csv.Progress progress;
    private final long progressStart;
    private final byte delimiter;

    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int position;
    private int limit;
    private boolean ended;

    /** The beginning and end of each cell of the row, counted from {@link #start}, without its quotes. */
    private int[] from = new int[16];

    private int[] to = new int[16];
    private boolean[] quoted = new boolean[16];
    private int cells;
    private final Bytes cell = new Bytes();
    private long line = 1;
    private long nextLine = 1;

    CsvCells(File file, char delimiter, Csv.Progress progress, long progressStart) throws IOException {
        this.delimiter = (byte) delimiter;
        this.progress = progress;
        this.progressStart = progressStart;
        this.source = new UnpackedFile(file);
        try {
            skipByteOrderMark();
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private void skipByteOrderMark() throws IOException {
        boolean more = true;
        while (more && limit < 3) {
            more = fill();
        }
        int a = limit > 0 ? buffer[0] & 0xff : 0;
        int b = limit > 1 ? buffer[1] & 0xff : 0;
        if (a == 0xef && b == 0xbb && limit > 2 && (buffer[2] & 0xff) == 0xbf) {
            start = 3;
            position = 3;
        } else if ((a == 0xff && b == 0xfe) || (a == 0xfe && b == 0xff)) {
            throw new DataFormatException(source.file, 1, 1, "expected UTF-8 text, got UTF-16");
        }
    }

    /**
     * The number of rows that are not blank, found without parsing them; it is right unless {@link #next} throws on the
     * way. Once a row is certain to make it throw, no more of the file is unpacked.
     */
    static long count(File file, Csv.Progress progress) throws IOException {
        byte[] bytes = new byte[BUFFER];
        long rows = 0;
        long begin = 0;
        boolean open = false;
        boolean blank = true;
        try (UnpackedFile source = new UnpackedFile(file)) {
            for (int n = source.read(bytes, 0, BUFFER); n >= 0; n = source.read(bytes, 0, BUFFER)) {
                long before = source.offset() - n;
                for (int i = 0; i < n; i++) {
                    byte b = bytes[i];
                    if (b > '"' || b < 0) {
                        blank = false;
                    } else if (b == '"') {
                        open = !open;
                        blank = false;
                    } else if (b == '\n' && !open) {
                        rows += blank ? 0 : 1;
                        blank = true;
                        begin = before + i + 1;
                    } else if (b != '\r' && b != '\n') {
                        blank = false;
                    }
                }
                progress.bytes(source.fileOffset(), 2 * file.length());
                if (source.offset() - begin > LONGEST_ROW) {
                    return rows + 1;
                }
            }
        }
        return blank ? rows : rows + 1;
    }

    /** Moves to the next row; false at the end. */
    boolean next() throws IOException {
        long blankLine = 0;
        while (nextLineOfCells()) {
            if (cells == 1 && from[0] == to[0] && !quoted[0]) {
                blankLine = blankLine == 0 ? line : blankLine;
            } else if (blankLine > 0) {
                throw new DataFormatException(
                        source.file, blankLine, 1, "blank line; only the end of a file may have some");
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean nextLineOfCells() throws IOException {
        start = position;
        cells = 0;
        line = nextLine;
        if (position == limit && !fill()) {
            return false;
        }
        boolean more = true;
        while (more) {
            if (cells == from.length) {
                from = Arrays.copyOf(from, 2 * cells);
                to = Arrays.copyOf(to, 2 * cells);
                quoted = Arrays.copyOf(quoted, 2 * cells);
            }
            if (peek() == '"') {
                readQuoted();
            } else {
                readBare();
            }
            more = readDelimiter();
        }
        return true;
    }

    private void readBare() throws IOException {
        quoted[cells] = false;
        from[cells] = position - start;
        boolean more = true;
        while (more) {
            byte[] bytes = buffer;
            int p = position;
            int end = limit;
            byte separator = delimiter;
            while (p < end) {
                byte b = bytes[p];
                if (b == separator || b == '\n' || b == '\r' || b == '"') {
                    break;
                }
                p++;
            }
            position = p;
            more = p == end && fill();
        }
        to[cells++] = position - start;
        if (peek() == '"') {
            throw broken(cells - 1, "a quote inside a cell that does not begin with one; write \"a \"\"b\"\" c\"");
        }
    }

    private void readQuoted() throws IOException {
        long opened = nextLine;
        position++;
        quoted[cells] = true;
        from[cells] = position - start;
        while (true) {
            int b = peek();
            if (b < 0) {
                throw new DataFormatException(source.file, opened, cells + 1, "a quote is opened and never closed");
            }
            position++;
            if (b == '\n') {
                nextLine++;
            } else if (b == '"') {
                if (peek() != '"') {
                    break;
                }
                position++;
            }
        }
        to[cells++] = position - 1 - start;
    }

    /** Moves past what ends a cell; true if another cell of the row follows. */
    private boolean readDelimiter() throws IOException {
        int b = peek();
        if (b == delimiter) {
            position++;
            return true;
        }
        if (b == '\r') {
            position++;
            b = peek();
            if (b != '\n') {
                throw new DataFormatException(
                        source.file, nextLine, cells, "a carriage return that no line feed follows");
            }
        }
        if (b == '\n') {
            position++;
            nextLine++;
        } else if (b >= 0) {
            throw new DataFormatException(
                    source.file, nextLine, cells, "text after a closing quote; expected the delimiter or a line end");
        }
        return false;
    }

    private int peek() throws IOException {
        return position < limit || fill() ? buffer[position] & 0xff : -1;
    }

    /** Reads more bytes after {@link #limit}, moving the current row to the front; false at the end of the file. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, limit - start);
            position -= start;
            limit -= start;
            start = 0;
        }
        if (limit == buffer.length) {
            if (limit >= LONGEST_ROW) {
                throw new DataFormatException(
                        source.file, line, cells + 1, "a row of more than 16 MiB; is a quote left open?");
            }
            buffer = Arrays.copyOf(buffer, 2 * limit);
        }
        int n = source.read(buffer, limit, buffer.length - limit);
        ended = n < 0;
        limit += Math.max(0, n);
        progress.bytes(progressStart + source.fileOffset(), progressStart + source.file.length());
        return !ended;
    }

    /** The number of cells in the row. */
    int cells() {
        return cells;
    }

    /** The line on which the row begins, from 1. */
    long line() {
        return line;
    }

    /** A cell's text, exactly. The charset is given by its name because this package does not use java.nio. */
    @SuppressWarnings("StringCharset")
    String text(int c) throws IOException {
        int begin = start + from[c];
        int end = start + to[c];
        byte[] bytes = Arrays.copyOfRange(buffer, begin, end);
        String text = new String(bytes, "UTF-8");
        if (!Arrays.equals(text.getBytes("UTF-8"), bytes)) {
            throw broken(c, "not UTF-8 text: '" + shown(text) + "'");
        }
        return quoted[c] ? text.replace("\"\"", "\"") : text;
    }

    /** The bytes of a cell, valid until the next call; null if the cell is too long to be kept. */
    @Nullable
    Bytes bytes(int c) {
        if (to[c] - from[c] > MOST_KEPT) {
            return null;
        }
        cell.bytes = buffer;
        cell.from = start + from[c];
        cell.to = start + to[c];
        return cell;
    }

    /** A sequence of bytes as a key of a sorted map; a hash map would be slow for a file made to have equal hashes. */
    static final class Bytes implements Comparable<Bytes> {
        private byte[] bytes = {};
        private int from;
        private int to;

        /** A copy that does not change with the buffer. */
        Bytes copy() {
            Bytes copy = new Bytes();
            copy.bytes = Arrays.copyOfRange(bytes, from, to);
            copy.to = to - from;
            return copy;
        }

        @Override
        public int compareTo(Bytes other) {
            return Arrays.compare(bytes, from, to, other.bytes, other.from, other.to);
        }
    }

    /** A cell's text without the spaces and tabs around it, which a number may have too. */
    String word(int c) throws IOException {
        String text = text(c);
        int begin = 0;
        int end = text.length();
        while (begin < end && isSpace(text.charAt(begin))) {
            begin++;
        }
        while (begin < end && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    /** True for a space or a tab, which mean nothing around a cell; any other character is part of it. */
    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t';
    }

    /**
     * A cell as the double nearest to the decimal number in it, as {@link Double#parseDouble} returns it.
     *
     * <pre>
     * number = [+|-] (digits [. [digits]] | . digits) [(e|E) [+|-] digits]     spaces and tabs around it are ignored
     * </pre>
     *
     * <p>With at most 18 digits m and an exponent k, m·10ᵏ is m times or by a power of ten in double, rounded once, if
     * both are doubles (Clinger, "How to read floating point numbers accurately", PLDI 1990). Otherwise it is a product
     * of 128 bits that is too small by less than 2⁶⁵, so rounding it to 53 bits is right unless it is that close to the
     * midpoint of two doubles. In that case, and for more digits, the JDK decides.
     *
     * @param name the name of the column, for the error
     */
    double number(int c, String name) throws IOException {
        double x = parse(buffer, start + from[c], start + to[c]);
        if (Double.isFinite(x)) {
            return x;
        }
        String text = word(c);
        if (MissingValues.contains(text)) {
            throw broken(c, name + ": expected a number, got " + MissingValues.shown(text));
        }
        String what = "a number, got '";
        if (Double.isInfinite(x)) {
            what = "a number below 1.8e308 in size, got '";
        } else if (text.toLowerCase(Locale.ROOT).matches("[+-]?(nan|inf|infinity)")) {
            what = "a finite number, got '";
        }
        throw broken(c, name + ": expected " + what + shown(text) + "'");
    }

    /** True if {@link #number} would return. */
    boolean isNumber(int c) {
        return Double.isFinite(parse(buffer, start + from[c], start + to[c]));
    }

    /** True if the text is a number, even one too large for a double. */
    static boolean isNumber(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.min(text.charAt(i), 127);
        }
        return !Double.isNaN(parse(bytes, 0, bytes.length));
    }

    /** The number between two places, infinite if too large, NaN if there is none. */
    static double parse(byte[] bytes, int from, int to) {
        int p = from;
        int end = to;
        while (p < end && isSpace(bytes[p])) {
            p++;
        }
        while (p < end && isSpace(bytes[end - 1])) {
            end--;
        }
        int begin = p;
        boolean negative = p < end && bytes[p] == '-';
        if (negative || (p < end && bytes[p] == '+')) {
            p++;
        }
        long m = 0;
        int digits = 0;
        int exponent = 0;
        int seen = 0;
        boolean fraction = false;
        for (; p < end; p++) {
            int digit = bytes[p] - '0';
            if (digit >= 0 && digit <= 9) {
                seen++;
                if (digits < DIGITS) {
                    m = 10 * m + digit;
                    digits += m == 0 ? 0 : 1;
                    exponent -= fraction ? 1 : 0;
                } else {
                    digits++;
                }
            } else if (bytes[p] == '.' && !fraction) {
                fraction = true;
            } else {
                break;
            }
        }
        if (seen == 0) {
            return Double.NaN;
        }
        if (p < end) {
            if (bytes[p] != 'e' && bytes[p] != 'E') {
                return Double.NaN;
            }
            p++;
            boolean down = p < end && bytes[p] == '-';
            if (down || (p < end && bytes[p] == '+')) {
                p++;
            }
            int size = 0;
            if (p == end) {
                return Double.NaN;
            }
            for (; p < end; p++) {
                int digit = bytes[p] - '0';
                if (digit < 0 || digit > 9) {
                    return Double.NaN;
                }
                size = Math.min(100_000, 10 * size + digit);
            }
            exponent += down ? -size : size;
        }
        if (m == 0) {
            return negative ? -0.0 : 0.0;
        }
        double x = digits <= DIGITS ? product(m, exponent) : Double.NaN;
        if (Double.isNaN(x)) {
            return Double.parseDouble(ascii(bytes, begin, end));
        }
        return negative ? -x : x;
    }

    /** The product m·10ᵏ for m in 1…10¹⁸, or NaN if its rounding is uncertain. */
    private static double product(long m, int k) {
        if (m <= EXACT && Math.abs(k) < POWERS.length) {
            return k < 0 ? m / POWERS[-k] : m * POWERS[k];
        }
        if (Math.abs(k) > -LEAST_POWER) {
            return Double.NaN;
        }
        int shift = Long.numberOfLeadingZeros(m);
        long a = m << shift;
        long b = SIGNIFICANDS[k - LEAST_POWER];
        // The upper half of the unsigned product: the exact value is in [high, high + 2).
        long high = Math.multiplyHigh(a, b) + a + b;
        int dropped = high < 0 ? 11 : 10;
        long half = 1L << (dropped - 1);
        long rest = high & (2 * half - 1);
        if (rest == half || rest == half - 1) {
            return Double.NaN;
        }
        long significand = (high >>> dropped) + (rest > half ? 1 : 0);
        int exponent = 64 + BINARY[k - LEAST_POWER] - shift + dropped;
        return significand * Double.longBitsToDouble((exponent + 1023L) << 52); // a power of two: exact
    }

    private static String ascii(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            text.append((char) bytes[i]);
        }
        return text.toString();
    }

    private static double[] powers() {
        double[] powers = new double[23];
        for (int k = 0; k < powers.length; k++) {
            powers[k] = Double.parseDouble("1e" + k);
        }
        return powers;
    }

    /** An error at a cell of the row. */
    DataFormatException broken(int c, String problem) {
        return new DataFormatException(source.file, line(c), c + 1, problem);
    }

    /** The line on which a cell begins, from 1; that of the row if it has no such cell. */
    long line(int c) {
        long at = line;
        for (int i = start; c < cells && i < start + from[c]; i++) {
            at += buffer[i] == '\n' ? 1 : 0;
        }
        return at;
    }

    /** The text shortened for a message: on one line and at most 40 characters long. */
    static String shown(String text) {
        return Printable.escaped(Printable.shortened(text, 40));
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /**
     * The words that programs write into a cell whose value is missing.
     *
     * <p>These are the words that pandas takes for missing by default, R's {@code NA}, MySQL's {@code \N}, SAS's period
     * and the question mark of ARFF and many UCI files. {@code -}, {@code none} and {@code unknown} are not among them,
     * because real data sets use them as names of classes.
     */
    static final class MissingValues {
        private static final Set<String> MARKERS = Set.of(
                "",
                "?",
                ".",
                "NA",
                "na",
                "<NA>",
                "#NA",
                "#N/A",
                "#N/A N/A",
                "N/A",
                "n/a",
                "NaN",
                "nan",
                "NAN",
                "-NaN",
                "-nan",
                "1.#IND",
                "-1.#IND",
                "1.#QNAN",
                "-1.#QNAN",
                "NULL",
                "Null",
                "null",
                "None",
                "\\N");

        private MissingValues() {}

        /** True if a cell of this text, without spaces around it, holds no value. */
        static boolean contains(String text) {
            return MARKERS.contains(text);
        }

        /** The cell as named in a message: {@code an empty cell} or {@code the missing value 'NA'}. */
        static String shown(String text) {
            return text.isEmpty() ? "an empty cell" : "the missing value '" + text + "'";
        }
    }
}
