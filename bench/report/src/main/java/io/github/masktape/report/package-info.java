/** What a run leaves for people to look at: charts and the report. */
@NullMarked
package io.github.masktape.report;

import org.jspecify.annotations.NullMarked;
