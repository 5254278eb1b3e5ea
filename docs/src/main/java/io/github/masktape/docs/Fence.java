// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

/**
 * A fenced block of a page.
 *
 * @param line the line of the page on which its text begins, from 1
 * @param language the word after the opening fence; empty for formulas and diagrams
 * @param text the text between the fences, without the last line's end
 */
record Fence(int line, String language, String text) {}
