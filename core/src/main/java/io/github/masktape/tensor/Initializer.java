// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.tensor;

/**
 * A source of initial weights, drawn from a stream: each call draws further numbers, so equal seeds and equal calls
 * give equal weights.
 *
 * <pre>
 *   heNormal        N(0, 2/in)                heUniform       U(±√(6/in))
 *   glorotNormal    N(0, 2/(in + out))        glorotUniform   U(±√(6/(in + out)))
 * </pre>
 *
 * <p>He et al., "Delving Deep into Rectifiers", ICCV 2015; Glorot, Bengio, "Understanding the difficulty of training
 * deep feedforward neural networks", AISTATS 2010.
 */
public final class Initializer {
    private final RandomStream stream;
    private final boolean normal;
    private final boolean glorot;
    private final DType dtype;

    private Initializer(RandomStream stream, boolean normal, boolean glorot, DType dtype) {
        this.stream = stream;
        this.normal = normal;
        this.glorot = glorot;
        this.dtype = dtype;
    }

    /** He's normal weights N(0, 2/in), FLOAT32, for layers followed by ReLU. */
    public static Initializer heNormal(long seed) {
        return new Initializer(new RandomStream(seed), true, false, DType.FLOAT32);
    }

    /** He's uniform weights U(±√(6/in)), FLOAT32, for layers followed by ReLU. */
    public static Initializer heUniform(long seed) {
        return new Initializer(new RandomStream(seed), false, false, DType.FLOAT32);
    }

    /** Glorot's normal weights N(0, 2/(in + out)), FLOAT32, for tanh and sigmoid. */
    public static Initializer glorotNormal(long seed) {
        return new Initializer(new RandomStream(seed), true, true, DType.FLOAT32);
    }

    /** Glorot's uniform weights U(±√(6/(in + out))), FLOAT32, for tanh and sigmoid. */
    public static Initializer glorotUniform(long seed) {
        return new Initializer(new RandomStream(seed), false, true, DType.FLOAT32);
    }

    /**
     * An initializer of tensors of another dtype, which draws the numbers that this one would draw next. Neither affects
     * the other from then on.
     */
    public Initializer withDType(DType dtype) {
        return new Initializer(stream.copy(), normal, glorot, dtype);
    }

    /** The dtype of the drawn tensors. */
    public DType dtype() {
        return dtype;
    }

    /** The next weight matrix, out×in. */
    public Tensor weight(int out, int in) {
        double fans = glorot ? (double) in + out : in;
        double size = Math.sqrt((normal ? 2 : 6) / fans);
        double[] values = new double[Shape.of(out, in).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = size * (normal ? stream.nextGaussian() : 2 * stream.nextDouble() - 1);
        }
        return Tensor.of(values, out, in).to(dtype);
    }

    /** A bias of zeros; it draws nothing. */
    public Tensor bias(int out) {
        return Tensor.zeros(dtype, out);
    }
}
