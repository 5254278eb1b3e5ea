// SPDX-License-Identifier: Apache-2.0
/*
 * 1. Give each step a name: c = x·y, d = c − x, L = d².
 * 2. Now go backwards: dd = 2d = 8, and dc = dd = 8.
 * 3. x is used twice: in the product, with the share dc·y, and in the difference, with the share −dd.
 */
import io.github.masktape.cli.learn.Question;

public final class ByHandThenByTapeCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("loss()").withHint("c = 2·3 = 6, d = 6 − 2, L = d².").expect(16.0, ByHandThenByTape::loss);
        Question.byHand("dx()")
                .withMistake(24.0, "That is the share from the product. The difference uses x too, and its share is −8.")
                .withMistake(32.0, "The difference subtracts x, so its share is −8, not 8.")
                .withMistake(-8.0, "That is the share from the difference. The product uses x too.")
                .withHint("dd = 2·d = 8. Then dx is the sum of two shares.")
                .expect(16.0, ByHandThenByTape::dx);
        Question.byHand("dy()")
                .withMistake(24.0, "The product passes dc·x to y; you multiplied by y.")
                .withMistake(2.0, "That is ∂c/∂y alone. Multiply by what arrives at c.")
                .withHint("y is used once, in the product: dy = dc·x.")
                .expect(16.0, ByHandThenByTape::dy);
    }
}
