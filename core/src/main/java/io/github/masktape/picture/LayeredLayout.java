// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A layout of the boxes of a graph in layers: each box is below all boxes that point at it, with few crossings and
 * short edges that are nearly straight.
 *
 * <p>An edge over several layers has a point in each layer between, and all edges of a box share these points. Boxes
 * and points of a layer are ordered by the means of their neighbors, and moved towards them by least squares. Only + −
 * × ÷ are used, so that the same graph has the same picture on every machine.
 *
 * <p>K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System Structures", IEEE Trans.
 * SMC 11(2), 1981.
 */
final class LayeredLayout {
    private static final double BETWEEN = 18;
    private static final double WIDTH_OF_POINT = 4;
    /** The pull of a long edge on a box, relative to 1 for an edge between boxes. */
    private static final double PULL_OF_POINT = 0.1;

    private static final int SWEEPS = 12;

    /** A box, or a point where an edge passes a layer. */
    static final class Item {
        /** The number of the box; for a point, that of the box where its edges begin. */
        final int box;

        final boolean isBox;
        final int layer;
        final double width;
        final List<Item> above = new ArrayList<>();
        final List<Item> below = new ArrayList<>();
        /** The horizontal center, from 0 at the left end of the picture. */
        double x;

        private int place;
        private double mean;

        private Item(int box, boolean isBox, int layer, double width) {
            this.box = box;
            this.isBox = isBox;
            this.layer = layer;
            this.width = width;
        }
    }

    private final List<List<Item>> layers = new ArrayList<>();
    private final Item[] boxes;
    private double width;

    /**
     * Computes a layout.
     *
     * @param widths the widths of the boxes, in an order in which edges lead from lower to higher numbers
     * @param edges the edges, each as the numbers of the two boxes that it leads from and to
     */
    LayeredLayout(double[] widths, List<int[]> edges) {
        int[] layerOf = layersOf(widths.length, edges);
        this.boxes = new Item[widths.length];
        for (int i = 0; i < widths.length; i++) {
            boxes[i] = item(i, true, layerOf[i], widths[i]);
        }
        connect(edges);
        order();
        move();
    }

    /** The layers, from above, each with its items from the left. */
    List<List<Item>> layers() {
        return layers;
    }

    double width() {
        return width;
    }

