// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchStepTest {
    /** So a row drawn evenly is a row of independent mask entries. */
    @ParameterizedTest
    @CsvSource({"2, 12, 2", "5, 5, 1.25"})
    void theTableOfMasksHoldsEveryNumberOfDropsAsOftenAsIndependentEntriesWould(int base, int digits, float kept) {
        float[] table = TorchStep.table(base, digits, kept);
        long[] rowsWithDrops = new long[digits + 1];
        for (int row = 0; row < table.length; row += digits) {
            int drops = 0;
            for (int i = row; i < row + digits; i++) {
                assertThat(table[i]).isIn(0f, kept);
                drops += table[i] == 0 ? 1 : 0;
            }
            rowsWithDrops[drops]++;
        }
        long binomial = 1;
        for (int k = 0; k <= digits; k++) {
            assertThat(rowsWithDrops[k]).isEqualTo(binomial * (long) Math.pow(base - 1, digits - k));
            binomial = binomial * (digits - k) / (k + 1);
        }
    }

    @Test
    void theSmallestTableIsTheDigitsOfItsRowNumbers() {
        assertThat(TorchStep.table(2, 2, 2)).containsExactly(0, 0, 2, 0, 0, 2, 2, 2);
    }
}
