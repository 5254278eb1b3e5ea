// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.optim;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Layer;
import io.github.masktape.autograd.Parameter;
import io.github.masktape.tensor.MutableTensor;
import io.github.masktape.tensor.Tensor;
import io.github.masktape.tensor.Update;
import io.github.masktape.text.Decimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of an optimizer with everything that its steps accumulate: the tensors of each parameter and the number
 * of steps made. Its settings are the schedule, and the rate factor and weight decay of each parameter. The optimizer
 * adds the arithmetic.
 *
 * <p>The methods that begin with {@code with} return one of the same parameters that has made no steps.
 */
final class ParameterStates {
    /** The arithmetic of a step, for the learning rate and the weight decay of a parameter. */
    @FunctionalInterface
    interface Rule {
        Update at(double rate, double weightDecay);
    }

    /**
     * The settings of one parameter.
     *
     * @param names its name; several, in order, if layers share it
     * @param weightDecay null for that of the optimizer
     */
    private record Member(
            List<String> names,
            Parameter parameter,
            double rateFactor,
            @Nullable Double weightDecay) {
        String name() {
            return names.get(0);
        }

        /** True if the parameter is meant. */
        boolean isIn(Predicate<String> group) {
            long count = names.stream().filter(group).count();
            if (count > 0 && count < names.size()) {
                throw new IllegalArgumentException("names: expected all or none of " + String.join(", ", names)
                        + ", which share a parameter, got " + count);
            }
            return count > 0;
        }
    }

    private final List<Member> members;
    private final LearningRate learningRate;
    private final double weightDecay;
    /** The names of the accumulated tensors. */
    private final List<String> kinds;
    /** The accumulated tensors of each member, by kind. */
    private final List<MutableTensor[]> states = new ArrayList<>();

    private long steps;
    /** The keys of the passes of layers that drew random numbers in the last step. */
    private Set<Long> lastPasses = Set.of();
    /** A checksum of the rates of the steps made. */
    private long rates = Checksum.EMPTY;

    /**
     * The parameters that are in the map now, in the order of their names.
     *
     * @param kinds the names of the tensors to accumulate for each parameter, which are 0 at first
     */
    ParameterStates(Map<String, Parameter> parameters, LearningRate learningRate, double weightDecay, String... kinds) {
        this(members(parameters), learningRate, weightDecay, List.of(kinds));
    }

    private ParameterStates(List<Member> members, LearningRate learningRate, double weightDecay, List<String> kinds) {
        this.members = members;
        this.learningRate = learningRate;
        this.weightDecay = requireWeightDecay(weightDecay);
        this.kinds = kinds;
        for (Member member : members) {
            Parameter parameter = member.parameter;
            states.add(kinds.stream()
                    .map(kind -> new MutableTensor(
                            Tensor.zeros(parameter.dtype(), parameter.shape().dims())))
                    .toArray(MutableTensor[]::new));
        }
    }