    /**
     * The layer of each box: as low as the boxes below it allow, or, with none below, as high as those above it allow.
     */
    private static int[] layersOf(int count, List<int[]> edges) {
        int[] highest = new int[count];
        int[] lowest = new int[count];
        Arrays.fill(lowest, Integer.MAX_VALUE);
        edges.stream()
                .sorted(Comparator.comparingInt(edge -> edge[1]))
                .forEach(edge -> highest[edge[1]] = Math.max(highest[edge[1]], highest[edge[0]] + 1));
        List<List<Integer>> followers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            followers.add(new ArrayList<>());
        }
        edges.forEach(edge -> followers.get(edge[0]).add(edge[1]));
        for (int i = count - 1; i >= 0; i--) {
            for (int follower : followers.get(i)) {
                lowest[i] = Math.min(lowest[i], lowest[follower] - 1);
            }
            lowest[i] = followers.get(i).isEmpty() ? highest[i] : lowest[i];
        }
        return lowest;
    }

    private Item item(int box, boolean isBox, int layer, double itsWidth) {
        while (layers.size() <= layer) {
            layers.add(new ArrayList<>());
        }
        Item item = new Item(box, isBox, layer, itsWidth);
        item.place = layers.get(layer).size();
        layers.get(layer).add(item);
        return item;
    }

    private void connect(List<int[]> edges) {
        Item[] ends = boxes.clone();
        List<int[]> nearestFirst = new ArrayList<>(edges);
        nearestFirst.sort(
                Comparator.<int[]>comparingInt(edge -> edge[0]).thenComparingInt(edge -> boxes[edge[1]].layer));
        for (int[] edge : nearestFirst) {
            Item from = ends[edge[0]];
            Item to = boxes[edge[1]];
            while (from.layer < to.layer - 1) {
                Item point = item(edge[0], false, from.layer + 1, WIDTH_OF_POINT);
                from.below.add(point);
                point.above.add(from);
                from = point;
            }
            ends[edge[0]] = from;
            from.below.add(to);
            to.above.add(from);
        }
    }

    // ---- the order within each layer ----

    private void order() {
        long fewest = crossings();
        List<List<Item>> best = copy();
        for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int k = 0; k < layers.size(); k++) {
                sort(layers.get(down ? k : layers.size() - 1 - k), down);
            }
            long now = crossings();
            if (now < fewest) {
                fewest = now;
                best = copy();
            }
        }
        for (int k = 0; k < layers.size(); k++) {
            layers.set(k, best.get(k));
            number(best.get(k));
        }
    }

    private List<List<Item>> copy() {
        List<List<Item>> copy = new ArrayList<>();
        layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
        return copy;
    }

    private static void number(List<Item> layer) {
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).place = i;
        }
    }

    private static void sort(List<Item> layer, boolean down) {
        for (Item item : layer) {
            List<Item> neighbors = down ? item.above : item.below;
            double sum = 0;
            for (Item neighbor : neighbors) {
                sum += neighbor.place;
            }
            item.mean = neighbors.isEmpty() ? item.place : sum / neighbors.size();
        }
        layer.sort(Comparator.comparingDouble(item -> item.mean));
        number(layer);
    }

    private long crossings() {
        long count = 0;
        for (List<Item> layer : layers) {
            List<int[]> lines = new ArrayList<>();
            for (Item item : layer) {
                item.below.forEach(to -> lines.add(new int[] {item.place, to.place}));
            }
            for (int i = 0; i < lines.size(); i++) {
                for (int j = 0; j < i; j++) {
                    long side = (long) (lines.get(i)[0] - lines.get(j)[0]) * (lines.get(i)[1] - lines.get(j)[1]);
                    count += side < 0 ? 1 : 0;
                }
            }
        }
        return count;
    }

    // ---- the places within each layer ----

    private void move() {
        for (List<Item> layer : layers) {
            double[] wished = new double[layer.size()];
            settle(layer, wished, ones(layer.size()));
        }
        for (int sweep = 0; sweep < 2 * SWEEPS; sweep++) {
            boolean down = sweep % 2 == 0;
            for (int k = 0; k < layers.size(); k++) {
                pull(layers.get(down ? k : layers.size() - 1 - k), down, sweep >= SWEEPS);
            }
        }
        double left = Double.MAX_VALUE;
        double right = -Double.MAX_VALUE;
        for (List<Item> layer : layers) {
            left = Math.min(left, layer.get(0).x - layer.get(0).width / 2);
            Item last = layer.get(layer.size() - 1);
            right = Math.max(right, last.x + last.width / 2);
        }
        for (List<Item> layer : layers) {
            for (Item item : layer) {
                item.x -= left;
            }
        }
        width = right - left;
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * Moves items towards their neighbors above, below, or on both sides; points are pulled more strongly, for straight
     * edges.
     */
    private static void pull(List<Item> layer, boolean down, boolean both) {
        double[] wished = new double[layer.size()];
        double[] weights = new double[layer.size()];
        for (int i = 0; i < wished.length; i++) {
            Item item = layer.get(i);
            List<Item> neighbors = new ArrayList<>(both || down ? item.above : item.below);
            if (both || neighbors.isEmpty()) {
                neighbors.addAll(down || both ? item.below : item.above);
            }
            double sum = 0;
            double weight = 0;
            for (Item neighbor : neighbors) {
                double its = item.isBox && !neighbor.isBox ? PULL_OF_POINT : 1;
                sum += its * neighbor.x;
                weight += its;
            }
            wished[i] = neighbors.isEmpty() ? item.x : sum / weight;
            weights[i] = Math.max(1, neighbors.size()) * (item.isBox ? 1.0 : 4.0);
        }
        settle(layer, wished, weights);
    }

    /**
     * Finds the places nearest to the desired ones, minimizing Σ weight·(x − wished)² with room between items. Without
     * the room, this is isotonic regression, which merges neighbors in the wrong order into blocks.
     */
    private static void settle(List<Item> layer, double[] wished, double[] weights) {
        int count = wished.length;
        double[] offsets = new double[count];
        for (int i = 1; i < count; i++) {
            Item before = layer.get(i - 1);
            Item item = layer.get(i);
            double room = before.isBox || item.isBox ? BETWEEN : BETWEEN / 2;
            offsets[i] = offsets[i - 1] + (before.width + item.width) / 2 + room;
        }
        double[] means = new double[count];
        double[] sums = new double[count];
        int[] sizes = new int[count];
        int blocks = 0;
        for (int i = 0; i < count; i++) {
            means[blocks] = wished[i] - offsets[i];
            sums[blocks] = weights[i];
            sizes[blocks] = 1;
            while (blocks > 0 && means[blocks - 1] > means[blocks]) {
                double sum = sums[blocks - 1] + sums[blocks];
                means[blocks - 1] = (means[blocks - 1] * sums[blocks - 1] + means[blocks] * sums[blocks]) / sum;
                sums[blocks - 1] = sum;
                sizes[blocks - 1] += sizes[blocks];
                blocks--;
            }
            blocks++;
        }
        int at = 0;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < sizes[block]; i++, at++) {
                layer.get(at).x = means[block] + offsets[at];
            }
        }
    }
}
