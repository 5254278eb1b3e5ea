// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.explorer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with an empty profile, and in it the page, opened as a file. */
final class Browser implements AutoCloseable {
    private static final Path PAGE = Path.of("target/explorer.html").toAbsolutePath();

    private final ChromeDriver driver;
    private final Path profile;

    private Browser(ChromeDriver driver, Path profile) {
        this.driver = driver;
        this.profile = profile;
    }

    /** A browser; the test is skipped where there is none. */
    static Browser start() {
        Optional<File> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<File> chromedriver = onPath("chromedriver");
        assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(),
                "skipped: it needs chromium and chromedriver on the PATH (Debian: chromium, chromium-driver)");
        try {
            Path profile = Files.createTempDirectory("masktape-explorer");
            LoggingPreferences logs = new LoggingPreferences();
            logs.enable(LogType.BROWSER, Level.ALL);
            logs.enable(LogType.PERFORMANCE, Level.ALL);
            ChromeOptions options = new ChromeOptions();
            options.setBinary(chromium.get());
            options.addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--user-data-dir=" + profile);
            options.setCapability("goog:loggingPrefs", logs);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(chromedriver.get())
                    .usingAnyFreePort()
                    .build();
            return new Browser(new ChromeDriver(service, options), profile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<File> onPath(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Such as chrome 156.0.7000.1. */
    String version() {
        return driver.getCapabilities().getBrowserName() + " "
                + driver.getCapabilities().getBrowserVersion();
    }

    /**
     * Opens the page anew.
     *
     * @param fragment what follows the file's name: empty, or # and more
     */
    void open(String fragment) {
        driver.get("about:blank");
        driver.get(PAGE.toUri() + fragment);
    }

    /** Where the page is, with its fragment. */
    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** What the console said since the last call, and what the page asked for that is not itself or data in it. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            complaints.add(entry.getLevel() + " " + entry.getMessage());
        }
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            String message = entry.getMessage();
            if (message.contains("\"Network.requestWillBeSent\"")
                    && message.contains("\"documentURL\":\"" + PAGE.toUri())
                    && !message.contains("\"url\":\"" + PAGE.toUri())
                    && !message.contains("\"url\":\"data:")) {
                complaints.add("a request: " + message);
            }
        }
        return complaints;
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> tree = Files.walk(profile)) {
            tree.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
