// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.io.DataFormatException;
import io.github.masktape.tensor.Tensor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as people have them: the kinds of columns, the formats of files, and the model's view of new rows. */
class TableTest {
    private static final String PEOPLE = """
            id,name,sex,age,joined,class
            1,Ann,f,28,2020-01-05,x
            2,Bob,m,,2020-02-07,y
            3,Cem,m,41,2020-03-31,x
            4,Dee,f,23,2021-01-01,y
            5,Eve,f,,2021-01-02,x
            6,Fay,?,35,2022-11-30,y
            """;

    private static final double NONE = Double.NaN;

    @TempDir
    private File folder;

    private final List<String> notes = new ArrayList<>();

    private Csv table(String text) throws IOException {
        return table(text.getBytes(StandardCharsets.UTF_8));
    }

    private Csv table(byte[] content) throws IOException {
        File file = new File(folder, "table.csv");
        Files.write(file.toPath(), content);
        notes.clear();
        return Csv.of(file).withNotes(notes::add);
    }

    private static List<String> kinds(Dataset data) {
        return data.columns().stream()
                .map(column -> column.title() + ": " + column.kind())
                .toList();
    }

    private static List<String> names(Dataset data) {
        return ((Labels) data.targets()).names();
    }

    private static double[] column(Dataset data, int feature) {
        return IntStream.range(0, data.size())
                .mapToDouble(i -> data.features().get(i, feature))
                .toArray();
    }

