// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.file.LittleEndian;
import io.github.masktape.io.DataFormatException;
import io.github.masktape.text.Printable;
import java.io.File;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader of the rows of a table, one after another, each as cells of text or numbers.
 *
 * <pre>
 * file = [BOM] row {end row} [end] {end}      plain or gzipped
 * row  = cell {delimiter cell}
 * cell = bare | " quoted "                    bare: no quote, delimiter or end; quoted: anything, " written ""
 * end  = LF | CR LF
 * </pre>
 *
 * <p>It is stricter than most: a quote inside a bare cell, unless tabs separate the cells, anything but spaces between a closing quote and the
 * delimiter, a lone CR, and bytes that are not text are errors. A strict dialect (RFC 4180) also refuses these spaces
 * and blank lines before further rows. One row is held at a time.
 */
public final class Cells implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** The length of the longest row, in bytes. Longer rows are taken for an unclosed quote. */
    private static final int LONGEST_ROW = 1 << 24;

    /** The bytes after {@link #limit} that may be read, though they are not part of the file. */
    private static final int MARGIN = 32;

    /** A 1 in each of eight bytes. */
    private static final long ALL = 0x0101_0101_0101_0101L;

    private static final int NO_POINT = -1000;

    // What is known of a cell that is no number with a point.
    private static final byte WHOLE = -1;
    private static final byte TEXT = -2;
    private static final byte UNREAD = -3;
    private static final byte QUOTED = -4;

    private final TextSource source;
    private final Dialect dialect;
    private final DecimalParser parser;
    private final LongConsumer progress;
    private final byte delimiter;

    /** The decimal point, or {@link #NO_POINT} if nothing but digits is certainly a number. */
    private final int point;

    /** The delimiter in each of eight bytes. */
    private final long delimiters;

    /** True for each byte that may end a bare cell. */
    private final boolean[] stops = new boolean[256];

    private byte[] buffer = new byte[BUFFER + MARGIN];
    private int start;
    private int position;
    private int limit;
    private boolean ended;

    /** The beginning and end of each cell of the row, counted from {@link #start}, without its quotes. */
    private int[] from = new int[16];

    private int[] to = new int[16];

    /** What is known of each cell: the number of digits after the point of a plain number, or one of the constants. */
    private byte[] forms = new byte[16];

    private int cells;
    private boolean begun;
    private long rowsLeft = Long.MAX_VALUE;
    private long line = 1;
    private long nextLine = 1;

    /** The bytes of the cell that {@link #select} chose. */
    private byte[] selected = buffer;

    private int selectedCell = -1;
    private int selectedFrom;
    private int selectedTo;
    private byte[] unescaped = {};

    /**
     * Opens a file.
     *
     * @param progress is called now and then with the number of bytes of the file that were read
     */
    public Cells(File file, TextEncoding encoding, Dialect dialect, LongConsumer progress) throws IOException {
        this.dialect = dialect;
        this.parser = dialect.numbers();
        this.delimiter = (byte) dialect.delimiter();
        boolean isPoint = dialect.point() != dialect.thousands() && dialect.point() != dialect.delimiter();
        this.point = isPoint ? dialect.point() : NO_POINT;
        this.progress = progress;
        this.delimiters = ALL * delimiter;
        stops[delimiter] = true;
        stops['\n'] = true;
        stops['\r'] = true;
        stops['"'] = true;
        stops['\t'] |= dialect.isAligned();
        this.source = new TextSource(file, encoding);
        try {
            skipByteOrderMark();
            for (int i = 0; i < dialect.skipped(); i++) {
                skipLine();
            }
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
            throw new DataFormatException(
                    source.file(), 1, 1, "expected UTF-8 text, got UTF-16" + encodingAdvice("utf-16"));
        }
    }

    private String encodingAdvice(String encoding) {
        return dialect.strict() ? "" : "; name its encoding (--encoding " + encoding + ")";
    }

    private void skipLine() throws IOException {
        boolean more = true;
        while (more) {
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            start = position;
            more = position == limit && fill();
        }
        position += position < limit ? 1 : 0;
        nextLine++;
    }

    /** Ends the table after this many rows, as if the file ended there. */
    public void endAfter(long rows) {
        rowsLeft = rows;
    }

    /** Moves to the next row; false at the end. */
    public boolean next() throws IOException {
        if (rowsLeft == 0) {
            return false;
        }
        rowsLeft--;
        long blankLine = 0;
        while (nextLineOfCells()) {
            if (cells == 0) {
                continue; // a comment
            }
            if (isBlank()) {
                blankLine = blankLine == 0 ? line : blankLine;
            } else if (blankLine > 0 && (dialect.strict() || cells == 1)) {
                String problem = "blank line; only the end of a file may have some";
                throw new DataFormatException(
                        source.file(),
                        blankLine,
                        1,
                        dialect.strict() || !begun
                                ? problem
                                : problem + "; are the rows below it no part of the table (--skip-last "
                                        + (1 + countRows()) + ")?");
            } else {
                if (!begun && dialect.rowNames()) {
                    insertFirst();
                }
                begun = true;
                return true;
            }
        }
        return false;
    }

    /** Moves to the end; returns the number of rows until there, of whatever cells. */
    public long countRows() throws IOException {
        long rows = 0;
        while (nextLineOfCells()) {
            rows += cells == 0 || isBlank() ? 0 : 1;
        }
        return rows;
    }

    /** True if the line consists of dashes and the like, such as {@code |---|---|}, {@code +----+} or {@code === ===}. */
    private boolean isRule() {
        boolean any = false;
        for (int p = start; p < start + to[cells - 1]; p++) {
            if ("|+-=: \t".indexOf(buffer[p]) < 0) {
                return false;
            }
            any |= buffer[p] == '-' || buffer[p] == '=';
        }
        return any;
    }

    private void removeFirst() {
        cells--;
        System.arraycopy(from, 1, from, 0, cells);
        System.arraycopy(to, 1, to, 0, cells);
        System.arraycopy(forms, 1, forms, 0, cells);
    }

    /** Inserts an empty cell before the others. */
    private void insertFirst() {
        makeRoom();
        System.arraycopy(from, 0, from, 1, cells);
        System.arraycopy(to, 0, to, 1, cells);
        System.arraycopy(forms, 0, forms, 1, cells);
        to[0] = from[0];
        forms[0] = UNREAD;
        cells++;
    }

    private void makeRoom() {
        if (cells == from.length) {
            from = Arrays.copyOf(from, 2 * cells);
            to = Arrays.copyOf(to, 2 * cells);
            forms = Arrays.copyOf(forms, 2 * cells);
        }
    }

    private boolean isBlank() {
        return cells == 1 && isBlankCell(0);
    }

    private boolean isBlankCell(int c) {
        if (isQuoted(c)) {
            return false;
        }
        for (int p = start + from[c]; p < start + to[c]; p++) {
            if (dialect.strict() || !DecimalParser.isSpace(buffer[p])) {
                return false;
            }
        }
        return true;
    }

    private boolean nextLineOfCells() throws IOException {
        start = position;
        cells = 0;
        selectedCell = -1;
        line = nextLine;
        if (position == limit && !fill()) {
            return false;
        }
        if (dialect.comment() != 0 && peek() == dialect.comment()) {
            skipLine();
            return true;
        }
        if (dialect.isAligned()) {
            skipSpaces();
        }
        boolean aligned = dialect.isAligned();
        boolean more = true;
        while (more) {
            makeRoom();
            if (!aligned && readBuffered()) {
                continue;
            }
            if (peek() == '"') {
                readQuoted();
            } else {
                readBare();
            }
            more = aligned ? readSpaces() : readDelimiter();
        }
        boolean framed = dialect.layout().framed();
        if (dialect.layout().ruled() && isRule()) {
            cells = 0;
            return true;
        }
        if (framed && cells > 1 && isBlankCell(0)) {
            removeFirst();
        }
        if (dialect.trailing() && cells > 1 && !isQuoted(cells - 1)) {
            cells -= from[cells - 1] == to[cells - 1] || (framed && isBlankCell(cells - 1)) ? 1 : 0;
        }
        return true;
    }

    /** The place of the first byte from {@code p} that may end a bare cell, or {@link #limit}. */
    private int stop(int p) {
        byte[] bytes = buffer;
        int end = limit;
        int at = p;
        while (at < end) {
            long word = LittleEndian.eight(bytes, at);
            // Every byte that may stop is the delimiter or below '#'.
            long found = zeros(word ^ delimiters) | ((word - ALL * '#') & ~word & (ALL << 7));
            int to = at + (Long.numberOfTrailingZeros(found) >> 3);
            if (found != 0 && (to >= end || stops[bytes[to] & 0xff])) {
                return Math.min(to, end);
            }
            at = found == 0 ? to : to + 1;
        }
        return end;
    }

    /** The highest bit of each byte that is 0, and perhaps of bytes above the lowest of these. */
    private static long zeros(long word) {
        return word - ALL & ~word & ALL << 7;
    }

    /**
     * Reads bare cells and the delimiters after them as long as both are in the buffer, as they nearly always are.
     * Plain numbers are found on the way, without a branch for each digit: their lengths are as good as random.
     *
     * @return false if there is no such cell
     */
    private boolean readBuffered() {
        byte[] bytes = buffer;
        int base = start;
        int begin = position;
        int c = cells;
        int room = from.length;
        while (begin < limit && c < room) {
            int first = begin + (bytes[begin] == '-' ? 1 : 0);
            int before = digits(LittleEndian.eight(bytes, first));
            int after = 0;
            byte form = WHOLE;
            int p = first + before;
            if (bytes[p] == point) {
                after = digits(LittleEndian.eight(bytes, p + 1));
                form = (byte) after;
                p += 1 + after;
            }
            if (before + after == 0 || before == 8 || after == 8 || bytes[p] != delimiter || p >= limit) {
                p = stop(first);
                if (p == limit || bytes[p] != delimiter) {
                    break;
                }
                form = isLetter(bytes[first]) ? TEXT : UNREAD;
            }
            from[c] = begin - base;
            to[c] = p - base;
            forms[c++] = form;
            begin = p + 1;
        }
        boolean any = c > cells;
        cells = c;
        position = begin;
        return any;
    }

    private static boolean isLetter(byte b) {
        return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
    }

    /** The number of digits, 0 to 8, with which eight bytes begin. */
    private static int digits(long word) {
        long values = word ^ ALL * '0';
        return Long.numberOfTrailingZeros((values + ALL * 0x76 | values) & ALL << 7) >> 3;
    }

    /** The number that the first digits, at most 7, of eight bytes are: pairs of digits, then pairs of these, and so on. */
    private static long number(long word, int count) {
        long padded = (word ^ (ALL * '0')) << 8 << (56 - 8 * count);
        long pairs = 10 * padded + (padded >>> 8);
        long even = 0xff_0000_00ffL;
        return ((pairs & even) * (100 + (1_000_000L << 32)) + ((pairs >>> 16) & even) * (1 + (10_000L << 32))) >>> 32;
    }

    private void readBare() throws IOException {
        forms[cells] = UNREAD;
        from[cells] = position - start;
        moveToStop();
        if (peek() == '"' && !dialect.strict() && isSpaceFrom(start + from[cells])) {
            readQuoted();
            return;
        }
        while (dialect.layout().wide() && peek() == ' ' && isBeforeWord()) {
            position++;
            moveToStop();
        }
        while (peek() == '"' && delimiter == '\t' && !dialect.strict()) {
            // Between tabs, no cell needs quotes, so a quote inside one is a character as any other.
            position++;
            moveToStop();
        }
        to[cells++] = position - start;
        if (peek() == '"') {
            throw broken(cells - 1, "a quote inside a cell that does not begin with one; write \"a \"\"b\"\" c\"");
        }
    }

    /** True if the byte after the current one belongs to a word. */
    private boolean isBeforeWord() throws IOException {
        boolean more = true;
        while (more && position + 1 >= limit) {
            more = fill();
        }
        int b = more ? buffer[position + 1] & 0xff : ' ';
        return b > ' ' && b != '"';
    }

    /** Moves to the next byte that may end a bare cell, or to the end of the file. */
    private void moveToStop() throws IOException {
        boolean more = true;
        while (more) {
            position = stop(position);
            more = position == limit && fill();
        }
    }

    private boolean isSpaceFrom(int begin) {
        for (int p = begin; p < position; p++) {
            if (!DecimalParser.isSpace(buffer[p])) {
                return false;
            }
        }
        return true;
    }

    private void readQuoted() throws IOException {
        long opened = nextLine;
        position++;
        forms[cells] = QUOTED;
        from[cells] = position - start;
        while (true) {
            int b = peek();
            if (b < 0) {
                throw new DataFormatException(source.file(), opened, cells + 1, "a quote is opened and never closed");
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

    /** Moves past the spaces after a cell; true if another cell of the row follows. */
    private boolean readSpaces() throws IOException {
        int before = position - start;
        skipSpaces();
        int b = peek();
        if (b < 0 || b == '\n' || b == '\r') {
            return readDelimiter();
        }
        if (before == position - start) {
            throw textAfterQuote();
        }
        return true;
    }

    private void skipSpaces() throws IOException {
        for (int b = peek(); b == ' ' || b == '\t'; b = peek()) {
            position++;
        }
    }

    /** Moves past what ends a cell; true if another cell of the row follows. */
    private boolean readDelimiter() throws IOException {
        if (isQuoted(cells - 1) && !dialect.strict()) {
            while (peek() == ' ' || (delimiter != '\t' && peek() == '\t')) {
                position++;
            }
        }
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
                        source.file(), nextLine, cells, "a carriage return that no line feed follows");
            }
        }
        if (b == '\n') {
            position++;
            nextLine++;
        } else if (b >= 0) {
            throw textAfterQuote();
        }
        return false;
    }

    private DataFormatException textAfterQuote() {
        return new DataFormatException(
                source.file(), nextLine, cells, "text after a closing quote; expected the delimiter or a line end");
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
        if (buffer.length - MARGIN - limit < 4) {
            if (limit >= LONGEST_ROW - 4) {
                throw new DataFormatException(
                        source.file(), line, cells + 1, "a row of more than 16 MiB; is a quote left open?");
            }
            buffer = Arrays.copyOf(buffer, 2 * (buffer.length - MARGIN) + MARGIN);
        }
        int n = source.read(buffer, limit, buffer.length - MARGIN - limit);
        ended = n < 0;
        limit += Math.max(0, n);
        progress.accept(source.fileOffset());
        return !ended;
    }

    /** The number of cells in the row. */
    public int cells() {
        return cells;
    }

    /** The line on which the row begins, from 1. */
    public long line() {
        return line;
    }

    /** A cell's text, exactly. */
    public String text(int c) throws IOException {
        int begin = start + from[c];
        int end = start + to[c];
        String text = decoded(buffer, begin, end);
        if (!isAscii(begin, end)) {
            byte[] bytes = utf8(text);
            if (!Arrays.equals(bytes, 0, bytes.length, buffer, begin, end)) {
                throw broken(c, "not UTF-8 text: '" + shown(text) + "'" + encodingAdvice("latin-1"));
            }
        }
        return isQuoted(c) ? text.replace("\"\"", "\"") : text;
    }

    private boolean isAscii(int begin, int end) {
        int bits = 0;
        for (int p = begin; p < end; p++) {
            bits |= buffer[p];
        }
        return bits >= 0;
    }

    /** The text of bytes in UTF-8. The charset is given by its name because this package does not use java.nio. */
    @SuppressWarnings("StringCharset")
    static String decoded(byte[] bytes, int from, int to) {
        try {
            return new String(bytes, from, to - from, "UTF-8");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The bytes of a text in UTF-8. */
    @SuppressWarnings("StringCharset")
    static byte[] utf8(String text) {
        try {
            return text.getBytes("UTF-8");
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A cell's text without the spaces and tabs around it, which a number may have too. */
    public String word(int c) throws IOException {
        String text = text(c);
        int begin = 0;
        int end = text.length();
        while (begin < end && DecimalParser.isSpace(text.charAt(begin))) {
            begin++;
        }
        while (begin < end && DecimalParser.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    // The bytes of a cell without the spaces around it, for cells that are too many to make a text of each.

    private void select(int c) {
        if (c == selectedCell) {
            return;
        }
        selectedCell = c;
        selected = buffer;
        selectedFrom = start + from[c];
        selectedTo = start + to[c];
        if (isQuoted(c)) {
            unescape();
        }
        while (selectedFrom < selectedTo && DecimalParser.isSpace(selected[selectedFrom])) {
            selectedFrom++;
        }
        while (selectedFrom < selectedTo && DecimalParser.isSpace(selected[selectedTo - 1])) {
            selectedTo--;
        }
    }

    /** Copies the selected bytes without every other quote, if there are quotes among them. */
    private void unescape() {
        int at = selectedFrom;
        while (at < selectedTo && selected[at] != '"') {
            at++;
        }
        if (at == selectedTo) {
            return;
        }
        if (unescaped.length < selectedTo - selectedFrom) {
            unescaped = new byte[selectedTo - selectedFrom];
        }
        int length = 0;
        for (int p = selectedFrom; p < selectedTo; p++) {
            unescaped[length++] = selected[p];
            p += selected[p] == '"' ? 1 : 0;
        }
        selected = unescaped;
        selectedFrom = 0;
        selectedTo = length;
    }

    /** Adds a cell's text without spaces around it to others; returns its number, or −1 if there is no room. */
    public int addTo(Words words, int c) throws IOException {
        select(c);
        int before = words.size();
        int word = words.add(selected, selectedFrom, selectedTo);
        if (words.size() > before) {
            text(c); // throws if it is not text
        }
        return word;
    }

    /** The number of a cell's text among others, or −1 if it is not among them. */
    public int findIn(Words words, int c) {
        select(c);
        return words.find(selected, selectedFrom, selectedTo);
    }

    /** True if a cell holds no value. */
    public boolean isMissing(int c, MissingValues missing) {
        select(c);
        return missing.contains(selected, selectedFrom, selectedTo);
    }

    /** A cell as a date, a time or both, NaN if it is none. */
    public double date(int c, DateFormat format) {
        select(c);
        return format.parse(selected, selectedFrom, selectedTo);
    }

    /** The unit of the number in a cell; null if it is no number with a unit. */
    @Nullable
    Unit unit(int c) {
        select(c);
        return Unit.of(selected, selectedFrom, selectedTo, parser);
    }

    /** A cell as a number with a unit, NaN if it is none. */
    public double measured(int c, Unit unit) {
        select(c);
        return unit.parse(selected, selectedFrom, selectedTo, parser);
    }

    /** Those of the formats, a bit for each, that read a cell as a date or a time. */
    int dateFormats(int c, int among) {
        select(c);
        return DateFormat.among(selected, selectedFrom, selectedTo, among);
    }

    /** True if the cell has no bytes. */
    boolean isEmpty(int c) {
        return from[c] == to[c];
    }

    private boolean isQuoted(int c) {
        return forms[c] == QUOTED;
    }

    /** The form of a number in a cell; see {@link DecimalParser#form}. */
    int form(int c) {
        byte form = forms[c];
        if (form >= WHOLE) {
            return form == WHOLE ? 1 : 2;
        }
        return form == TEXT ? 0 : parser.form(buffer, start + from[c], start + to[c]);
    }

    /** A cell as a number, infinite if too large, NaN if it is none; see {@link DecimalParser}. */
    public double parsed(int c) {
        byte form = forms[c];
        if (form >= WHOLE) {
            int begin = start + from[c];
            int first = begin + (buffer[begin] == '-' ? 1 : 0);
            int end = start + to[c];
            long m;
            if (form == WHOLE) {
                m = number(LittleEndian.eight(buffer, first), end - first);
            } else {
                long after = number(LittleEndian.eight(buffer, end - form), form);
                m = number(LittleEndian.eight(buffer, first), end - first - 1 - form) * DecimalParser.WHOLE_POWERS[form]
                        + after;
            }
            double x = m / DecimalParser.POWERS[Math.max(0, form)];
            return first > begin ? -x : x;
        }
        return form == TEXT ? Double.NaN : parser.parse(buffer, start + from[c], start + to[c]);
    }

    /**
     * A cell as the double nearest to the number in it.
     *
     * @param name the name of the column, for the error
     */
    public double number(int c, String name) throws IOException {
        double x = parsed(c);
        if (Double.isFinite(x)) {
            return x;
        }
        String text = word(c);
        if (MissingValues.USUAL.contains(text)) {
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
    public boolean isNumber(int c) {
        return Double.isFinite(parsed(c));
    }

    /** True if the text is a number with a decimal point, even one too large for a double. */
    public static boolean isNumber(String text) {
        byte[] bytes = utf8(text);
        return !Double.isNaN(DecimalParser.PLAIN.parse(bytes, 0, bytes.length));
    }

    /** An error at a cell of the row. */
    public DataFormatException broken(int c, String problem) {
        return new DataFormatException(source.file(), line(c), c + 1, problem);
    }

    /** The line on which a cell begins, from 1; that of the row if it has no such cell. */
    public long line(int c) {
        long at = line;
        for (int i = start; c < cells && i < start + from[c]; i++) {
            at += buffer[i] == '\n' ? 1 : 0;
        }
        return at;
    }

    /** The text shortened for a message: on one line and at most 40 characters long. */
    public static String shown(String text) {
        return Printable.escaped(Printable.shortened(text, 40));
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
