// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.github.masktape.data.Csv;
import io.github.masktape.io.DataFormatException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** FastCSV, at its strictest, is the oracle of the rows; {@link Double#parseDouble} that of the numbers. */
class CellsProperties {
    private static File file;

    @BeforeContainer
    static void makeAFile() throws IOException {
        file = File.createTempFile("masktape", ".csv");
    }

    @AfterContainer
    static void deleteTheFile() throws IOException {
        Files.delete(file.toPath());
    }

    /** Cells out of what matters to a parser and some that does not. */
    @Provide
    Arbitrary<List<List<String>>> tables() {
        Arbitrary<String> cells = Arbitraries.strings()
                .withChars(',', ';', '"', '\n', '\r', ' ', 'a', '1', 'ä', '\t', '\u2028', '\u0000')
                .ofMaxLength(6);
        return Arbitraries.integers()
                .between(2, 5)
                .flatMap(columns ->
                        cells.list().ofSize(columns).list().ofMinSize(1).ofMaxSize(6));
    }

    @Property
    void whatAnotherWriterWritesIsReadBack(
            @ForAll("tables") List<List<String>> table,
            @ForAll QuoteStrategy quotes,
            @ForAll boolean crlf,
            @ForAll Delimiter delimiter,
            @ForAll boolean byteOrderMark)
            throws IOException {
        StringWriter text = new StringWriter();
        text.write(byteOrderMark ? "\ufeff" : "");
        var format = CsvWriter.builder()
                .fieldSeparator(delimiter.character)
                .lineDelimiter(crlf ? LineDelimiter.CRLF : LineDelimiter.LF);
        if (quotes.strategy != null) {
            format.quoteStrategy(quotes.strategy);
        }
        try (CsvWriter writer = format.build(text)) {
            table.forEach(writer::writeRecord);
        }
        assertThat(ours(text.toString().getBytes(StandardCharsets.UTF_8), delimiter.character))
                .isEqualTo(table);
    }

    enum QuoteStrategy {
        REQUIRED(null),
        ALWAYS(QuoteStrategies.ALWAYS),
        NON_EMPTY(QuoteStrategies.NON_EMPTY),
        EMPTY(QuoteStrategies.EMPTY);

        private final QuoteStrategies strategy;

        QuoteStrategy(QuoteStrategies strategy) {
            this.strategy = strategy;
        }
    }

    enum Delimiter {
        COMMA(','),
        SEMICOLON(';'),
        TAB('\t');

        private final char character;

        Delimiter(char character) {
            this.character = character;
        }
    }

    @Property
    void whatIsAcceptedIsReadAsAnotherReaderDoes(@ForAll("soups") byte[] soup) throws IOException {
        List<List<String>> ours;
        try {
            ours = ours(soup, ',');
        } catch (DataFormatException e) {
            assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n", "\r");
            return;
        }
        assertThat(ours).isEqualTo(fastCsv(soup));
    }

    @Property
    void whatAnotherReaderRefusesIsRefused(@ForAll("soups") byte[] soup) throws IOException {
        boolean refused = false;
        try {
            fastCsv(soup);
        } catch (CsvParseException | UncheckedIOException e) {
            refused = true;
        }
        if (refused) {
            try {
                assertThat(ours(soup, ',')).as("accepted").isNull();
            } catch (DataFormatException e) {
                assertThat(e).hasMessageStartingWith(file + ": ");
            }
        }
    }

    @Provide
    Arbitrary<byte[]> soups() {
        return Arbitraries.of(
                        (byte) ',',
                        (byte) '"',
                        (byte) '\n',
                        (byte) '\r',
                        (byte) 'a',
                        (byte) '1',
                        (byte) ' ',
                        (byte) 0xc3,
                        (byte) 0xa4)
                .list()
                .ofMaxSize(24)
                .map(list -> {
                    byte[] bytes = new byte[list.size()];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = list.get(i);
                    }
                    return bytes;
                });
    }

    @Property
    void anyBytesAreReadOrRefusedCleanly(@ForAll byte[] bytes) throws IOException {
        Files.write(file.toPath(), bytes);
        for (Csv csv : List.of(Csv.strict(file), Csv.of(file))) {
            try {
                assertThat(csv.read().size()).isPositive();
            } catch (DataFormatException e) {
                assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n", "\r", "changed");
            }
        }
    }

    private static List<List<String>> ours(byte[] bytes, char delimiter) throws IOException {
        Files.write(file.toPath(), bytes);
        List<List<String>> rows = new ArrayList<>();
        try (Cells cells = new Cells(file, TextEncoding.UTF_8, Dialect.strict(delimiter), done -> {})) {
            while (cells.next()) {
                List<String> row = new ArrayList<>();
                for (int c = 0; c < cells.cells(); c++) {
                    row.add(cells.text(c));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<List<String>> fastCsv(byte[] bytes) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .detectBomHeader(true)
                .ofCsvRecord(new ByteArrayInputStream(bytes))) {
            reader.forEach(row -> rows.add(row.getFields()));
        }
        return rows;
    }

    // Numbers.

    @Property
    void everyDoubleIsReadBack(@ForAll long bits) {
        double x = Double.longBitsToDouble(bits);
        if (Double.isFinite(x)) {
            assertNumber(Double.toString(x));
            assertNumber(new BigDecimal(x).toString());
            assertNumber(new BigDecimal(x).toPlainString());
        }
    }

    /** Cells that are read eight bytes at a time, also across the end of the buffer, are those that the parser reads. */
    @Property
    void aNumberAmongCellsIsReadAsByItself(
            @ForAll("nearNumbers") List<String> texts,
            @ForAll Decimal decimal,
            @ForAll @IntRange(min = 0, max = 80) int beforeEnd)
            throws IOException {
        String row = "x".repeat((1 << 16) - beforeEnd) + ';' + String.join(";", texts) + ";y\n";
        Files.writeString(file.toPath(), row + row);
        Dialect dialect =
                new Dialect(';', decimal.point, decimal.thousands, '\0', true, false, false, 0, Dialect.Layout.PLAIN);
        DecimalParser alone = dialect.numbers();
        try (Cells cells = new Cells(file, TextEncoding.UTF_8, dialect, done -> {})) {
            for (int i = 0; i < 2; i++) {
                assertThat(cells.next()).isTrue();
                assertThat(cells.cells()).isEqualTo(texts.size() + 2);
                for (int c = 0; c < texts.size(); c++) {
                    byte[] bytes = texts.get(c).getBytes(StandardCharsets.UTF_8);
                    assertThat(cells.text(c + 1)).isEqualTo(texts.get(c));
                    assertThat(cells.parsed(c + 1)).as(texts.get(c)).isEqualTo((Double)
                            alone.parse(bytes, 0, bytes.length));
                    assertThat(cells.form(c + 1)).as(texts.get(c)).isEqualTo(alone.form(bytes, 0, bytes.length));
                }
            }
            assertThat(cells.next()).isFalse();
        }
    }

    enum Decimal {
        POINT('.', '\0'),
        COMMA(',', '\0'),
        GROUPED(',', '.'),
        SAME('.', '.');

        private final char point;
        private final char thousands;

        Decimal(char point, char thousands) {
            this.point = point;
            this.thousands = thousands;
        }
    }

    @Provide
    Arbitrary<List<String>> nearNumbers() {
        Arbitrary<String> digits = Arbitraries.strings().numeric().ofMaxLength(10);
        Arbitrary<String> point = Arbitraries.of("", ".", ",", "..", ".,", " ", "e", "Z", "#", "!", "é");
        Arbitrary<String> sign = Arbitraries.of("", "-", "+", "--", "a");
        return Combinators.combine(sign, digits, point, digits)
                .as((a, b, c, d) -> a + b + c + d)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    /** Digits as tables have them, and as many as are read without the JDK. */
    @Property
    void decimalsOfOrdinarySizeAreRoundedOnce(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000_000_000L) long digits,
            @ForAll @IntRange(min = -25, max = 25) int exponent,
            @ForAll @IntRange(min = 0, max = 17) int cut) {
        long fewer = digits / (long) Math.pow(10, cut);
        assertNumber(fewer + "e" + exponent);
        assertNumber(BigDecimal.valueOf(fewer, Math.abs(exponent)).toPlainString());
    }

    @Property
    void decimalsAreRoundedOnce(@ForAll("digits") String digits, @ForAll @IntRange(min = -70, max = 70) int exponent) {
        assertNumber(digits + "e" + exponent);
        assertNumber("-" + digits.charAt(0) + "." + digits.substring(1) + "E+0" + Math.abs(exponent));
        assertNumber("+." + digits);
        assertNumber(digits + ".");
    }

    @Provide
    Arbitrary<String> digits() {
        return Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(25);
    }

    /** The middle of two neighbors is the hardest to round; so is what lies just beside it. */
    @Property
    void numbersNearTheMiddleOfTwoDoublesAreRoundedRight(
            @ForAll @IntRange(min = -250, max = 250) int binary,
            @ForAll @LongRange(min = 0, max = (1L << 52) - 1) long significand,
            @ForAll @IntRange(min = 1, max = 30) int digit,
            @ForAll @IntRange(min = 5, max = 21) int cut) {
        double x = Math.scalb((double) ((1L << 52) + significand), binary - 52);
        BigDecimal middle =
                new BigDecimal(x).add(new BigDecimal(Math.nextUp(x))).divide(BigDecimal.valueOf(2));
        BigDecimal off = new BigDecimal(BigInteger.ONE, middle.scale() + digit);
        assertNumber(middle.toString());
        assertNumber(middle.add(off).toString());
        assertNumber(middle.subtract(off).toString());
        assertNumber(middle.round(new java.math.MathContext(cut)).toString());
    }

    @Example
    void doubleRoundingIsAvoided() {
        assertNumber("1.00000000000000011102230246251565404236316680908203125");
        assertNumber("1.00000000000000011102230246251565404236316680908203124");
        assertNumber("1.00000000000000011102230246251565404236316680908203126");
        assertNumber("9007199254740992");
        assertNumber("9007199254740993");
        assertNumber("9007199254740995");
        assertNumber("9007199254740993e1");
        assertNumber("1.7976931348623158e308");
        assertNumber("1.7976931348623159e308");
        assertNumber("2.2250738585072011e-308");
        assertNumber("2.4703282292062328e-324");
        assertNumber("8.5e22");
        assertNumber("1e23");
        assertNumber("999999999999999999e64");
        assertNumber("999999999999999999e65");
        assertNumber("1e-64");
        assertNumber("1e-65");
    }

    @Example
    void onlyNumbersAreNumbers() {
        for (String text : List.of(
                "",
                " ",
                "+",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "1e5.",
                "1.2.3",
                "--1",
                "1 2",
                "1f",
                "1d",
                "0x1p0",
                "1_0",
                "NaN",
                "Infinity",
                "1,5",
                "٣",
                "1\u00a0",
                "\u00001")) {
            assertThat(parse(text)).as(text).isNaN();
        }
        assertThat(parse(" \t-0.0 ")).isEqualTo(-0.0);
        assertThat(parse("0e999999999999")).isEqualTo(0.0);
        assertThat(parse("1e999999999999")).isInfinite();
        assertThat(parse("-1e-999999999999")).isEqualTo(-0.0);
    }

    private static void assertNumber(String text) {
        assertThat(parse(text)).as(text).isEqualTo(Double.parseDouble(text));
    }

    private static double parse(String text) {
        byte[] bytes = ("12" + text + "34").getBytes(StandardCharsets.UTF_8);
        return DecimalParser.PLAIN.parse(bytes, 2, bytes.length - 2);
    }
}
