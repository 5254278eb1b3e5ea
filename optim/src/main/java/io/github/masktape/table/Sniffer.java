// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import io.github.masktape.io.DataFormatException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The search for the dialect of a file in its first rows. */
public final class Sniffer {
    private static final int SAMPLE = 1 << 16;

    /** In the order of preference if several are as good. */
    private static final char[] CANDIDATES = {'\t', ';', '|', ',', ' '};

    private static final Pattern COMMA_NUMBER =
            Pattern.compile("[+-]?([0-9]+,[0-9]+([eE][+-]?[0-9]+)?|[1-9][0-9]{0,2}(,[0-9]{3})+)");
    private static final Pattern GROUPED_COMMA_NUMBER =
            Pattern.compile("[+-]?[1-9][0-9]{0,2}([. '\u00a0\u202f\u2019][0-9]{3})+,[0-9]+");
    /** A number with a currency or unit on one side, which holds no delimiter. */
    private static final Pattern WITH_UNIT =
            Pattern.compile("^[^0-9,;|+-]{0,8}?([+-]?[0-9][0-9,. '\u00a0\u202f\u2019]*[0-9])[^0-9,;|]{0,8}$");

    /** A line of dashes or the like. */
    private static final Pattern RULE = Pattern.compile("[ \t|+:=-]*(--|==|[|] ?:?-)[ \t|+:=-]*");

    /** Two or more spaces, or a tab, in a table whose cells may hold single spaces. */
    private static final Pattern WIDE = Pattern.compile(" {2,}| *\t[ \t]*");

    private static final int RULE_WITHIN = 3;

    private static final Pattern GROUPED_NUMBER = Pattern.compile("[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+");

    private final List<String> lines = new ArrayList<>();
    private int skipped;

    private Sniffer() {}

    /**
     * The facts about a file's dialect that are known, or likely.
     *
     * @param delimiter the delimiter, or null if it is to be found
     * @param point the decimal point, or null if it is to be found
     * @param thousands the separator of thousands, or NUL for none
     * @param comment the character that begins a comment, or NUL for none
     * @param hasHeader false if the first row is certainly an example
     * @param likely the delimiter and the decimal point of a table of the same origin; null if there is none
     */
    public record Known(
            @Nullable Character delimiter,
            @Nullable Character point,
            char thousands,
            char comment,
            boolean hasHeader,
            @Nullable Likely likely) {}

    /**
     * The dialect of a table of the same origin.
     *
     * @param delimiter the delimiter, which is also this file's if it fits
     * @param point the decimal point, which is also this file's if its numbers leave it open
     * @param fits true for the cells of a first row that the right delimiter gives
     */
    public record Likely(char delimiter, char point, Predicate<List<String>> fits) {}

    /**
     * The dialect of a file.
     *
     * @throws DataFormatException if a comma may be a decimal point or a separator of thousands
     */
    public static Dialect sniff(File file, TextEncoding encoding, Known known) throws IOException {
        Sniffer sniffer = new Sniffer();
        sniffer.sample(file, encoding, known.comment);
        Character named = sniffer.separatorLine();
        List<String> all = List.copyOf(sniffer.lines);
        boolean ruled = sniffer.removeRules();
        char separator =
                known.delimiter != null ? known.delimiter : named != null ? named : sniffer.delimiter(known.likely);
        if (ruled && separator != '|' && separator != ' ') {
            ruled = false;
            sniffer.lines.clear();
            sniffer.lines.addAll(all);
        }
        boolean framed = separator == '|'
                && sniffer.lines.stream().allMatch(line -> line.strip().startsWith("|"));
        boolean wide = separator == ' ' && sniffer.isWide();
        List<List<String>> rows = new ArrayList<>();
        for (String line : sniffer.lines) {
            rows.add(
                    wide
                            ? List.of(WIDE.split(line.strip(), -1))
                            : cells(framed ? line.strip().substring(1) : line, separator));
        }
        char decimal = known.point != null
                ? known.point
                : decimalPoint(file, rows, known.thousands, known.likely == null ? 0 : known.likely.point);
        return new Dialect(
                separator,
                decimal,
                known.thousands,
                known.comment,
                false,
                isTrailing(rows),
                known.hasHeader && lacksNames(rows, separator),
                sniffer.skipped,
                new Dialect.Layout(wide, ruled, framed));
    }

