// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.autograd;

/**
 * A value and its derivative along one direction.
 *
 * <pre>
 *   v + t·ε      with ε² = 0, so that f(v + t·ε) = f(v) + f′(v)·t·ε
 * </pre>
 *
 * <p>Computing with these is forward-mode differentiation, exact but for rounding. It shares nothing with the tape, whose
 * gradients it is compared with.
 *
 * @param value v
 * @param tangent t
 */
record DualNumber(double value, double tangent) {
    static DualNumber constant(double value) {
        return new DualNumber(value, 0);
    }

    DualNumber plus(DualNumber b) {
        return new DualNumber(value + b.value, tangent + b.tangent);
    }

    DualNumber minus(DualNumber b) {
        return new DualNumber(value - b.value, tangent - b.tangent);
    }

    DualNumber times(DualNumber b) {
        return new DualNumber(value * b.value, value * b.tangent + tangent * b.value);
    }

    DualNumber times(double s) {
        return new DualNumber(value * s, tangent * s);
    }

    DualNumber dividedBy(DualNumber b) {
        double quotient = value / b.value;
        return new DualNumber(quotient, (tangent - quotient * b.tangent) / b.value);
    }

    DualNumber exp() {
        double y = StrictMath.exp(value);
        return new DualNumber(y, y * tangent);
    }

    DualNumber log() {
        return new DualNumber(StrictMath.log(value), tangent / value);
    }

    /** By a quotient of exponentials, which differentiates itself. */
    DualNumber tanh() {
        DualNumber square = times(2).exp();
        DualNumber one = constant(1);
        return square.minus(one).dividedBy(square.plus(one));
    }

    /** By its definition, which differentiates itself. */
    DualNumber sigmoid() {
        DualNumber one = constant(1);
        return one.dividedBy(one.plus(times(-1).exp()));
    }

    DualNumber softplus() {
        return exp().plus(constant(1)).log();
    }

    DualNumber sqrt() {
        double y = StrictMath.sqrt(value);
        return new DualNumber(y, tangent / (2 * y));
    }

    DualNumber max(DualNumber b) {
        return value > b.value ? this : b;
    }

    DualNumber min(DualNumber b) {
        return value < b.value ? this : b;
    }

    DualNumber relu() {
        return value > 0 ? this : constant(0);
    }
}
