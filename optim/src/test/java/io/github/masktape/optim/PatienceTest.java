// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.autograd.Pass;
import io.github.masktape.autograd.Variable;
import io.github.masktape.data.Dataset;
import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Dataset one = Dataset.regression(Tensor.of(new double[][] {{1}}), Tensor.of(new double[][] {{0}}));

    /** A weight that each step changes, and validation losses that are given. */
    private static final class Scripted implements Layer {
        private final Parameter weight = new Parameter(Tensor.of(new double[][] {{1}}));
        private final double[] losses;
        private int evaluations;

        Scripted(double... losses) {
            this.losses = losses;
        }

        @Override
        public Variable forward(Variable x, Pass pass) {
            return pass.isTraining()
                    ? Ops.matmul(x, x.tape().parameter(weight))
                    : x.tape().constant(Tensor.of(new double[][] {{Math.sqrt(losses[evaluations++])}}));
        }

        @Override
        public Map<String, Parameter> parameters() {
            return Map.of("weight", weight);
        }
    }

    private final List<Tensor> weights = new ArrayList<>();

    private Trainer.History fit(Scripted net, int patience) {
        Trainer trainer =
                new Trainer(net, new SGD(net.parameters(), LearningRate.constant(0.1)), net.losses.length, 1, 1);
        weights.clear();
        return (patience == 0 ? trainer : trainer.withPatience(patience)).fit(one, one, new Trainer.Listener() {
            @Override
            public void epoch(Trainer.Epoch epoch) {
                weights.add(net.weight.value());
            }
        });
    }

    private void assertEnds(Scripted net, int patience, int epochs, int bestEpoch, Trainer.Ending ending) {
        Trainer.History history = fit(net, patience);
        assertThat(history.epochs()).hasSize(epochs);
        assertThat(history.bestEpoch()).isEqualTo(bestEpoch);
        assertThat(history.ending()).isEqualTo(ending);
        assertThat(weights).doesNotHaveDuplicates();
        assertThat(net.weight.value()).isEqualTo(weights.get(bestEpoch - 1));
    }

    @Test
    void patienceCountsEpochsSinceTheBest() {
        double[] losses = {25, 9, 16, 9, 4, 4, 4, 4, 1};
        assertEnds(new Scripted(losses), 1, 3, 2, Trainer.Ending.OUT_OF_PATIENCE);
        assertEnds(new Scripted(losses), 2, 4, 2, Trainer.Ending.OUT_OF_PATIENCE);
        assertEnds(new Scripted(losses), 3, 8, 5, Trainer.Ending.OUT_OF_PATIENCE);
        assertEnds(new Scripted(losses), 4, 9, 9, Trainer.Ending.COMPLETE);
    }

    @Test
    void theBestWeightsAreRestoredAlsoWhenPatienceLasts() {
        assertEnds(new Scripted(9, 1, 4), 5, 3, 2, Trainer.Ending.COMPLETE);
    }

    @Test
    void runningOutAtTheLastEpochIsCompletion() {
        assertEnds(new Scripted(9, 1, 4), 1, 3, 2, Trainer.Ending.COMPLETE);
    }

    @Test
    void anOutputThatIsNoNumberEndsTheRun() {
        assertThatThrownBy(() -> fit(new Scripted(9, Double.NaN, 4), 2))
                .isInstanceOf(DivergenceException.class)
                .hasMessageStartingWith("training diverged in epoch 2, step 3: evaluate: expected finite outputs, got");
        assertThat(weights).hasSize(1);
    }

    @Test
    void aLossThatIsNoNumberIsWorseThanAnyOther() {
        Evaluation.OfLabels none = new Evaluation.OfLabels(3, 10, Double.NaN);
        assertThat(new Evaluation.OfLabels(3, 10, 9).isBetterThan(none)).isTrue();
        assertThat(none.isBetterThan(new Evaluation.OfLabels(3, 10, 9))).isFalse();
    }

    @Test
    void withoutPatienceTheLastWeightsStay() {
        Scripted net = new Scripted(9, 1, 4);
        assertThat(fit(net, 0).bestEpoch()).isEqualTo(2);
        assertThat(net.weight.value()).isEqualTo(weights.get(2));
    }

    @Test
    void fewerErrorsAreBetterAndThenASmallerLoss() {
        Evaluation evaluation = new Evaluation.OfLabels(3, 10, 0.5);
        assertThat(new Evaluation.OfLabels(2, 10, 9).isBetterThan(evaluation)).isTrue();
        assertThat(new Evaluation.OfLabels(3, 10, 0.4).isBetterThan(evaluation)).isTrue();
        assertThat(new Evaluation.OfLabels(3, 10, 0.5).isBetterThan(evaluation)).isFalse();
        assertThat(new Evaluation.OfLabels(4, 10, 0.1).isBetterThan(evaluation)).isFalse();
    }

    @Test
    void evaluationsOfDifferentKindsAreNotCompared() {
        Evaluation classifier = new Evaluation.OfLabels(3, 10, 0.5);
        Evaluation regression = new Evaluation.OfValues(10, 0.5, 0.5, 1);
        assertThatThrownBy(() -> classifier.isBetterThan(regression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("evaluation: expected one of a classifier, got OfValues[");
        assertThatThrownBy(() -> regression.isBetterThan(classifier))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("evaluation: expected one of a regression, got OfLabels[");
    }

    @Test
    void aSmallerLossIsTheBetterRegressionWhateverTheVariance() {
        Evaluation evaluation = new Evaluation.OfValues(10, 0.5, 0.5, 1);
        assertThat(new Evaluation.OfValues(10, 0.4, 0.9, 9).isBetterThan(evaluation))
                .isTrue();
        assertThat(new Evaluation.OfValues(10, 0.5, 0.1, 0).isBetterThan(evaluation))
                .isFalse();
        assertThat(evaluation.isBetterThan(new Evaluation.OfValues(10, Double.NaN, 0.1, 1)))
                .isTrue();
    }

    @Test
    void patienceNeedsAValidationSet() {
        Scripted net = new Scripted(1);
        Trainer trainer =
                new Trainer(net, new SGD(net.parameters(), LearningRate.constant(0.1)), 1, 1, 1).withPatience(1);
        assertThatThrownBy(() -> trainer.fit(one))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("patience: expected a validation set to judge the epochs by, got none");
        assertThatThrownBy(() -> trainer.withPatience(0)).hasMessage("patience: expected at least 1, got 0");
    }
}
