// SPDX-License-Identifier: Apache-2.0
/*
 * Central differences
 *
 * Write a method that returns all central differences of a function of a tensor, in the tensor's shape:
 *
 *   (f(x + h) − f(x − h)) / 2h      for each entry alone; h = 10⁻⁶ is a good step
 *
 * t.toDoubleArray() is a copy of the entries row by row, and Tensor.of(values).reshape(t.shape()) makes a tensor of them.
 */
import io.github.masktape.tensor.Tensor;
import java.util.function.ToDoubleFunction;

class CentralDifferences {
    static Tensor differences(ToDoubleFunction<Tensor> f, Tensor at) {
        double h = 1e-6;
        return at; // your code here
    }
}
