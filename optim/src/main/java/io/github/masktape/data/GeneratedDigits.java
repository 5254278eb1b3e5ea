// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;

/**
 * Handwriting-like digits, 28×28 pixels, drawn from a seed: data to train on with nothing to download.
 *
 * <p>Each class has 3 or 4 glyphs (a 7 with and without a bar, a 4 open and closed, …); a glyph is a few strokes, a
 * stroke is a quadratic B-spline over control points. Example i draws one of the glyphs as follows, where each ε is a
 * fresh bell-shaped draw of mean 0 and deviation 1 (the sum of four uniform ones), each U a fresh uniform one in [0,
 * 1), and p is a control point in glyph heights with y downward and the glyph's center at 0:
 *
 * <pre>
 * slop = 0.4 + 1.4·U                                                 how careless this example is
 * p₁   = p + JITTER·slop·(ε, ε)                                      each point by itself
 * p₂   = p₁ + BEND·slop·(ε·y² + ε·x·y, ε·x² + ε·x·y)                 (x, y) = p₁, the four ε shared by all points
 * p₃   = rotate(ROTATION·ε) · shear(0.1 + SLANT·ε) · diag(0.80·(1 + 0.16·ε), 0.92·(1 + 0.09·ε)) · p₂
 * at   = 14 + 20·p₃ + SHIFT·(ε, ε)                                   in pixels
 * r    = 0.65 + 1.15·U² + 0.25·U, times 1 ∓ 0.25·ε from end to end of a stroke
 * ink  = clamp((r + s − distance of the pixel's center to the nearest stroke) / 2s), s = 0.6 + 0.35·U
 * ink  = max(ink, U²) at three pixels anywhere                       specks
 * v    = (0.8 + 0.25·U) · (1 − 0.25·U·grain) · ink                   grain: one byte / 255 per pixel
 * pixel = round(255·min(1, v)) / 255                                 0 is paper, 1 is ink
 * </pre>
 *
 * <p>Example i depends on (seed, i) alone, so {@code of(100, s)} is the beginning of {@code of(200, s)}. The bits are
 * the same everywhere: only + − × ÷, square roots and integers are used, and the draws are {@link RandomStream}'s.
 *
 * <p>The task is hard enough that a hidden layer pays off. Test error on {@code of(10_000, 2)} after training on {@code
 * of(10_000, 1)}, by the command {@code masktape train} with these options and {@code --epochs}:
 *
 * <pre>
 *                                                                    10 epochs   30 epochs
 * --hidden none                       softmax of a linear layer        12.8 %      12.9 %
 * --hidden 128 --regularizer none     784-128-10, ReLU                  3.2 %       2.8 %
 * --hidden 128                        the same, DropConnect at 0.5      3.3 %       2.4 %
 * </pre>
 */
public final class GeneratedDigits {

    private static final int SIDE = 28;
    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 10;
    private static final int MAX_EXAMPLES = Integer.MAX_VALUE / PIXELS;

    private static final double JITTER = 0.035;
    private static final double BEND = 0.16;
    private static final double ROTATION = 0.10;
    private static final double SLANT = 0.20;
    private static final double SHIFT = 1.3;
    private static final int SPECKS = 3;

    /**
     * The number of straight pieces that draw one quadratic curve; at this size, more would make no visible difference.
     */
    private static final int PIECES = 5;

    private static final int MAX_POINTS = 16;

