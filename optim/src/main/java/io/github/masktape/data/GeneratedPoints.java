// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.math.Elementary;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.text.Decimal;
import java.util.List;

/**
 * Points in the plane whose classes no line separates, drawn from a seed: data that can be plotted.
 *
 * <p>Example i has class i mod classes and depends on (seed, i) alone, so that {@code moons(100, …)} is the beginning
 * of {@code moons(200, …)}. With U fresh uniform in [0, 1) and ε fresh normal:
 *
 * <pre>
 * moons    class 0: (cos πU, sin πU);  class 1: (1 − cos πU, ½ − sin πU)
 * spirals  class c of k: r·(cos t, sin t), r = 0.1 + 0.9·U, t = 2π·(U + c/k)     the same U
 * point    + noise·(ε, ε), as floats
 * </pre>
 */
public final class GeneratedPoints {
    private static final List<String> AXES = List.of("x", "y");

    private GeneratedPoints() {}

    /**
     * Two interleaved half circles of radius 1.
     *
     * @param noise the standard deviation of the points from their curve
     */
    public static Dataset moons(int examples, double noise, long seed) {
        require(examples, 2, noise);
        return draw(
                examples,
                2,
                RandomStream.derive(seed, 1),
                (c, u, point) -> {
                    double side = c == 0 ? 1 : -1;
                    point[0] = c + side * cosine(u / 2);
                    point[1] = c / 2.0 + side * sine(u / 2);
                },
                noise);
    }

    /**
     * The arms of a spiral that turns once around the origin, one arm for each class.
     *
     * @param noise the standard deviation of the points from their curve
     */
    public static Dataset spirals(int examples, int arms, double noise, long seed) {
        if (arms < 2) {
            throw new IllegalArgumentException("arms: expected at least 2, got " + arms);
        }
        require(examples, arms, noise);
        return draw(
                examples,
                arms,
                RandomStream.derive(seed, 2),
                (c, u, point) -> {
                    double r = 0.1 + 0.9 * u;
                    double turns = u + c / (double) arms;
                    turns -= turns >= 1 ? 1 : 0;
                    point[0] = r * cosine(turns);
                    point[1] = r * sine(turns);
                },
                noise);
    }

    /** The curve of class c at u in [0, 1). */
    @FunctionalInterface
    private interface Curve {
        void at(int c, double u, double[] point);
    }

    private static void require(int examples, int classes, double noise) {
        if (examples < classes) {
            throw new IllegalArgumentException(
                    "examples: expected at least " + classes + ", one a class, got " + examples);
        }
        if (!(noise >= 0 && noise <= 1e6)) {
            throw new IllegalArgumentException(
                    "noise: expected a number in [0, 1000000], got " + Decimal.shortest(noise, 6));
        }
    }

    private static Dataset draw(int examples, int classes, long root, Curve curve, double noise) {
        int[] labels = new int[examples];
        double[] point = new double[2];
        Tensor points = Tensor.ofRows(examples, 2, (i, row) -> {
            RandomStream random = new RandomStream(RandomStream.derive(root, i));
            labels[i] = i % classes;
            curve.at(labels[i], random.nextDouble(), point);
            for (int axis = 0; axis < 2; axis++) {
                row[axis] = (float) (point[axis] + noise * random.nextGaussian());
            }
        });
        return new Dataset(points, labels, classes).withFeatureNames(AXES);
    }

    /** The value of sin(2πu) for u in [0, 1]. */
    private static double sine(double u) {
        return cosine(u < 0.25 ? u + 0.75 : u - 0.25);
    }

    /** The value of cos(2πu) for u in [0, 1]. */
    private static double cosine(double u) {
        return Elementary.cosPi(2 * (u > 0.5 ? 1 - u : u));
    }
}
