package io.github.masktape.conformance;

import java.util.Set;

/**
 * A law of DropConnect.
 *
 * @param name as a sentence, the key in reports
 * @param part what of an implementation it is about
 * @param formula what it says
 * @param claims what one must claim to be held to it
 * @param unless what one must not claim
 * @param check throws {@link Broken} if a try breaks it
 */
record Law(String name, Part part, String formula, Set<Claim> claims, Set<Claim> unless, Check check) {
    /** What of an implementation a law is about. */
    enum Part {
        BACKPROP("the training pass under given masks", "backprop"),
        MASKS("the masks it draws", "masks or layer"),
        LAYER("the layer in training and inference", "layer"),
        INFERENCE("inference that averages over masks", "predictor");

        final String title;
        final String needs;

        Part(String title, String needs) {
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

    /** One try. */
    @FunctionalInterface
    interface Check {
        void run(Implementation implementation, Setting setting);
    }

    Law(String name, Part part, String formula, Check check) {
        this(name, part, formula, Set.of(), Set.of(), check);
    }

    /** A law for those who make a claim. */
    Law(String name, Part part, String formula, Claim claim, Check check) {
        this(name, part, formula, Set.of(claim), Set.of(), check);
    }

    /** This law, for those who do not make a claim. */
    Law unless(Claim claim) {
        return new Law(name, part, formula, claims, Set.of(claim), check);
    }

    /** Why it is not checked of an implementation; empty if it is. */
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

    /** A law that does not hold: what was expected, by which formula, and what came instead. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }
    }
}
