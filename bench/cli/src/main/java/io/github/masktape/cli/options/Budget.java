// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;

/** A length of time that work may take. */
public record Budget(long seconds) {
    private static final Pattern TEXT = Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,5})m)?(?:(\\d{1,7})s)?");

    @Override
    public String toString() {
        long minutes = seconds / 60;
        return (minutes >= 60 ? minutes / 60 + "h" : "")
                + (minutes % 60 > 0 ? minutes % 60 + "m" : "")
                + (seconds % 60 > 0 ? seconds % 60 + "s" : "");
    }

    public static final class BudgetConverter implements ITypeConverter<Budget> {
        @Override
        public Budget convert(String value) {
            Matcher matcher = TEXT.matcher(value);
            long seconds = matcher.matches()
                    ? 3600 * number(matcher.group(1)) + 60 * number(matcher.group(2)) + number(matcher.group(3))
                    : 0;
            if (seconds == 0) {
                throw Converters.refusal("a time such as 45m, 1h30m or 90s", value);
            }
            return new Budget(seconds);
        }

        private static long number(@Nullable String digits) {
            return digits == null ? 0 : Long.parseLong(digits);
        }
    }
}
