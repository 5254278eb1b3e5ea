// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The step keeps its meaning, and nothing goes blank, when a setting changes. */
@Tag("long")
@Tag("once")
class ExplorerStepsTest extends ExplorerPage {
    private static int opened;

    /** These tests change only the setting and the step, which the address restores: the page is opened once. */
    @Override
    @BeforeEach
    void open() {
        if (opened++ == 0) {
            super.open();
            choose("level", "nodes");
        } else {
            driver.executeAsyncScript("""
                    addEventListener('hashchange', () => setTimeout(arguments[1]), {once: true});
                    location.hash = `#chapter=3&level=nodes&opened=${arguments[0]}`;
                    """, opened);
        }
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
                "3 | example | backward | rows                | 3 | batch   | passes its share to W ⊙ M.",
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
                "3 | example | forward  | rows, computes x₁    | 3 | batch   | computes W ⊙ M from",
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
     * Changes the examples or the masks at a step in two of four ways, and one of the other settings, which leave the step's number
     * as it is. Returns what was shown before and is blank afterwards.
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
            Object.keys(masks).filter((_, i) => (i + step + Number(examples)) % 2 === 0).forEach((name) => attempt(name, masks[name]));
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
}