    /**
     * The glyphs of each class. Control points are "x,y" in hundredths of the height, y downward; the first and the
     * last are touched, those between pull, and a point given twice is a corner. A semicolon lifts the pen.
     */
    private static final String[][] GLYPHS = {
        {
            "56,0 22,0 14,50 24,102 52,102 80,100 86,50 74,0 46,2",
            "70,8 40,-6 14,30 18,82 46,106 80,86 86,34 70,0 42,8",
            "46,6 14,20 14,86 50,108 86,86 84,14 56,-6 38,12 62,24",
        },
        {
            "52,0 50,35 49,65 48,100",
            "30,24 44,14 54,0 54,0 53,35 52,65 51,100",
            "32,22 44,14 54,0 54,0 53,35 52,65 52,100; 28,100 50,99 76,99",
        },
        {
            "20,25 25,0 60,-6 84,18 72,52 40,78 18,98 18,98 50,97 84,98",
            "22,22 30,-4 72,-6 84,30 60,68 30,102 10,94 20,74 46,86 70,104 90,92",
            "22,10 50,2 76,6 76,6 50,50 20,96 20,96 50,97 82,95",
        },
        {
            "20,14 40,-8 82,-2 82,38 42,47 42,47 86,46 90,92 50,108 16,88",
            "22,4 50,5 76,4 76,4 60,24 44,42 44,42 82,40 92,86 55,108 16,90",
            "20,12 45,-8 84,0 78,40 44,52 36,42 50,40 88,52 86,98 45,108 16,86",
        },
        {
            "26,2 22,30 18,58 18,58 50,59 86,54; 72,2 70,50 66,100",
            "62,0 40,32 14,66 14,66 50,67 88,65; 64,0 63,50 61,100",
            "24,4 14,52 40,64 68,50 75,2 75,2 71,50 66,100",
        },
        {
            "80,2 55,4 30,4 30,4 28,24 26,44 26,44 50,30 88,42 86,92 45,110 16,90",
            "32,6 30,24 27,46 27,46 52,32 86,46 82,94 45,108 18,92; 30,5 55,4 84,0",
            "78,8 50,-6 20,8 22,42 60,46 88,62 76,102 40,106 16,90",
        },
        {
            "66,0 36,16 14,60 24,102 66,108 88,78 66,50 34,54 20,82",
            "56,0 32,38 12,84 44,110 84,94 80,56 46,50 20,80",
            "76,10 56,-6 22,18 12,75 36,110 80,100 84,62 50,48 20,74",
        },
        {
            "18,6 50,5 80,4 80,4 56,50 42,100",
            "18,8 50,6 82,4 82,4 58,50 44,100; 36,52 56,51 78,48",
            "20,22 19,4 19,4 60,8 84,2 84,2 62,38 48,100",
            "16,12 36,-2 76,0 84,14 54,50 46,100",
        },
        {
            "74,14 50,-8 16,6 24,40 78,60 88,98 50,110 12,98 22,62 74,42 86,10 60,-2",
            "50,0 22,0 20,46 50,48 80,46 78,0 48,0; 50,48 14,48 12,102 50,102 88,102 86,48 48,48",
            "82,12 40,-14 12,26 52,48 92,74 62,110 12,102 22,66 60,40 82,12",
        },
        {
            "74,20 56,-6 18,2 16,46 52,56 74,24 76,6 76,6 73,50 69,100",
            "74,18 52,-6 18,6 18,48 56,52 76,22 78,8 84,60 64,106 24,96",
            "72,14 44,-8 14,22 28,56 62,44 78,6 66,60 40,100",
        },
    };

    /** The {@link #GLYPHS} as numbers: [class][glyph][stroke][x₀, y₀, x₁, y₁, …], the center at 0. */
    private static final double[][][][] STROKES = parseGlyphs();

    private GeneratedDigits() {}

    /**
     * The first {@code examples} digits of a seed. Use another seed for the test set.
     *
     * <p>Every ten in a row contain each class once, in random order.
     *
     * @throws IllegalArgumentException if {@code examples} is below 1, or the pixels exceed one array
     */
    public static Dataset of(int examples, long seed) {
        if (examples < 1) {
            throw new IllegalArgumentException("examples: expected at least 1, got " + examples);
        }
        if (examples > MAX_EXAMPLES) {
            throw new IllegalArgumentException("examples: expected at most " + MAX_EXAMPLES + ", got " + examples);
        }
        float[] pixels = new float[examples * PIXELS];
        int[] labels = new int[examples];
        long root = RandomStream.derive(seed, 0);
        Pen pen = new Pen();
        for (int i = 0; i < examples; i++) {
            labels[i] = label(root, i);
            pen.draw(labels[i], new RandomStream(RandomStream.derive(root, 2L * i + 1)), pixels, i * PIXELS);
        }
        return new Dataset(Tensor.of(pixels, examples, PIXELS), labels, CLASSES);
    }

