// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Sums of 0.5, 0.25 and 0.125 are exact. Take numbers with an endless expansion in base 2.
 * 2. 0.1, 0.2 and 0.3, for example.
 * 3. Do not guess the share: a loop over 10,000 random triples counts it.
 */
import io.github.masktape.cli.learn.Question;
import io.github.masktape.tensor.RandomStream;

public final class ParenthesesMatterCheck implements Runnable {
    private static final int TRIPLES = 100_000;

    @Override
    public void run() {
        Question question = Question.of("triple()");
        double[] t = question.answer(ParenthesesMatter::triple);
        if (t.length != 3) {
            throw question.wrong(t, "It must be three numbers.");
        }
        for (double number : t) {
            if (!(number > 0 && number < 1)) {
                throw question.wrong(t, "Each number must be between 0 and 1.");
            }
        }
        if ((t[0] + t[1]) + t[2] == t[0] + (t[1] + t[2])) {
            throw question.wrong(t, "Both sums are " + (t[0] + t[1] + t[2]) + ". Numbers that are exact in base 2 rarely differ.");
        }
        RandomStream random = new RandomStream(1);
        int differ = 0;
        for (int i = 0; i < TRIPLES; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            double c = random.nextDouble();
            differ += (a + b) + c == a + (b + c) ? 0 : 1;
        }
        double share = differ / (double) TRIPLES;
        Question.byHand("share()")
                .withTolerance(0.05)
                .withMistake(1 - share, "That is the share for which they are equal.")
                .withMistake(0.0, "It is far from rare. Count it.")
                .withHint("Count 10,000 random triples.")
                .expect(share, ParenthesesMatter::share);
    }
}
