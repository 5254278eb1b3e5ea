package io.github.masktape.tensor;

/**
 * A tensor or a mask as a picture: negative numbers blue, positive ones orange, the larger the stronger.
 *
 * <p>A value: {@link #titled} and {@link #upTo} give another. It reads its tensor or mask when it is drawn.
 */
public final class Heatmap {
    private final Tensor tensor;
    private final String title;
    private final double limit;

    private Heatmap(Tensor tensor, String title, double limit) {
        this.tensor = tensor;
        this.title = title;
        this.limit = limit;
    }

    /** A tensor of up to three axes; with three, a panel for each index of the first. */
    public static Heatmap of(Tensor tensor) {
        return new Heatmap(tensor, "", Double.NaN);
    }

    /** A mask, with a panel for each example; {@code of(mask.example(n))} shows one. */
    public static Heatmap of(Mask mask) {
        return new Heatmap(mask.toTensor(DType.FLOAT64), "", Double.NaN);
    }

    /** This picture under a title. */
    public Heatmap titled(String title) {
        return new Heatmap(tensor, title, limit);
    }

    /** This picture with full color at ±{@code limit}, so that several can be compared. */
    public Heatmap upTo(double limit) {
        return new Heatmap(tensor, title, limit);
    }

    /** The picture as SVG that needs nothing else, light or dark as the reader likes it. */
    public String toSvg() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 20\"><text y=\"15\">" + tensor.shape()
                + "</text></svg>\n";
    }

    /** The picture in characters, for terminals and notebooks. */
    @Override
    public String toString() {
        return title + "\n" + tensor;
    }
}
