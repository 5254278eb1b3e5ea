// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine in the page computes what the JVM computes, bit for bit, and asks nobody for anything. */
@Tag("once")
class ExplorerBitsTest {
    private static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
        browser.driver().manage().timeouts().scriptTimeout(Duration.ofMinutes(2));
        browser.open("");
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingIsComplainedAbout() {
        assertThat(browser.complaints()).isEmpty();
    }

    /** What a script returns that may use engine and bits. */
    private static String inPage(String script, Object... arguments) {
        String all = Bits.SCRIPT
                + "const done = arguments[arguments.length - 1], given = arguments;"
                + "loadEngine().then((engine) => done(((...arguments) => {" + script + "})(...given)))"
                + ".catch((error) => done('threw ' + error.message));";
        return (String) browser.driver().executeAsyncScript(all, arguments);
    }

    static Stream<LessonSettings> lessons() {
        List<LessonSettings> all = new ArrayList<>();
        for (boolean perBatch : new boolean[] {false, true}) {
            all.add(LessonSettings.drawn(1, 0, 0.5, 2, 3, 2, 2, perBatch));
            all.add(LessonSettings.drawn(2, 1, 0.0, 1, 1, 1, 2, perBatch));
            all.add(LessonSettings.drawn(3, 2, 0.5, 1, 5, 1, 3, perBatch));
            all.add(LessonSettings.drawn(4, 3, 0.3, 4, 1, 5, 4, perBatch));
            all.add(LessonSettings.drawn(5, 4, 0.9, 3, 4, 4, 2, perBatch));
            all.add(LessonSettings.drawn(6, 5, 0.0, 4, 5, 5, 4, perBatch));
            all.add(LessonSettings.drawn(7, 1_000_000_007, 0.123456789, 3, 5, 3, 3, perBatch));
            all.add(LessonSettings.drawn((1L << 53) - 1, (1L << 53) - 1, 0.1, 2, 2, 5, 3, perBatch));
            all.add(squared(LessonSettings.drawn(8, 0, 0.5, 2, 3, 2, 2, perBatch)));
            all.add(squared(LessonSettings.drawn(9, 0, 0.0, 1, 1, 1, 2, perBatch)));
            all.add(squared(LessonSettings.drawn(10, 7, 0.25, 4, 5, 3, 2, perBatch)));
        }
        LessonSettings drawn = LessonSettings.drawn(11, 0, 0.5, 3, 4, 3, 3, false);
        LessonSettings given = drawn.complete();
        given.x()[0] = 1e300;
        given.w()[1] = -0.0;
        given.v()[2] = 4.9e-324;
        given.bits()[5] ^= 1;
        all.add(given);
        LessonSettings huge =
                LessonSettings.drawn(12, 0, 0.5, 2, 2, 2, 2, false).complete();
        huge.c()[0] = 800;
        huge.b()[0] = 0.1 + 0.2;
        all.add(huge);
        return all.stream();
    }

