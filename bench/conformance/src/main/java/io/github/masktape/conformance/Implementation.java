package io.github.masktape.conformance;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An implementation of DropConnect, as functions over plain arrays. Each part may be missing; then its laws are not
 * checked, and the report says so.
 *
 * @param name how the report calls it
 * @param backprop a training pass under given masks
 * @param masks how it draws masks
 * @param layer a layer that draws its own masks
 * @param predictor inference that averages over masks
 * @param samples the draws the predictor averages over; 0 for one that does not draw
 * @param claims what it says of itself
 */
public record Implementation(
        String name,
        @Nullable Backprop backprop,
        @Nullable MaskSource masks,
        TrainingLayer.@Nullable Factory layer,
        @Nullable Predictor predictor,
        int samples,
        Set<Claim> claims) {
    /** Copies the claims. */
    public Implementation {
        claims = Set.copyOf(claims);
    }

    /** One of which nothing is known but its name; the methods below add to it. */
    public static Implementation named(String name) {
        return new Implementation(name, null, null, null, null, 0, Set.of());
    }

    /** With a training pass under given masks. */
    public Implementation backprop(Backprop backprop) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** With a source of masks. */
    public Implementation masks(MaskSource masks) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** With a layer that draws its own masks. */
    public Implementation layer(TrainingLayer.Factory layer) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** With inference by a formula. */
    public Implementation predictor(Predictor predictor) {
        return new Implementation(name, backprop, masks, layer, predictor, 0, claims);
    }

    /** With inference that averages over that many draws. */
    public Implementation predictor(Predictor predictor, int samples) {
        return new Implementation(name, backprop, masks, layer, predictor, samples, claims);
    }

    /** With claims more. */
    public Implementation claiming(Claim... more) {
        EnumSet<Claim> all = EnumSet.noneOf(Claim.class);
        all.addAll(claims);
        all.addAll(List.of(more));
        return new Implementation(name, backprop, masks, layer, predictor, samples, all);
    }

    boolean claims(Claim claim) {
        return claims.contains(claim);
    }

    /** Half the distance of 1 to the next number: the relative error of one rounding. */
    double unitRoundoff() {
        return claims(Claim.SINGLE_PRECISION) ? 0x1p-24 : 0x1p-53;
    }
}
