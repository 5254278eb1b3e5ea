// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Every control of the page, by mouse and by keyboard: what is shown afterwards is what the JVM computes, bit for bit. */
@Tag("long")
@Tag("once")
class ExplorerControlsTest extends ExplorerPage {
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
        choose("level", "nodes");
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
        choose("level", "nodes");
        click("first");
        List<Lesson.TapeNode> nodes = Lesson.of(expected.settings()).nodes();
        for (int step = 0; step < 2 * nodes.size(); step++) {
            Lesson.TapeNode node = nodes.get(step < nodes.size() ? step : 2 * nodes.size() - 1 - step);
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