    /** Rows of a table of numbers: a header x, y, class, then {@code count} rows of classes a and b. */
    private static String numbers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i * 7 % 5 + ".5," + (i * i % 11) + "," + (i % 3 == 0 ? "a" : "b") + "\n")
                .collect(Collectors.joining("", "x,y,class\n", ""));
    }

    // Kinds of columns.

    @Test
    void eachColumnHasItsKind() throws IOException {
        Dataset data = table(PEOPLE).read();

        assertThat(kinds(data))
                .containsExactly(
                        "id: Ignored[reason=numbers of the rows]",
                        "name: Ignored[reason=6 different texts in 6 rows]",
                        "sex: Categories[names=[f, m]]",
                        "age: Numbers[]",
                        "joined: date (year, month, day) as days");
        assertThat(data.featureNames()).containsExactly("sex", "age", "joined");
        assertThat(column(data, 0)).containsExactly(0, 1, 1, 0, 0, NONE);
        assertThat(column(data, 1)).containsExactly(28, NONE, 41, 23, NONE, 35);
        assertThat(column(data, 2)).containsExactly(18266, 18299, 18352, 18628, 18629, 19326);
        assertThat(names(data)).containsExactly("x", "y");
        assertThat(notes).isEmpty();
    }

    @Test
    void aTableOfPlainNumbersHasNoKinds() throws IOException {
        Dataset data = table(numbers(12)).read();

        assertThat(data.columns()).isEmpty();
        assertThat(data.features())
                .isEqualTo(Csv.strict(new File(folder, "table.csv")).read().features());
        assertThat(Preprocessing.fit(data).toMetadata())
                .containsKey("data.feature_means")
                .doesNotContainKey("data.columns");
    }

    @Test
    void theInputsFollowTheFittedExamples() throws IOException {
        Dataset data = table(PEOPLE).read();
        Preprocessing fitted = Preprocessing.fit(data);

        assertThat(fitted.encodedInputs())
                .extracting(Preprocessing.Input::name)
                .containsExactly("sex=f", "sex=m", "sex missing", "age", "age missing", "joined");
        assertThat(fitted.inputs()).isEqualTo(6);
        Tensor encoded = fitted.applyFeatures(data.features());
        double mean = (28 + 41 + 23 + 35) / 4.0;
        double deviation = Math.sqrt(
                (Math.pow(28 - mean, 2) + Math.pow(41 - mean, 2) + Math.pow(23 - mean, 2) + Math.pow(35 - mean, 2))
                        / 4);
        assertThat(encoded.row(1).toFloatArray()).startsWith(0, 1, 0, (float) ((31.5 - mean) / deviation), 1);
        assertThat(encoded.row(5).toFloatArray()).startsWith(0, 0, 1, (float) ((35 - mean) / deviation), 0);
        assertThat(fitted.summary(data))
                .containsExactly(
                        "id      ignored: numbers of the rows",
                        "name    ignored: 6 different texts in 6 rows",
                        "sex     2 categories, 1 missing",
                        "age     number, 2 missing, filled with the median 31.5",
                        "joined  date (year, month, day) as days");
        assertThat(Preprocessing.ofMetadata(fitted.toMetadata()).toMetadata()).isEqualTo(fitted.toMetadata());
    }

    /** Whether a category occurs among the training examples is for these to say, not for the whole file. */
    @Test
    void aCategoryOnlyOfOtherExamplesIsMissing() throws IOException {
        Dataset data =
                table("c,class\n" + "a,x\nb,y\n,x\n".repeat(4) + "rare,y\n").read();
        Dataset training = data.select(IntStream.range(0, 12).toArray());
        Preprocessing fitted = Preprocessing.fit(training);

        assertThat(fitted.encodedInputs())
                .extracting(Preprocessing.Input::name)
                .containsExactly("c=a", "c=b", "c missing");
        Tensor encoded = fitted.applyFeatures(data.features());
        assertThat(encoded.row(12).toFloatArray()).containsExactly(0, 0, 1);
        Preprocessing back = Preprocessing.ofMetadata(fitted.toMetadata());
        assertThat(back.applyFeatures(table("c\nrare\nb\nnew\n").readFeatures(back))
                        .toFloatArray())
                .containsExactly(0, 0, 1, 0, 1, 0, 0, 0, 1);
        assertThat(notes).containsExactly("c: 2 of 3 rows have a category that was not in training, read as missing");
    }

    @Test
    void datesAreReadInTheOrderThatTheWholeColumnHas() throws IOException {
        String rows = "%s,a\n%s,b\n%s,a\n";
        assertThat(column(
                        table("d,class\n" + String.format(rows, "10/03/2004", "31/12/1999", "01/01/1970"))
                                .read(),
                        0))
                .containsExactly(12487, 10956, 0);
        assertThat(column(
                        table("d,class\n" + String.format(rows, "03/10/2004", "12/31/1999", "01/01/1970"))
                                .read(),
                        0))
                .containsExactly(12487, 10956, 0);
        assertThat(kinds(table("d,x,class\n"
                                + String.format("%s,1,a\n%s,2,b\n%s,3,b\n", "1.2.2004", "3.4.1999", "1.1.1970"))
                        .read()))
                .contains("d: Ignored[reason=dates whose days and months cannot be told apart]");
        assertThat(column(
                        table("d,class\n" + String.format(rows, "18:30", "00:00:36", "6:00"))
                                .read(),
                        0))
                .containsExactly(18.5, 0.01, 6);
        Dataset stamps = table("d,class\n"
                        + String.format(rows, "2004-03-10 18:00", "2004-03-10T18:00:00Z", "1970-01-01 00:00+01:00"))
                .read();
        assertThat(stamps.featureNames()).containsExactly("d", "d (hour of day)");
        assertThat(column(stamps, 0)).containsExactly(12487.75, 12487.75, -1 / 24.0);
        assertThat(column(stamps, 1)).containsExactly(18, 18, 24 * (1 - 1 / 24.0));
        Preprocessing fitted = Preprocessing.fit(stamps);
        assertThat(Preprocessing.ofMetadata(fitted.toMetadata()).toMetadata()).isEqualTo(fitted.toMetadata());
        assertThat(kinds(table("d,x,class\n2004-02-30,1,a\n2004-03-10,2,b\n2004-02-30,3,b\n")
                        .read()))
                .contains("d: Categories[names=[2004-02-30, 2004-03-10]]");
    }

    @Test
    void columnsWithoutInformationAreIgnored() throws IOException {
        String rows = IntStream.range(0, 20)
                .mapToObj(i -> i + "," + (i + 3) + ",7,,k," + i % 4 + "," + (i * 13 % 20 + 100) + "," + (i % 2) + "\n")
                .collect(Collectors.joining());
        assertThat(kinds(table(",row_names,c,e,w,n,user id,class\n" + rows).read()))
                .containsExactly(
                        "column 1: Ignored[reason=numbers of the rows]",
                        "row_names: Ignored[reason=numbers of the rows]",
                        "c: Ignored[reason=7 in every row]",
                        "e: Ignored[reason=no values]",
                        "w: Ignored[reason='k' in every row]",
                        "n: Numbers[]",
                        "user id: Ignored[reason=another number in every row, as an identifier has]");
        assertThat(kinds(table(rows).withHeader(Csv.Header.NO).read()))
                .contains("column 1: Ignored[reason=numbers of the rows]", "column 2: Numbers[]");
        assertThatThrownBy(() -> table("id,class\n1,a\n2,b\n").read())
                .hasMessageEndingWith("expected at least one column to learn from, got none: id: numbers of the rows");
    }

    @Test
    void numbersAmongWordsAreCategories() throws IOException {
        Dataset data =
                table("2,2,u\n3,4,u\n4,more,v\n5more,4,u\n2,2,v\n3,more,u\n").read();
        assertThat(kinds(data))
                .containsExactly(
                        "column 1: Categories[names=[2, 3, 4, 5more]]", "column 2: Categories[names=[2, 4, more]]");
    }

    @Test
    void aFewWordsAmongManyNumbersAreAskedAbout() throws IOException {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> (i == 7 ? "unknown" : i + ".5") + "," + (i % 2) + "\n")
                .collect(Collectors.joining());
        assertThatThrownBy(() -> table("x,class\n" + rows).read())
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith(
                        "x: expected a number as in 29 other cells, got 'unknown'; does it stand for a missing"
                                + " value (--na), are these categories (--categorical), or is the column of no use (--ignore)?");
        Dataset filled =
                table("x,class\n" + rows).withMissingValues(List.of("unknown")).read();
        assertThat(column(filled, 0)).contains(NONE, 8.5);
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(filled).toMetadata());
        assertThat(table("x\nunknown\n").readFeatures(model).toDoubleArray()).containsExactly(NONE);
    }

    @Test
    void numbersWithAUnitAreNumbers() throws IOException {
        String rows = IntStream.range(0, 12)
                .mapToObj(i -> i + ".5%,$" + (100 + i) + "," + i + " kg,A" + i + "," + i % 3 + "h,"
                        + (i % 2 == 0 ? i + "kg" : i + "lb") + "," + i % 2 + "\n")
                .collect(Collectors.joining());
        Dataset data = table("share,price,weight,code,time,mixed,class\n" + rows + ",,,A12,1h,12kg,0\n")
                .read();
        assertThat(kinds(data))
                .containsExactly(
                        "share: number with '%'",
                        "price: number with '$'",
                        "weight: number with 'kg'",
                        "code: Ignored[reason=13 different texts in 13 rows]",
                        "time: Categories[names=[0h, 1h, 2h]]",
                        "mixed: Ignored[reason=13 different texts in 13 rows]");
        assertThat(column(data, 0)).startsWith(0.5, 1.5).endsWith(NONE);
        assertThat(column(data, 1)).startsWith(100, 101);
        assertThat(column(data, 2)).startsWith(0, 1);
        Preprocessing fitted = Preprocessing.fit(data);
        assertThat(fitted.summary(data)).contains("share   number with '%', 1 missing, filled with the median 6");
        Preprocessing model = Preprocessing.ofMetadata(fitted.toMetadata());
        assertThat(model.toMetadata()).isEqualTo(fitted.toMetadata());
        assertThat(table("time,weight,price,share\n2h,-3kg,$ 7.25,1e1 %\n")
                        .readFeatures(model)
                        .toDoubleArray())
                .containsExactly(10, 7.25, -3, 2);
        assertThatThrownBy(
                        () -> table("time,weight,price,share\n2h,3kg,$7,0.1\n").readFeatures(model))
                .hasMessageEndingWith("share: expected a number with '%', got '0.1'");
    }

    @Test
    void numbersInAFormThatIsNotReadAreNotedOrRefusedWithTheOption() throws IOException {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> i + ";" + i + ",5%;1 0" + (10 + i) + ",5 EUR;" + (i % 2 == 0 ? "a" : "b") + "\n")
                .collect(Collectors.joining());
        table("n;share;price;class\n" + rows).withDecimalComma(false).read();
        assertThat(notes)
                .contains("share: texts such as '29,5%' are not read as numbers without --decimal comma")
                .contains("price: texts such as '1 039,5 EUR' are not read as numbers without --decimal comma"
                        + " --thousands space");
        assertThatThrownBy(() -> table("n;class;price;share\n"
                                + rows.replaceAll(";[ab]\n", "\n")
                                        .replaceAll("(?m)^([0-9]+);([^;]*);(.*)$", "$1;x;$3;$2"))
                        .withDecimalComma(false)
                        .read())
                .hasMessageEndingWith(
                        "share: expected classes or numbers, got 30 different texts such as '0,5%'; read them as"
                                + " numbers (--decimal comma), or say that they are classes (--task classification)");
    }

    @Test
    void targetsMayHaveAUnit() throws IOException {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> i + 0.5 + ",$" + i * i + "," + i + ".5 km,(" + (i + 1) + ")\n")
                .collect(Collectors.joining("", "n,price,way,debt\n", "1,,1 km,1\n"));
        Dataset data = table(rows).withLabel("price").read();
        assertThat(notes)
                .contains(
                        "price: 30 different numbers with '$', so this is a regression (--task classification if they"
                                + " are classes)",
                        "1 of 31 rows left out, whose label in price is missing");
        assertThat(data.values().get(29, 0)).isEqualTo(841);
        Preprocessing known = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        assertThat(known.targetTitles()).containsExactly("price ($)");
        assertThat(known.toMetadata()).isEqualTo(Preprocessing.fit(data).toMetadata());
        assertThat(table("price,debt,n,way\n-$7.5,1,2,3 km\n")
                        .read(known)
                        .values()
                        .item())
                .isEqualTo(-7.5);
        assertThatThrownBy(() -> table("price,debt,n,way\n€7.5,1,2,3 km\n").read(known))
                .hasMessageEndingWith("line 2, column 1: price: expected a number with '$', got '€7.5'");
        assertThat(table("debt,n,way\n1,2,3 km\n").readFeatures(known).shape().dims())
                .containsExactly(1, 3);

        Dataset several = table(rows.replace("1,,", "1,$1,"))
                .withLabels(List.of("way", "n", "debt"))
                .read();
        assertThat(notes).contains("way: numbers with 'km'");
        Preprocessing three = Preprocessing.fit(several);
        assertThat(several.values().row(2).toDoubleArray()).containsExactly(2.5, 2.5, -3);
        assertThat(three.targetTitles()).containsExactly("way (km)", "n", "debt");
        assertThat(Preprocessing.ofMetadata(three.toMetadata()).labelColumns()).isEqualTo(several.labelColumns());
    }

    @Test
    void targetsWithAUnitNeedNoNames() throws IOException {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> i + 0.5 + "," + i + "," + i % 7 + ".5 kg\n")
                .collect(Collectors.joining());
        Dataset data = table(rows).read();
        assertThat(data.size()).isEqualTo(30);
        Preprocessing known = Preprocessing.fit(data);
        assertThat(known.targetTitles()).containsExactly("target (kg)");
        assertThat(table("1,2,3 kg\n").read(known).values().item()).isEqualTo(3);
    }

    @Test
    void fewWholeNumbersWithAUnitAreClasses() throws IOException {
        Dataset data = table(IntStream.range(0, 40)
                        .mapToObj(i -> i % 11 + "," + (i % 3 + 1) + " kg\n")
                        .collect(Collectors.joining("", "n,size\n", "")))
                .read();
        assertThat(names(data)).containsExactly("1 kg", "2 kg", "3 kg");
        assertThat(table(IntStream.range(0, 40)
                                .mapToObj(i -> i % 11 + "," + (i % 3 + 1) + " kg\n")
                                .collect(Collectors.joining("", "n,size\n", "")))
                        .withTask(Csv.Task.REGRESSION)
                        .read()
                        .values()
                        .get(2, 0))
                .isEqualTo(3);
    }

    @Test
    void targetsOfDifferentUnitsAreRefused() {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> i + "," + i + (i % 3 == 0 ? " m\n" : " km\n"))
                .collect(Collectors.joining("", "n,way\n", ""));
        String problem = " with one unit, got '0 m' and '1 km'; convert all to one unit";
        assertThatThrownBy(() -> table(rows).read())
                .hasMessageEndingWith("way: expected classes or numbers" + problem
                        + ", or say that they are classes (--task classification)");
        assertThatThrownBy(() -> table(rows).withTask(Csv.Task.REGRESSION).read())
                .hasMessageEndingWith("way: expected numbers" + problem);
        assertThatThrownBy(() -> table(rows.replace(" m\n", "\n")).read()).hasMessageContaining("got '0' and '1 km'");
    }

    @Test
    void columnsOfDifferentUnitsAreNoted() throws IOException {
        table(IntStream.range(0, 30)
                        .mapToObj(i -> i + " m,1\n" + i + " km,2\n")
                        .collect(Collectors.joining("", "way,n,kind\n", ""))
                        .replaceAll("(?m),([12])$", ",$1,k$1"))
                .read();
        assertThat(notes)
                .contains(
                        "way: texts such as '0 m' and '0 km' are not read as numbers, since they have different units");
    }

    @Test
    void aTextAmongManyDifferentTargetsIsRefused() {
        String rows = IntStream.range(0, 90)
                .mapToObj(i -> i + "," + i / 3 + "\n")
                .collect(Collectors.joining("", "n,price\n", ""));
        assertThatThrownBy(() -> table(rows + "3,sold\n").read())
                .hasMessageEndingWith("price: expected a number as in 90 other cells, got 'sold'; does it stand for a"
                        + " missing value (--na), or are these classes (--task classification)?");
        assertThatThrownBy(
                        () -> table(rows.replace("n,price", "n,price\n1,EUR")).read())
                .hasMessageEndingWith("got 'EUR', in the row below the header; does this row hold units? remove it");
    }

    @Test
    void aRowOfUnitsAndCommentsAreNamed() {
        assertThatThrownBy(() -> table("x,class\nm,a\n"
                                + IntStream.range(0, 40)
                                        .mapToObj(i -> i + ".5," + (i % 2 == 0 ? "a" : "b") + "\n")
                                        .collect(Collectors.joining()))
                        .read())
                .hasMessageEndingWith("got 'm', in the row below the header; does this row hold units? remove it");
        assertThatThrownBy(() -> table("# made by a sensor\n" + numbers(12)).read())
                .hasMessageEndingWith("got 3; are lines that begin with '#' comments (--comment '#')?");
    }

    @Test
    void amountsOfMoneyMayBeNegative() throws IOException {
        Dataset data = table("paid,change,cited,class\n$1,1.5,(1),x\n-$2,(2),(2),y\n($3),3,(3),x\n$ (4),(4.5),(4),y\n"
                        + "$-5,5,(5),x\n\u2212$6,-6,(1),y\n$7,7,(1),x\n,,(2),y\n")
                .read();

        assertThat(kinds(data))
                .containsExactly(
                        "paid: number with '$'",
                        "change: number, negative in parentheses",
                        "cited: Categories[names=[(1), (2), (3), (4), (5)]]");
        assertThat(column(data, 0)).containsExactly(1, -2, -3, -4, -5, -6, 7, NONE);
        assertThat(column(data, 1)).containsExactly(1.5, -2, 3, -4.5, 5, -6, 7, NONE);

        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        assertThat(model.columns()).isEqualTo(data.columns());
        assertThatThrownBy(() -> table("paid,change,cited\n-$-2,1,(1)\n").readFeatures(model))
                .hasMessageContaining("-$-2");
        assertThatThrownBy(() -> table("paid,change,cited\n$2,(-1),(1)\n").readFeatures(model))
                .hasMessageContaining("(-1)");
    }

    @Test
    void aYearOrDayBehindAMonthIsNoted() throws IOException {
        table("when,a,class\nJan-20,1,x\nFeb-21,2,y\nJan-20,3,x\nFeb-21,4,y\n").read();
        assertThat(notes)
                .containsExactly(
                        "when: texts such as 'Jan-20' are not read as dates; write the year in four digits, such"
                                + " as 2021-01-05");
    }

    @Test
    void optionsDecideWhatAColumnIs() throws IOException {
        String text = "a,b,c,class\n1,5,u,x\n2,6,v,y\n1,5,u,x\n2,7,v,y\n";
        assertThat(kinds(table(text)
                        .withCategorical(List.of("a", "2"))
                        .withIgnored(List.of("-2"))
                        .read()))
                .containsExactly(
                        "a: Categories[names=[1, 2]]",
                        "b: Categories[names=[5, 6, 7]]",
                        "c: Ignored[reason=by option]");
        assertThatThrownBy(() -> table(text).withNumeric(List.of("c")).read())
                .hasMessageEndingWith("line 2, column 3: c: expected a number, got 'u'");
        assertThatThrownBy(() -> table(text).withIgnored(List.of("class")).read())
                .hasMessageEndingWith("column to ignore class: it is the label column");
        assertThatThrownBy(() -> table(text).withIgnored(List.of("d")).read())
                .hasMessageContaining("no column to ignore 'd'");
        assertThatThrownBy(() -> table("a,class\n1,x\n,y\n3,x\n")
                        .withMissing(Csv.Missing.ERROR)
                        .read())
                .hasMessageEndingWith("line 3, column 1: a: expected a number, got an empty cell");
        assertThat(column(
                        table("a,class\n1,x\n-200.0,y\n3,x\n")
                                .withMissingValues(List.of("-200"))
                                .read(),
                        0))
                .containsExactly(1, NONE, 3);
    }

    // Labels.

    @Test
    void rowsWithoutALabelAreLeftOut() throws IOException {
        Dataset data = table("x,class\n1,a\n2,?\n3,b\n4,\n5,a\n").read();
        assertThat(names(data)).containsExactly("a", "b");
        assertThat(column(data, 0)).containsExactly(1, 3, 5);
        assertThat(notes).containsExactly("2 of 5 rows left out, whose label in class is missing");
        Dataset values = table("x,y\n1,0.5\n2,\n3,1.5\n4,NA\n").read();
        assertThat(values.values().toDoubleArray()).containsExactly(0.5, 1.5);
        assertThatThrownBy(() -> table("x,class\n1,\n2,?\n").read()).hasMessageContaining("missing in 2 of 2 rows");
    }

    @Test
    void theTaskFollowsFromTheLabels() throws IOException {
        assertThat(names(table("x,q\n1,3\n2,4\n3,3\n").read())).containsExactly("3", "4");
        assertThat(table("x,y\n1,0.5\n2,1\n3,2\n").read().targets()).isInstanceOf(Values.class);
        assertThat(notes)
                .containsExactly(
                        "y: 3 different numbers, so this is a regression (--task classification if they are classes)");
        String many = IntStream.range(0, 42)
                .mapToObj(i -> i % 3 + "," + i % 21 + "\n")
                .collect(Collectors.joining());
        assertThat(table("x,y\n" + many).read().targets()).isInstanceOf(Values.class);
        assertThat(table("x,y\n" + many)
                        .withTask(Csv.Task.CLASSIFICATION)
                        .read()
                        .outputs())
                .isEqualTo(21);
    }

    @Test
    void spellingsOfANumberAreOneClass() throws IOException {
        Dataset data = table("x,q\n1,1\n2,01\n3,1.0\n4,2\n").read();
        assertThat(names(data)).containsExactly("1", "2");
        assertThat(data.labels()).containsExactly(0, 0, 0, 1);
        Preprocessing model = Preprocessing.fit(data);
        assertThat(table("x,q\n1,2.0\n2,1\n").read(model).labels()).containsExactly(1, 0);
        Preprocessing words =
                Preprocessing.fit(table("x,q\n1,low\n2,high\n3,low\n").read());
        assertThat(table("x,q\n1,low.\n2,high.\n3,low.\n").read(words).labels()).containsExactly(1, 0, 1);
        assertThat(notes)
                .containsExactly(
                        "q: 3 labels end with a period that the classes of the model do not have; read without it");
    }

    @Test
    void aCopyOfTheLabelIsReported() throws IOException {
        String rows = IntStream.range(0, 12)
                .mapToObj(i -> i % 5 + "," + (i % 3 == 0 ? "no,dead" : "yes,alive") + "\n")
                .collect(Collectors.joining());
        table("x,alive,class\n" + rows).read();
        assertThat(notes)
                .containsExactly("alive gives the label away: each of its 2 values has one class only; leave it out"
                        + " (--ignore) unless it is known when the label is not");
        String values = IntStream.range(0, 12)
                .mapToObj(i -> i % 5 + "," + i / 2.0 + "," + i / 2.0 + "\n")
                .collect(Collectors.joining());
        table("x,y2,y\n" + values).read();
        assertThat(notes)
                .anyMatch(note -> note.startsWith("y2 gives the label away: it equals the label in every row"));
        table(PEOPLE).read();
        assertThat(notes).isEmpty();
    }

    // Headers.

    @Test
    void aHeaderDiffersFromTheRowsBelow() throws IOException {
        assertThat(table("c,d\nu,x\nv,y\nu,x\nv,y\n").read().labelColumn()).isEqualTo("d");
        assertThat(table("u,2,x\nv,3,y\nu,2,x\nv,9,y\n").read().size()).isEqualTo(4);
        assertThat(table("u,w,x\nv,w2,y\nu,w,x\nv,w2,y\n").read().size()).isEqualTo(4);
        assertThat(table("39, gov, x\n50, self, y\n38, gov, x\n").read().size()).isEqualTo(3);
        assertThatThrownBy(() -> table("0,1,target\n5,7,0\n2.5,1,1\n7,8,0\n").read())
                .hasMessageContaining("'target' is no number, column 2 is one; say whether there is a header");
        assertThatThrownBy(() -> table("2019,2020,2021,region\n1.5,2,3,a\n4,5,6.5,b\n7,1,1,a\n4,4,4,b\n")
                        .read())
                .hasMessageContaining("is this a header?");
        Dataset iris = table("4,2,one,two\n1.5,2.5,0\n1,2,1\n3,4,0\n5,5,1\n").read();
        assertThat(iris.size()).isEqualTo(4);
        assertThat(notes).contains("the first line counts rows and columns, and is no row");
        assertThat(table("9,2,one,two\n1.5,2.5,0\n")
                        .read(Preprocessing.fit(iris))
                        .size())
                .isEqualTo(1);
    }

    // Formats.

    private void assertSame(Dataset expected, Csv csv) throws IOException {
        Dataset actual = csv.read();
        assertThat(actual.features()).isEqualTo(expected.features());
        assertThat(actual.targets().toString()).isEqualTo(expected.targets().toString());
    }

    @Test
    void formatsOfOneTableAreRecognized() throws IOException {
        String text = numbers(30);
        Dataset expected = table(text).read();
        assertThat(notes).isEmpty();
        assertSame(expected, table(text.replace(',', ';')));
        assertThat(notes).containsExactly("cells separated by ';'");
        assertSame(expected, table(text.replace(',', '\t')));
        assertThat(notes).containsExactly("cells separated by a tab");
        assertSame(expected, table(text.replace(',', '|')));
        assertSame(expected, table(text.replace(",", "   ").replace("\n", "\n  ")));
        assertThat(notes).containsExactly("cells separated by spaces");
        assertSame(expected, table(text.replace(',', ';').replace('.', ',')));
        assertThat(notes).containsExactly("cells separated by ';', decimal commas");
        assertSame(
                expected, table(text.replaceFirst(".*\n", "").replace(',', ';').replace('.', ',')));
        assertSame(expected, table(("sep=;\r\n" + text.replace(',', ';')).replaceAll("\r?\n", "\r\n")));
        assertSame(expected, table(text.replace("\n", ",\n")));
        assertThat(notes).containsExactly("a delimiter at the end of each row");
        assertSame(
                expected,
                table(text.replaceFirst("\n", "#").replace("\n", ",\n").replace("#", "\n")));
        assertSame(expected, table(text.replaceAll(",([ab])\n", ", \"$1\" \n")));
        assertSame(expected, table(text.replaceAll(",", " , ")));
        assertSame(expected, table("\ufeff" + text.replace("\n", "\n\n")));
        assertSame(
                expected,
                table("# made by hand\n" + text.replace("\n", "\n#1,2\n")).withComment('#'));
        assertSame(expected, table(text.replaceAll("(\\d+)\\.5", "00$1.5")));
    }

    @Test
    void thousandsAreSeparatedByOption() throws IOException {
        String text = "x;y;class\n1.234,5;7;a\n12.345.678;8;b\n-1.000;9;a\n5;5;b\n";
        assertThat(column(table(text).withThousands('.').read(), 0)).containsExactly(1234.5, 12_345_678, -1000, 5);
        String english = "x\ty\tclass\n1,234\t7\ta\n2,345\t8\tb\n5\t5\tb\n";
        assertThatThrownBy(() -> table(english).read())
                .hasMessageContaining("is the comma in 2,345 a decimal comma or a separator of thousands?");
        assertThat(column(table(english).withThousands(',').read(), 0)).containsExactly(1234, 2345, 5);
        assertThat(column(table(english).withDecimalComma(true).read(), 0)).containsExactly(1.234, 2.345, 5);
        assertThatThrownBy(() -> table("x,class\n\"1,23\",a\n\"1,234\",b\n\"3\",b\n")
                        .withThousands(',')
                        .withNumeric(List.of("x"))
                        .read())
                .hasMessageContaining("expected a number, got '1,23'");
    }

    @Test
    void spacesThatDoNotBreakAndTypographicSignsAreReadInNumbers() throws IOException {
        for (String space : List.of("\u00a0", "\u202f", " ")) {
            String text = "x;price;n;class\n";
            for (int i = 0; i < 12; i++) {
                text += (i % 3 == 0 ? "\u2212" : "") + (i + 1) + " 234,5;" + i + " 000,25 €;" + i + ";"
                        + (i % 2 == 0 ? "a\n" : "b\n");
            }
            notes.clear();
            table(text.replace(" ", space)).read();
            assertThat(notes)
                    .anySatisfy(note -> assertThat(note)
                            .startsWith("x: texts such as")
                            .endsWith("are not read as numbers without --thousands space"));
            Dataset data =
                    table(text.replace(" ", space)).withThousands('\u202f').read();
            assertThat(kinds(data)).containsExactly("x: Numbers[]", "price: number with '€'", "n: Numbers[]");
            assertThat(column(data, 0)).startsWith(-1234.5, 2234.5, 3234.5, -4234.5);
            assertThat(column(data, 1)).startsWith(0.25, 1000.25, 2000.25);
        }
        String swiss = "x;class\n12\u2019096.50;a\n1'000;b\n7;a\n-1\u2019234\u2019567.5;b\n";
        assertThat(column(table(swiss).withThousands('\u2019').read(), 0))
                .containsExactly(12_096.5, 1000, 7, -1_234_567.5);
        assertThat(column(
                        table("x,y,class\n\u22121.5,+3,a\n.5,5.,b\n1e5,\u22121e-1,a\n")
                                .read(),
                        0))
                .containsExactly(-1.5, 0.5, 1e5);
    }

    @Test
    void pointsBetweenSemicolonsThatMaySeparateThousandsAreReported() throws IOException {
        String text = "town;people;share;class\nA;270.715;0.125;a\nB;12.345;0.250;b\nA;;0.375;a\nB;1.900;0.500;b\n";
        String note =
                "people: numbers such as 1.900 are read with a decimal point; if the points separate thousands, say"
                        + " so (--thousands point), otherwise --decimal point";
        assertThat(column(table(text).read(), 1)).startsWith(270.715, 12.345);
        assertThat(notes)
                .contains(note)
                .filteredOn(each -> each.contains("decimal point"))
                .hasSize(1);
        notes.clear();
        table(text).withDecimalComma(false).read();
        table(text.replace(";", ",")).read();
        table(text.replace("1.900", "1.9")).read();
        assertThat(notes).doesNotContain(note);
        assertThat(column(table(text.replace(";0.", ";0,")).withThousands('.').read(), 1))
                .startsWith(270_715, 12_345);
    }

    @Test
    void encodingsAreGivenByOption() throws IOException {
        String text = "größe,wort,class\n1,weiß,a\n2,blau,b\n3,weiß,b\n4,blau,a\n";
        Dataset expected = table(text).read();
        for (Charset charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Dataset read = table(text.getBytes(charset))
                    .withEncoding(Csv.Encoding.UTF_16)
                    .read();
            assertThat(read.featureNames()).isEqualTo(expected.featureNames());
            assertThat(kinds(read)).isEqualTo(kinds(expected));
        }
        Charset windows = Charset.forName("windows-1252");
        assertThat(kinds(table(text.replace("blau", "„€“").getBytes(windows))
                        .withEncoding(Csv.Encoding.LATIN_1)
                        .read()))
                .contains("wort: Categories[names=[weiß, „€“]]");
        assertThatThrownBy(() -> table(text.getBytes(windows)).read())
                .hasMessageEndingWith("; name its encoding (--encoding latin-1)");
        assertThatThrownBy(() -> table(text.getBytes(StandardCharsets.UTF_16)).read())
                .hasMessageEndingWith("expected UTF-8 text, got UTF-16; name its encoding (--encoding utf-16)");
        assertThatThrownBy(() -> table(new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xd8, 'a', 0})
                        .withEncoding(Csv.Encoding.UTF_16)
                        .read())
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("not UTF-16 text");
    }

    @Test
    void theHeaderOfRLacksTheNamesOfTheRows() throws IOException {
        String text =
                "\"mpg\" \"gear\" \"class\"\n\"Mazda RX4\" 21.5 4 \"a\"\n\"Fiat\" 32.1 4 \"b\"\n\"Duster\" 14.3 3 \"a\"\n";
        Dataset data = table(text).read();
        assertThat(kinds(data))
                .containsExactly("column 1: Ignored[reason=names of the rows]", "mpg: Numbers[]", "gear: Numbers[]");
        assertThat(column(data, 0)).containsExactly(21.5, 32.1, 14.3);
        assertThat(data.labelColumn()).isEqualTo("class");
        assertThat(notes)
                .containsExactly("cells separated by spaces, names of the rows in the first column, which the header"
                        + " leaves out");
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        assertThat(table(text).readFeatures(model)).isEqualTo(data.features());
        assertThat(table("gear,mpg\n4,21.5\n4,32.1\n3,14.3\n").readFeatures(model))
                .isEqualTo(data.features());
        assertThat(table(text).readTexts(model, List.of("1", "class")))
                .containsExactly(
                        new Csv.TextColumn("", List.of("Mazda RX4", "Fiat", "Duster")),
                        new Csv.TextColumn("class", List.of("a", "b", "a")));
        for (String other : List.of(
                "x,y,class\n1,5,2,a\n2,5,3,b\n", "1,y,class\nu,5,2,a\nv,5,3,b\n", "x,y,class\nu,5,2,a\nu,5,3,b\n")) {
            assertThatThrownBy(() -> table(other).read()).as(other).hasMessageContaining("as in the first row, got 4");
        }
    }

    @Test
    void tablesThatAreWrittenToBeLookedAtAreRead() throws IOException {
        List<String> tables = List.of(
                "| town | n | class |\n|------|--:|:-----:|\n| New York | 1.5 | a |\n| Ulm | 2 | b |\n| Ulm | 3 | a |\n",
                "|town|n|class|\n|-|-|-|\n|New York|1.5|a|  \n|Ulm|2|b|\n|Ulm|3|a|\n",
                "+------+---+---+\n| town | n | class |\n+------+---+---+\n| New York | 1.5 | a |\n| Ulm | 2 | b |\n"
                        + "| Ulm | 3 | a |\n+------+---+---+\n",
                " town | n | class \n------+---+---\n New York | 1.5 | a\n Ulm | 2 | b\n Ulm | 3 | a\n",
                "town       n  class\n--------  ---  -----\nNew York  1.5  a\nUlm         2  b\nUlm         3  a\n",
                "========  ===  =====\n  town     n   class\n========  ===  =====\nNew York  1.5  a\nUlm       2    b\n"
                        + "Ulm       3    a  \n========  ===  =====\n",
                "town       n  class\nNew York  1.5  a\nUlm         2  b\nUlm         3  a\n",
                "town\t  n  class\nNew York  1.5  a\nUlm \t 2  b\nUlm         3  a");
        for (String each : tables) {
            Dataset data = table(each).read();
            assertThat(kinds(data)).as(each).containsExactly("town: Categories[names=[New York, Ulm]]", "n: Numbers[]");
            assertThat(column(data, 1)).as(each).containsExactly(1.5, 2, 3);
            assertThat(names(data)).as(each).containsExactly("a", "b");
            Preprocessing model =
                    Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
            assertThat(table(each).readFeatures(model)).as(each).isEqualTo(data.features());
        }
        table(tables.get(0)).read();
        assertThat(notes)
                .containsExactly(
                        "cells separated by '|', a delimiter at the end of each row, lines of dashes, which are"
                                + " no rows");
        table(tables.get(6)).read();
        assertThat(notes).containsExactly("cells separated by two or more spaces");
        // Dashes that are values of a table for programs.
        assertThat(column(
                        table("x,y,class\n--,1,a\n--,2,b\n3,3,a\n1,2,b\n2,2,b\n")
                                .withMissingValues(List.of("--"))
                                .read(),
                        0))
                .containsExactly(NONE, NONE, 3, 1, 2);
    }

    @Test
    void rowsThatAreNotLikeTheFirstAreExplained() {
        assertRagged(
                "x,y,class\n1,2,a\n1,2\n3,4,b\n",
                "line 3, column 3: expected 3 cells as in the first row, got 2;"
                        + " is the row cut off? complete it; an empty cell needs its delimiter too");
        assertRagged(
                "x,y,class\n1,2,a\n1,2,b,5\n3,4,b\n",
                "line 3, column 4: expected 3 cells as in the first row,"
                        + " got 4; does a cell hold ','? put it in quotes");
        assertRagged(
                "x,y,class\n1,2,a\n3,4,b\nSource: A\n",
                "line 4, column 2: expected 3 cells as in the first row,"
                        + " got 1; is the last row cut off, or no part of the table (--skip-last 1)?");
        assertRagged(
                "x,y,class\n1,2,a\n3,4,b\nSource: A,B\nNotes\nEnd\n",
                "line 4, column 3: expected 3 cells as in"
                        + " the first row, got 2; are the last 3 rows no part of the table (--skip-last 3)?");
        assertRagged(
                "x   y  class\n1   2  a\n   22  b\n3   4  c\n",
                "line 3, column 3: expected 3 cells as in the first"
                        + " row, got 2; spaces separate cells: is a cell empty? write NA in it");
    }

    @Test
    void aRemarkAmongTheRowsIsAskedAbout() {
        assertRagged(
                "x,y,class\n# units,m\n1,2,a\n3,4,b\n",
                "got 2; are lines that begin with '#' comments (--comment" + " '#')?");
    }

    private void assertRagged(String text, String message) {
        assertThatThrownBy(() -> table(text).read()).hasMessageEndingWith(message);
    }

    @Test
    void aHeaderIsFoundBelowALineOfCounts() throws IOException {
        Dataset data = table("3,2,,\nx,y,price\n1,2,0.5\n3,4,1.5\n5,9,2.5\n").read();
        assertThat(data.featureNames()).containsExactly("x", "y");
        assertThat(data.size()).isEqualTo(3);
    }

    @Test
    void aNameMayBeATextOfItsColumn() throws IOException {
        String rows = "1,y,0,a\n2,n,2,b\n3,y,4,a\n";
        assertThat(table(",y,week,class\n" + rows).read().featureNames()).containsExactly("y", "week");
        assertThatThrownBy(() -> table("day,y,week,class\n" + rows).read()).hasMessageContaining("is this a header?");
    }

    @Test
    void classesThatDifferInCaseAreNoted() throws IOException {
        assertThat(names(table("n,ok\n1,Yes\n2,yes \n3,No\n4,Yes\n").read())).containsExactly("No", "Yes", "yes");
        assertThat(notes)
                .containsExactly("ok: 'Yes' and 'yes' are different classes; if they should not be, write them alike");
    }

    @Test
    void aTextAmongNumbersWithAUnitIsRefused() throws IOException {
        String rows = IntStream.range(0, 30)
                .mapToObj(i -> i % 7 + "," + (i == 9 ? "-" : i + " %") + "\n")
                .collect(Collectors.joining("", "n,rate\n", ""));
        String problem =
                "rate: expected a number with a unit as in the other cells, got '-'; does it stand for a missing"
                        + " value (--na), ";
        assertThatThrownBy(() -> table(rows).read())
                .hasMessageEndingWith(problem + "or are these classes (--task classification)?");
        assertThatThrownBy(() -> table(rows).withLabel("n").read())
                .hasMessageEndingWith(
                        problem + "are these categories (--categorical), or is the column of no use (--ignore)?");
        assertThat(table(rows).withMissingValues(List.of("-")).read().size()).isEqualTo(29);
    }

    @Test
    void labelsThatAllDifferAreNoClasses() throws IOException {
        String rows = IntStream.range(0, 8)
                .mapToObj(i -> i % 3 + ",car" + i + "\n")
                .collect(Collectors.joining("", "n,make\n", ""));
        assertThatThrownBy(() -> table(rows).read())
                .hasMessageEndingWith(
                        "make: expected classes that occur repeatedly, got 8 different labels in 8 rows; name"
                                + " another label column (--label-column), or say that these are classes (--task"
                                + " classification)");
        assertThat(names(table(rows).withTask(Csv.Task.CLASSIFICATION).read())).hasSize(8);
    }

    @Test
    void rowsBelowTheTableAreLeftOut() throws IOException {
        String rows = "x,y,class\n1,2,a\n3,4,b\n5,9,a\n";
        Dataset data = table(rows + "Total,15,\nSource: A\n").withoutLast(2).read();
        assertThat(data.features()).isEqualTo(table(rows).read().features());
        assertThat(table(rows + "Total,15,\n")
                        .withoutLast(1)
                        .read(Preprocessing.fit(data))
                        .size())
                .isEqualTo(3);
        assertThat(table("3 2 a b c\n1 2 0\n3 4 1\n5 9 0\n7 7 7\n")
                        .withoutLast(1)
                        .read()
                        .size())
                .isEqualTo(3);
        String remarks = rows + "\nSource: A\nB";
        assertRagged(
                remarks,
                "line 5, column 1: blank line; only the end of a file may have some; are the rows below it no part of the"
                        + " table (--skip-last 2)?");
        assertThat(table(remarks).withoutLast(2).read().size()).isEqualTo(3);
        assertThatThrownBy(() -> table(rows).withoutLast(4).read()).hasMessageContaining("empty file");
        assertThatThrownBy(() -> table(rows).withoutLast(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRowThatSumsUpTheOthersIsNoted() throws IOException {
        String rows = "town,n,class\nUlm,5,a\nKiel,7,b\nUlm,6,b\nKiel,1,a\n";
        String advice = " in town; if it sums up the others, leave it out (--skip-last 1)";
        for (String word : List.of("Total", "total:", "Gesamt", "Grand Total", "AVERAGE")) {
            table(rows + word + ",19,a\n").read();
            assertThat(notes).containsExactly("the last row has '" + word + "'" + advice);
        }
        table(rows + ",19,a\n").read();
        assertThat(notes).containsExactly("the last row has no text" + advice);
        for (String harmless :
                List.of(rows, rows + "Total,19,a\nUlm,3,b\n", rows + "Totaled,5,a\n", rows + ",2,a\n,3,b\n")) {
            table(harmless).read();
            assertThat(notes).as(harmless).isEmpty();
        }
        table(rows + "Total,19,a\n").withoutLast(1).read();
        assertThat(notes).isEmpty();
        assertThatThrownBy(() -> table(IntStream.range(0, 30)
                                .mapToObj(i -> i + "," + (i % 3 == 0 ? "a\n" : "b\n"))
                                .collect(Collectors.joining("", "n,kind\n", "Total,a\n")))
                        .read())
                .hasMessageEndingWith(
                        "got 'Total'; does its row sum up the others? leave it out, if it is the last (--skip-last 1)");
    }

    @Test
    void repeatedNamesAreTold() throws IOException {
        Dataset data = table("x,x,x (2),class\n1,5,3,a\n2,7,4,b\n3,6,5,a\n").read();
        assertThat(data.featureNames()).containsExactly("x", "x (3)", "x (2)");
        assertThat(notes).containsExactly("column 2 is named 'x' as column 1; it is read as 'x (3)'");
        assertThat(table("x,x,x (2)\n1,5,3\n2,7,4\n3,6,5\n").readFeatures(Preprocessing.fit(data)))
                .isEqualTo(data.features());
        assertThat(table("x,x,class,y\n1,5,a,1\n2,7,b,2\n3,6,a,1\n")
                        .withLabel("class")
                        .read()
                        .featureNames())
                .containsExactly("x", "x (2)", "y");
    }

    @Test
    void spacesBeforeUnitsDoNotSeparateCellsBetweenTabs() throws IOException {
        StringBuilder rows = new StringBuilder("no\tprice\tshare\tclass\n");
        for (int i = 0; i < 12; i++) {
            rows.append(i + ",5\t1." + (100 + i) + ",25 €\t" + i + ",5 %\t" + (i % 2 == 0 ? "a" : "b") + "\n");
        }
        Dataset data = table(rows.toString()).withThousands('.').read();
        assertThat(notes).first().asString().startsWith("cells separated by a tab");
        assertThat(kinds(data)).containsExactly("no: Numbers[]", "price: number with '€'", "share: number with '%'");
        assertThat(column(data, 1)).startsWith(1100.25, 1101.25);
    }

    @Test
    void textsThatLookLikeNumbersOrDatesAreReported() throws IOException {
        String[] months = {"Jan", "Feb", "Mar"};
        StringBuilder rows = new StringBuilder("amount,total,day,short,size,class\n");
        for (int i = 0; i < 12; i++) {
            rows.append("\"$" + (i == 0 ? "" : i + ",") + "200.50\",\"" + (i % 3 + 1) + ",000.5\",\"" + months[i % 3]
                    + " " + (i + 1));
            rows.append(", 2021\"," + (i % 3 + 1) + "/" + (i + 1) + "/21," + i % 3 + " m," + i % 2 + "\n");
        }
        Dataset data = table(rows.toString()).read();
        assertThat(kinds(data).get(0)).isEqualTo("amount: Ignored[reason=12 different texts in 12 rows]");
        assertThat(notes)
                .containsExactly(
                        "amount: texts such as '$1,200.50' are not read as numbers without --thousands comma",
                        "total: texts such as '1,000.5' are not read as numbers without --thousands comma",
                        "short: texts such as '1/1/21' are not read as dates; write the year in four digits, such as"
                                + " 2021-01-05");
        assertThat(kinds(data)).contains("day: date (month, day, year) as days");
        assertThat(column(data, 1)).startsWith(18_628, 18_660, 18_689);
        assertThat(kinds(table(rows.toString()).withThousands(',').read()))
                .startsWith("amount: number with '$'", "total: Numbers[]");
        assertThat(notes).hasSize(1);
    }

    @Test
    void aFewNumbersWithSeparatorsOfThousandsAmongOthersAreNoMissingValues() {
        String rows = IntStream.range(0, 12).mapToObj(i -> i + ".5,a\n").collect(Collectors.joining());
        assertThatThrownBy(() -> table("x,class\n" + rows + "\"1,200.50\",b\n").read())
                .hasMessageEndingWith("x: expected a number as in 12 other cells, got '1,200.50'; does it separate"
                        + " thousands or decimals (--thousands comma)?");
    }

    @Test
    void aQuoteBetweenTabsIsACharacter() throws IOException {
        Dataset data = table("x\tsize\tclass\n1\t5\" long\ta\n2\t\"7\"\" tall\"\tb\n3\t5\" long\ta\n")
                .read();
        assertThat(kinds(data)).contains("size: Categories[names=[5\" long, 7\" tall]]");
    }

    @Test
    void tablesThatHaveNothingToLearnFromAreExplained() {
        assertThatThrownBy(() -> table("x,class\n").read())
                .hasMessageEndingWith("a header only; expected rows below it");
        assertThatThrownBy(() -> table("A survey\n\nx,class\n1,a\n").read())
                .hasMessageEndingWith(
                        "expected 1 cell as in the first row, got 2; is the first line a title? remove it");
    }

    // Several targets.

    @Test
    void aRegressionMayHaveSeveralTargets() throws IOException {
        String text = "a,x,b,c\n1.5,10,-1,u\n2.5,20,,v\n3.5,30,-3,u\n";
        Dataset data = table(text).withLabels(List.of("b", "a")).read();
        assertThat(data.values().toDoubleArray()).containsExactly(-1, 1.5, -3, 3.5);
        assertThat(column(data, 0)).containsExactly(10, 30);
        assertThat(notes).containsExactly("1 of 3 rows left out, whose label in one of the label columns is missing");
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        assertThat(model.targetNames()).containsExactly("b", "a");
        assertThat(table("c,b,a,x\nu,-1,1.5,10\nu,-3,3.5,30\n").read(model).values())
                .isEqualTo(data.values());
        assertThat(table("x,c\n10,u\n30,u\n").readFeatures(model)).isEqualTo(data.features());
        assertThatThrownBy(() -> table("c,a,x\nu,1.5,10\n").read(model)).hasMessageContaining("no label column 'b'");
        assertThatThrownBy(() -> table(text).withLabels(List.of("a", "1")).read())
                .hasMessageContaining("label column '1': it is also label column 'a'");
        assertThatThrownBy(() -> table(text).withLabels(List.of("a", "c")).read())
                .hasMessageEndingWith(
                        "c: expected a number, got 'u'; several label columns are the targets of a regression");
        assertThatThrownBy(() -> table(text)
                        .withLabels(List.of("a", "b"))
                        .withTask(Csv.Task.CLASSIFICATION)
                        .read())
                .hasMessageEndingWith("label columns a, b: expected one for a classification, got 2");
    }

    @Test
    void severalTargetsWithoutNamesHaveTheirPlaces() throws IOException {
        String text = "1.5,10,-1,7\n2.5,20,-2,9\n3.5,35,-3,8\n";
        Dataset data = table(text)
                .withLabels(List.of("1", "3"))
                .withHeader(Csv.Header.NO)
                .read();
        assertThat(column(data, 0)).containsExactly(10, 20, 35);
        assertThat(column(data, 1)).containsExactly(7, 9, 8);
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        Dataset again = table(text).withHeader(Csv.Header.NO).read(model);
        assertThat(again.features()).isEqualTo(data.features());
        assertThat(again.values()).isEqualTo(data.values());
        assertThat(table("10,7\n20,9\n35,8\n").withHeader(Csv.Header.NO).readFeatures(model))
                .isEqualTo(data.features());
        assertThatThrownBy(() -> table("10,7,1\n").withHeader(Csv.Header.NO).read(model))
                .hasMessageEndingWith("expected 2 features as in training and 2 targets, got 3 columns");
    }

    // For a model.

    @Test
    void aModelRemembersHowItsTableWasRead() throws IOException {
        String text = "#made by hand\nx;größe;class\n1.234;weiß;a\n2.500,5;blau;b\n3.000;weiß;a\n";
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        Dataset data = table(latin)
                .withComment('#')
                .withThousands('.')
                .withEncoding(Csv.Encoding.LATIN_1)
                .read();
        assertThat(column(data, 0)).containsExactly(1234, 2500.5, 3000);
        Map<String, String> metadata = Preprocessing.fit(data).toMetadata();
        assertThat(metadata)
                .containsEntry("data.format", "delimiter ;\ndecimal ,\nthousands .\ncomment #\nencoding LATIN_1");
        Preprocessing model = Preprocessing.ofMetadata(metadata);
        assertThat(model.toMetadata()).isEqualTo(metadata);
        assertThat(table(latin).readFeatures(model)).isEqualTo(data.features());
        assertThat(table(latin).read(model).labels()).isEqualTo(data.labels());
        // What is given is stronger, and what a file shows is found.
        assertThat(table(text.replaceFirst("#", "%"))
                        .withEncoding(Csv.Encoding.UTF_8)
                        .withComment('%')
                        .readFeatures(model))
                .isEqualTo(data.features());
        assertThat(table("größe,x\nweiß,1234\nblau,2500.5\nweiß,3000\n")
                        .withEncoding(Csv.Encoding.UTF_8)
                        .withDecimalComma(false)
                        .withThousands(' ')
                        .readFeatures(model))
                .isEqualTo(data.features());
    }

    @Test
    void aModelDecidesWhatIsOpen() throws IOException {
        Dataset data = table("x;z;class\n1,25;1;a\n2,5;4;b\n3,125;2;a\n").read();
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        assertThat(table("x;z\n1,250;1\n").readFeatures(model).toDoubleArray()).containsExactly(1.25, 1);
        assertThat(table("z,x\n1,1.25\n").readFeatures(model).toDoubleArray()).containsExactly(1.25, 1);
        Preprocessing one = Preprocessing.fit(data.select(new int[] {0, 1, 2}));
        assertThat(one.toMetadata()).containsEntry("data.format", "delimiter ;\ndecimals-found ,");
        assertThat(Preprocessing.fit(table(numbers(12)).read()).toMetadata()).doesNotContainKey("data.format");
        for (String broken : List.of("", "delimiter x", "thousands ,\ndecimal ,", "encoding latin", "header no")) {
            var metadata = new java.util.HashMap<>(model.toMetadata());
            metadata.put("data.format", broken);
            assertThatThrownBy(() -> Preprocessing.ofMetadata(metadata))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("metadata data.format: expected ");
        }
    }

    @Test
    void columnsAreReadAsTheyAreWritten() throws IOException {
        Preprocessing model = Preprocessing.fit(table(PEOPLE).read());
        String text = "name,age,sex,joined\n\" Ann, \"\"A\"\" \",28,f,2020-01-05\n007 ,,m,2020-02-07\n";
        assertThat(table(text).readTexts(model, List.of("name", "-1")))
                .containsExactly(
                        new Csv.TextColumn("name", List.of(" Ann, \"A\" ", "007 ")),
                        new Csv.TextColumn("joined", List.of("2020-01-05", "2020-02-07")));
        assertThatThrownBy(() -> table(text).readTexts(model, List.of("nam")))
                .hasMessageContaining("no column 'nam'; did you mean 'name'?");
    }

    @Test
    void theOrderOfColumnsDoesNotMatterToAModel() throws IOException {
        Dataset data = table(PEOPLE).read();
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        String moved = PEOPLE.lines()
                .map(line -> line.split(","))
                .map(c -> String.join(",", c[4], c[5], c[3], c[2], "extra") + "\n")
                .collect(Collectors.joining());

        Dataset other = table(moved).read(model);
        assertThat(model.applyFeatures(other.features())).isEqualTo(model.applyFeatures(data.features()));
        assertThat(other.labels()).isEqualTo(data.labels());
        assertThat(notes).containsExactly("not used by the model: extra");
        String unlabeled = PEOPLE.replaceAll("(?m),\\w+$", "");
        assertThat(table(unlabeled).readFeatures(model)).isEqualTo(data.features());
        assertThatThrownBy(() -> table(PEOPLE.replace("age", "aged")).read(model))
                .hasMessageContaining("no column 'age', which the model needs; did you mean 'aged'?");
        assertThatThrownBy(() -> table(unlabeled).read(model)).hasMessageContaining("no label column 'class'");
    }

    @Test
    void withoutNamesTheColumnsOfAModelHaveTheirPlaces() throws IOException {
        String rows = "u,5,1.5,x\nv,5,2.5,y\nu,5,3.5,x\nv,5,4.5,y\n";
        Dataset data = table(rows).withLabel(-1).read();
        assertThat(kinds(data))
                .containsExactly(
                        "column 1: Categories[names=[u, v]]",
                        "column 2: Ignored[reason=5 in every row]",
                        "column 3: Numbers[]");
        Preprocessing model = Preprocessing.ofMetadata(Preprocessing.fit(data).toMetadata());
        assertThat(table(rows).read(model).features()).isEqualTo(data.features());
        assertThat(table(rows.replaceAll(",[xy]\n", "\n")).readFeatures(model)).isEqualTo(data.features());
        assertThat(table("a,b,c,d\n" + rows).read(model).features()).isEqualTo(data.features());
        assertThatThrownBy(() -> table("u,5\nv,5\n").readFeatures(model))
                .hasMessageEndingWith("expected 3 columns as in training, got 2 columns");
    }

    @Test
    void brokenColumnsOfAModelAreNamed() throws IOException {
        Preprocessing model = Preprocessing.fit(table(PEOPLE).read());
        for (String broken : List.of(
                "",
                "x",
                "1 \"a\" number",
                "1 \"a\" number 0x1.0p0 -0x1.0p0 0x1.0p0",
                "1 \"a\" number 0x1.0p0 0x1.0p0 0x1.0p0 often",
                "1 \"a\" category \"b",
                "1 \"a\" date dym 0x1.0p0 0x1.0p0 0x1.0p0",
                "1 \"a\" ignored",
                "1 \"a\" ignored \"b\"",
                "1 \"a\" shape",
                "1 a number 0x1.0p0 0x1.0p0 0x1.0p0")) {
            var metadata = new java.util.HashMap<>(model.toMetadata());
            metadata.put("data.columns", broken);
            assertThatThrownBy(() -> Preprocessing.ofMetadata(metadata))
                    .as(broken)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("metadata data.columns: expected ");
        }
    }
}
