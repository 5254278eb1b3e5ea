// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
    private static final String IRIS = "length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n6.3,3.3,setosa\n";

    @TempDir
    private File folder;

    private File file;

    @BeforeEach
    void nameTheFile() {
        file = new File(folder, "table.csv");
    }

    // What is read.

    private static List<String> names(Dataset data) {
        return ((Labels) data.targets()).names();
    }

    @Test
    void theLastColumnIsTheLabel() throws IOException {
        Dataset data = csv(IRIS).read();

        assertThat(data.featureNames()).containsExactly("length", "width");
        assertThat(data.features().dtype()).isEqualTo(DType.FLOAT64);
        assertThat(data.features().toDoubleArray()).containsExactly(5.1, 3.5, 7, 3.2, 6.3, 3.3);
        assertThat(names(data)).containsExactly("setosa", "versicolor");
        assertThat(data.labels()).containsExactly(0, 1, 0);
        assertThat(data.labelColumn()).isEqualTo("species");
        assertThat(data.labelNumber()).isEqualTo(3);
        assertThat(data).hasToString("3 examples × 2 features, 2 classes: setosa 2, versicolor 1");
    }

    @Test
    void theLabelColumnHasANameOrANumber() throws IOException {
        String table = "b,kind,3\n1,x,2\n3,y,4\n";
        for (Csv csv : List.of(
                csv(table).withLabel("kind"),
                csv(table).withLabel(" kind "),
                csv(table).withLabel(2),
                csv(table).withLabel("2"),
                csv(table).withLabel(-2))) {
            Dataset data = csv.withHeader(Csv.Header.YES).read();
            assertThat(data.featureNames()).containsExactly("b", "3");
            assertThat(data.features().toDoubleArray()).containsExactly(1, 2, 3, 4);
            assertThat(data.labelColumn()).isEqualTo("kind");
        }
        assertThat(csv("2,4,1\n5,1,7\n8,0,3\n").withLabel(1).read().labels()).containsExactly(0, 1, 2);
        assertThat(csv(table)
                        .withHeader(Csv.Header.YES)
                        .withLabel("3")
                        .read(known(table, "3"))
                        .labelNumber())
                .isEqualTo(3);
    }

    private Preprocessing known(String table, String label) throws IOException {
        String numbers = table.replace("x", "7").replace("y", "8");
        return Preprocessing.none(
                csv(numbers).withHeader(Csv.Header.YES).withLabel(label).read());
    }

    @Test
    void aHeaderIsARowOfWords() throws IOException {
        assertThat(csv("1,2,a\n3,4,b\n").read().featureNames()).isNull();
        assertThat(csv("1,2,a\n3,4,b\n").read().size()).isEqualTo(2);
        assertThat(csv("x,y,7\n1,2,a\n3,4,b\n").read().labelColumn()).isEqualTo("7");
        assertThat(csv("x,y,z\n1,2,a\n3,4,b\n").withLabel(1).withHeader(Csv.Header.NO))
                .satisfies(csv -> assertThatThrownBy(csv::read)
                        .hasMessageEndingWith("line 1, column 2: column 2: expected a number, got 'y'"));
        Dataset years =
                csv("2019,2020,a\n1,2,a\n3,4,b\n").withHeader(Csv.Header.YES).read();
        assertThat(years.featureNames()).containsExactly("2019", "2020");
        assertThat(years.size()).isEqualTo(2);
        assertBroken(
                "id,2019,a\n1,2,a\n",
                "line 1, column 1: neither a header nor numbers: 'id' is no number, column 2 is one" + ASK);
    }

    private static final String ASK = "; say whether there is a header (--header yes or --header no)";

    private static void assertAsks(Csv csv, String problem) {
        assertThatThrownBy(csv::read).isInstanceOf(DataFormatException.class).hasMessageEndingWith(problem + ASK);
        assertThatThrownBy(csv.withHeader(Csv.Header.AUTO)::read).hasMessageEndingWith(problem + ASK);
    }

    /** Only {@code AUTO} asks: with {@code YES} or {@code NO} the first row is what the caller says. */
    @Test
    void aFirstRowWhoseLabelGivesItAwayIsAskedAbout() throws IOException {
        String numbers = "1.5,0.25,0\n2.5,7,1\n3.5,1,1\n1,2,0\n";
        assertAsks(
                csv("0,1,target\n" + numbers),
                "column 3: is this a header? 'target' is the only label that is no number");
        assertThat(names(
                        csv("0,1,target\n" + numbers).withHeader(Csv.Header.YES).read()))
                .containsExactly("0", "1");
        assertThat(names(csv("0,1,target\n" + numbers).withHeader(Csv.Header.NO).read()))
                .containsExactly("0", "1", "target");
        assertAsks(csv("0,0,target\n1,2,5\n3,4,6\n"), "'target' is the only label that is no number");
        assertAsks(csv("0.5,7,4\n" + numbers), "column 3: is this a header? the label '4' occurs in no other row");
        String words = "1,2,a\n2,3,b\n3,4,b\n5,7,a\n";
        assertAsks(csv("2019,2020,region\n" + words), "the label 'region' occurs in no other row");
        assertAsks(
                csv("region,7,2020\n" + words.replaceAll("(.*),(.)\n", "$2,$1\n"))
                        .withLabel(1),
                "line 1, column 1: is this a" + " header? the label 'region' occurs in no other row");
        assertAsks(
                csv("2019,2020,region\n" + words.repeat(3) + "5,5,rare\n"),
                "the label 'region' occurs in no other row");
    }

    @Test
    void aFirstRowLikeTheOthersIsAnExample() throws IOException {
        for (String table : List.of(
                "1,2,a\n3,4,b\n",
                "1,2,a\n3,4,b\n5,6,c\n5,6,c\n",
                "7,7,rare\n1,2,a\n2,3,b\n3,4,b\n5,7,a\n",
                "1,2,a\n3,4,0\n5,6,1\n1,1,a\n",
                "1,2,3,x\n2,3,4,y\n3,4,5,x\n4,5,6,y\n",
                "1,2,3,x\n5,7,1,y\n1,1,1,x\n4,5,6,y\n",
                "3,2,1,0,x\n5,0.5,1,3,y\n1,1,1,1,x\n4,5,6,8,y\n",
                "0,0,1,2,x\n0,0,1,3,y\n0,1,1,1,x\n4,5,6,8,y\n")) {
            assertThat(csv(table).read().size()).as(table).isEqualTo(table.split("\n").length);
            assertThat(csv(table).read().featureNames()).isNull();
        }
        assertThat(csv("1,2\n3,4\n").withTask(Csv.Task.REGRESSION).read().size())
                .isEqualTo(2);
    }

    /** Only the steps give away a header whose label has a number for a name as well, or the name of a class. */
    @Test
    void aFirstRowThatGrowsByEqualStepsIsAskedAbout() throws IOException {
        String problem = "line 1, column 1: is this a header? its numbers grow by equal steps, as names do";
        for (String header : List.of("0,1,2,3", "1,2,3,4", "2019,2020,2021,2022", "-1,0,1,a", "400,410,420,b")) {
            Csv csv = csv(header + "\n0.5,1,2,a\n1,1,1.5,b\n3,5,4,a\n1,1,2,b\n1,2,2,3\n5,2,2,3\n");
            assertAsks(csv, problem);
            assertThat(csv.withHeader(Csv.Header.YES).read().size()).isEqualTo(6);
            assertThat(csv.withHeader(Csv.Header.NO).read().size()).isEqualTo(7);
        }
        assertAsks(csv("0,1,2\n0.5,1,7.5\n1,1,3.5\n").withTask(Csv.Task.REGRESSION), problem);
        assertAsks(csv("0,1,2,3\n5,1,8,7\n1,1,3,9\n").withTask(Csv.Task.REGRESSION), problem);
        assertAsks(
                csv("0,1,2,3\n5,1,8,7\n1,1,3,9\n").withTask(Csv.Task.REGRESSION).withLabel(2), problem);
    }

    @Test
    void aTargetThatIsAWordIsAskedAbout() throws IOException {
        Csv csv = csv("0,7,price\n1,2,3\n4,5,6\n").withTask(Csv.Task.REGRESSION);
        assertAsks(csv, "line 1, column 3: neither a header nor numbers: 'price' is no number, column 2 is one");
        assertThat(csv.withHeader(Csv.Header.YES).read().featureNames()).containsExactly("0", "7");
        Preprocessing model = Preprocessing.fit(
                csv("1,2,3\n4,5,6\n").withTask(Csv.Task.REGRESSION).read());
        Csv other = csv("0,7,price\n1,2,3\n4,5,6\n");
        assertThatThrownBy(() -> other.read(model)).hasMessageEndingWith("'price' is no number, column 2 is one" + ASK);
    }

    @Test
    void aFirstRowOfMissingValuesIsAskedAbout() throws IOException {
        assertAsks(csv("?,a\n1,b\n2,a\n"), "line 1, column 1: neither a header nor numbers: '?' is a missing value");
        assertThat(csv("?,a\n1,b\n2,c\n").withHeader(Csv.Header.YES).read().featureNames())
                .containsExactly("?");
        assertThat(csv("x,NA,a\n1,2,b\n2,3,c\n").read().featureNames()).containsExactly("x", "NA");
    }

    @Test
    void aModelsFirstRowIsAskedAboutToo() throws IOException {
        Preprocessing model = Preprocessing.fit(csv("1,2,a\n3,4,b\n").read());
        assertBrokenFor(
                model,
                "2019,2020,region\n1,2,a\n",
                "line 1, column 3: column 3: label 'region' was not seen in training, which had a, b" + ASK);
        assertThat(csv("1,2,a\n").hasHeader(model)).isFalse();
        assertThat(csv("1,2\n").hasHeader(model)).isFalse();
        assertThat(csv("x,y\n1,2\n").hasHeader(model)).isTrue();
        assertThat(csv("2019,2020\n1,2\n").withHeader(Csv.Header.YES).hasHeader(model))
                .isTrue();

        Preprocessing years = Preprocessing.fit(csv("2019,2020,region\n1,2,a\n3,4,b\n")
                .withHeader(Csv.Header.YES)
                .read());
        assertThat(csv("2019,2020,region\n1,2,a\n").read(years).size()).isEqualTo(1);
        assertThat(csv("2019,2020\n1,2\n").hasHeader(years)).isTrue();
    }

    // What is missing.

    @Test
    void aMissingLabelIsNoClass() throws IOException {
        for (String missing : List.of(
                "?", ".", "NA", "na", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None", "\\N", " ? ",
                "\"NA\"")) {
            String text = missing.replace("\"", "").strip();
            String expected = "line 3, column 2: b: expected a label, got the missing value '" + text
                    + "'; the label is missing in 2 of 5 rows; fill it in or remove these rows, or rename the class if it"
                    + " is one";
            String table = "a,b\n1,x\n2," + missing + "\n3,y\n4," + missing + "\n5,x\n";
            assertBroken(table, expected);
            assertBrokenFor(Preprocessing.fit(csv("a,b\n1,x\n2,y\n").read()), table, expected);
        }
        for (String empty : List.of("", " \t", "\"\"")) {
            assertBroken(
                    "a,b\n1,x\n2," + empty + "\n",
                    "line 3, column 2: b: expected a label, got an empty cell; the label is missing in 1 of 2 rows; fill"
                            + " it in or remove these rows");
        }
        assertBroken(
                "1,?\n2,?\n",
                "line 1, column 2: column 2: expected a label, got the missing value '?'; the label is missing in 2 of 2"
                        + " rows; fill it in or remove these rows, or rename the class if it is one");
        assertThat(names(csv("1,-\n2,+\n3,none\n4,Na\n5,-\n6,+\n7,none\n8,Na\n").read()))
                .containsExactly("+", "-", "Na", "none");
    }

    /** Its name is in the file of a model that was not made from a table. */
    @Test
    void aModelMayKnowAClassOfSuchAName() throws IOException {
        Dataset countries = new Dataset(
                        Tensor.of(new double[] {1, 2}, 2, 1),
                        new Labels(new int[] {0, 1}, 2).withNames(List.of("DE", "NA")))
                .withFeatureNames(List.of("x"))
                .withLabelColumn("c", 2);
        assertThat(csv("x,c\n1,NA\n").read(Preprocessing.fit(countries)).labels())
                .containsExactly(1);
    }

    @Test
    void aMissingNumberIsCalledMissing() throws IOException {
        for (String missing : List.of("?", "NA", "NaN", "nan", "N/A", "NULL", "None")) {
            assertBroken(
                    csv("a,y\n1,2\n2," + missing + "\n").withTask(Csv.Task.REGRESSION),
                    "line 3, column 2: y: expected a number, got the missing value '" + missing + "'");
            assertBroken(
                    csv("a,y\n1,b\n" + missing + ",c\n"),
                    "line 3, column 1: a: expected a number, got the missing value '" + missing + "'");
        }
    }

    // What is packed, or no table.

    @Test
    void gzipOfSeveralMembersAndPaddingIsRead() throws IOException {
        Dataset expected = csv(IRIS).read();
        byte[] begin = gzip(bytes(IRIS.substring(0, 30)));
        byte[] end = gzip(bytes(IRIS.substring(30)));
        byte[] empty = gzip(new byte[0]);
        for (byte[] packed : new byte[][] {
            join(begin, end), join(begin, end, empty), join(empty, begin, empty, end), join(begin, end, new byte[512]),
        }) {
            write(packed);
            assertThat(Csv.strict(file).read().features()).isEqualTo(expected.features());
        }
        write(join(begin, end, bytes("x")));
        assertBroken("corrupt gzip data: trailing bytes that are neither another member nor zeros (at byte "
                + IRIS.length() + ")");
    }

    /** A member a block, as bgzip writes, of more rows than any buffer holds. */
    @Test
    void manyMembersAreRead() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int i = 0; i < 3000; i++) {
            packed.writeBytes(gzip(bytes(i + "," + "abc".charAt(i % 3))));
            packed.writeBytes(gzip(bytes("\n")));
        }
        write(packed.toByteArray());
        Dataset data = Csv.strict(file).read();
        assertThat(((Labels) data.targets()).counts()).containsExactly(1000, 1000, 1000);
        assertThat(data.features().get(2999, 0)).isEqualTo(2999);
    }

    @Test
    void whatIsNoTableIsNamed() throws IOException {
        String csv = "; save the table as CSV";
        assertNoTable(gzip(gzip(bytes(IRIS))), "a file packed twice by gzip; unpack it once");
        assertNoTable(bytes("PK\u0003\u0004\u0014\u0000xl/workbook"), "a ZIP file, such as Excel's .xlsx" + csv);
        assertNoTable(gzip(bytes("PK\u0003\u0004\u0014")), "a ZIP file, such as Excel's .xlsx" + csv);
        for (String json : List.of("[{\"x\":1}]", " {\n \"x\": 1}", "[[1,2],[3,4]]", "\ufeff{\"x\":1}\n{\"x\":2}\n")) {
            assertNoTable(bytes(json), "JSON" + csv);
        }
        assertNoTable(bytes("<!DOCTYPE html><html>"), "a web page (HTML); download the file itself");
        assertNoTable(bytes("<?xml version=\"1.0\"?>"), "XML" + csv);
        assertNoTable(bytes("% iris\n\n@RELATION iris\n"), "an ARFF file" + csv);
        assertNoTable(
                bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
                "a Git LFS pointer; fetch the file by git lfs pull");
        assertNoTable(bytes("PAR1\u0015\u0004"), "a Parquet file" + csv);
        assertNoTable(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, "a NumPy array" + csv);
        byte[] images = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7};
        assertNoTable(images, "an IDX file of images");
        assertNoTable(gzip(images), "an IDX file of images");
        assertNoTable(new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7}, "an IDX file of labels");
        assertNoTable(new byte[] {0, 0, 8, 0}, "a binary file, and no right IDX file either");
        for (String names : List.of("PAR1,PK", "[x,{y", "<a,b>", "%,@", "BZh,version")) {
            assertThat(csv(names + "\n1,a\n2,b\n").read().featureNames()).isNotNull();
        }
    }

    private void assertNoTable(byte[] content, String kind) throws IOException {
        write(content);
        assertBroken("expected a CSV table, got " + kind);
        assertThatThrownBy(() -> Csv.strict(file).withTask(Csv.Task.REGRESSION).read())
                .hasMessageEndingWith(kind);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /** A name is not a number for one part of the reader and one for another: the same characters are left out of both. */
    @Test
    void spacesAndTabsAroundACellMeanNothingAndOtherCharactersDo() throws IOException {
        Dataset data =
                csv("\t x ,y\u001c,\" z\"\n 1\t,\t2 ,\ta \n3,4,b\u001f\n").read();
        assertThat(data.featureNames()).containsExactly("x", "y\u001c");
        assertThat(data.labelColumn()).isEqualTo("z");
        assertThat(names(data)).containsExactly("a", "b\u001f");
        assertThat(data.features().toDoubleArray()).containsExactly(1, 2, 3, 4);
        assertThat(csv("1\u001c,2\u2003,c\n3,4,b\n5,6,a\n").read().featureNames())
                .containsExactly("1\u001c", "2\u2003");
    }

    @Test
    void labelsThatAreWholeNumbersAreOrderedBySize() throws IOException {
        assertThat(names(csv("0,10\n0,9\n0,-1\n").read())).containsExactly("-1", "9", "10");
        assertThat(names(csv("0,10\n0,9\n0,b\n0,a\n0,B\n").read())).containsExactly("10", "9", "B", "a", "b");
    }

    @Test
    void targetsAreTheNumbersOfTheLabelColumn() throws IOException {
        Dataset data = csv("x,y\n1,2.5\n3,-4e1\n").withTask(Csv.Task.REGRESSION).read();

        assertThat(data.values().shape()).hasToString("2×1");
        assertThat(data.values().toDoubleArray()).containsExactly(2.5, -40);
        for (String constant : List.of("x,y\n1,2.5\n", "x,y\n1,2.5\n2,2.5\n")) {
            assertBroken(
                    csv(constant).withTask(Csv.Task.REGRESSION),
                    "line 2, column 2: y: expected at least two different targets, got 2.5 in every row");
        }
    }

    @Test
    void spellingsOfATableAreOneTable() throws IOException {
        Dataset expected = csv(IRIS).read();
        for (String same : List.of(
                IRIS.replace("\n", "\r\n"),
                IRIS.strip(),
                "\ufeff" + IRIS,
                IRIS + "\n\r\n\n",
                IRIS.replace(",", " , "),
                IRIS.replace("5.1", "\"5.1\"").replace("setosa", "\"setosa\""))) {
            assertThat(csv(same).read().features()).isEqualTo(expected.features());
            assertThat(csv(same).read().labels()).isEqualTo(expected.labels());
            assertThat(csv(same).read().featureNames()).isEqualTo(expected.featureNames());
        }
        for (char delimiter : new char[] {';', '\t', '|'}) {
            Dataset data =
                    csv(IRIS.replace(',', delimiter)).withDelimiter(delimiter).read();
            assertThat(data.features()).isEqualTo(expected.features());
        }
        write(gzip(bytes(IRIS)));
        assertThat(Csv.strict(file).read().features()).isEqualTo(expected.features());
    }

    @Test
    void quotedTextMayHoldAnything() throws IOException {
        Dataset data = csv("\"a,\r\n\"\"b\"\"\",c\n1,\"x\ny\"\n2,\"ä😀\"\n").read();

        assertThat(data.featureNames()).containsExactly("a,\r\n\"b\"");
        assertThat(names(data)).containsExactly("x\ny", "ä😀");
        assertThat(data).hasToString("2 examples × 1 features, 2 classes: x\\ny 1, ä😀 1");
    }

    @Test
    void tablesLargerThanAnyBufferAreRead() throws IOException {
        StringBuilder text = new StringBuilder("x,\"long\n" + "name".repeat(100_000) + "\",y\n");
        int rows = 40_000;
        for (int i = 0; i < rows; i++) {
            text.append(i)
                    .append(".25,")
                    .append(-i)
                    .append(",\"class\n")
                    .append(i % 3)
                    .append("\"\r\n");
        }
        for (byte[] content : new byte[][] {bytes(text.toString()), gzip(bytes(text.toString()))}) {
            write(content);
            List<Long> done = new ArrayList<>();
            Dataset data = Csv.strict(file)
                    .withProgress((read, total) -> {
                        assertThat(total).isEqualTo(2L * content.length);
                        done.add(read);
                    })
                    .read();

            assertThat(done).isSorted().endsWith(2L * content.length);
            assertThat(data.size()).isEqualTo(rows);
            for (int i = 0; i < rows; i += 997) {
                assertThat(data.features().get(i, 0)).isEqualTo(i + 0.25);
                assertThat(data.features().get(i, 1)).isEqualTo(-i);
            }
            assertThat(((Labels) data.targets()).counts()).containsExactly(13334, 13333, 13333);
        }
    }

    // What is refused.

    @Test
    void eachMistakeHasOneLineWithItsPlace() throws IOException {
        assertBroken("", "line 1, column 1: empty file; expected a table");
        assertBroken("\n\n", "line 1, column 1: empty file; expected a table");
        assertBroken("\ufeff", "line 1, column 1: empty file; expected a table");
        assertBroken("a,b\n", "line 2, column 1: a header only; expected rows below it");
        assertBroken("a,b\n1,x\n\n2,y\n", "line 3, column 1: blank line; only the end of a file may have some");
        assertBroken(
                "a,b,c\n1,2,x\n1,x\n",
                "line 3, column 3: expected 3 cells as in the first row, got 2;"
                        + " is the last row cut off, or no part of the table (--skip-last 1)?");
        assertBroken(
                "a,b,c\n1,2,x\n1,2,x,\n",
                "line 3, column 4: expected 3 cells as in the first row, got 4;"
                        + " does a cell hold ','? put it in quotes");
        assertBroken(
                "a,\"b\nc\",\"d\"\n1,\"2\",\"x\ny\"\n1,\"\n2x\",y\n",
                "line 5, column 2: b\\nc: expected a number, got '\\n2x'");
        assertBroken("a,b\n1,x\nabc,y\n", "line 3, column 1: a: expected a number, got 'abc'");
        assertBroken("a,b\n1,x\n,y\n", "line 3, column 1: a: expected a number, got an empty cell");
        assertBroken("a,b\n1,x\n \t,y\n", "line 3, column 1: a: expected a number, got an empty cell");
        assertBroken("1,2,x\n3,0x1p3,y\n", "line 2, column 2: column 2: expected a number, got '0x1p3'");
        for (String word : List.of("inf", "-Infinity", "+INF", "+NaN")) {
            assertBroken("a,b\n" + word + ",y\n", "line 2, column 1: a: expected a finite number, got '" + word + "'");
        }
        assertBroken("a,b\n-1e309,y\n", "line 2, column 1: a: expected a number below 1.8e308 in size, got '-1e309'");
        assertBroken("a,b\n1,x\n2,x\n", "line 2, column 2: b: expected at least two classes, got 'x' in every row");
        assertBroken("a,a,b\n1,2,x\n", "line 1, column 2: the name 'a' is also that of column 1; is this a header?");
        assertBroken("a\n1\n", "line 1, column 1: expected features and a label separated by ',', got one column");
        assertBroken(
                "a;b\n1;2\n",
                "line 1, column 1: expected features and a label separated by ',', got one column; is the delimiter ';'?");
        assertBroken(
                "a\tb\n1\t2\n",
                "line 1, column 1: expected features and a label separated by ',', got one column; is the delimiter a"
                        + " tab?");
    }

    @Test
    void quotesAndBytesAreReadStrictly() throws IOException {
        assertBroken("a,b\n1,x\n\"2,y\n3,z\n", "line 3, column 1: a quote is opened and never closed");
        assertBroken(
                "a,b\n1,5\" disk\n",
                "line 2, column 2: a quote inside a cell that does not begin with one; write \"a \"\"b\"\" c\"");
        assertBroken(
                "a,b\n\"1\"2,x\n",
                "line 2, column 1: text after a closing quote; expected the delimiter or a line end");
        assertBroken("a,b\r1,x\r", "line 1, column 2: a carriage return that no line feed follows");
        write(new byte[] {'1', ',', 'x', '\n', '2', ',', (byte) 0xc3, '\n'});
        assertBroken("line 2, column 2: not UTF-8 text: '\ufffd'");
        write("a,b\n1,x\n".getBytes(StandardCharsets.UTF_16));
        assertBroken("line 1, column 1: expected UTF-8 text, got UTF-16");
        write(bytes("1," + "\"".repeat(1) + "x".repeat(1 << 24)));
        assertBroken("line 1, column 2: a row of more than 16 MiB; is a quote left open?");
        byte[] packed = gzip(bytes(IRIS));
        write(Arrays.copyOf(packed, packed.length - 3));
        assertThatThrownBy(() -> Csv.strict(file).read())
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": corrupt gzip data: truncated (at byte " + IRIS.length() + ")");
    }

    @Test
    void aLabelColumnThatIsNotThereIsSpokenOf() throws IOException {
        String wine = "acid,Sugar,quality\n1,2,a\n3,4,b\n";
        assertBroken(
                csv(wine).withLabel("qualty"),
                "line 1, column 1: no label column 'qualty'; did you mean 'quality'? the columns are acid, Sugar, quality");
        assertBroken(
                csv(wine).withLabel("price"),
                "line 1, column 1: no label column 'price'; the columns are acid, Sugar, quality");
        assertBroken(csv(wine).withLabel(4), "line 1, column 1: label column 4: expected 1…3 or −3…−1");
        assertBroken(csv(wine).withLabel(0), "line 1, column 1: label column 0: expected 1…3 or −3…−1");
        assertBroken(
                csv("1,2,a\n3,4,b\n").withLabel("kind"),
                "line 1, column 1: label column 'kind': there is no header; name the column by its number, 1…3");
    }

    @Test
    void tooManyLabelsAreTakenForARegression() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1001; i++) {
            text.append("1,0\n2,").append(i).append('\n');
        }
        assertBroken(
                text.toString(),
                "line 2002, column 2: column 2: more than 1000 different labels in 2002 rows; is this a regression?");
        assertBroken(
                "1,0.5\n2,0.25\n3,0.5\n",
                "line 1, column 2: column 2: 2 different labels in 3 rows, all of them numbers; is this a regression?");
        assertThat(csv("1,0.5\n2,0.25\n3,0.5\n4,0.25").read().outputs()).isEqualTo(2);
    }

    @Test
    void missingFilesAreRefused() {
        assertThatThrownBy(() -> Csv.strict(file).read())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(file + ": no such file");
        assertThatThrownBy(() -> Csv.strict(folder).read())
                .isInstanceOf(FileNotFoundException.class)
                .hasMessage(folder + ": expected a file, got a folder or a device");
        assertThatThrownBy(() -> Csv.strict(file).withDelimiter('"'))
                .hasMessage("delimiter: expected one ASCII character such as , ; or tab, got '\"'");
    }

    // Reading for a model.

    @Test
    void aModelFindsItsColumnsByName() throws IOException {
        Preprocessing model = Preprocessing.fit(csv(IRIS).read());

        Dataset moved =
                csv("species,width,length\nversicolor,1,2\nversicolor,3,4\n").read(model);
        assertThat(moved.features().toDoubleArray()).containsExactly(2, 1, 4, 3);
        assertThat(moved.labels()).containsExactly(1, 1);
        assertThat(names(moved)).containsExactly("setosa", "versicolor");
        assertThat(csv("width,length\n1,2\n").readFeatures(model).toDoubleArray())
                .containsExactly(2, 1);
        assertThat(csv("width,species,length\n1,??,2\n").readFeatures(model).toDoubleArray())
                .containsExactly(2, 1);
        assertThat(csv("width,kind,length\n1,setosa,2\n")
                        .withLabel("kind")
                        .read(model)
                        .labels())
                .containsExactly(0);
    }

    @Test
    void withoutAHeaderTheColumnsAreThoseOfTraining() throws IOException {
        Preprocessing model = Preprocessing.fit(
                csv("kind,u,v\na,1,2\nb,3,4\n").withLabel("kind").read());

        Dataset test = csv("b,7,8\n").read(model);
        assertThat(test.features().toDoubleArray()).containsExactly(7, 8);
        assertThat(test.labels()).containsExactly(1);
        assertThat(csv("?,7,8\n").readFeatures(model).toDoubleArray()).containsExactly(7, 8);
        assertThat(csv("7,8\n").readFeatures(model).toDoubleArray()).containsExactly(7, 8);

        Preprocessing nameless =
                Preprocessing.fit(csv("a,1,2\nb,3,4\n").withLabel(1).read());
        assertThat(csv("b,7,8\n").read(nameless).labels()).containsExactly(1);
        assertThat(csv("kind,u,v\nb,7,8\n").read(nameless).labels()).containsExactly(1);
    }

    @Test
    void whatAModelCannotUseIsRefused() throws IOException {
        Preprocessing model = Preprocessing.fit(csv(IRIS).read());

        assertBrokenFor(
                model,
                "length,width,species\n1,2,setosa\n1,2,virginica\n",
                "line 3, column 3: species: label 'virginica' was not seen in training, which had setosa, versicolor");
        assertBrokenFor(
                model,
                "lenght,width,species\n1,2,setosa\n",
                "line 1, column 1: no column 'length', which the model needs; did you mean 'lenght'? the columns are"
                        + " lenght, width, species");
        assertBrokenFor(
                model,
                "length,width,height,species\n1,2,3,setosa\n",
                "line 1, column 3: column 'height' is not known to the model, which has length, width");
        assertBrokenFor(
                model,
                "length,width\n1,2\n",
                "line 1, column 1: no label column 'species'; the columns are length, width");
        assertBrokenFor(
                model, "1,2\n", "line 1, column 1: expected 2 features as in training and a label, got 2 columns");
        assertBrokenFor(
                model, "1,2,3,4\n", "line 1, column 1: expected 2 features as in training and a label, got 4 columns");
        csv("length,width,species\n1,2,setosa\n");
        assertThatThrownBy(() -> Csv.strict(file).withLabel("width").read(model))
                .hasMessage(file + ": line 1, column 2: the label column 'width' is a feature of the model");
    }

    private void assertBroken(String table, String problem) throws IOException {
        assertBroken(csv(table), problem);
    }

    private void assertBroken(String problem) {
        assertBroken(Csv.strict(file), problem);
    }

    private void assertBroken(Csv csv, String problem) {
        assertThatThrownBy(csv::read).isInstanceOf(DataFormatException.class).hasMessage(file + ": " + problem);
    }

    private void assertBrokenFor(Preprocessing model, String table, String problem) throws IOException {
        Csv csv = csv(table);
        assertThatThrownBy(() -> csv.read(model))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": " + problem);
    }

    private Csv csv(String table) throws IOException {
        write(bytes(table));
        return Csv.strict(file);
    }

    private void write(byte[] content) throws IOException {
        Files.write(file.toPath(), content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
