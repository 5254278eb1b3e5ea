// SPDX-License-Identifier: Apache-2.0
import java.util.SplittableRandom;

class ParenthesesMatter {
    static double[] triple() {
        return new double[] {0.1, 0.2, 0.3};
    }

    static double share() {
        SplittableRandom random = new SplittableRandom(3);
        int differ = 0;
        for (int i = 0; i < 10_000; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            double c = random.nextDouble();
            differ += (a + b) + c != a + (b + c) ? 1 : 0;
        }
        return differ / 10_000.0;
    }
}
