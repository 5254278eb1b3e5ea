package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.optim.Evaluation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** Every control of the page, by mouse and by keyboard: what is shown afterwards is what the JVM computes, bit for bit. */
@Tag("walk")
@Tag("once")
class ExplorerControlsTest {
    private static Browser browser;
    private static ChromeDriver driver;

    /** What the page should show. */
    private Expected expected;

    /** A setting as the reader chose it. */
    private static final class Expected {
        double p = 0.5;
        boolean perBatch;
        int examples = 2;
        int inputs = 3;
        int outputs = 2;
        long seed = 395;
        long draw;
        double[] x;
        double[] w;
        double[] b;
        double[] t;
        byte[] bits;

        LessonSettings settings() {
            return new LessonSettings(
                            seed,
                            draw,
                            p,
                            examples,
                            inputs,
                            outputs,
                            2,
                            perBatch,
                            LessonSettings.SQUARED_ERROR,
                            x,
                            w,
                            b,
                            null,
                            null,
                            null,
                            t,
                            bits)
                    .complete();
        }

        /** Holds what was drawn, so that single numbers of it can be changed. */
        Expected drawn() {
            LessonSettings all = settings();
            x = all.x();
            w = all.w();
            b = all.b();
            t = all.targets();
            bits = all.bits();
            return this;
        }
    }

