package io.github.masktape.internal;

/** The drawing of masks on the Vector API, where it is faster: with vectors of 512 bits, for layers wide enough. */
final class VectorMasks implements MaskKernels {
    static final VectorMasks INSTANCE = new VectorMasks();

    private VectorMasks() {}

    @Override
    public void bernoulli(long[] keys, long threshold, int n, int l, int d, int[] bits) {
        if (VectorFloat.width() == 512 && l >= VectorBernoulli.GROUP) {
            VectorBernoulli.bernoulli(keys, threshold, n, l, d, bits);
        } else {
            ScalarMasks.INSTANCE.bernoulli(keys, threshold, n, l, d, bits);
        }
    }
}
