// SPDX-License-Identifier: Apache-2.0
/** Data to train on: CSV and IDX files, generated digits and points, their preprocessing, and batches. */
@NullMarked
package io.github.masktape.data;

import org.jspecify.annotations.NullMarked;