    @BeforeAll
    static void start() {
        browser = Browser.start();
        driver = browser.driver();
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() {
        width(1280);
        expected = new Expected();
        open("#chapter=3");
    }

    @AfterEach
    void nothingIsComplainedAbout() {
        assertThat(browser.complaints()).isEmpty();
    }

    private static void open(String fragment) {
        browser.open(fragment);
        waitFor("document.documentElement.dataset.ready === 'true'");
    }

    private static void waitFor(String condition) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!Boolean.TRUE.equals(driver.executeScript("return " + condition))) {
            assertThat(System.nanoTime()).as("waiting for %s", condition).isLessThan(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void waitForTraining(int steps) {
        waitFor("!training.playing && training.run.steps === " + steps);
    }

    private static void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    private static WebElement id(String id) {
        return driver.findElement(By.id(id));
    }

    private static void click(String id) {
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", id(id));
        id(id).click();
    }

    private static void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    private static WebElement cell(String matrix, int row, int column) {
        WebElement cell = driver.findElement(
                By.cssSelector("#" + matrix + " td[data-row='" + row + "'][data-column='" + column + "']"));
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", cell);
        return cell;
    }

    private static void focus(WebElement element) {
        driver.executeScript("arguments[0].focus()", element);
    }

    private static String focused() {
        return (String)
                driver.executeScript(
                        "const e = document.activeElement; return e.tagName === 'TD' ? `${e.closest('table').id} ${e.dataset.row} ${e.dataset.column}` : e.id");
    }

    /** Moves a slider or a field to a value as a reader's hand does. */
    private static void set(String id, Object value) {
        driver.executeScript(
                "const e = document.getElementById(arguments[0]); e.focus(); e.value = arguments[1];"
                        + " e.dispatchEvent(new Event('input', {bubbles: true}))",
                id,
                String.valueOf(value));
    }

    private static void type(String id, Object value) {
        WebElement field = id(id);
        focus(field);
        driver.executeScript("arguments[0].select()", field);
        keys(String.valueOf(value));
    }

    private static int step() {
        return Integer.parseInt(id("step").getDomProperty("value"));
    }

    /** The numbers of a matrix, in full; NaN for those that are not shown yet. */
    @SuppressWarnings("unchecked")
    private static double[] shown(String matrix) {
        List<String> texts = (List<String>) driver.executeScript(
                "return [...document.querySelectorAll('#' + arguments[0] + ' td')].map((e) => e.dataset.value ?? 'NaN')",
                matrix);
        return texts.stream().mapToDouble(Double::parseDouble).toArray();
    }

    private static double[] columns(double[] values, int outputs, int... rows) {
        return IntStream.range(0, outputs * rows.length)
                .mapToDouble(k -> values[rows[k % rows.length] * outputs + k / rows.length])
                .toArray();
    }

    /** Compares every number of the page with the JVM's. */
    private void assertShown() {
        click("last");
        LessonSettings settings = expected.settings();
        Lesson lesson = Lesson.of(settings);
        assertThat(shown("W")).isEqualTo(settings.w());
        assertThat(shown("b")).isEqualTo(settings.b());
        assertThat(shown("x")).isEqualTo(settings.x());
        Lesson.Node y =
                lesson.nodes().get(lesson.nodes().get(lesson.nodes().size() - 1).inputs()[0]);
        int masks = lesson.shares().size();
        for (int g = 0; g < masks; g++) {
            Lesson.Share share = lesson.shares().get(g);
            int[] rows = settings.perBatch()
                    ? IntStream.range(0, settings.examples()).toArray()
                    : new int[] {g};
            assertThat(shown("M" + g)).as("M" + g).isEqualTo(share.m());
            assertThat(shown("N" + g)).as("N" + g).isEqualTo(share.m());
            assertThat(shown("V" + g)).as("W ⊙ M" + g).isEqualTo(share.masked());
            assertThat(shown("y" + g)).as("y" + g).isEqualTo(columns(y.value(), settings.hidden(), rows));
            assertThat(shown("t" + g)).as("t" + g).isEqualTo(columns(settings.targets(), settings.hidden(), rows));
            assertThat(shown("dy" + g)).as("dy" + g).isEqualTo(columns(y.gradient(), settings.hidden(), rows));
            assertThat(shown("J" + g)).as("J" + g).isEqualTo(share.j());
            assertThat(shown("S" + g)).as("J ⊙ M" + g).isEqualTo(share.jm());
        }
        assertThat(driver.findElements(By.id("M" + masks))).isEmpty();
        assertThat(shown("dW")).isEqualTo(lesson.gradient());
        assertThat(id("loss-value").getDomAttribute("title"))
                .satisfies(text -> assertThat(number(text)).isEqualTo(lesson.loss()));
        assertThat(id("live").getDomProperty("textContent")).isNotBlank();
    }

    private static double number(String text) {
        return Double.parseDouble(text.replace('−', '-'));
    }

    @Test
    void theStoryDrivesTheControls() {
        open("");
        double[] p = {0, 0.5, 0.5, 0.5, 0.75, 0.5, 0.5};
        for (int chapter = 0; chapter < p.length; chapter++) {
            expected = new Expected();
            expected.p = p[chapter];
            expected.examples = chapter < 2 ? 1 : 2;
            assertShown();
            assertThat(driver.findElements(By.cssSelector("#story-dots [aria-current]")))
                    .singleElement()
                    .satisfies(dot -> assertThat(dot.getDomAttribute("aria-label"))
                            .contains(id("story-title").getText()));
            assertThat(id("story-moved").isDisplayed()).isFalse();
            click("story-next");
        }
        assertThat(focused()).isEqualTo("training");
        click("story-back");
        assertThat(id("story-title").getText()).isEqualTo("Check it with differences");
        driver.findElement(By.cssSelector("#story-dots li:nth-child(2) button")).click();
        assertThat(id("story-title").getText()).isEqualTo("Through the mask");
        click("redraw");
        assertThat(id("story-moved").isDisplayed()).isTrue();
        click("story-restore");
        expected = new Expected();
        expected.examples = 1;
        assertShown();
    }

    @Test
    void theTapeIsSteppedByButtonsKeysSliderAndList() {
        int last = 2 * Lesson.of(expected.settings()).nodes().size() - 1;
        click("first");
        assertThat(step()).isZero();
        assertThat(shown("V0")).containsOnly(Double.NaN);
        assertThat(shown("dW")).containsOnly(Double.NaN);
        click("forward");
        click("forward");
        click("back");
        assertThat(step()).isEqualTo(1);
        driver.executeScript("document.activeElement.blur()");
        keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT);
        assertThat(step()).isEqualTo(2);
        keys(".", ".", ",");
        assertThat(step()).isEqualTo(3);
        set("step", 5);
        assertThat(step()).isEqualTo(5);
        focus(id("step"));
        keys(Keys.ARROW_RIGHT);
        assertThat(step()).isEqualTo(6);
        focus(id("tape"));
        keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP);
        assertThat(step()).isEqualTo(7);
        assertThat(id("tape").getDomAttribute("aria-activedescendant")).isEqualTo("node-7");
        keys(Keys.END);
        assertThat(step()).isEqualTo(last);
        assertThat(shown("dW")).doesNotContain(Double.NaN);
        keys(Keys.HOME);
        assertThat(step()).isZero();
        driver.executeScript("document.getElementById('node-4').scrollIntoView({block: 'center'})");
        id("node-4").click();
        assertThat(step()).isEqualTo(4);
        click("last");
        assertThat(step()).isEqualTo(last);
        driver.executeScript("document.getElementById('node-4').scrollIntoView({block: 'center'})");
        id("node-4").click();
        assertThat(step()).isEqualTo(last - 4);
    }