    /** The class of example i: entry i mod 10 of the shuffled classes of block ⌊i/10⌋. */
    private static int label(long root, int i) {
        long block = RandomStream.derive(root, 2L * (i / CLASSES));
        return new RandomStream(block).permutation(CLASSES)[i % CLASSES];
    }

    private static double[][][][] parseGlyphs() {
        double[][][][] all = new double[CLASSES][][][];
        for (int c = 0; c < CLASSES; c++) {
            all[c] = new double[GLYPHS[c].length][][];
            for (int g = 0; g < GLYPHS[c].length; g++) {
                String[] strokes = GLYPHS[c][g].split("; ", -1);
                all[c][g] = new double[strokes.length][];
                for (int s = 0; s < strokes.length; s++) {
                    all[c][g][s] = parseStroke(strokes[s]);
                }
            }
        }
        return all;
    }

    private static double[] parseStroke(String stroke) {
        String[] numbers = stroke.split("[ ,]", -1);
        double[] points = new double[numbers.length];
        for (int k = 0; k < numbers.length; k++) {
            points[k] = (Integer.parseInt(numbers[k]) - 50) / 100.0;
        }
        return points;
    }

    /** A bell-shaped draw of mean 0 and deviation 1, never beyond ±3.47: the sum of the four quarters of one word. */
    private static double bell(RandomStream random) {
        long w = random.nextLong();
        int sum = (int) (w & 0xffff) + (int) ((w >>> 16) & 0xffff) + (int) ((w >>> 32) & 0xffff) + (int) (w >>> 48);
        return (sum - 131070) * (1.7320508 / 65536);
    }

    /** Draws one example after another on the same canvas; its fields are the state of the current example. */
    private static final class Pen {
        private final double[] canvas = new double[PIXELS];
        private final double[] x = new double[MAX_POINTS];
        private final double[] y = new double[MAX_POINTS];

        private double jitter;
        private double xyy;
        private double xxy;
        private double yxx;
        private double yxy;
        private double m00;
        private double m01;
        private double m10;
        private double m11;
        private double shiftX;
        private double shiftY;
        private double radius;
        private double soft;

        void draw(int label, RandomStream random, float[] pixels, int offset) {
            double[][] glyph = STROKES[label][random.nextInt(STROKES[label].length)];
            distort(random);
            Arrays.fill(canvas, 0);
            for (double[] stroke : glyph) {
                place(stroke, random);
                ink(stroke.length / 2, 0.25 * bell(random));
            }
            for (int k = 0; k < SPECKS; k++) {
                int at = random.nextInt(PIXELS);
                double u = random.nextDouble();
                canvas[at] = Math.max(canvas[at], u * u);
            }
            develop(random, pixels, offset);
        }

        private void distort(RandomStream random) {
            double slop = 0.4 + 1.4 * random.nextDouble();
            jitter = JITTER * slop;
            xyy = BEND * slop * bell(random);
            xxy = BEND * slop * bell(random);
            yxx = BEND * slop * bell(random);
            yxy = BEND * slop * bell(random);

            double width = 20 * 0.80 * (1 + 0.16 * bell(random));
            double height = 20 * 0.92 * (1 + 0.09 * bell(random));
            double slant = 0.1 + SLANT * bell(random);
            // A rotation without trigonometry, by the tangent of half the angle.
            double t = ROTATION / 2 * bell(random);
            double cos = (1 - t * t) / (1 + t * t);
            double sin = 2 * t / (1 + t * t);
            m00 = cos * width;
            m01 = -(cos * slant + sin) * height;
            m10 = sin * width;
            m11 = (cos - sin * slant) * height;
            shiftX = 0.5 * SIDE + SHIFT * bell(random);
            shiftY = 0.5 * SIDE + SHIFT * bell(random);

            double u = random.nextDouble();
            radius = 0.65 + 1.15 * u * u + 0.25 * random.nextDouble();
            soft = 0.6 + 0.35 * random.nextDouble();
        }

