// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of dates and times. 18264 days after 1970-01-01 is 2020-01-03. */
class DateFormatTest {
    private static List<DateFormat> readers(String text) {
        byte[] bytes = Cells.utf8(text);
        int among = DateFormat.among(bytes, 0, bytes.length, DateFormat.ALL);
        List<DateFormat> readers = new ArrayList<>();
        for (DateFormat format : DateFormat.values()) {
            if ((among & format.bit) != 0) {
                readers.add(format);
            }
        }
        return readers;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 Jan 2020|DMY|18264",
                "03-Jan-20|DMY|18264",
                "3. January 2020|DMY|18264",
                "3rd Jan 2020|DMY|18264",
                "3RD of January, 2020|DMY|18264",
                "January 3rd, 2020|MDY|18264",
                "11th Jan 2020|DMY|18272",
                "21st Jan 2020 12:00|DMY|18282.5",
                "03JAN2020|DMY|18264",
                "3/jan/2020|DMY|18264",
                "Fri, 3 Jan 2020 12:00:00 +0000|DMY|18264.5",
                "03/Jan/2020:12:00:00 +0000|DMY|18264.5",
                "31-Dec-69|DMY|-1",
                "31-Dec-68|DMY|36159",
                "Jan 3, 2020|MDY|18264",
                "January 3 2020|MDY|18264",
                "Sept. 3, 2020|MDY|18508",
                "Friday, January 3, 2020|MDY|18264",
                "2020-Jan-03|YMD|18264",
                "1/13/2020 3:00 PM|MDY|18274.625",
                "1/13/2020, 12:00:00 AM|MDY|18274",
                "13.1.2020 12 p.m.|DMY|18274.5",
                "2020/1/3|YMD|18264",
                "2020-01-03 12:00:00.000|YMD|18264.5",
                "2020-01-03T12:00:00,000Z|YMD|18264.5",
                "2020-01-03 13:00:00+01:00|YMD|18264.5",
                "2020-01-03 12:00:00 UTC|YMD|18264.5",
                "13:45|TIME|13.75",
                "1:45 PM|TIME|13.75",
                "1:45\u202fpm|TIME|13.75",
                "12:30AM|TIME|0.5",
                "3 PM|TIME|15",
                "January 2020|MONTH|18262",
                "Jan-2020|MONTH|18262",
                "2020-01|MONTH|18262",
            })
    void oneFormatReads(String text, DateFormat format, double value) {
        assertThat(readers(text)).containsExactly(format);
        assertThat(format.parse(text)).isEqualTo(value);
        assertThat(DateFormat.hasTime(text)).isEqualTo(format == DateFormat.TIME || value % 1 != 0 || value == 18_274);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "may",
                "Mon",
                "May 20",
                "Jan 32020",
                "Jan-20",
                "20-Jan",
                "32 Jan 2020",
                "3 Jax 2020",
                "3 Januaryy 2020",
                "Ma 3 2020",
                "Jan 3, 020",
                "1/5/21",
                "3 01 2020",
                "13:00 PM",
                "0:30 AM",
                "3",
                "3 P",
                "2020-13",
                "2020-1",
                "202001",
                "2020-01-03 12:00 X",
                "2020-01-03 12:00 ,",
                "3 PMM",
                "March",
            })
    void noFormatReads(String text) {
        assertThat(readers(text)).isEmpty();
    }

    @Test
    void daysAndMonthsAreToldApartByTheirValuesOnly() {
        assertThat(readers("1/2/2020 3:04 PM")).containsExactly(DateFormat.DMY, DateFormat.MDY);
    }

    @Test
    void datesAndTimesHaveATextForReaders() {
        assertThat(DateFormat.MDY.dayText(18_264.75)).isEqualTo("2020-01-03");
        assertThat(DateFormat.MONTH.dayText(18_262)).isEqualTo("2020-01");
        assertThat(DateFormat.timeText(13.75)).isEqualTo("13:45");
        assertThat(DateFormat.timeText((float) (13 + 1 / 60.0 + 5 / 3600.0))).isEqualTo("13:01:05");
        for (String day : List.of("0001-01-01", "1600-02-29", "1899-12-31", "1970-01-01", "2000-12-31", "9999-12-31")) {
            assertThat(DateFormat.YMD.dayText(DateFormat.YMD.parse(day))).isEqualTo(day);
        }
        assertThat(DateFormat.YMD.dayText(1e9)).isEqualTo("1.0E9");
        assertThat(DateFormat.timeText(-1)).isEqualTo("-1.0");
    }

    @Test
    void anyTextIsADateOrNone() {
        String letters = "0123:/.-, JanPMTZ";
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(16); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            for (DateFormat format : DateFormat.values()) {
                assertThat(Double.isInfinite(format.parse(text.toString()))).isFalse();
            }
        }
    }
}
