// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.conformance.ActivationFunction;
import io.github.masktape.conformance.Case;
import io.github.masktape.conformance.PassResult;
import io.github.masktape.conformance.TrainingLayer;
import io.github.masktape.tensor.RandomStream;

class MyDropConnect implements TrainingLayer {
    static final int SAMPLES = 1000;

    private final double[][] w;
    private final double[] b;
    private final double p;
    private final long seed;
    private long steps;

    MyDropConnect(double[][] w, double[] b, double p, long seed) {
        this.w = w;
        this.b = b;
        this.p = p;
        this.seed = seed;
    }

    @Override
    public PassResult step(double[][] x, double[][] dy) {
        double[][][] masks = draw(x.length, w.length, w[0].length, p, seed, steps++);
        return pass(new Case(x, w, b, masks, null, dy, p));
    }

    @Override
    public double[][] predict(double[][] x) {
        double[][] y = new double[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                for (int q = 0; q < w[j].length; q++) {
                    y[n][j] += w[j][q] * x[n][q];
                }
                y[n][j] += b[j];
            }
        }
        return y;
    }

    static PassResult pass(Case c) {
        double[][] y = new double[c.examples()][c.out()];
        double[][] dx = new double[c.examples()][c.in()];
        double[][] dw = new double[c.out()][c.in()];
        double[] db = new double[c.out()];
        for (int n = 0; n < c.examples(); n++) {
            for (int j = 0; j < c.out(); j++) {
                for (int q = 0; q < c.in(); q++) {
                    double m = c.mask(n, j, q);
                    y[n][j] += masked(c.w()[j][q], m) * c.x()[n][q];
                    dx[n][q] += masked(c.w()[j][q], m) * c.dy()[n][j];
                    dw[j][q] += masked(c.dy()[n][j] * c.x()[n][q], m);
                }
                y[n][j] += c.b()[j];
                db[j] += c.dy()[n][j];
            }
        }
        return new PassResult(y, dx, dw, db);
    }

    private static double masked(double value, double m) {
        return m == 0 ? 0 : value * m;
    }

    static double[][][] draw(int examples, int outputs, int inputs, double p, long seed, long step) {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("p: expected a number in [0, 1), got " + p);
        }
        RandomStream random = new RandomStream(RandomStream.derive(seed, step));
        double[][][] m = new double[examples][outputs][inputs];
        for (double[][] example : m) {
            for (double[] row : example) {
                for (int q = 0; q < inputs; q++) {
                    row[q] = random.nextDouble() < p ? 0 : 1 / (1 - p);
                }
            }
        }
        return m;
    }

    static double[][] average(double[][] x, double[][] w, double[] b, double p, ActivationFunction a) {
        RandomStream random = new RandomStream(1);
        double[][] y = new double[x.length][w.length];
        for (int n = 0; n < x.length; n++) {
            for (int j = 0; j < w.length; j++) {
                double mean = 0;
                double squares = 0;
                for (int q = 0; q < w[j].length; q++) {
                    mean += w[j][q] * x[n][q];
                    squares += w[j][q] * x[n][q] * w[j][q] * x[n][q];
                }
                mean += b[j];
                double deviation = Math.sqrt(p / (1 - p) * squares);
                double sum = 0;
                for (int s = 0; s < SAMPLES; s++) {
                    sum += a.at(mean + deviation * random.nextGaussian()) - a.at(mean);
                }
                y[n][j] = a.at(mean) + sum / SAMPLES;
            }
        }
        return y;
    }
}
