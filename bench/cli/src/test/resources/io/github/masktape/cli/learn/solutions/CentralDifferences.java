// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.tensor.Tensor;
import java.util.function.ToDoubleFunction;

class CentralDifferences {
    static Tensor differences(ToDoubleFunction<Tensor> f, Tensor at) {
        double h = 1e-6;
        double[] values = at.toDoubleArray();
        double[] differences = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double here = values[i];
            values[i] = here + h;
            double above = f.applyAsDouble(Tensor.of(values).reshape(at.shape()));
            values[i] = here - h;
            double below = f.applyAsDouble(Tensor.of(values).reshape(at.shape()));
            values[i] = here;
            differences[i] = (above - below) / (2 * h);
        }
        return Tensor.of(differences).reshape(at.shape());
    }
}
