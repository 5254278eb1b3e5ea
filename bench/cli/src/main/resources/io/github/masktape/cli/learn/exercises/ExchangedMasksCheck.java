// SPDX-License-Identifier: Apache-2.0
/*
 * 1. The law is ∂L/∂W = Σₙ Jₙ ⊙ Mₙ with Jₙ = dyₙ xₙᵀ. Only the masks change places.
 * 2. J₀ = [1 2 3; −2 −4 −6] and J₁ = [6 −3 3; −2 1 −1].
 * 3. J₀ ⊙ M₁ = [2 4 0; 0 −8 0]. Add J₁ ⊙ M₀.
 */
import io.github.masktape.cli.learn.Question;

public final class ExchangedMasksCheck implements Runnable {
    @Override
    public void run() {
        Question.byHand("dw()")
                .withMistake(
                        new double[][] {{14, -6, 6}, {0, -6, -12}}, "That is the result before the masks are exchanged.")
                .withMistake(new double[][] {{7, 2, 3}, {0, -3, -1}}, "A kept entry of M is 2, the scale, not 1.")
                .withMistake(new double[][] {{7, -1, 6}, {-4, -3, -7}}, "That is J₀ + J₁. Each J goes through its mask.")
                .withHint("Jₙ[j][q] = dyₙ[j]·xₙ[q]. The gradient is J₀ ⊙ M₁ + J₁ ⊙ M₀.")
                .expect(new double[][] {{14, 4, 6}, {0, -6, -2}}, ExchangedMasks::dw);
        Question.byHand("zero()")
                .withMistake(new int[] {0, 1}, "First the output (the row of W), then the input (the column).")
                .withHint("Which connection do both masks drop? Who drops it does not matter.")
                .expect(new int[] {1, 0}, ExchangedMasks::zero);
    }
}
