// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernels in use: vector kernels where they run well, unless {@code -Dmasktape.kernels} is {@code scalar} or {@code
 * vector}; plain kernels during a {@linkplain #warmUp warm-up}.
 */
public final class KernelChoice {
    /** The plain loops, which every machine can run. */
    static final KernelChoice SCALAR = new KernelChoice("scalar", ScalarFloat.INSTANCE, ScalarMasks.INSTANCE);

    private final String name;
    private final Kernels<float[]> floats;
    private final MaskKernels masks;

    KernelChoice(String name, Kernels<float[]> floats, MaskKernels masks) {
        this.name = name;
        this.floats = floats;
        this.masks = masks;
    }

    /** The kernels of FLOAT32. */
    public static Kernels<float[]> floats() {
        return active().floats;
    }

    /** The kernels of FLOAT64, the reference arithmetic, which has one implementation. */
    public static Kernels<double[]> doubles() {
        return ScalarDouble.INSTANCE;
    }

    /** The kernels that draw masks. */
    public static MaskKernels masks() {
        return active().masks;
    }

    /**
     * The choice at this moment.
     *
     * @throws IllegalArgumentException if the property has another value, or requires unavailable vector kernels
     */
    static KernelChoice active() {
        Supplier<KernelChoice> warmUp = WarmUp.current;
        return warmUp == null ? chosen() : warmUp.get();
    }

    private static KernelChoice chosen() {
        if (Startup.CHOICE == null) {
            throw new IllegalArgumentException(Startup.REASON);
        }
        return Startup.CHOICE;
    }

    /**
     * Starts to compile the vector kernels in the background, if they were chosen automatically; plain ones compute in
     * the meantime.
     */
    public static void warmUp() {
        if (chosen() != SCALAR && wish().equals("auto")) {
            WarmUp.start(chosen());
        }
    }

    /** The kernels in use and the reason, on one line. */
    public static String description() {
        return chosen().name + " (" + Startup.REASON + ")";
    }

    /** True if vector kernels are not excluded and only lack a module that the runtime has. */
    public static boolean lacksVectorModule() {
        return !wish().equals("scalar") && Platform.lacksVectorModule();
    }

    private static String wish() {
        return System.getProperty("masktape.kernels", "auto").strip();
    }

    /** The choice at startup, made once, when the first tensor needs kernels. */
    private static final class Startup {
        private static final @Nullable KernelChoice CHOICE;
        private static final String REASON;

        static {
            String wish = wish();
            String obstacle = Platform.obstacleToVectors();
            if (wish.equals("scalar")) {
                CHOICE = SCALAR;
                REASON = "as asked";
            } else if (wish.equals("vector") || wish.equals("auto")) {
                boolean demanded = wish.equals("vector");
                CHOICE = obstacle == null ? Platform.vectorKernels() : demanded ? null : SCALAR;
                REASON = obstacle == null
                        ? Platform.vectorBits() + " bits"
                        : demanded ? "-Dmasktape.kernels=vector: " + obstacle : obstacle;
            } else {
                CHOICE = null;
                REASON = "-Dmasktape.kernels: expected auto, scalar or vector, got \"" + wish + "\"";
            }
        }
    }

    /** The name of the choice, {@code scalar} or {@code vector}. */
    String name() {
        return name;
    }

    /** The FLOAT32 kernels of this choice. */
    Kernels<float[]> ofFloats() {
        return floats;
    }

    /** The kernels for masks of this choice. */
    MaskKernels ofMasks() {
        return masks;
    }
}
