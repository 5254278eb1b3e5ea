// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.conformance;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An implementation of DropConnect, as functions over plain arrays. Each part may be missing; its laws are then not
 * checked, and the report says so.
 *
 * @param name the name in the report
 * @param backprop a training pass under given masks
 * @param masks a source of its masks
 * @param layer a layer that draws its own masks
 * @param predictor inference that averages over masks
 * @param samples the draws the predictor averages over; 0 for one that does not draw
 * @param claims the claims it makes about itself
 */
public record Implementation(
        String name,
        @Nullable Backprop backprop,
        @Nullable MaskSource masks,
        TrainingLayer.@Nullable Factory layer,
        @Nullable Predictor predictor,
        int samples,
        Set<Claim> claims) {
    /** Copies the set of claims. */
    public Implementation {
        claims = Set.copyOf(claims);
    }

    /** An implementation with only a name; the methods below add its parts. */
    public static Implementation named(String name) {
        return new Implementation(name, null, null, null, null, 0, Set.of());
    }

    /** The same implementation with a training pass under given masks. */
    public Implementation backprop(Backprop backprop) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** The same implementation with a source of masks. */
    public Implementation masks(MaskSource masks) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** The same implementation with a layer that draws its own masks. */
    public Implementation layer(TrainingLayer.Factory layer) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** The same implementation with inference by a formula. */
    public Implementation predictor(Predictor predictor) {
        return new Implementation(name, backprop, masks, layer, predictor, 0, claims);
    }

    /** The same implementation with inference that averages over this many draws. */
    public Implementation predictor(Predictor predictor, int samples) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** The same implementation with additional claims. */
    public Implementation claiming(Claim... more) {
        EnumSet<Claim> all = EnumSet.noneOf(Claim.class);
        all.addAll(claims);
        all.addAll(List.of(more));
        return new Implementation(name, backprop, masks, layer, predictor, samples, all);
    }

    boolean claims(Claim claim) {
        return claims.contains(claim);
    }

    /** The largest relative error of one rounding: half the distance from 1 to the next number. */
    double unitRoundoff() {
        return claims(Claim.SINGLE_PRECISION) ? 0x1p-24 : 0x1p-53;
    }
}