    @Test
    void everyStepSaysWhatHappensAndShowsTheFormulaOfItsOp() {
        click("first");
        List<Lesson.Node> nodes = Lesson.of(expected.settings()).nodes();
        for (int step = 0; step < 2 * nodes.size(); step++) {
            Lesson.Node node = nodes.get(step < nodes.size() ? step : 2 * nodes.size() - 1 - step);
            assertThat(id("now").getText()).contains("Node " + node.index());
            assertThat(id("live").getDomProperty("textContent"))
                    .contains("Step " + (step + 1) + " of ")
                    .contains(step < nodes.size() ? "forward" : "backward");
            assertThat(id("formula").isDisplayed()).as(node.op()).isEqualTo(node.inputs().length > 0);
            driver.executeScript("document.activeElement.blur()");
            keys(Keys.ARROW_RIGHT);
        }
        assertShown();
    }

    @Test
    void connectionsAreDroppedByClickKeyAndLine() {
        expected.drawn();
        cell("M0", 1, 2).click();
        expected.bits[5] ^= 1;
        assertShown();
        focus(cell("N1", 0, 0));
        keys(Keys.ARROW_RIGHT);
        keys(" ");
        assertThat(focused()).isEqualTo("N1 0 1");
        expected.bits[7] ^= 1;
        assertShown();
        driver.executeScript(
                "document.querySelector('.graph [data-flip=\"0.0.0\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))");
        expected.bits[0] ^= 1;
        assertShown();
        cell("M0", 0, 0).click();
        expected.bits[0] ^= 1;
        assertShown();
    }

    @Test
    void theSettingChangesByMouseAndKeyboard() {
        set("p", 0.25);
        expected.p = 0.25;
        assertShown();
        focus(id("p"));
        keys(Keys.ARROW_RIGHT);
        expected.p = 0.3;
        assertShown();
        driver.findElement(By.cssSelector("#mode input[value='per-batch']")).click();
        expected.perBatch = true;
        assertShown();
        keys("b");
        expected.perBatch = false;
        assertShown();
        type("examples", 3);
        expected.examples = 3;
        assertShown();
        type("inputs", 5);
        expected.inputs = 5;
        type("outputs", 4);
        expected.outputs = 4;
        assertShown();
        type("seed", 17);
        expected.seed = 17;
        assertShown();
        focus(id("examples"));
        keys(Keys.ARROW_DOWN);
        expected.examples = 2;
        assertShown();
        click("redraw");
        expected.draw++;
        assertShown();
        driver.executeScript("document.activeElement.blur()");
        keys("r");
        expected.draw++;
        assertShown();
        click("reset");
        expected = new Expected();
        assertShown();
    }

    @ParameterizedTest
    @CsvSource({"examples, 5", "examples, 0", "inputs, 9", "outputs, -1", "seed, 1.5"})
    void whatIsOutOfRangeIsRefused(String field, String value) {
        set(field, value);
        assertThat(id(field).getDomAttribute("aria-invalid")).isEqualTo("true");
        assertThat(id("live").getDomProperty("textContent")).contains("must be");
        driver.executeScript("document.activeElement.blur()");
        assertShown();
    }

    /** Moves to the first step in a direction, "forward" or "backward", whose sentence contains a text. */
    private static void goTo(String direction, String text) {
        assertThat(driver.executeScript("""
                        const step = document.getElementById('step');
                        for (let i = 0; i <= step.max; i++) {
                          step.value = i;
                          step.dispatchEvent(new Event('input'));
                          const now = document.getElementById('now').textContent.replace(/\\s/g, ' ');
                          if (now.includes(arguments[0]) && now.includes(arguments[1])) return true;
                        }
                        return false;
                        """, direction, text))
                .as("a step %s with %s", direction, text)
                .isEqualTo(true);
    }

    /** Direction and sentence of the step, without the numbers of steps and nodes. */
    private static String now() {
        return id("now").getText().replaceFirst("^\\d+/\\d+ ", "").replaceFirst("Node \\d+", "Node");
    }

