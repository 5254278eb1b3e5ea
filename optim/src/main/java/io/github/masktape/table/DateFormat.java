// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A form in which a table writes dates or times.
 *
 * <pre>
 * date      = [weekday [,] ] (year sep month sep day | day sep month sep year | month sep day sep year)
 * day       = number [st | nd | rd | th] [of]            the latter before the name of a month
 * month     = year - month | name [-] year               a month, which stands for its first day
 * time      = hour : minute [: second [fraction]] [half] [zone] | hour half [zone]
 * half      = [space] (AM | PM)                          also in small letters and with points
 * zone      = [space] (Z | UTC | GMT | ±hh[:]mm)
 * timestamp = date ([,] space | T) time
 * </pre>
 *
 * <p>The separator is {@code -}, {@code /} or {@code .}, twice the same, between two digits. Before and after the English
 * name of a month, at least three letters of it, it may also be a space, with a comma or point, or nothing. A year has
 * four digits. With the name of a month before or behind the day it may have two, which are a year of 1969 to 2068.
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
    TIME(8, -1, -1, -1),
    /** A month of a year. */
    MONTH(16, -1, -1, -1);

    /** The bits of all formats. */
    static final int ALL = 31;

    /** Dates in digits with a year of two, whose order even a day above 12 leaves open. */
    private static final Pattern OTHER = Pattern.compile("[0-9]{1,2}(?<sep>[./-])[0-9]{1,2}\\k<sep>[0-9]{2}( .*)?");

    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final List<String> WEEKDAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    private static final int LONGEST_NAME = 9;

    /** The days from 1970-01-01 to the end of the year 9999. */
    private static final double FARTHEST = 2_932_897;

    /** The least of the years, 1969, that two digits stand for. */
    private static final int FIRST_SHORT_YEAR = 1969;

    /** A name of a month and a number that may be a day or a year, which spreadsheets make of either. */
    private static final Pattern DAY_OR_YEAR = Pattern.compile("(?i)(N[-/. ']{1,2}[0-9]{2}|[0-9]{1,2}[-/. ]{1,2}N)"
            .replace("N", "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"));

    /** An hour without minutes, such as the end of {@code 1/13/2020 3 PM}. */
    private static final Pattern HOUR = Pattern.compile("(?i)[0-9][ \u00a0\u202f]?[ap]\\.?m");

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
        if (from < to && (isDigit(bytes[from]) || isLetter(bytes[from]))) {
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

    /** True if the text looks like a date in a form that is not read, such as {@code 1/5/21} or {@code Jan-20}. */
    static boolean isOther(String text) {
        return OTHER.matcher(text).matches() || DAY_OR_YEAR.matcher(text).matches();
    }

    /** True if the text holds a time of day, besides a date or alone. */
    static boolean hasTime(String text) {
        return text.indexOf(':') >= 0 || HOUR.matcher(text).find();
    }

    /** A day, a number of days since 1970-01-01, in this format's form of ISO 8601: {@code 2020-01-03}. */
    public String dayText(double days) {
        if (!(Math.abs(days) < FARTHEST)) {
            return Double.toString(days);
        }
        int day = (int) Math.floor(days);
        int year = 1970 + Math.floorDiv(day, day < 0 ? 365 : 366);
        while (days(year + 1, 1, 1) <= day) {
            year++;
        }
        int month = 12;
        while (days(year, month, 1) > day) {
            month--;
        }
        String ofYear = String.format(Locale.ROOT, "%04d-%02d", year, month);
        return this == MONTH
                ? ofYear
                : ofYear + String.format(Locale.ROOT, "-%02d", 1 + day - (int) days(year, month, 1));
    }

    /** A time, a number of hours since midnight, to the second: {@code 13:45} or {@code 13:45:30}. */
    public static String timeText(double hours) {
        if (!(hours >= 0 && hours <= 24)) {
            return Double.toString(hours);
        }
        int seconds = (int) Math.round(3600 * hours);
        String minutes = String.format(Locale.ROOT, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
        return seconds % 60 == 0 ? minutes : minutes + String.format(Locale.ROOT, ":%02d", seconds % 60);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isLetter(byte b) {
        return (b | 0x20) >= 'a' && (b | 0x20) <= 'z';
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
        private static final byte[] NO_BREAK_SPACE = Cells.utf8("\u00a0");
        private static final byte[] NARROW_SPACE = Cells.utf8("\u202f");
        private static final List<byte[]> UTC = List.of(Cells.utf8("Z"), Cells.utf8("UTC"), Cells.utf8("GMT"));

        private final byte[] bytes;
        private final int to;
        private int at;

        /** True once the name of a month was read. */
        private boolean isNamed;

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
            if (format == MONTH) {
                double first = month();
                return at == to ? first : Double.NaN;
            }
            double days = date(format);
            if (Double.isNaN(days) || at == to) {
                return days;
            }
            skip(',');
            if (at + 1 >= to || (bytes[at] != ' ' && bytes[at] != 'T' && !(isNamed && bytes[at] == ':'))) {
                return Double.NaN;
            }
            at++;
            double hours = time();
            return at == to ? days + hours / 24 : Double.NaN;
        }

        private double date(DateFormat format) {
            if (at < to && isLetter(bytes[at]) && name(WEEKDAYS) > 0) {
                skip(',');
                skip(' ');
            }
            int[] parts = new int[3];
            byte separator = 0;
            for (int i = 0; i < 3; i++) {
                int begin = at;
                boolean isName = i == format.month && at < to && isLetter(bytes[at]);
                parts[i] = isName ? name(MONTHS) : digits(i == format.year ? 4 : 2);
                isNamed |= isName;
                if (i == format.day) {
                    skipOrdinal(parts[i]);
                }
                if (parts[i] < 0 || (i == format.year && !isName && !isYear(at - begin, format))) {
                    return Double.NaN;
                }
                if (i == format.year && at - begin == 2) {
                    parts[i] = FIRST_SHORT_YEAR + Math.floorMod(parts[i] - FIRST_SHORT_YEAR, 100);
                }
                if (i < 2 && (isNamed || (at < to && isLetter(bytes[at])))) {
                    if (!skipSeparators() && i != format.month && at < to && isDigit(bytes[at])) {
                        return Double.NaN;
                    }
                } else if (i < 2) {
                    byte b = at < to ? bytes[at++] : 0;
                    boolean mayName = b == ' ' && at < to && isLetter(bytes[at]);
                    if ((b != '-' && b != '/' && b != '.' && !mayName) || (i > 0 && b != separator)) {
                        return Double.NaN;
                    }
                    separator = b;
                    skipSpaceAfter(b);
                }
            }
            return parts[format.year] < 1
                    ? Double.NaN
                    : days(parts[format.year], parts[format.month], parts[format.day]);
        }

        /** True for the number of digits that a year of this format may have here. */
        private boolean isYear(int digits, DateFormat format) {
            return digits == 4 || (digits == 2 && isNamed && format != YMD);
        }

        /** Moves past the letters in {@code 3rd January} and {@code 3rd of January}. */
        private void skipOrdinal(int day) {
            boolean isTeen = day / 10 == 1;
            String letters = switch (isTeen ? 0 : day % 10) {
                case 1 -> "st";
                case 2 -> "nd";
                case 3 -> "rd";
                default -> "th";
            };
            if (skipWord(letters)) {
                skipWord(" of");
            }
        }

        /** Moves past these small letters, also written in capitals, if no other letter follows; false otherwise. */
        private boolean skipWord(String letters) {
            int end = at + letters.length();
            if (end > to || (end < to && isLetter(bytes[end]))) {
                return false;
            }
            for (int i = 0; i < letters.length(); i++) {
                if ((bytes[at + i] | 0x20) != letters.charAt(i)) {
                    return false;
                }
            }
            at = end;
            return true;
        }

        /** Moves past the space in {@code 3. January}. */
        private void skipSpaceAfter(byte separator) {
            if (separator == '.' && at + 1 < to && bytes[at] == ' ' && isLetter(bytes[at + 1])) {
                at++;
            }
        }

        /** Moves past at most two of the characters beside the name of a month; false if there is none. */
        private boolean skipSeparators() {
            int begin = at;
            while (at < to && at - begin < 2 && " ,.-/".indexOf(bytes[at]) >= 0) {
                at++;
            }
            return at > begin;
        }

        /** The first day of a month; NaN if there is none. */
        private double month() {
            int year;
            int month;
            if (at < to && isLetter(bytes[at])) {
                month = name(MONTHS);
                if (!skipSeparators()) {
                    return Double.NaN;
                }
                year = year();
            } else {
                year = year();
                skip('-');
                boolean isDash = at > 0 && at < to && bytes[at - 1] == '-';
                int begin = at;
                month = digits(2);
                month = isDash && at - begin == 2 ? month : -1;
            }
            return year < 1 ? Double.NaN : days(year, month, 1);
        }

        /** A year of four digits; −1 if there is none. */
        private int year() {
            int begin = at;
            int year = digits(4);
            return at - begin == 4 ? year : -1;
        }

        /** The number, from 1, of the name of which the next letters are the beginning, at least three; −1 for none. */
        private int name(List<String> names) {
            int begin = at;
            while (at < to && isLetter(bytes[at])) {
                at++;
            }
            int length = at - begin;
            if (length >= 3 && length <= LONGEST_NAME) {
                String word = Cells.decoded(bytes, begin, at).toLowerCase(Locale.ROOT);
                for (int i = 0; i < names.size(); i++) {
                    if (names.get(i).startsWith(word)) {
                        return i + 1;
                    }
                }
            }
            at = begin;
            return -1;
        }

        /** Moves past a character if it is the next. */
        private boolean skip(char c) {
            boolean there = at < to && bytes[at] == c;
            at += there ? 1 : 0;
            return there;
        }

        /** The hours since midnight, negative or beyond 24 if an offset moves them there; NaN if there is no time. */
        private double time() {
            int hour = digits(2);
            boolean hasMinute = skip(':');
            int minute = hasMinute ? digits(2) : 0;
            double second = 0;
            if (hasMinute && skip(':')) {
                int whole = digits(2);
                if (whole < 0 || whole > 60) {
                    return Double.NaN;
                }
                second = whole + fraction();
            }
            char half = half();
            if (half != 0) {
                hour = hour < 1 || hour > 12 ? -1 : hour % 12 + (half == 'p' ? 12 : 0);
            }
            if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || (!hasMinute && half == 0)) {
                return Double.NaN;
            }
            return hour + minute / 60.0 + second / 3600 - offset();
        }

        /** The first letter of AM or PM, small; NUL if neither is next. */
        private char half() {
            int begin = at;
            if (!skip(' ')) {
                skip(NO_BREAK_SPACE);
                skip(NARROW_SPACE);
            }
            char half = at < to ? (char) (bytes[at] | 0x20) : 0;
            at++;
            skip('.');
            if ((half == 'a' || half == 'p') && (skip('m') || skip('M'))) {
                skip('.');
                return half;
            }
            at = begin;
            return 0;
        }

        private void skip(byte[] sequence) {
            boolean there = at + sequence.length <= to
                    && Arrays.equals(sequence, 0, sequence.length, bytes, at, at + sequence.length);
            at += there ? sequence.length : 0;
        }

        private double fraction() {
            double fraction = 0;
            if (skip('.') || skip(',')) {
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
            if (skip(' ') && at == to) {
                return Double.NaN;
            }
            for (byte[] zone : UTC) {
                int begin = at;
                skip(zone);
                if (at > begin) {
                    return 0;
                }
            }
            byte sign = bytes[at++];
            if (sign != '+' && sign != '-') {
                return Double.NaN;
            }
            int hours = digits(2);
            skip(':');
            int minutes = at < to ? digits(2) : 0;
            return hours < 0 || minutes < 0 ? Double.NaN : (sign == '+' ? 1 : -1) * (hours + minutes / 60.0);
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
    }
}