    private static LessonSettings squared(LessonSettings s) {
        return new LessonSettings(
                s.seed(),
                s.step(),
                s.dropProbability(),
                s.examples(),
                s.inputs(),
                s.hidden(),
                s.classes(),
                s.perBatch(),
                LessonSettings.SQUARED_ERROR,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** As engine.js takes them; a double goes over as the shortest decimal, which is exact. */
    private static Map<String, Object> object(LessonSettings s) {
        Map<String, Object> object = new HashMap<>();
        object.put("seed", s.seed());
        object.put("step", s.step());
        object.put("dropProbability", s.dropProbability());
        object.put("examples", s.examples());
        object.put("inputs", s.inputs());
        object.put("hidden", s.hidden());
        object.put("classes", s.classes());
        object.put("perBatch", s.perBatch());
        object.put("loss", s.loss());
        object.put("x", s.x());
        object.put("w", s.w());
        object.put("b", s.b());
        object.put("v", s.v());
        object.put("c", s.c());
        object.put("labels", s.labels());
        object.put("targets", s.targets());
        if (s.bits() != null) {
            byte[] bits = s.bits();
            object.put("bits", IntStream.range(0, bits.length).map(i -> bits[i]).toArray());
        }
        return object;
    }

    @ParameterizedTest
    @MethodSource("lessons")
    void aLessonHasTheBitsOfTheJvm(LessonSettings settings) throws ReflectiveOperationException {
        assertThat(inPage("return bits(engine.lesson(arguments[0]))", object(settings)))
                .isEqualTo(Bits.of(Lesson.of(settings)));
    }

    @ParameterizedTest
    @MethodSource("lessons")
    void aDifferenceHasTheBitsOfTheJvm(LessonSettings settings) throws ReflectiveOperationException {
        String script = "return bits(engine.difference(arguments[0], arguments[1], arguments[2], arguments[3]))";
        int last = settings.hidden() * settings.inputs() - 1;
        assertThat(inPage(script, object(settings), "w", last, 1e-5))
                .isEqualTo(Bits.of(Lesson.difference(settings, "w", last, 1e-5)));
    }

    static Stream<TrainingSettings> trainings() {
        Stream<TrainingSettings> more = IntStream.rangeClosed(8, 20)
                .mapToObj(i -> new TrainingSettings(
                        List.of("moons", "spirals", "digits").get(i % 3),
                        1000 * i,
                        i % 10 / 10.0,
                        3 * i - 20,
                        30 + i,
                        i,
                        0.03,
                        0.9,
                        i % 2 == 0));
        Stream<TrainingSettings> chosen = Stream.of(
                new TrainingSettings("moons", 1, 0.5, 32, 200, 20, 0.05, 0.9, false),
                new TrainingSettings("moons", 2, 0.0, 1, 10, 7, 0.1, 0.0, false),
                new TrainingSettings("moons", 3, 0.3, 33, 100, 100, 0.01, 0.5, true),
                new TrainingSettings("spirals", 4, 0.5, 40, 150, 32, 0.05, 0.9, false),
                new TrainingSettings("spirals", 5, 0.2, 17, 99, 10, 0.02, 0.9, true),
                new TrainingSettings("moons-wrong", 8, 0.5, 24, 120, 20, 0.05, 0.9, false),
                new TrainingSettings("moons-useless", 9, 0.5, 24, 120, 20, 0.05, 0.9, false),
                new TrainingSettings("digits", 6, 0.5, 32, 200, 20, 0.05, 0.9, false),
                new TrainingSettings("digits", 7, 0.25, 16, 50, 1, 0.01, 0.9, true));
        return Stream.concat(chosen, more);
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void netsHaveTheBitsOfTheJvmAfterFiftySteps(TrainingSettings settings) throws ReflectiveOperationException {
        Training training = new Training(settings);
        training.step(50);
        boolean plane = !settings.data().equals("digits");
        List<Object> expected = new ArrayList<>();
        expected.add(training.steps());
        expected.add(training.features(false));
        expected.add(training.features(true));
        expected.add(training.labels(true));
        for (int net = 0; net < 3; net++) {
            expected.add(training.weights(net));
            expected.add(training.losses(net));
            expected.add(training.evaluate(net));
            expected.add(training.predictions(net));
            expected.add(plane ? training.grid(net, 5, 4, -1.5, 2.5, -1, 1.5) : null);
        }
        expected.add(training.spread(6, false));
        expected.add(training.spread(6, true));
        String actual = inPage(
                """
                const [data, seed, dropProbability, hidden, examples, batchSize, learningRate, momentum, perBatch] = arguments;
                const training = engine.training(
                    {data, seed, dropProbability, hidden, examples, batchSize, learningRate, momentum, perBatch});
                training.step(20);
                training.step(30);
                const all = [training.steps, training.features(), training.features(true), training.labels(true)];
                for (let net = 0; net < 3; net++) {
                  all.push(training.weights(net), training.losses(net), training.evaluate(net), training.predictions(net),
                      data === 'digits' ? null : training.grid(net, 5, 4, -1.5, 2.5, -1, 1.5));
                }
                all.push(training.spread(6, false), training.spread(6, true));
                training.close();
                return bits(all);
                """,
                settings.data(),
                settings.seed(),
                settings.dropProbability(),
                settings.hidden(),
                settings.examples(),
                settings.batchSize(),
                settings.learningRate(),
                settings.momentum(),
                settings.perBatch());
        assertThat(actual).isEqualTo(Bits.of(expected));
    }

    /** The weights whose hash every JDK, compiler and kernel agrees on; {@code Matrix} reads what is written here. */
    @Test
    void theFingerprintIsThatOfTheJvm() throws IOException {
        String weights = inPage("""
                const weights = engine.fingerprint(%d), bytes = new DataView(new ArrayBuffer(4 * weights.length));
                weights.forEach((weight, i) => bytes.setFloat32(4 * i, weight));
                return Array.from(new Uint8Array(bytes.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
                """.formatted(ReferenceTraining.STEPS));
        FloatBuffer floats = ByteBuffer.wrap(HexFormat.of().parseHex(weights)).asFloatBuffer();
        float[] all = new float[floats.remaining()];
        floats.get(all);
        String hash = ReferenceTraining.sha256(all);
        Files.writeString(Path.of("target/fingerprint.txt"), browser.version() + "\n" + hash + "\n");
        assertThat(hash).isEqualTo(ReferenceTraining.sha256(ReferenceTraining.STEPS));
    }

    @Test
    void whatIsRefusedIsAnErrorWithTheJvmsMessage() {
        assertThat(inPage("engine.lesson({dropProbability: 1.5})"))
                .isEqualTo("threw dropProbability: expected a number in [0, 1), got 1.5");
        assertThat(inPage("engine.lesson({examples: 5})")).isEqualTo("threw examples: expected 1…4, got 5");
        assertThat(inPage("engine.lesson({seed: 0.5})")).isEqualTo("threw seed: expected a whole number, got 0.5");
        assertThat(inPage("engine.difference({}, 'q', 0)"))
                .isEqualTo("threw parameter: expected x, w, b, v or c, got \"q\"");
    }

    @Test
    void theFormulasAreThoseOfTheRulebook() {
        assertThat(inPage("return engine.formulas.mask"))
                .isEqualTo("y  = x ⊙ M      kept ? s·x : +0.0\ndx = dy ⊙ M     kept ? s·dy : +0.0");
        assertThat(inPage("return engine.lesson().nodes.filter((node) => node.inputs.length > 0)"
                        + ".filter((node) => !engine.formulas[node.op]).map((node) => node.op).join()"))
                .isEmpty();
    }

    @Test
    void thePageIsSmallAndPaintsSoon() {
        assertThat(new File("target/explorer.html"))
                .satisfies(page -> assertThat(page.length()).isBetween(100_000L, 1_500_000L));
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            browser.open("");
            Number paint = (Number) browser.driver().executeAsyncScript("""
                            const done = arguments[0];
                            new PerformanceObserver((list) => done(list.getEntries()[0].startTime))
                                .observe({type: 'paint', buffered: true});
                            """);
            best = Math.min(best, paint.doubleValue());
        }
        assertThat(best).as("milliseconds to the first paint").isBetween(0.0, 1000.0);
    }
}
