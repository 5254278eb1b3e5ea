// SPDX-License-Identifier: Apache-2.0
/** The exercises of the course, and the review of a learner's answers. */
@NullMarked
package io.github.masktape.cli.learn;

import org.jspecify.annotations.NullMarked;
