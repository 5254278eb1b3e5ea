// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The site as a reader has it: opened from disk in a browser, with no network. */
@Tag("long")
@Tag("once")
class SiteBrowserTest {
    private static final List<Integer> WIDTHS = List.of(360, 768, 1280);

    /** Pages of sources that stand for the others: a list, and the longest lines. */
    private static final List<String> SOURCES = List.of("index.html", "Ops.java.html");

    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingIsLeftInTheConsole() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void everyPageFitsEveryWidthAndSaysNothingInTheConsole() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path page : SiteTest.ownPages()) {
            String name = Page.name(SiteTest.site(), page);
            if (name.startsWith("source/")
                    && !SOURCES.contains(page.getFileName().toString())) {
                continue;
            }
            browser.open(page);
            for (int width : WIDTHS) {
                browser.width(width);
                long needed = (Long) browser.run("return document.documentElement.scrollWidth");
                if (needed > width) {
                    faults.add(name + " needs " + needed + " pixels where there are " + width);
                }
            }
            browser.console().forEach(line -> faults.add(name + ": " + line));
            if ((Long) browser.run("return document.querySelectorAll('.katex-error').length") > 0) {
                faults.add(name + ": a formula has an error");
            }
            if ((Long) browser.run("return document.querySelectorAll('.math').length")
                    > (Long) browser.run("return document.querySelectorAll('.math .katex-html').length")) {
                faults.add(name + ": a formula is not set");
            }
            List<?> loaded = (List<?>)
                    browser.run(
                            "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('file:'))");
            loaded.forEach(address -> faults.add(name + " loads " + address));
        }
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "J ⊙ M          | law",
                "J⊙M            | law",
                "∂L/∂W          | law",
                "per-example    | per batch",
                "DropConnect    | DropConnect",
                "drop connect   | DropConnect",
                "Ops.maskedLinear | Ops.maskedLinear",
                "maskedLin      | maskedLinear",
                "gradient check | gradient",
            })
    void theSearchFinds(String query, String expected) {
        search(query);
        assertThat(titles().subList(0, Math.min(3, titles().size())))
                .as("the first of what is found by " + query)
                .anySatisfy(title -> assertThat(title).containsIgnoringCase(expected));
    }

    @Test
    void theSearchSaysWhenThereIsNothing() {
        search("zyzzyva");
        assertThat(titles()).isEmpty();
        assertThat(browser.driver()
                        .findElement(By.cssSelector(".search .status"))
                        .getText())
                .isEqualTo("Nothing found for “zyzzyva”.");
    }

    /** With these words lunr takes the 222nd node of its graph for the node of z1 and z2, and forgets these. */
    @Test
    void theSearchTellsWordsWithDigitsApart() {
        openForSearch();
        String text = "0 " + "b".repeat(219) + "1q z1 z2";
        browser.run(
                "Object.defineProperty(window, 'masktapePlaces', { value: [{ h: '0', t: '0', u: '', x: arguments[0] }] })",
                text);
        ask("z2");
        assertThat(titles()).containsExactly("0");
    }

    @Test
    void theKeyboardLeadsFromAQuestionToThePage() {
        search("J ⊙ M");
        String second = browser.driver()
                .findElements(By.cssSelector(".search li a"))
                .get(1)
                .getAttribute("href");
        WebElement input = browser.driver().findElement(By.cssSelector(".search input"));
        input.sendKeys(Keys.ARROW_DOWN, Keys.ENTER);
        browser.await(() -> browser.driver().getCurrentUrl().equals(second));
    }

    @Test
    void theReaderChoosesDarkOrLight() {
        browser.open(SiteTest.site().resolve("index.html"));
        String before = (String) browser.run("return getComputedStyle(document.body).backgroundColor");
        browser.driver().findElement(By.cssSelector("button.theme")).click();
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(before);
        browser.driver().findElement(By.cssSelector("button.theme")).click();
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(before);
    }

    @Test
    void theMenuOfANarrowWindowOpensAndCloses() {
        browser.width(360);
        browser.open(SiteTest.site().resolve("training.html"));
        WebElement pages = browser.driver().findElement(By.id("pages"));
        assertThat(pages.isDisplayed()).isFalse();
        browser.driver().findElement(By.cssSelector("button.menu")).click();
        assertThat(pages.isDisplayed()).isTrue();
        new Actions(browser.driver()).sendKeys(Keys.ESCAPE).perform();
        assertThat(pages.isDisplayed()).isFalse();
    }

    /** Opens the search by its key and waits for what it finds. */
    private static void search(String query) {
        openForSearch();
        ask(query);
    }

    private static void openForSearch() {
        browser.width(1280);
        browser.open(SiteTest.site().resolve("training.html"));
    }

    private static void ask(String query) {
        new Actions(browser.driver()).sendKeys("/").perform();
        WebElement input = browser.driver().findElement(By.cssSelector(".search input"));
        input.sendKeys(query);
        browser.await(() -> !titles().isEmpty()
                || !browser.driver()
                        .findElement(By.cssSelector(".search .status"))
                        .getText()
                        .isEmpty());
    }

    private static List<String> titles() {
        return browser.driver().findElements(By.cssSelector(".search li .title")).stream()
                .map(WebElement::getText)
                .toList();
    }
}
