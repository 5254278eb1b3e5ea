package io.github.masktape.docs;

/**
 * A fenced block of a page.
 *
 * @param line the line of the page that its text begins on, from 1
 * @param language what stands after the opening fence; empty for formulas and diagrams
 * @param text what stands between the fences, without the last line's end
 */
record Fence(int line, String language, String text) {}