        /** Puts the distorted control points, in pixels, into x and y. */
        private void place(double[] stroke, RandomStream random) {
            for (int k = 0; k < stroke.length / 2; k++) {
                if (k > 0 && stroke[2 * k] == stroke[2 * k - 2] && stroke[2 * k + 1] == stroke[2 * k - 1]) {
                    x[k] = x[k - 1];
                    y[k] = y[k - 1];
                } else {
                    double u = stroke[2 * k] + jitter * bell(random);
                    double v = stroke[2 * k + 1] + jitter * bell(random);
                    double bentU = u + xyy * v * v + xxy * u * v;
                    double bentV = v + yxx * u * u + yxy * u * v;
                    x[k] = shiftX + m00 * bentU + m01 * bentV;
                    y[k] = shiftY + m10 * bentU + m11 * bentV;
                }
            }
        }

        /** Draws the spline over the first n points, its radius going from r·(1 − taper) to r·(1 + taper). */
        private void ink(int n, double taper) {
            double fromX = x[0];
            double fromY = y[0];
            double fromR = radius * (1 - taper);
            for (int k = 1; k < n - 1; k++) {
                double startX = k == 1 ? x[0] : 0.5 * (x[k - 1] + x[k]);
                double startY = k == 1 ? y[0] : 0.5 * (y[k - 1] + y[k]);
                double endX = k == n - 2 ? x[n - 1] : 0.5 * (x[k] + x[k + 1]);
                double endY = k == n - 2 ? y[n - 1] : 0.5 * (y[k] + y[k + 1]);
                for (int piece = 1; piece <= PIECES; piece++) {
                    double t = (double) piece / PIECES;
                    double a = (1 - t) * (1 - t);
                    double b = 2 * t * (1 - t);
                    double c = t * t;
                    double toX = a * startX + b * x[k] + c * endX;
                    double toY = a * startY + b * y[k] + c * endY;
                    double toR = radius * (1 - taper + 2 * taper * (k - 1 + t) / (n - 2));
                    line(fromX, fromY, fromR, toX, toY, toR);
                    fromX = toX;
                    fromY = toY;
                    fromR = toR;
                }
            }
        }

        /** A round-ended line from a to b whose radius goes from ar to br; over older ink the stronger one stays. */
        private void line(double ax, double ay, double ar, double bx, double by, double br) {
            double reach = Math.max(ar, br) + soft;
            int left = Math.max(0, (int) Math.floor(Math.min(ax, bx) - reach));
            int right = Math.min(SIDE - 1, (int) Math.floor(Math.max(ax, bx) + reach));
            int top = Math.max(0, (int) Math.floor(Math.min(ay, by) - reach));
            int bottom = Math.min(SIDE - 1, (int) Math.floor(Math.max(ay, by) + reach));
            double ux = bx - ax;
            double uy = by - ay;
            double scale = 1 / Math.max(ux * ux + uy * uy, 1e-12);
            for (int row = top; row <= bottom; row++) {
                double py = row + 0.5 - ay;
                for (int column = left; column <= right; column++) {
                    double px = column + 0.5 - ax;
                    double t = Math.max(0, Math.min(1, (px * ux + py * uy) * scale));
                    double ex = px - t * ux;
                    double ey = py - t * uy;
                    double edge = ar + t * (br - ar) + soft;
                    double square = ex * ex + ey * ey;
                    if (square < edge * edge) {
                        int at = row * SIDE + column;
                        double ink = Math.min(1, (edge - Math.sqrt(square)) / (2 * soft));
                        canvas[at] = Math.max(canvas[at], ink);
                    }
                }
            }
        }

        /** Turns the canvas into pixels of 0/255 … 255/255, one random byte of grain each. */
        private void develop(RandomStream random, float[] pixels, int offset) {
            double brightness = 0.8 + 0.25 * random.nextDouble();
            double grain = 0.25 * random.nextDouble() / 255;
            for (int at = 0; at < PIXELS; at += 8) {
                long bytes = random.nextLong();
                for (int k = 0; k < 8; k++) {
                    double ink = canvas[at + k];
                    if (ink > 0) {
                        int b = (int) (bytes >>> (8 * k)) & 0xff;
                        double v = Math.min(1, brightness * (1 - grain * b) * ink);
                        pixels[offset + at + k] = (int) (255 * v + 0.5) / 255f;
                    }
                }
            }
        }
    }
}
