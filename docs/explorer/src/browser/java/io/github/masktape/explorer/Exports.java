// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import io.github.masktape.optim.Evaluation;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSIndexer;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSBoolean;
import org.teavm.jso.core.JSNumber;
import org.teavm.jso.core.JSObjects;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Float32Array;
import org.teavm.jso.typedarrays.Float64Array;
import org.teavm.jso.typedarrays.Int32Array;
import org.teavm.jso.typedarrays.Int8Array;

/** The functions that engine.js calls. Settings come in as objects with all properties; results go out as objects. */
public final class Exports {
    private Exports() {}

    /** The entry point that TeaVM requires; it does nothing. */
    public static void main(String[] args) {}

    interface LessonObject extends JSObject {
        @JSProperty
        double getSeed();

        @JSProperty
        double getStep();

        @JSProperty
        double getDropProbability();

        @JSProperty
        int getExamples();

        @JSProperty
        int getInputs();

        @JSProperty
        int getHidden();

        @JSProperty
        int getClasses();

        @JSProperty
        boolean isPerBatch();

        @JSProperty
        String getLoss();

        @JSProperty
        Float64Array getX();

        @JSProperty
        Float64Array getW();

        @JSProperty
        Float64Array getB();

        @JSProperty
        Float64Array getV();

        @JSProperty
        Float64Array getC();

        @JSProperty
        Int32Array getLabels();

        @JSProperty
        Float64Array getTargets();

        @JSProperty
        Int8Array getBits();
    }

    interface TrainingObject extends JSObject {
        @JSProperty
        String getData();

        @JSProperty
        double getSeed();

        @JSProperty
        double getDropProbability();

        @JSProperty
        int getHidden();

        @JSProperty
        int getExamples();

        @JSProperty
        int getBatchSize();

        @JSProperty
        double getLearningRate();

        @JSProperty
        double getMomentum();

        @JSProperty
        boolean isPerBatch();
    }

    interface Bag extends JSObject {
        @JSIndexer
        void set(String key, JSObject value);
    }

    // ---- lesson ----

    /** Computes a lesson; see engine.js. */
    @JSExport
    public static JSObject lesson(LessonObject settings) {
        Lesson lesson = Lesson.of(settings(settings));
        Bag bag = bag("settings", settings(lesson.settings()));
        bag.set("loss", JSNumber.valueOf(lesson.loss()));
        bag.set("scale", JSNumber.valueOf(lesson.scale()));
        JSArray<JSObject> nodes = new JSArray<>();
        for (Lesson.TapeNode node : lesson.nodes()) {
            Bag line = bag("index", JSNumber.valueOf(node.index()));
            line.set("op", JSString.valueOf(node.op()));
            line.set("inputs", ints(node.inputs()));
            line.set("shape", ints(node.shape()));
            line.set("value", doubles(node.value()));
            line.set("gradient", doubles(node.gradient()));
            line.set("label", JSString.valueOf(node.label()));
            nodes.push(line);
        }
        bag.set("nodes", nodes);
        JSArray<JSObject> shares = new JSArray<>();
        for (Lesson.MaskMatrices share : lesson.shares()) {
            Bag line = bag("m", doubles(share.m()));
            line.set("masked", doubles(share.masked()));
            line.set("j", doubles(share.j()));
            line.set("jm", doubles(share.jm()));
            shares.push(line);
        }
        bag.set("shares", shares);
        bag.set("sum", doubles(lesson.sum()));
        bag.set("gradient", doubles(lesson.gradient()));
        return bag;
    }

    /** Computes a central difference; see engine.js. */
    @JSExport
    public static JSObject difference(LessonObject settings, String parameter, int index, double h) {
        Lesson.Difference difference = Lesson.difference(settings(settings), parameter, index, h);
        Bag bag = bag("h", JSNumber.valueOf(difference.h()));
        bag.set("plus", JSNumber.valueOf(difference.plus()));
        bag.set("minus", JSNumber.valueOf(difference.minus()));
        bag.set("quotient", JSNumber.valueOf(difference.quotient()));
        bag.set("gradient", JSNumber.valueOf(difference.gradient()));
        return bag;
    }

    private static LessonSettings settings(LessonObject from) {
        return new LessonSettings(
                (long) from.getSeed(),
                (long) from.getStep(),
                from.getDropProbability(),
                from.getExamples(),
                from.getInputs(),
                from.getHidden(),
                from.getClasses(),
                from.isPerBatch(),
                from.getLoss(),
                doubles(from.getX()),
                doubles(from.getW()),
                doubles(from.getB()),
                doubles(from.getV()),
                doubles(from.getC()),
                from.getLabels() == null ? null : from.getLabels().copyToJavaArray(),
                doubles(from.getTargets()),
                from.getBits() == null ? null : from.getBits().copyToJavaArray());
    }

