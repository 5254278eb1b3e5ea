// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.util.regex.Pattern;

/**
 * A form in which a table writes dates or times.
 *
 * <pre>
 * date      = year sep month sep day | day sep month sep year | month sep day sep year      sep: - / or .
 * time      = hour : minute [: second [. fraction]] [Z | ±hh:mm]
 * timestamp = date (space | T) time
 * </pre>
 *
 * <p>A date is the number of days since 1970-01-01, a timestamp the same with the part of the day that has passed (in
 * UTC if it names an offset), a time of day the number of hours since midnight.
 */
public enum DateFormat {
    /** Year, month, day. */
    YMD(1, 0, 1, 2),
    /** Day, month, year. */
    DMY(2, 2, 1, 0),
    /** Month, day, year. */
    MDY(4, 2, 0, 1),
    /** A time of day. */
    TIME(8, -1, -1, -1);

    /** The bits of all formats. */
    static final int ALL = 15;

    /** Dates with the name of a month, or with a year of two digits. */
    private static final Pattern OTHER = Pattern.compile("(?i)((mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
            + "([0-9]{1,2}[ ./-]{0,2}MONTH[ .,/-]{0,2}[0-9]{2,4}|MONTH[ .-]{0,2}[0-9]{1,2}(,? |-)[0-9]{2,4}"
                    .replace("MONTH", "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}")
            + "|[0-9]{1,2}(?<sep>[./-])[0-9]{1,2}\\k<sep>[0-9]{2})( .*)?");

    private static final DateFormat[] FORMATS = values();
    private static final int[] BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    /** The bit that stands for this format in a set. */
    final int bit;

    private final int year;
    private final int month;
    private final int day;

    DateFormat(int bit, int year, int month, int day) {
        this.bit = bit;
        this.year = year;
        this.month = month;
        this.day = day;
    }

    /** Those of the formats, a bit for each, that read these bytes. */
    static int among(byte[] bytes, int from, int to, int formats) {
        int some = 0;
        if (from < to && bytes[from] >= '0' && bytes[from] <= '9') {
            for (DateFormat format : FORMATS) {
                boolean reads = (formats & format.bit) != 0 && !Double.isNaN(format.parse(bytes, from, to));
                some |= reads ? format.bit : 0;
            }
        }
        return some;
    }

    /** The date or time in these bytes; NaN if there is none. */
    double parse(byte[] bytes, int from, int to) {
        return new Reader(bytes, from, to).read(this);
    }

    /** A date or time of this format; NaN if the text is none. */
    public double parse(String text) {
        byte[] bytes = Cells.utf8(text);
        return parse(bytes, 0, bytes.length);
    }

    /** True if the text looks like a date in a form that is not read, such as {@code 5-Jan-21} or {@code 1/5/21}. */
    static boolean isOther(String text) {
        return OTHER.matcher(text).matches();
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** The number of days from 1970-01-01 to a date of the Gregorian calendar; NaN if there is no such day. */
    private static double days(int year, int month, int day) {
        if (month < 1 || month > 12 || day < 1) {
            return Double.NaN;
        }
        int leap = isLeap(year) ? 1 : 0;
        int length = (month == 12 ? 365 : BEFORE_MONTH[month]) - BEFORE_MONTH[month - 1] + (month == 2 ? leap : 0);
        if (day > length) {
            return Double.NaN;
        }
        int before = year - 1;
        int inYear = BEFORE_MONTH[month - 1] + (month > 2 ? leap : 0) + day - 1;
        return before * 365 + before / 4 - before / 100 + before / 400 + inYear - 719_162;
    }

    private static final class Reader {
        private final byte[] bytes;
        private final int to;
        private int at;

        Reader(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.to = to;
        }

        double read(DateFormat format) {
            if (format == TIME) {
                double hours = time();
                return at == to && hours >= 0 && hours < 24 ? hours : Double.NaN;
            }
            double days = date(format);
            if (Double.isNaN(days) || at == to) {
                return days;
            }
            if (at + 1 >= to || (bytes[at] != ' ' && bytes[at] != 'T')) {
                return Double.NaN;
            }
            at++;
            double hours = time();
            return at == to ? days + hours / 24 : Double.NaN;
        }

        private double date(DateFormat format) {
            int[] parts = new int[3];
            byte separator = 0;
            for (int i = 0; i < 3; i++) {
                int begin = at;
                parts[i] = digits(i == format.year ? 4 : 2);
                if (parts[i] < 0 || (i == format.year && at - begin != 4)) {
                    return Double.NaN;
                }
                if (i < 2) {
                    byte b = at < to ? bytes[at++] : 0;
                    if ((b != '-' && b != '/' && b != '.') || (i > 0 && b != separator)) {
                        return Double.NaN;
                    }
                    separator = b;
                }
            }
            return parts[format.year] < 1
                    ? Double.NaN
                    : days(parts[format.year], parts[format.month], parts[format.day]);
        }

        /** The hours since midnight, negative or beyond 24 if an offset moves them there; NaN if there is no time. */
        private double time() {
            int hour = digits(2);
            int minute = colon() ? digits(2) : -1;
            if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
                return Double.NaN;
            }
            double second = 0;
            if (colon()) {
                int whole = digits(2);
                if (whole < 0 || whole > 60) {
                    return Double.NaN;
                }
                second = whole + fraction();
            }
            double offset = offset();
            return hour + minute / 60.0 + second / 3600 - offset;
        }

        private double fraction() {
            double fraction = 0;
            if (at < to && bytes[at] == '.') {
                at++;
                for (double unit = 0.1; at < to && isDigit(bytes[at]); unit /= 10) {
                    fraction += unit * (bytes[at++] - '0');
                }
            }
            return fraction;
        }

        /** The hours of an offset from UTC; NaN if it is broken. */
        private double offset() {
            if (at == to) {
                return 0;
            }
            byte sign = bytes[at++];
            if (sign == 'Z') {
                return 0;
            }
            if (sign != '+' && sign != '-') {
                return Double.NaN;
            }
            int hours = digits(2);
            colon();
            int minutes = at < to ? digits(2) : 0;
            return hours < 0 || minutes < 0 ? Double.NaN : (sign == '+' ? 1 : -1) * (hours + minutes / 60.0);
        }

        private boolean colon() {
            boolean there = at < to && bytes[at] == ':';
            at += there ? 1 : 0;
            return there;
        }

        /** A number of at most {@code most} digits; −1 if there is none. */
        private int digits(int most) {
            int number = 0;
            int begin = at;
            while (at < to && at - begin < most && isDigit(bytes[at])) {
                number = 10 * number + bytes[at++] - '0';
            }
            return at == begin ? -1 : number;
        }

        private static boolean isDigit(byte b) {
            return b >= '0' && b <= '9';
        }
    }
}
