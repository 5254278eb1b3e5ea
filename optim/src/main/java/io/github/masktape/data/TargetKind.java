// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.data;

import io.github.masktape.table.Scale;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kind of targets that a trained model predicts: one of several classes, or numbers in the unit of the data. */
public sealed interface TargetKind {
    /** The number of the network's outputs for an example: one for each class, or one for each value. */
    int outputs();

    /**
     * The targets of a dataset as the network learns them.
     *
     * @throws IllegalArgumentException if of the other kind, or with too many classes or the wrong number of values
     */
    Targets prepare(Targets raw, DType dtype);

    /**
     * One of several classes.
     *
     * @param names the name of each class, in the order of the network's outputs
     */
    record Classes(List<String> names) implements TargetKind {
        /** Copies the list of names. */
        public Classes {
            names = List.copyOf(names);
        }

        @Override
        public int outputs() {
            return names.size();
        }

        @Override
        public Labels prepare(Targets raw, DType dtype) {
            if (!(raw instanceof Labels labels)) {
                throw new IllegalArgumentException("preprocessing: expected labels, got targets of a regression");
            }
            if (labels.classes() > outputs()) {
                throw new IllegalArgumentException(
                        "preprocessing: expected at most " + outputs() + " classes, got " + labels.classes());
            }
            return labels;
        }
    }

    /** One or more numbers, which the network may have learned in a standardized form. */
    final class Quantities implements TargetKind {
        private final int outputs;
        private final @Nullable Scale scale;

        Quantities(int outputs, @Nullable Scale scale) {
            this.outputs = outputs;
            this.scale = scale;
        }

        @Nullable
        Scale scale() {
            return scale;
        }

        @Override
        public int outputs() {
            return outputs;
        }

        /** The mean of each target, 0 if nothing is standardized. */
        public double[] means() {
            return scale == null ? new double[outputs] : scale.means();
        }

        /** The deviation of each target; 1 for a constant one, and if nothing is standardized. */
        public double[] deviations() {
            if (scale != null) {
                return scale.deviations();
            }
            double[] ones = new double[outputs];
            Arrays.fill(ones, 1);
            return ones;
        }

        @Override
        public Values prepare(Targets raw, DType dtype) {
            if (!(raw instanceof Values values)) {
                throw new IllegalArgumentException("preprocessing: expected targets as of a regression, got labels");
            }
            if (values.outputs() != outputs) {
                throw new IllegalArgumentException(
                        "preprocessing: expected " + outputs + " targets, got " + values.outputs());
            }
            Tensor standardized = scale == null ? values.tensor() : scale.apply(values.tensor(), dtype);
            return new Values(standardized.to(dtype));
        }

        /** The predictions in the unit of the data, FLOAT64, computed from the network's outputs, one example a row. */
        public Tensor restore(Tensor predicted) {
            Scale.requireColumns("targets", predicted, outputs);
            return scale == null ? predicted.to(DType.FLOAT64) : scale.restore(predicted);
        }

        /** The number of targets, and their means and deviations if they are standardized. */
        @Override
        public String toString() {
            String text = outputs + (outputs == 1 ? " target" : " targets");
            return scale == null
                    ? text
                    : text + " of means " + Tensor.of(means()) + " and deviations " + Tensor.of(deviations());
        }
    }
}