    /** Removes the lines of dashes and the like, if one of the first lines is one; true if there were any. */
    private boolean removeRules() {
        return lines.stream()
                        .limit(RULE_WITHIN)
                        .anyMatch(line -> RULE.matcher(line).matches())
                && lines.removeIf(line -> RULE.matcher(line).matches());
    }

    /** True if all lines have the same number of cells only if single spaces are part of the cells. */
    private boolean isWide() {
        long counts =
                lines.stream().map(line -> cells(line, ' ').size()).distinct().count();
        List<Integer> wide = lines.stream()
                .map(line -> WIDE.split(line.strip(), -1).length)
                .distinct()
                .toList();
        return counts > 1
                && wide.size() == 1
                && wide.get(0) > 1
                && lines.stream().noneMatch(line -> line.contains("\""));
    }

    private void sample(File file, TextEncoding encoding, char comment) throws IOException {
        byte[] bytes = new byte[SAMPLE];
        int length = 0;
        boolean whole = false;
        try (TextSource source = new TextSource(file, encoding)) {
            while (!whole && length <= SAMPLE - 4) {
                int n = source.read(bytes, length, SAMPLE - length);
                whole = n < 0;
                length += Math.max(0, n);
            }
        } catch (DataFormatException e) {
            whole = true; // the bytes before the damage are enough
        }
        String text = Cells.decoded(bytes, 0, length);
        int begin = text.startsWith("\ufeff") ? 1 : 0;
        boolean open = false;
        for (int i = begin; i <= text.length(); i++) {
            boolean end = i == text.length();
            if (!end && text.charAt(i) == '"') {
                open = !open;
            }
            if (end ? whole : !open && text.charAt(i) == '\n') {
                String line = text.substring(begin, i);
                line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
                if (!line.isBlank() && (comment == 0 || line.charAt(0) != comment)) {
                    lines.add(line);
                }
                begin = i + 1;
            }
        }
    }

    /** The delimiter that a first line such as {@code sep=;} names, which Excel understands. */
    private @Nullable Character separatorLine() {
        if (lines.isEmpty()) {
            return null;
        }
        String first = lines.get(0);
        if (first.length() != 5 || !first.startsWith("sep=") || !Dialect.isDelimiter(first.charAt(4))) {
            return null;
        }
        lines.remove(0);
        skipped = 1;
        return first.charAt(4);
    }

    private char delimiter(@Nullable Likely likely) {
        if (likely != null && !lines.isEmpty() && likely.fits.test(names(cells(lines.get(0), likely.delimiter)))) {
            return likely.delimiter;
        }
        char best = ',';
        double most = 0;
        for (char candidate : CANDIDATES) {
            double score = score(candidate);
            if (score > most) {
                most = score;
                best = candidate;
            }
        }
        return best;
    }

