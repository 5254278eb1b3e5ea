// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

/**
 * The results of a training pass.
 *
 * @param y the layer's outputs, N×out
 * @param dx the gradient of its inputs, N×in
 * @param dw the gradient of its weights, out×in
 * @param db the gradient of its biases, out
 */
@SuppressWarnings("ArrayRecordComponent") // plain numbers; results are never compared with equals
public record PassResult(double[][] y, double[][] dx, double[][] dw, double[] db) {}
