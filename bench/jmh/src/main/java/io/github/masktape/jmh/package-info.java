// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks of Masktape's own engine. */
@NullMarked
package io.github.masktape.jmh;

import org.jspecify.annotations.NullMarked;