    /** The share of rows with the most frequent number of cells, then the share of clean cells; 0 for one column. */
    private double score(char delimiter) {
        Map<Integer, Integer> counts = new HashMap<>();
        List<List<String>> split = new ArrayList<>();
        for (String line : lines) {
            List<String> row = cells(line, delimiter);
            split.add(row);
            counts.merge(row.size(), 1, Integer::sum);
        }
        int usual = 1;
        int rows = 0;
        for (Map.Entry<Integer, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > rows) {
                rows = entry.getValue();
                usual = entry.getKey();
            }
        }
        if (usual < 2) {
            return 0;
        }
        int all = 0;
        int clean = 0;
        for (List<String> row : split) {
            for (String cell : row) {
                all++;
                clean += isClean(cell, delimiter) ? 1 : 0;
            }
        }
        return (double) rows / lines.size() + (double) clean / all;
    }

    /** True if a cell holds no other delimiter, unless it is quoted or a number with a decimal comma, perhaps a unit. */
    private static boolean isClean(String cell, char delimiter) {
        if (cell.startsWith("\"") || (delimiter != ',' && (isCommaNumber(cell) || isGroupedCommaNumber(cell)))) {
            return true;
        }
        if (delimiter == '\t' && cell.indexOf(',') > 0) {
            String number = WITH_UNIT.matcher(cell).replaceFirst("$1");
            if (isCommaNumber(number) || isGroupedCommaNumber(number)) {
                return true;
            }
        }
        for (char other : CANDIDATES) {
            if (other != ' ' && other != delimiter && cell.indexOf(other) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** The cells of a line without the spaces around them; the quotes of a quoted cell are kept. */
    private static List<String> cells(String line, char delimiter) {
        List<String> cells = new ArrayList<>();
        String text = delimiter == ' ' ? line.strip() : line;
        int at = 0;
        boolean more = true;
        while (more) {
            int end = at;
            boolean open = false;
            while (end < text.length() && (open || !isDelimiter(text.charAt(end), delimiter))) {
                open ^= text.charAt(end) == '"';
                end++;
            }
            cells.add(text.substring(at, end).strip());
            more = end < text.length();
            at = end + 1;
            while (delimiter == ' ' && at < text.length() && isDelimiter(text.charAt(at), ' ')) {
                at++;
            }
        }
        return cells;
    }

    private static boolean isDelimiter(char c, char delimiter) {
        return c == delimiter || (delimiter == ' ' && c == '\t');
    }

    /** True if a delimiter ends every row, except perhaps the header. */
    private static boolean isTrailing(List<List<String>> rows) {
        if (rows.size() < 2) {
            return false;
        }
        for (List<String> row : rows.subList(1, rows.size())) {
            if (row.size() < 2 || !row.get(row.size() - 1).isEmpty()) {
                return false;
            }
        }
        List<String> first = rows.get(0);
        return first.get(first.size() - 1).isEmpty()
                || first.size() == rows.get(1).size() - 1;
    }

    /** The cells without quotes around them. */
    private static List<String> names(List<String> cells) {
        return cells.stream().map(Sniffer::unquoted).toList();
    }

    private static String unquoted(String cell) {
        return cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"")
                ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"")
                : cell;
    }

    /**
     * True if the first row names all columns but the first, whose cells all differ. A number with a decimal comma is
     * two cells between commas; there, the first cells must be quoted or words.
     */
    private static boolean lacksNames(List<List<String>> rows, char delimiter) {
        if (rows.size() < 2 || rows.get(0).size() < 2) {
            return false;
        }
        List<String> header = rows.get(0);
        for (String name : header) {
            if (name.isEmpty() || Cells.isNumber(unquoted(name))) {
                return false;
            }
        }
        Set<String> firsts = new HashSet<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            String first = row.get(0);
            boolean isName = delimiter != ',' || first.startsWith("\"") || !Cells.isNumber(first);
            if (row.size() != header.size() + 1 || !isName || !firsts.add(first)) {
                return false;
            }
        }
        return !isTrailing(rows);
    }

    private static char decimalPoint(File file, List<List<String>> rows, char separator, int likely)
            throws DataFormatException {
        String ambiguous = null;
        boolean commas = false;
        for (List<String> row : rows) {
            for (String quotedCell : row) {
                String cell = unquoted(quotedCell);
                if (cell.indexOf('.') >= 0 && Cells.isNumber(cell)) {
                    return '.';
                }
                commas |= isGroupedCommaNumber(cell);
                if (isCommaNumber(cell)) {
                    boolean thousands = GROUPED_NUMBER.matcher(cell).matches();
                    ambiguous = thousands ? cell : ambiguous;
                    commas |= !thousands;
                }
            }
        }
        if (!commas && ambiguous != null && separator == 0 && likely != ',') {
            throw new DataFormatException(
                    file,
                    "is the comma in " + ambiguous + " a decimal comma or a separator of thousands? Say so (--decimal"
                            + " comma or --thousands comma)");
        }
        return commas || ambiguous != null ? ',' : '.';
    }

    private static boolean isGroupedCommaNumber(String cell) {
        return cell.indexOf(',') > 0 && GROUPED_COMMA_NUMBER.matcher(cell).matches();
    }

    private static boolean isCommaNumber(String cell) {
        return cell.indexOf(',') > 0 && COMMA_NUMBER.matcher(cell).matches();
    }
}
