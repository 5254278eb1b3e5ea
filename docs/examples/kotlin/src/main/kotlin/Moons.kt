// SPDX-License-Identifier: Apache-2.0
import io.github.masktape.data.GeneratedPoints
import io.github.masktape.layers.DropConnect
import io.github.masktape.layers.Linear
import io.github.masktape.layers.ReLU
import io.github.masktape.layers.Sequential
import io.github.masktape.optim.LearningRate
import io.github.masktape.optim.Metrics
import io.github.masktape.optim.SGD
import io.github.masktape.optim.Trainer
import io.github.masktape.tensor.Initializer

/** Trains a small network on the two moons and counts its errors on new points, the same on every machine. */
fun main() {
    val init = Initializer.heUniform(1)
    val net = Sequential.of(DropConnect.of(2, 32, 0.2, init), ReLU(), Linear.of(32, 2, init))
    val sgd = SGD(net.parameters(), LearningRate.constant(0.1)).withMomentum(0.9)
    val history = Trainer(net, sgd, 20, 20, 1).fit(GeneratedPoints.moons(300, 0.2, 1))
    val errors = Metrics.classification(net, GeneratedPoints.moons(1000, 0.2, 2)).errors()
    println("epochs ${history.epochs().size}, errors $errors of 1000")
}
