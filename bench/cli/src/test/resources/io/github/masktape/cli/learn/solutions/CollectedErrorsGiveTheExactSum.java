// SPDX-License-Identifier: Apache-2.0
class CollectedErrorsGiveTheExactSum {
    static double sum(double[] numbers) {
        double sum = 0;
        double errors = 0;
        for (double b : numbers) {
            double a = sum;
            double s = a + b;
            double t = s - a;
            errors += (a - (s - t)) + (b - t);
            sum = s;
        }
        return sum + errors;
    }
}
