package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.masktape.cli.report.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The charts of the course are what the program makes, and are shown. */
class CourseChartsTest {
    @Test
    void chartsAreWhatTheProgramMakesAndAreShown() throws IOException {
        Path images = Page.root().resolve("docs/course/images");
        String course = Page.all().stream()
                .filter(page -> page.name().startsWith("docs/course/"))
                .flatMap(page -> page.prose().stream())
                .collect(Collectors.joining("\n"));
        for (Map.Entry<String, Chart> chart : CourseCharts.all().entrySet()) {
            Path file = images.resolve(chart.getKey() + ".svg");
            assertThat(file).exists();
            assertThat(Files.readString(file))
                    .as(file.getFileName() + " is not what the program makes: see CourseCharts")
                    .isEqualTo(chart.getValue().svg());
            assertThat(course).contains("](images/" + file.getFileName() + ")");
        }
    }
}
