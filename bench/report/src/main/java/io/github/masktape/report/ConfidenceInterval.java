// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.report;

/** A 95 % confidence interval of a share. */
public record ConfidenceInterval(double low, double high) {
    private static final double Z = 1.959963984540054;

    /**
     * The interval of E. B. Wilson, JASA 22, 1927, which stays within 0…1 and is not empty at 0.
     *
     * <pre>
     *   (s + z²/2n ± z √(s(1 − s)/n + z²/4n²)) / (1 + z²/n)       s = count/n
     * </pre>
     */
    public static ConfidenceInterval wilson(long count, long n) {
        if (n < 1 || count < 0 || count > n) {
            throw new IllegalArgumentException("share: expected 0 to n of n ≥ 1, got " + count + " of " + n);
        }
        double s = (double) count / n;
        double z2 = Z * Z / n;
        double spread = Z * Math.sqrt(s * (1 - s) / n + z2 / (4.0 * n));
        return new ConfidenceInterval(
                count == 0 ? 0 : (s + z2 / 2 - spread) / (1 + z2), count == n ? 1 : (s + z2 / 2 + spread) / (1 + z2));
    }
}
