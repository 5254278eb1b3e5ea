// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@link PagesTest} for the course, which takes as long as all other pages together. */
class CoursePagesTest {
    @TestFactory
    Stream<DynamicContainer> everyBlockPrintsWhatThePageSays() {
        return Page.all().stream().filter(CoursePagesTest::isOfTheCourse).flatMap(PagesTest::tests);
    }

    @Test
    void theCourseHasPages() {
        assertThat(Page.all()).anyMatch(CoursePagesTest::isOfTheCourse);
    }

    static boolean isOfTheCourse(Page page) {
        return page.name().startsWith("docs/course/");
    }
}
