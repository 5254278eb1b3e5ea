// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.docs;

import io.github.masktape.autograd.Gradients;
import io.github.masktape.autograd.Ops;
import io.github.masktape.autograd.Tape;
import io.github.masktape.autograd.Variable;
import io.github.masktape.layers.DropConnect;
import io.github.masktape.picture.Heatmap;
import io.github.masktape.picture.TapePicture;
import io.github.masktape.tensor.DType;
import io.github.masktape.tensor.Mask;
import io.github.masktape.tensor.RandomStream;
import io.github.masktape.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes docs/course/images/*.svg by running what the pages run.
 *
 * <pre>
 *   mvn -q -pl docs -am test-compile exec:java -Dexec.mainClass=io.github.masktape.docs.CoursePictures
 * </pre>
 */
public final class CoursePictures {
    private static final Tensor W = Tensor.of(new double[][] {{1, 2, -1}, {3, -2, 1}});
    private static final Tensor X = Tensor.of(new double[][] {{1, 2, 3}, {2, -1, 1}});

    private CoursePictures() {}

    /** Writes the files; the one argument is the folder docs. */
    public static void main(String[] args) throws IOException {
        for (Map.Entry<Path, String> file : files(Path.of(args[0])).entrySet()) {
            Files.createDirectories(file.getKey().resolveSibling(""));
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    /** Every file that is made, and what is in it. */
    static Map<Path, String> files(Path docs) throws IOException {
        Map<String, String> pictures = new LinkedHashMap<>();
        pictures.put("first-tape", firstTape());
        pictures.put("used-twice", usedTwice());
        Example example = Example.computed();
        pictures.put("dropconnect-tape", TapePicture.of(example.gradients()).toSvg());
        pictures.put("law", example.law());
        pictures.putAll(example.parts());
        pictures.put("law-tape", lawTape());
        pictures.put("masks", kindsOfMasks());
        pictures.put("covariances", covariances());
        pictures.putAll(CourseCharts.all(docs));
        Map<Path, String> files = new TreeMap<>();
        pictures.forEach((name, svg) ->
                files.put(docs.resolve("course").resolve("images").resolve(name + ".svg"), svg));
        return files;
    }

    /** Chapter 1: L = Σ a² ⊙ b. */
    private static String firstTape() {
        Tape tape = new Tape();
        Variable a = tape.input(Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}}));
        Variable b = tape.constant(Tensor.of(new double[][] {{1, 0, 2}, {0, 1, 1}}));
        return TapePicture.of(tape.backward(Ops.sum(Ops.mul(Ops.square(a), b)))).toSvg();
    }

    /** Chapter 2: L = (a + a·b)². */
    private static String usedTwice() {
        Tape tape = new Tape();
        Variable a = tape.input(Tensor.scalar(3));
        Variable b = tape.input(Tensor.scalar(4));
        return TapePicture.of(tape.backward(Ops.square(Ops.add(a, Ops.mul(a, b)))))
                .toSvg();
    }

    /** Chapter 4: the forward pass of one example, and its gradient recorded on the same tape. */
    private static String lawTape() {
        Tape tape = new Tape();
        DropConnect layer = DropConnect.of(W, Tensor.of(new double[] {1, -1}), 0.5);
        Mask mask = Mask.of(new boolean[][][] {{{true, false, true}, {false, true, true}}}, 2);
        Variable y = layer.trace(tape.constant(X.row(0)), mask).output();
        Variable dy = tape.constant(Tensor.of(new double[][] {{1, -2}}));
        tape.gradients(y, dy, List.of(tape.parameter(layer.weight())));
        return TapePicture.of(tape).toSvg();
    }

    // ---- chapter 11 ----

    /** Draws a mask from a key. */
    @FunctionalInterface
    private interface Draw {
        Mask of(int examples, int outputs, int inputs, long key);
    }

    /** The kinds of masks that the chapter compares. */
    private static Map<String, Draw> kinds() {
        Map<String, Draw> kinds = new LinkedHashMap<>();
        kinds.put("DropConnect", (n, l, d, key) -> Mask.bernoulli(n, l, d, 0.5, key));
        kinds.put("Dropout", (n, l, d, key) -> expanded(Mask.bernoulli(n, 1, d, 0.5, key), n, l));
        kinds.put("One mask per batch", (n, l, d, key) -> expanded(Mask.bernoulli(1, l, d, 0.5, key), n, l));
        kinds.put(
                "Flipout",
                (n, l, d, key) -> Mask.ofSigns(
                        Mask.bernoulli(1, l, d, 0.5, RandomStream.derive(key, 0)),
                        Mask.bernoulli(n, 1, l, 0.5, RandomStream.derive(key, 1)),
                        Mask.bernoulli(n, 1, d, 0.5, RandomStream.derive(key, 2))));
        return kinds;
    }

    /** The only example or output of the coins, repeated. */
    private static Mask expanded(Mask coins, int examples, int outputs) {
        boolean[][][] kept = new boolean[examples][outputs][coins.inputs()];
        for (int n = 0; n < examples; n++) {
            for (int j = 0; j < outputs; j++) {
                for (int q = 0; q < coins.inputs(); q++) {
                    kept[n][j][q] = coins.keeps(Math.min(n, coins.examples() - 1), Math.min(j, coins.outputs() - 1), q);
                }
            }
        }
        return Mask.of(kept, 2);
    }

    /** Three examples of each kind, one kind below the other. */
    private static String kindsOfMasks() {
        Sheet sheet = new Sheet("Masks of three examples, of four kinds", 680, 660);
        int row = 0;
        for (Map.Entry<String, Draw> kind : kinds().entrySet()) {
            Mask mask = kind.getValue().of(3, 4, 6, 7);
            sheet.put(Heatmap.of(mask).titled(kind.getKey()), 0, 165 * row++, 165);
        }
        return sheet.svg();
    }

    /** The covariances of the four outputs of two examples, over 20,000 masks of each kind. */
    private static String covariances() {
        Sheet sheet = new Sheet("Covariances of y₀[0], y₀[1], y₁[0], y₁[1], by the kind of mask", 480, 330);
        int place = 0;
        for (Map.Entry<String, Draw> kind : kinds().entrySet()) {
            Tensor mean = X.matmulTransposed(W).reshape(1, 4);
            Tensor sum = Tensor.zeros(DType.FLOAT64, 4, 4);
            for (long key = 0; key < 20_000; key++) {
                Mask mask = kind.getValue().of(2, 2, 3, key);
                Tensor difference = X.maskedLinear(W, mask).reshape(1, 4).sub(mean);
                sum = sum.add(difference.transposedMatmul(difference));
            }
            Tensor rounded = sum.scale(1 / 20_000.0).map(Math::rint);
            sheet.put(Heatmap.of(rounded).titled(kind.getKey()).upTo(41), 240 * (place % 2), 165 * (place / 2), 150);
            place++;
        }
        return sheet.svg();
    }

    /**
     * The example that dropconnect.md and chapter 4 compute by hand.
     *
     * @param j J₀ and J₁
     */
    private record Example(DropConnect layer, Mask mask, Gradients gradients, List<Tensor> j) {
        static Example computed() {
            DropConnect layer = DropConnect.of(W, Tensor.of(new double[] {1, -1}), 0.5);
            Mask mask = Mask.of(
                    new boolean[][][] {
                        {{true, false, true}, {false, true, true}}, {{true, true, false}, {false, true, false}}
                    },
                    2);
            Tape tape = new Tape();
            Variable x = tape.input(X);
            DropConnect.Trace trace = layer.trace(x, mask);
            Variable t = tape.constant(Tensor.of(new double[][] {{-4, -1}, {-2, 4}}));
            Variable loss = Ops.scale(Ops.sum(Ops.square(Ops.sub(trace.output(), t))), 0.5);
            Gradients gradients = tape.backward(loss);
            List<Tensor> j = trace.maskedWeights().stream().map(gradients::of).toList();
            return new Example(layer, mask, gradients, j);
        }

        Heatmap weight() {
            return Heatmap.of(layer.weight().value()).titled("W");
        }

        Heatmap mask(int n) {
            return Heatmap.of(mask.example(n)
                            .toTensor(j.get(n).dtype())
                            .reshape(j.get(n).shape()))
                    .titled("M" + subscript(n));
        }

        /** Gradients have one scale, so that they can be compared. */
        Heatmap j(int n) {
            return Heatmap.of(j.get(n)).titled("J" + subscript(n)).upTo(14);
        }

        Heatmap share(int n) {
            return Heatmap.of(j.get(n).mask(mask.example(n)))
                    .titled("J" + subscript(n) + " ⊙ M" + subscript(n))
                    .upTo(14);
        }

        Heatmap sum() {
            return Heatmap.of(gradients.of(layer.weight())).titled("∂L/∂W").upTo(14);
        }

        Map<String, String> parts() {
            Map<String, String> parts = new LinkedHashMap<>();
            parts.put("weight", weight().toSvg());
            parts.put("mask", Heatmap.of(mask).titled("M").toSvg());
            for (int n = 0; n < 2; n++) {
                parts.put("mask-" + n, mask(n).toSvg());
                parts.put("j-" + n, j(n).toSvg());
                parts.put("share-" + n, share(n).toSvg());
            }
            parts.put("gradient", sum().toSvg());
            return parts;
        }

        /** A row for each example: M ⊙ J = J ⊙ M; their sum below. */
        String law() {
            Sheet sheet = new Sheet("The law: ∂L/∂W is the sum of J ⊙ M over the examples", 450, 330);
            for (int n = 0; n < 2; n++) {
                int y = 105 * n;
                sheet.put(mask(n), 0, y)
                        .sign("⊙", 139, y)
                        .put(j(n), 150, y)
                        .sign("=", 289, y)
                        .put(share(n), 300, y);
            }
            return sheet.sign("+", 430, 52)
                    .sign("=", 289, 225)
                    .put(sum(), 300, 225)
                    .svg();
        }

        private static String subscript(int n) {
            return n == 0 ? "₀" : "₁";
        }
    }

    /** Heat maps on one sheet, without their scales. */
    private static final class Sheet {
        private static final Pattern HEAD =
                Pattern.compile("<svg (.*?) width=\"(\\d+)\" height=\"\\d+\" viewBox=\"0 0 \\d+ \\d+\">");
        private static final int TITLE_AND_TWO_ROWS = 96;

        private final StringBuilder out = new StringBuilder();

        Sheet(String title, int width, int height) {
            out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"masktape-heatmap\" role=\"img\" width=\""
                    + width
                    + "\" height=\"" + height + "\" viewBox=\"0 0 " + width + " " + height + "\">\n<title>" + title
                    + "</title>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n");
        }

        Sheet put(Heatmap heatmap, int x, int y) {
            return put(heatmap, x, y, TITLE_AND_TWO_ROWS);
        }

        /** Puts the upper part of a heat map, of this height, at a place. */
        Sheet put(Heatmap heatmap, int x, int y, int height) {
            Matcher head = HEAD.matcher(heatmap.toSvg());
            out.append(head.replaceFirst((MatchResult found) ->
                            Matcher.quoteReplacement("<svg x=\"" + x + "\" y=\"" + y + "\" width=\"" + found.group(2)
                                    + "\" height=\"" + height + "\" class=\"masktape-heatmap\">"))
                    .replace(".masktape-heatmap { max-width: 100%; height: auto; }\n", ""));
            return this;
        }

        Sheet sign(String sign, int x, int y) {
            out.append("<text class=\"title\" x=\"" + x + "\" y=\"" + (y + 66) + "\" style=\"text-anchor:middle\">"
                    + sign + "</text>\n");
            return this;
        }

        String svg() {
            return out.append("</svg>\n").toString();
        }
    }
}
