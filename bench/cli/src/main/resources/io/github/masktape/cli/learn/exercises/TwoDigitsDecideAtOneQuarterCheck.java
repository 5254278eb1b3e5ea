// SPDX-License-Identifier: Apache-2.0
/*
 * 1. 1 − p = ¾ is 0.11 in base 2.
 * 2. U is below 0.11 if its first digit is 0, or if its second digit is 0.
 * 3. A word has a sign bit of 1 if it is negative: first digit mix(key + GAMMA) < 0, second mix(key + 2 * GAMMA) < 0.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;

public final class TwoDigitsDecideAtOneQuarterCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("words()")
                .withMistake(1, "After a first digit of 1 the second one decides.")
                .withMistake(64, "The threshold 0.11 has two digits. What if both agree?")
                .withHint("How many digits has 1 − p in base 2?")
                .expect(2, TwoDigitsDecideAtOneQuarter::words);
        Mask mask = Mask.bernoulli(64, 1, 1, 0.25, 1);
        for (int n = 0; n < 64; n++) {
            long key = RandomStream.derive(1, n);
            boolean first = TwoDigitsDecideAtOneQuarter.mix(key + TwoDigitsDecideAtOneQuarter.GAMMA) < 0;
            boolean second = TwoDigitsDecideAtOneQuarter.mix(key + 2 * TwoDigitsDecideAtOneQuarter.GAMMA) < 0;
            Question.of("keeps(" + key + "L), where U = 0." + (first ? 1 : 0) + (second ? 1 : 0) + "… in base 2,")
                    .withHint(
                            first && second
                                    ? "U starts with 11 and is not below 0.11: the connection is dropped."
                                    : "U is below 0.11: the connection is kept.")
                    .expect(mask.keeps(n, 0, 0), () -> TwoDigitsDecideAtOneQuarter.keeps(key));
        }
    }
}
