/** Programs behind the pages: {@link io.github.masktape.docs.BenchmarkPage} makes tables and charts of benchmarks. */
@NullMarked
package io.github.masktape.docs;

import org.jspecify.annotations.NullMarked;