    private static void set(boolean perBatch, int examples) {
        driver.executeScript(
                "document.querySelector(`#mode input[value='${arguments[0]}']`).click()",
                perBatch ? "per-batch" : "per-example");
        set("examples", examples);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // ∂L/∂W is complete.
                "2 | example | backward | passes on J₁ ⊙ M₁   | 3 | example | receives J₂ and passes on J₂ ⊙ M₂, the last share of ∂L/∂W",
                "2 | example | backward | passes on J₁ ⊙ M₁   | 1 | example | receives J and passes on J ⊙ M, which is ∂L/∂W",
                "1 | example | backward | passes on J ⊙ M     | 4 | example | receives J₃ and passes on J₃ ⊙ M₃, the last share of ∂L/∂W",
                "3 | example | backward | passes on J₂ ⊙ M₂   | 3 | batch   | receives J and passes on J ⊙ M, which is ∂L/∂W",
                "3 | batch   | backward | passes on J ⊙ M     | 3 | example | receives J₂ and passes on J₂ ⊙ M₂, the last share of ∂L/∂W",
                // The share of an example has been passed on.
                "3 | example | backward | passes on J₁ ⊙ M₁   | 4 | example | receives J₁ and passes on J₁ ⊙ M₁, a share of ∂L/∂W",
                "3 | example | backward | passes on J₁ ⊙ M₁   | 2 | example | receives J₁ and passes on J₁ ⊙ M₁, the last share of ∂L/∂W",
                // J of an example has arrived.
                "1 | example | backward | to W ⊙ M            | 2 | example | passes its share to W ⊙ M₀.",
                "2 | example | backward | to W ⊙ M₀           | 1 | example | passes its share to W ⊙ M.",
                "2 | example | backward | to W ⊙ M₀           | 2 | batch   | passes its share to W ⊙ M.",
                "2 | batch   | backward | to W ⊙ M            | 2 | example | passes its share to W ⊙ M₁.",
                "3 | example | backward | row                 | 3 | batch   | passes its share to W ⊙ M.",
                // The last example is gone when the share of the one before it has been passed on.
                "2 | example | backward | receives the gradient of u₁ | 1 | example | receives J and passes on J ⊙ M",
                // Before any J.
                "3 | example | backward | receives the gradient of u₀ | 1 | example | receives the gradient of u and",
                "3 | example | backward | stackRows           | 3 | batch   | matmul, receives the gradient of u and",
                "3 | batch   | backward | receives the gradient of u | 3 | example | receives the gradient of u₀",
                "3 | example | backward | receives dy         | 1 | batch   | receives dy",
                "3 | batch   | backward | is b                | 4 | example | is b, a leaf: ∂L/∂b is complete",
                "3 | example | backward | is x                | 2 | batch   | is x, a leaf: ∂L/∂x is complete",
                "3 | example | backward | is t                | 2 | batch   | is t, a constant",
                // Forward.
                "3 | example | forward  | computes W ⊙ M₁     | 4 | example | computes W ⊙ M₁",
                "3 | example | forward  | computes W ⊙ M₂     | 2 | example | computes W ⊙ M₁",
                "3 | example | forward  | computes W ⊙ M₂     | 3 | batch   | computes W ⊙ M from",
                "3 | example | forward  | row, computes x₁    | 3 | batch   | computes W ⊙ M from",
                "3 | example | forward  | computes u₀         | 1 | example | matmul, computes u from",
                "3 | batch   | forward  | computes W ⊙ M      | 3 | example | computes W ⊙ M₀",
                "3 | example | forward  | stackRows           | 3 | batch   | matmul, computes u from",
                "3 | batch   | forward  | computes y          | 2 | example | computes y from",
                "2 | example | forward  | holds W             | 4 | batch   | holds W",
            })
    void theStepKeepsItsMeaning(
            int examples, String mask, String direction, String text, int newExamples, String newMask, String newText) {
        set(mask.equals("batch"), examples);
        goTo(direction, text);
        set(newMask.equals("batch"), newExamples);
        assertThat(now()).startsWith(direction).contains(newText);
    }

    /**
     * Changes the examples and the masks at a step, and one of the other settings, which leave the step's number as it is. Returns
     * what was shown before and is blank afterwards.
     */
    private static final String BLANKED = """
            const id = (name) => document.getElementById(name);
            const radio = (mode) => document.querySelector(`#mode input[value='${mode}']`);
            const perBatch = () => radio('per-batch').checked;
            const set = (name, value) => {
              id(name).value = value;
              id(name).dispatchEvent(new Event('input', {bubbles: true}));
            };
            const key = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
            const shown = () => {
              const figures = [];
              for (let n = 0; n < Number(id('examples').value); n++) {
                for (const figure of ['V', 'y', 'dy', 'J', 'S']) {
                  const cells = [...id(figure + (perBatch() ? 0 : n)).querySelectorAll('td')];
                  if (cells.every((cell) => 'value' in cell.dataset)) figures.push(`${figure} of example ${n}`);
                }
              }
              if ([...id('dW').querySelectorAll('td')].every((cell) => 'value' in cell.dataset)) figures.push('dW');
              if (id('loss-value')) figures.push('L');
              return figures;
            };
            const other = (name, one, two) => set(name, id(name).value === one ? two : one);
            const masks = {
              '1 example': () => set('examples', '1'),
              '2 examples': () => set('examples', '2'),
              '4 examples': () => set('examples', '4'),
              'the other masks': () => key('b'),
            };
            const others = {
              'inputs': () => other('inputs', '5', '1'),
              'outputs': () => other('outputs', '4', '1'),
              'p': () => other('p', '0', '0.9'),
              'seed': () => other('seed', '7', '8'),
              'redraw': () => key('r'),
              'flip': () => document.querySelector('#M0 td').click(),
            };
            const [mode, examples, step] = arguments;
            const found = [];
            const attempt = (name, change) => {
              if (!radio(mode).checked) radio(mode).click();
              if (id('examples').value !== examples) set('examples', examples);
              set('step', step);
              const before = shown();
              const forward = id('now').textContent.includes('forward');
              change();
              const after = shown();
              const gone = before.filter((figure) => !after.includes(figure) && !(/\\d$/.exec(figure) >= Number(id('examples').value)));
              if (gone.length > 0) found.push(`${name}: ${gone.join(', ')}`);
              if (id('now').textContent.includes('forward') !== forward) found.push(`${name}: turned`);
              if (name in others && Number(id('step').value) !== step) found.push(`${name}: now ${id('step').value}`);
            };
            for (const name in masks) attempt(name, masks[name]);
            const name = Object.keys(others)[step % Object.keys(others).length];
            attempt(name, others[name]);
            return found;
            """;

    @ParameterizedTest
    @CsvSource({"per-example, 1", "per-example, 2", "per-example, 3", "per-batch, 1", "per-batch, 3"})
    void noSettingBlanksWhatIsShown(String mode, int examples) {
        set(mode.equals("per-batch"), examples);
        int steps = Integer.parseInt(id("step").getDomProperty("max")) + 1;
        for (int step = 0; step < steps; step++) {
            assertThat((List<?>) driver.executeScript(BLANKED, mode, String.valueOf(examples), step))
                    .as("step %d", step)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"examples=3", "examples=1", "mode=per-batch", "examples=4&mode=per-batch"})
    void aSettingChangedInTheAddressKeepsTheStepsMeaning(String setting) {
        goTo("backward", "the last share of ∂L/∂W");
        String old = fragment();
        String changed = old.replace("#chapter=3", "#chapter=3&" + setting);
        driver.executeScript("location.hash = arguments[0]", changed);
        waitFor("!location.hash.includes('step=" + step() + "&of=" + old.replaceAll(".*of=", "") + "')");
        assertThat(shown("dW")).doesNotContain(Double.NaN);
        assertThat(now()).contains("passes on").contains("∂L/∂W");
        String there = now();
        String written = fragment();
        open(changed);
        assertThat(now()).isEqualTo(there);
        open(written);
        assertThat(now()).isEqualTo(there);
        driver.executeScript("location.hash = arguments[0]", old);
        waitFor("document.getElementById('now').textContent.includes('the last share')");
    }

    @Test
    void theMaskOfABatchChangedInTheAddressKeepsItsJ() {
        set(true, 3);
        goTo("backward", "to W ⊙ M");
        open(fragment().replace("mode=per-batch&", ""));
        for (int n = 0; n < 3; n++) {
            assertThat(shown("J" + n)).doesNotContain(Double.NaN);
        }
        assertThat(now()).contains("passes its share to W ⊙ M₂.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&step=22&of=29", "&step=9999&of=18", "&step=1&of=x", "&step=22", "&of=22"})
    void aStepOfNoTapeIsLetGo(String step) {
        open("#chapter=3&examples=3" + step);
        assertThat(id("problem").isDisplayed()).isFalse();
        assertThat(step()).isBetween(1, 37);
    }

    /** The fragment that the page has written for the step it shows. */
    private static String fragment() {
        waitFor("location.hash.includes('step=" + step() + "&of=')");
        return browser.address().replaceFirst("^[^#]*", "");
    }

    @Test
    void whatIsShownIsWrittenWell() {
        for (String p : List.of("0.5", "0.8", "0.9")) {
            set("p", p);
            set("examples", 4);
            assertThat(driver.executeScript(
                            "return [...document.querySelectorAll('.kept span')].map((e) => e.textContent)"))
                    .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                    .isNotEmpty()
                    .containsOnly(p.equals("0.5") ? "2" : p.equals("0.8") ? "5" : "10");
        }
        for (int seed = 1; seed <= 10; seed++) {
            set("seed", seed);
            assertThat(id("story-text").getText()).doesNotContain("+ −").doesNotContain("− −");
        }
    }

    @Test
    void everyNumberCanBeEdited() {
        expected.drawn();
        cell("W", 0, 1).click();
        keys("2.5", Keys.ENTER);
        expected.w[1] = 2.5;
        assertThat(focused()).isEqualTo("W 0 1");
        assertShown();
        focus(cell("b", 1, 0));
        keys(Keys.ENTER);
        keys("-0.125", Keys.ENTER);
        expected.b[1] = -0.125;
        assertShown();
        focus(cell("x", 1, 2));
        keys("7");
        keys(Keys.ENTER);
        expected.x[5] = 7;
        assertShown();
        cell("t1", 0, 0).click();
        keys("1e-3", Keys.TAB);
        expected.t[2] = 1e-3;
        assertShown();
        cell("W", 1, 1).click();
        keys("9", Keys.ESCAPE);
        assertShown();
        cell("W", 1, 1).click();
        keys("nonsense", Keys.ENTER);
        assertThat(id("live").getDomProperty("textContent")).contains("no number");
        keys(Keys.ESCAPE);
        assertShown();
        click("reset");
        expected = new Expected();
        assertShown();
    }

    @Test
    void theKeyboardWalksThroughAMatrix() {
        focus(cell("W", 0, 0));
        keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
        assertThat(focused()).isEqualTo("W 1 1");
        keys(Keys.END);
        assertThat(focused()).isEqualTo("W 1 2");
        keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
        assertThat(focused()).isEqualTo("W 1 2");
        keys(Keys.HOME, Keys.ARROW_UP, Keys.ARROW_LEFT);
        assertThat(focused()).isEqualTo("W 0 0");
        keys(Keys.TAB);
        assertThat(focused()).isEqualTo("b 0 0");
        assertThat(driver.findElements(By.cssSelector("#W td[tabindex='0']"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theWeightUnderPointerOrFocusIsChecked(boolean keyboard) {
        for (int k = 0; k < 6; k++) {
            WebElement cell = cell(k % 2 == 0 ? "dW" : "J1", k / 3, k % 3);
            if (keyboard) {
                focus(cell);
            } else {
                new Actions(driver).moveToElement(cell).perform();
            }
            for (int exponent : new int[] {2, 6}) {
                set("h", exponent);
                if (keyboard) {
                    keys(Keys.ARROW_LEFT, Keys.ARROW_RIGHT);
                }
                Lesson.Difference difference = Lesson.difference(expected.settings(), "w", k, Math.pow(10, -exponent));
                assertThat(number(id("check-gradient").getDomAttribute("title")))
                        .isEqualTo(difference.gradient());
                assertThat(number(id("check-plus").getDomAttribute("title"))).isEqualTo(difference.plus());
                assertThat(number(id("check-minus").getDomAttribute("title"))).isEqualTo(difference.minus());
                assertThat(number(id("check-quotient").getDomAttribute("title")))
                        .isEqualTo(difference.quotient());
            }
            assertThat(driver.findElement(By.id("inspect")).getText()).contains("W[" + k / 3 + ", " + k % 3 + "]");
        }
    }

    @ParameterizedTest
    @CsvSource({"moons, 32, 0.05, 200, 10", "digits, 48, 0.03, 400, 20"})
    void theNetsAreThoseOfTheJvm(String data, int hidden, double rate, int examples, int every) {
        driver.findElement(By.cssSelector("#data input[value='" + data + "']")).click();
        type("train-seed", 3);
        type("train-p", "0.25");
        click("train-step");
        waitForTraining(50);
        Training training = new Training(new TrainingSettings(data, 3, 0.25, hidden, examples, 20, rate, 0.9, false));
        List<List<Evaluation.OfLabels>> curves = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int step = 0; ; step += step + every > 50 ? 50 - step : every) {
            training.step(step - training.steps());
            for (int net = 0; net < 3; net++) {
                curves.get(net).add(training.evaluate(net));
            }
            if (step == 50) {
                break;
            }
        }
        for (int net = 0; net < 3; net++) {
            assertThat(numbers("training.run.nets[" + net + "].losses()"))
                    .isEqualTo(curves.get(net).stream()
                            .mapToDouble(Evaluation.OfLabels::loss)
                            .toArray());
            assertThat(id("net-" + net).getText())
                    .startsWith("Wrong on " + training.evaluate(net).errors() + " of " + examples + " other ");
        }
        if (data.equals("moons")) {
            float[] grid = training.grid(2, 84, 60, -1.75, 2.75, -1.35, 1.85);
            assertThat(numbers("training.run.nets[2].boundary().values"))
                    .isEqualTo(IntStream.range(0, 84 * 60)
                            .mapToDouble(k -> grid[2 * k + 1])
                            .toArray());
        } else {
            int[] predicted = training.predictions(2);
            List<WebElement> samples = driver.findElements(By.cssSelector("#samples-2 li"));
            assertThat(samples).hasSize(20);
            for (int k = 0; k < 20; k++) {
                assertThat(samples.get(k).getText()).startsWith(String.valueOf(predicted[k]));
            }
        }
        int draws = data.equals("moons") ? 200 : 60;
        for (boolean perBatch : new boolean[] {false, true}) {
            assertThat(numbers("training.run.spread().rows[" + (perBatch ? 1 : 0) + "].values"))
                    .isEqualTo(training.spread(draws, perBatch).distances());
        }
        click("train-reset");
        assertThat(id("train-state").getText()).startsWith("Step 0 of");
    }

    @Test
    void trainingRunsAndPausesByButtonAndKey() {
        click("train");
        waitFor("training.run.steps > 20");
        assertThat(id("train").getText()).isEqualTo("Pause");
        click("train");
        assertThat(id("train").getText()).isEqualTo("Train");
        assertThat(id("live").getDomProperty("textContent")).contains("DropConnect");
        int steps = ((Number) driver.executeScript("return training.run.steps")).intValue();
        keys("t");
        waitFor("training.run.steps > " + (steps + 20));
        keys("t");
        steps = ((Number) driver.executeScript("return training.run.steps")).intValue();
        waitFor("location.hash.includes('train-steps=" + steps + "')");
        String address = browser.address();
        String result = id("net-2").getText();
        open("");
        open(address.substring(address.indexOf('#')));
        waitForTraining(steps);
        assertThat(id("net-2").getText()).isEqualTo(result);
        assertThat(driver.findElements(By.cssSelector("#chart-error path, #chart-loss path")))
                .hasSize(6);
    }

    @SuppressWarnings("unchecked")
    private static double[] numbers(String script) {
        List<String> texts = (List<String>) driver.executeScript("return Array.from(" + script + ", String)");
        return texts.stream().mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void theColorsAreAutoLightOrDark() {
        for (String theme : List.of("dark", "light", "auto")) {
            driver.findElement(By.cssSelector("#theme input[value='" + theme + "']"))
                    .click();
            assertThat(driver.executeScript("return document.documentElement.dataset.theme ?? 'auto'"))
                    .isEqualTo(theme);
        }
        focus(driver.findElement(By.cssSelector("#theme input[value='auto']")));
        keys(Keys.ARROW_RIGHT);
        assertThat(driver.executeScript("return document.documentElement.dataset.theme"))
                .isEqualTo("light");
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
        Object light = driver.executeScript("return getComputedStyle(document.body).backgroundColor");
        driver.findElement(By.cssSelector("#theme input[value='auto']")).click();
        assertThat(driver.executeScript("return getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(light);
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    }

    @Test
    void theKeysAreListedAndLettersCanBeSwitchedOff() {
        click("help");
        assertThat(id("keys").isDisplayed()).isTrue();
        click("letters");
        keys(Keys.ESCAPE);
        assertThat(id("keys").isDisplayed()).isFalse();
        keys("r");
        assertShown();
        click("help");
        click("letters");
        driver.findElement(By.cssSelector("#keys form button")).click();
        keys("?");
        assertThat(id("keys").isDisplayed()).isTrue();
        keys(Keys.ESCAPE);
        focus(driver.findElement(By.className("skip")));
        keys(Keys.ENTER);
        assertThat(focused()).isEqualTo("layer");
        click("share");
        waitFor("document.getElementById('live').textContent.includes('link to this setting')");
    }

    @Test
    void theFragmentRestoresTheState() {
        expected.drawn();
        cell("M1", 0, 0).click();
        expected.bits[6] ^= 1;
        cell("x", 0, 1).click();
        keys("0.25", Keys.ENTER);
        expected.x[1] = 0.25;
        set("h", 3);
        driver.findElement(By.cssSelector("#theme input[value='dark']")).click();
        assertShown();
        click("back");
        int step = step();
        waitFor("location.hash.includes('step=" + step + "&')");
        String address = browser.address();
        open("");
        open(address.substring(address.indexOf('#')));
        assertThat(step()).isEqualTo(step);
        assertThat(id("h").getDomProperty("value")).isEqualTo("3");
        assertThat(driver.executeScript("return document.documentElement.dataset.theme"))
                .isEqualTo("dark");
        assertShown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#chapter=99&p=7&examples=-1&inputs=x&seed=1e99&flip=9.9.9_a&edit=W.0.0:NaN_<b>&step=-3&weight=7.7&theme=no&h=0",
                "#%",
                "#=&&=&chapter"
            })
    void aFragmentThatMakesNoSenseIsLetGo(String fragment) {
        open(fragment);
        assertThat(shown("W")).hasSize(6);
        assertThat(id("problem").isDisplayed()).isFalse();
    }

    @Test
    void aFragmentMayNameAPlace() {
        open("#chapter=7&at=training");
        waitFor("document.getElementById('training').getBoundingClientRect().top < 900");
        assertThat(driver.executeScript("return scrollY > 0")).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 768, 1280})
    void nothingIsWiderThanTheWindow(int pixels) {
        width(pixels);
        for (String fragment : List.of(
                "",
                "#chapter=3&inputs=5&outputs=4&examples=4",
                "#chapter=3&inputs=5&outputs=4&examples=4&mode=per-batch&step=0",
                "#chapter=7&train-data=digits&train-steps=5")) {
            open(fragment);
            assertThat((Long) driver.executeScript("return document.documentElement.scrollWidth"))
                    .as(fragment)
                    .isLessThanOrEqualTo(pixels);
        }
    }

    @ParameterizedTest
    @CsvSource({"light, moons", "light, digits", "dark, moons", "dark, digits"})
    void textHasContrast(String theme, String data) {
        open("#chapter=3&theme=" + theme + "&train-data=" + data + "&train-steps=20");
        waitForTraining(20);
        @SuppressWarnings("unchecked")
        List<String> faint = (List<String>) driver.executeScript(CONTRAST);
        assertThat(faint.remove(0)).matches("\\d{3,} texts");
        assertThat(faint).isEmpty();
    }

    /** The texts of the page whose contrast with what is behind them is under 4.5, after their number. */
    private static final String CONTRAST = """
            const one = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
            const rgba = (color) => {
              one.clearRect(0, 0, 1, 1);
              one.fillStyle = color;
              one.fillRect(0, 0, 1, 1);
              return [...one.getImageData(0, 0, 1, 1).data];
            };
            const luminance = (color) => {
              const [r, g, b] = color.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const faint = [];
            let count = 0;
            while (texts.nextNode()) {
              const e = texts.currentNode.parentElement;
              const text = texts.currentNode.data.trim();
              if (!text || !e.checkVisibility({visibilityProperty: true})) continue;
              if (e.closest('.sr, script, style, dialog:not([open]), :disabled, .skip, td.empty')) continue;
              let back = [0, 0, 0, 0];
              for (let p = e; p && back[3] < 255; p = p.parentElement) back = rgba(getComputedStyle(p).backgroundColor);
              const style = getComputedStyle(e);
              const pair = [luminance(rgba(e instanceof SVGElement ? style.fill : style.color)), luminance(back)].sort((a, b) => b - a);
              const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
              count++;
              if (ratio < 4.5) faint.push(`${text.slice(0, 30)}: ${ratio.toFixed(2)}`);
            }
            return [`${count} texts`, ...faint];
            """;

    @Test
    void whatCanBeUsedHasANameInTheAccessibilityTree() {
        for (WebElement element : driver.findElements(By.cssSelector(
                "button, input, output, table, td, [role=listbox], [role=option], [role=img], section, dialog"))) {
            if (element.isDisplayed()) {
                assertThat(element.getAccessibleName())
                        .as("%s#%s", element.getTagName(), element.getDomAttribute("id"))
                        .isNotBlank();
            }
        }
        assertThat(cell("W", 1, 2).getAccessibleName()).startsWith("W [1, 2]: ");
        assertThat(cell("M0", 0, 0).getAccessibleName()).matches("M of example 0 \\[0, 0]: .*(dropped|kept)");
        assertThat(id("W").getAriaRole()).isEqualTo("grid");
        assertThat(cell("W", 0, 0).getAriaRole()).isEqualTo("gridcell");
        assertThat(id("tape").getAriaRole()).isEqualTo("listbox");
    }
}
