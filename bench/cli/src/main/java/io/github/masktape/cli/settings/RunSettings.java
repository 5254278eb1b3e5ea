package io.github.masktape.cli.settings;

/**
 * All settings of a training run that its results depend on.
 *
 * @param data the data
 * @param net the network
 * @param training the training
 */
public record RunSettings(DataSettings data, NetSettings net, TrainerSettings training) {
    /** These settings with missing values replaced by the defaults for the kind of data. */
    public RunSettings withDefaults() {
        StepSettings steps = training.steps().withDefaultsFor(data);
        return new RunSettings(
                data,
                net,
                new TrainerSettings(
                        training.epochs(), training.learningRate(), training.schedule(), training.patience(), steps));
    }

    /** The seed of initial weights, shuffling and masks. */
    public long seed() {
        return training.steps().seed();
    }
}