    private static List<Member> members(Map<String, Parameter> parameters) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    "optimizer: expected at least one parameter, got none; give it net.parameters()");
        }
        Map<Parameter, List<String>> names = new LinkedHashMap<>();
        // A map need not have an order, or may have another one in every JVM.
        new TreeMap<>(parameters)
                .forEach((name, parameter) -> names.computeIfAbsent(parameter, any -> new ArrayList<>())
                        .add(name));
        List<Member> members = new ArrayList<>();
        names.forEach((parameter, all) -> members.add(new Member(List.copyOf(all), parameter, 1, null)));
        return List.copyOf(members);
    }

    // ---- settings ----

    /** The same settings and parameters, without steps. */
    ParameterStates fresh() {
        return new ParameterStates(members, learningRate, weightDecay, kinds);
    }

    ParameterStates withKinds(String... kinds) {
        return new ParameterStates(members, learningRate, weightDecay, List.of(kinds));
    }

    /** The weight decay of all parameters that have none of their own. */
    ParameterStates withWeightDecay(double weightDecay) {
        return new ParameterStates(members, learningRate, weightDecay, kinds);
    }

    ParameterStates withWeightDecay(Predicate<String> names, double weightDecay) {
        double own = requireWeightDecay(weightDecay);
        return with(names, member -> new Member(member.names, member.parameter, member.rateFactor, own));
    }

    ParameterStates withRateFactor(Predicate<String> names, double factor) {
        if (!(factor > 0 && factor <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "rateFactor: expected a positive, finite number, got " + Decimal.shortest(factor, 6)
                            + (factor == 0 ? "; leave parameters that are to stay out of the optimizer" : ""));
        }
        return with(names, member -> new Member(member.names, member.parameter, factor, member.weightDecay));
    }

    private ParameterStates with(Predicate<String> names, UnaryOperator<Member> change) {
        List<Member> changed = new ArrayList<>();
        boolean any = false;
        for (Member member : members) {
            boolean isIn = member.isIn(names);
            any |= isIn;
            changed.add(isIn ? change.apply(member) : member);
        }
        if (!any) {
            throw new IllegalArgumentException("names: expected at least one of the optimizer's "
                    + String.join(", ", members.stream().map(Member::name).toList()) + ", got none");
        }
        return new ParameterStates(List.copyOf(changed), learningRate, weightDecay, kinds);
    }

    private static double requireWeightDecay(double weightDecay) {
        if (!(weightDecay >= 0 && weightDecay <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "weightDecay: expected a finite number of at least 0, got " + Decimal.shortest(weightDecay, 6));
        }
        return weightDecay;
    }

    double weightDecay() {
        return weightDecay;
    }

    private double weightDecay(Member member) {
        return member.weightDecay == null ? weightDecay : member.weightDecay;
    }

    // ---- steps ----

    List<Parameter> parameters() {
        return members.stream().map(Member::parameter).toList();
    }

    long steps() {
        return steps;
    }

    boolean isIdle(long more) {
        for (long step = steps; step < steps + more; step++) {
            if (learningRate.at(step) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Makes a step, or fails and changes nothing. */
    void step(Gradients gradients, Rule rule) {
        double rate = learningRate.at(steps);
        if (!(rate >= 0 && rate <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("learningRate: expected a finite number of at least 0, got "
                    + Decimal.shortest(rate, 6) + " at step " + steps);
        }
        Map<Long, Layer> random = gradients.randomLayers();
        for (Map.Entry<Long, Layer> entry : random.entrySet()) {
            if (lastPasses.contains(entry.getKey())) {
                throw new IllegalArgumentException(
                        "step: expected a pass of its own for each step, got that of the step"
                                + " before, with the same masks of " + entry.getValue()
                                + "; number the steps, Pass.training(seed, step)");
            }
        }
        Tensor[] all = new Tensor[members.size()];
        for (int i = 0; i < all.length; i++) {
            Member member = members.get(i);
            if (!gradients.has(member.parameter)) {
                throw new IllegalArgumentException("step: expected a gradient of every parameter, got none of "
                        + member.name() + ", which was never on the tape; read it by tape.parameter(...) in forward, or"
                        + " pass gradients.ofAll(optimizer.parameters()) if this step skips it on purpose");
            }
            // All gradients must be readable before the first parameter changes.
            all[i] = gradients.of(member.parameter);
            all[i].requireReadable();
        }
        for (int i = 0; i < all.length; i++) {
            Member member = members.get(i);
            Update update = rule.at(rate * member.rateFactor, weightDecay(member));
            member.parameter.update(all[i], update, states.get(i));
        }
        rates = Checksum.append(rates, rate);
        steps++;
        lastPasses = Set.copyOf(random.keySet());
    }

    // ---- the state ----

    /**
     * A snapshot.
     *
     * @param settings the settings of the optimizer's arithmetic
     */
    Optimizer.State state(Map<String, String> settings) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        forEachState((name, state) -> tensors.put(name, state.value()));
        return new Optimizer.State(steps, settings(settings, steps, rates), tensors);
    }

    /** Continues from a snapshot, or fails and changes nothing. */
    void restore(Optimizer.State state, Map<String, String> settings) {
        long rates = Checksum.EMPTY;
        for (long step = 0; step < state.steps(); step++) {
            rates = Checksum.append(rates, learningRate.at(step));
        }
        Checkpoint.requireSame(state.settings(), settings(settings, state.steps(), rates));
        Checkpoint.requireAlike(state.tensors(), state(settings).tensors());
        forEachState(
                (name, mine) -> mine.set(Objects.requireNonNull(state.tensors().get(name))));
        this.rates = rates;
        steps = state.steps();
    }

    /** An optimizer as text: {@code Adam of 4 parameters after 20 steps, beta1=0.9, …}. */
    String text(String name, Map<String, String> settings) {
        StringBuilder text = new StringBuilder(name).append(" of ").append(members.size());
        text.append(members.size() == 1 ? " parameter after " : " parameters after ")
                .append(steps);
        text.append(steps == 1 ? " step" : " steps");
        settings(settings, steps, rates)
                .forEach((key, value) ->
                        text.append(", ").append(key).append('=').append(value));
        return text.toString();
    }

    private void forEachState(BiConsumer<String, MutableTensor> action) {
        for (int kind = 0; kind < kinds.size(); kind++) {
            for (int i = 0; i < members.size(); i++) {
                action.accept(kinds.get(kind) + "." + members.get(i).name(), states.get(i)[kind]);
            }
        }
    }

    private Map<String, String> settings(Map<String, String> settings, long steps, long rates) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(
                "learning rates of the steps made",
                steps == 0
                        ? "none"
                        : Decimal.shortest(learningRate.at(0), 6) + " to "
                                + Decimal.shortest(learningRate.at(steps - 1), 6) + " (checksum "
                                + Checksum.text(rates) + ")");
        for (Member member : members) {
            if (member.rateFactor != 1) {
                all.put("rate factor of " + member.name(), Checkpoint.text(member.rateFactor));
            }
            if (weightDecay(member) != weightDecay) {
                all.put("weight decay of " + member.name(), Checkpoint.text(weightDecay(member)));
            }
        }
        return all;
    }
}
