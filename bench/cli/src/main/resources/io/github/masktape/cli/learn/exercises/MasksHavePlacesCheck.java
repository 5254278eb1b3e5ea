// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The same place must give the same answer, however often and in whatever order it is asked. So no field may change.
 * 2. Derive a key for the example from the key, one for the output from that, one for the input from that.
 * 3. new RandomStream(derive(derive(derive(key, n), j), q)).nextDouble() >= p.
 */
import io.github.masktape.cli.learn.Question;

public final class MasksHavePlacesCheck implements Runnable {
    private static final int SIZE = 24;

    @Override
    public void run() {
        Question question = Question.of("keeps(1, n, j, q, 0.5) for each n, j, q below " + SIZE + ", asked twice");
        boolean[][][] mask = mask(question, 1, 0.5, false);
        boolean[][][] again = mask(question, 1, 0.5, true);
        for (int n = 0; n < SIZE; n++) {
            for (int j = 0; j < SIZE; j++) {
                for (int q = 0; q < SIZE; q++) {
                    if (mask[n][j][q] != again[n][j][q]) {
                        throw question.wrong(
                                "two answers for (" + n + ", " + j + ", " + q + ")",
                                "The same place must always give the same answer, in any order: keep no state.");
                    }
                }
            }
        }
        independent(mask, 1, -1, 0, "One more in n and one less in j give the same entry: do not add the places, derive a key from a key.");
        independent(mask, 1, 0, -1, "One more in n and one less in q give the same entry: do not add the places, derive a key from a key.");
        independent(mask, 0, 1, -1, "One more in j and one less in q give the same entry: do not add the places, derive a key from a key.");
        independent(mask, 1, 0, 0, "The example n must matter: without it all examples share one mask.");
        independent(mask, 0, 1, 0, "The output j must matter.");
        independent(mask, 0, 0, 1, "The input q must matter.");
        if (agreement(mask, mask(question, 2, 0.5, false), 0, 0, 0) > 0.6) {
            throw Question.of("keeps(2, …)").wrong("the mask of key 1", "The key must matter.");
        }
        Question few = Question.of("the share that keeps(1, n, j, q, 0.1) keeps");
        boolean[][][] all = new boolean[SIZE][SIZE][SIZE];
        for (boolean[][] example : all) {
            for (boolean[] row : example) {
                java.util.Arrays.fill(row, true);
            }
        }
        double share = agreement(mask(few, 1, 0.1, false), all, 0, 0, 0);
        if (Math.abs(share - 0.9) > 0.02) {
            throw few.wrong(share, "p is the probability to drop: keep if the number is at least p.");
        }
    }

    private static boolean[][][] mask(Question question, long key, double p, boolean reversed) {
        boolean[][][] mask = new boolean[SIZE][SIZE][SIZE];
        for (int i = 0; i < SIZE * SIZE * SIZE; i++) {
            int at = reversed ? SIZE * SIZE * SIZE - 1 - i : i;
            int n = at / SIZE / SIZE;
            int j = at / SIZE % SIZE;
            int q = at % SIZE;
            mask[n][j][q] = question.answer(() -> MasksHavePlaces.keeps(key, n, j, q, p));
        }
        return mask;
    }

    private static void independent(boolean[][][] mask, int dn, int dj, int dq, String hint) {
        double share = agreement(mask, mask, dn, dj, dq);
        if (Math.abs(share - 0.5) > 0.2) {
            throw Question.of("the share of entries that equal their neighbor, " + dn + " further in n, " + dj + " in j and " + dq
                            + " in q, which should be 0.5,")
                    .wrong(share, hint);
        }
    }

    /** The share of entries of a that equal the entry of b so far away. */
    private static double agreement(boolean[][][] a, boolean[][][] b, int dn, int dj, int dq) {
        int count = 0;
        int equal = 0;
        for (int n = 0; n < SIZE; n++) {
            for (int j = 0; j < SIZE; j++) {
                for (int q = 0; q < SIZE; q++) {
                    if (inside(n + dn) && inside(j + dj) && inside(q + dq)) {
                        count++;
                        equal += a[n][j][q] == b[n + dn][j + dj][q + dq] ? 1 : 0;
                    }
                }
            }
        }
        return equal / (double) count;
    }

    private static boolean inside(int i) {
        return i >= 0 && i < SIZE;
    }
}