    private static Bag settings(LessonSettings from) {
        Bag bag = bag("seed", JSNumber.valueOf((double) from.seed()));
        bag.set("step", JSNumber.valueOf((double) from.step()));
        bag.set("dropProbability", JSNumber.valueOf(from.dropProbability()));
        bag.set("examples", JSNumber.valueOf(from.examples()));
        bag.set("inputs", JSNumber.valueOf(from.inputs()));
        bag.set("hidden", JSNumber.valueOf(from.hidden()));
        bag.set("classes", JSNumber.valueOf(from.classes()));
        bag.set("perBatch", JSBoolean.valueOf(from.perBatch()));
        bag.set("loss", JSString.valueOf(from.loss()));
        bag.set("x", doubles(from.x()));
        bag.set("w", doubles(from.w()));
        bag.set("b", doubles(from.b()));
        bag.set("v", doubles(from.v()));
        bag.set("c", doubles(from.c()));
        bag.set("labels", from.labels() == null ? null : ints(from.labels()));
        bag.set("targets", doubles(from.targets()));
        bag.set("bits", from.bits() == null ? null : Int8Array.copyFromJavaArray(from.bits()));
        return bag;
    }

    // ---- training ----

    private static final List<Training> TRAININGS = new ArrayList<>();

    /** Starts a new training and returns its number. */
    @JSExport
    public static int training(TrainingObject from) {
        TRAININGS.add(new Training(new TrainingSettings(
                from.getData(),
                (long) from.getSeed(),
                from.getDropProbability(),
                from.getHidden(),
                from.getExamples(),
                from.getBatchSize(),
                from.getLearningRate(),
                from.getMomentum(),
                from.isPerBatch())));
        return TRAININGS.size() - 1;
    }

    /** Releases a training. */
    @JSExport
    public static void close(int training) {
        TRAININGS.set(training, null);
    }

    /** Trains as in {@link Training#step}; returns the number of steps done. */
    @JSExport
    public static int step(int training, int count) {
        TRAININGS.get(training).step(count);
        return TRAININGS.get(training).steps();
    }

    /** Returns {@link Training#classes}. */
    @JSExport
    public static int classes(int training) {
        return TRAININGS.get(training).classes();
    }

    /** Returns {@link Training#features}. */
    @JSExport
    public static Float32Array features(int training, boolean testing) {
        return Float32Array.copyFromJavaArray(TRAININGS.get(training).features(testing));
    }

    /** Returns {@link Training#labels}. */
    @JSExport
    public static Int32Array labels(int training, boolean testing) {
        return ints(TRAININGS.get(training).labels(testing));
    }

    /** Returns {@link Training#losses}. */
    @JSExport
    public static Float32Array losses(int training, int net) {
        return Float32Array.copyFromJavaArray(TRAININGS.get(training).losses(net));
    }

    /** Returns the result of {@link Training#evaluate}. */
    @JSExport
    public static JSObject evaluate(int training, int net) {
        Evaluation.OfLabels evaluation = TRAININGS.get(training).evaluate(net);
        Bag bag = bag("errors", JSNumber.valueOf(evaluation.errors()));
        bag.set("examples", JSNumber.valueOf(evaluation.examples()));
        bag.set("loss", JSNumber.valueOf(evaluation.loss()));
        bag.set("weightedErrorRate", JSNumber.valueOf(evaluation.weightedErrorRate()));
        return bag;
    }

    /** Returns {@link Training#predictions}. */
    @JSExport
    public static Int32Array predictions(int training, int net) {
        return ints(TRAININGS.get(training).predictions(net));
    }

    /** Returns {@link Training#grid}. */
    @JSExport
    public static Float32Array grid(
            int training, int net, int columns, int rows, double left, double right, double bottom, double top) {
        return Float32Array.copyFromJavaArray(
                TRAININGS.get(training).grid(net, columns, rows, left, right, bottom, top));
    }

    /** Returns {@link Training#weights}. */
    @JSExport
    public static Float32Array weights(int training, int net) {
        return Float32Array.copyFromJavaArray(TRAININGS.get(training).weights(net));
    }

    /** Returns the result of {@link Training#spread}. */
    @JSExport
    public static JSObject spread(int training, int draws, boolean perBatch) {
        Training.GradientSpread spread = TRAININGS.get(training).spread(draws, perBatch);
        Bag bag = bag("norms", doubles(spread.norms()));
        bag.set("distances", doubles(spread.distances()));
        bag.set("mean", JSNumber.valueOf(spread.mean()));
        bag.set("deviation", JSNumber.valueOf(spread.deviation()));
        return bag;
    }

    /** Returns {@link ReferenceTraining#weights}. */
    @JSExport
    public static Float32Array fingerprint(int steps) {
        return Float32Array.copyFromJavaArray(ReferenceTraining.weights(steps));
    }

    // ---- arrays and objects ----

    private static Bag bag(String key, JSObject value) {
        Bag bag = JSObjects.create();
        bag.set(key, value);
        return bag;
    }

    private static Float64Array doubles(double[] values) {
        return values == null ? null : Float64Array.copyFromJavaArray(values);
    }

    private static double[] doubles(Float64Array values) {
        return values == null ? null : values.copyToJavaArray();
    }

    private static Int32Array ints(int[] values) {
        return Int32Array.copyFromJavaArray(values);
    }
}
