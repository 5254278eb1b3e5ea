// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import java.util.Set;

/**
 * A law of DropConnect.
 *
 * @param name a sentence, which is the key in reports
 * @param part the part of an implementation that it is about
 * @param formula its statement
 * @param claims the claims for which it is checked
 * @param unless the claims for which it is not checked
 * @param check throws {@link Broken} if a try breaks it
 */
record Law(String name, Subject part, String formula, Set<Claim> claims, Set<Claim> unless, LawCheck check) {
    /** A part of an implementation, which a law is about. */
    enum Subject {
        BACKPROP("the training pass under given masks", "backprop"),
        MASKS("the masks it draws", "masks or layer"),
        LAYER("the layer in training and inference", "layer"),
        INFERENCE("inference that averages over masks", "predictor");

        final String title;
        final String needs;

        Subject(String title, String needs) {
            this.title = title;
            this.needs = needs;
        }

        boolean isOffered(Implementation implementation) {
            return switch (this) {
                case BACKPROP -> implementation.backprop() != null;
                case MASKS -> implementation.masks() != null || implementation.layer() != null;
                case LAYER -> implementation.layer() != null;
                case INFERENCE -> implementation.predictor() != null;
            };
        }
    }

    /** A check of a law in one setting. */
    @FunctionalInterface
    interface LawCheck {
        void run(Implementation implementation, Setting setting);
    }

    Law(String name, Subject part, String formula, LawCheck check) {
        this(name, part, formula, Set.of(), Set.of(), check);
    }

    /** A law for implementations that make a claim. */
    Law(String name, Subject part, String formula, Claim claim, LawCheck check) {
        this(name, part, formula, Set.of(claim), Set.of(), check);
    }

    /** This law, for implementations that do not make a claim. */
    Law unless(Claim claim) {
        return new Law(name, part, formula, claims, Set.of(claim), check);
    }

    /** The reason why the law is not checked for an implementation; empty if it is. */
    String notCheckedBecause(Implementation implementation) {
        if (!part.isOffered(implementation)) {
            return "no " + part.needs + " given";
        }
        for (Claim claim : Claim.values()) {
            if (claims.contains(claim) && !implementation.claims(claim)) {
                return claim + " is not claimed";
            }
            if (unless.contains(claim) && implementation.claims(claim)) {
                return claim + " is claimed";
            }
        }
        return "";
    }

    /** Thrown if a law does not hold: the message names the expected value, its formula, and the actual value. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }
    }
}
