// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** The page in a browser, as tests use it: opened anew for each test, with its controls and the numbers that it shows. */
class ExplorerPage {
    static Browser browser;
    static ChromeDriver driver;

    /** What the page should show. */
    Expected expected;

    /** A setting as the reader chose it. */
    static final class Expected {
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

    static void open(String fragment) {
        browser.open(fragment);
        waitFor("document.documentElement.dataset.ready === 'true'");
    }

    static void waitFor(String condition) {
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

    static void waitForTraining(int steps) {
        waitFor("!training.playing && training.run.steps === " + steps);
    }

    static void width(int pixels) {
        viewport(pixels, 900);
    }

    static void viewport(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Chooses one of some radio buttons. */
    static void choose(String name, String value) {
        driver.executeScript(
                "document.querySelector(`input[name='${arguments[0]}'][value='${arguments[1]}']`).click();"
                        + " document.activeElement.blur()",
                name,
                value);
    }

    static WebElement id(String id) {
        return driver.findElement(By.id(id));
    }

    static void click(String id) {
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", id(id));
        id(id).click();
    }

    static void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    static WebElement cell(String matrix, int row, int column) {
        WebElement cell = driver.findElement(
                By.cssSelector("#" + matrix + " td[data-row='" + row + "'][data-column='" + column + "']"));
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", cell);
        return cell;
    }

    static void focus(WebElement element) {
        driver.executeScript("arguments[0].focus()", element);
    }

    static String focused() {
        return (String)
                driver.executeScript(
                        "const e = document.activeElement; return e.tagName === 'TD' ? `${e.closest('table').id} ${e.dataset.row} ${e.dataset.column}` : e.id");
    }

    /** Moves a slider or a field to a value as a reader's hand does. */
    static void set(String id, Object value) {
        driver.executeScript(
                "const e = document.getElementById(arguments[0]); e.focus(); e.value = arguments[1];"
                        + " e.dispatchEvent(new Event('input', {bubbles: true}))",
                id,
                String.valueOf(value));
    }

    static void type(String id, Object value) {
        WebElement field = id(id);
        focus(field);
        driver.executeScript("arguments[0].select()", field);
        keys(String.valueOf(value));
    }

    static int step() {
        return Integer.parseInt(id("step").getDomProperty("value"));
    }

    /** The numbers of a matrix, in full; NaN for those that are not shown yet. */
    @SuppressWarnings("unchecked")
    static double[] shown(String matrix) {
        List<String> texts = (List<String>) driver.executeScript(
                "return [...document.querySelectorAll('#' + arguments[0] + ' td')].map((e) => e.dataset.value ?? 'NaN')",
                matrix);
        return texts.stream().mapToDouble(Double::parseDouble).toArray();
    }

    static double[] columns(double[] values, int outputs, int... rows) {
        return IntStream.range(0, outputs * rows.length)
                .mapToDouble(k -> values[rows[k % rows.length] * outputs + k / rows.length])
                .toArray();
    }

    /** Compares every number of the page with the JVM's. */
    void assertShown() {
        click("last");
        LessonSettings settings = expected.settings();
        Lesson lesson = Lesson.of(settings);
        assertThat(shown("W")).isEqualTo(settings.w());
        assertThat(shown("b")).isEqualTo(settings.b());
        assertThat(shown("x")).isEqualTo(settings.x());
        Lesson.TapeNode y =
                lesson.nodes().get(lesson.nodes().get(lesson.nodes().size() - 1).inputs()[0]);
        int masks = lesson.shares().size();
        for (int g = 0; g < masks; g++) {
            Lesson.MaskMatrices share = lesson.shares().get(g);
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

    static double number(String text) {
        return Double.parseDouble(text.replace('−', '-'));
    }
}
