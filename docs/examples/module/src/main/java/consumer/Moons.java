// SPDX-License-Identifier: Apache-2.0
package consumer;

import io.github.masktape.data.Dataset;
import io.github.masktape.data.GeneratedPoints;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.layers.Linear;
import io.github.masktape.layers.ReLU;
import io.github.masktape.layers.Sequential;
import io.github.masktape.optim.LearningRate;
import io.github.masktape.optim.Metrics;
import io.github.masktape.optim.SGD;
import io.github.masktape.optim.Trainer;
import io.github.masktape.tensor.Initializer;
import io.github.masktape.tensor.Tensor;

/** Trains a small network on the two moons and counts its errors on new points. */
public final class Moons {
    private Moons() {}

    /** Prints the errors and the checksum of the first layer's weights, which are the same on every machine. */
    public static void main(String[] args) {
        Initializer init = Initializer.heUniform(1);
        Sequential net = Sequential.of(DropConnect.of(2, 32, 0.2, init), new ReLU(), Linear.of(32, 2, init));
        Dataset training = GeneratedPoints.moons(300, 0.2, 1);
        Dataset test = GeneratedPoints.moons(1000, 0.2, 2);
        SGD sgd = new SGD(net.parameters(), LearningRate.constant(0.1)).withMomentum(0.9);
        new Trainer(net, sgd, 20, 20, 1).fit(training);
        Tensor weight = net.parameters().get("0.weight").value();
        System.out.println("errors " + Metrics.classification(net, test).errors() + " of 1000, checksum "
                + Long.toHexString(weight.checksum()));
    }
}
