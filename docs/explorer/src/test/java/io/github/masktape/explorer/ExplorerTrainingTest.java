// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.optim.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The page's training: by button and key, with the numbers of the JVM, and readable in all colors. */
@Tag("long")
@Tag("once")
class ExplorerTrainingTest extends ExplorerPage {
    @ParameterizedTest
    @CsvSource({"moons, 32, 0.05, 200, 20", "digits, 48, 0.03, 400, 20"})
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
}
