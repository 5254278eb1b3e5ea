// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers.graphs;

import io.github.masktape.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directed acyclic graph of ops as a list of lines, each an input or a call of lines above it. Its loss is Σ c ⊙ v
 * over the lines v that no other line uses. Its second derivatives are the gradients of s = Σ u ⊙ ∂loss/∂v over the
 * inputs v.
 */
record GraphProgram(List<Line> lines) {
    /**
     * A line of a program.
     *
     * @param call the call that it computes; null for an input
     * @param value the value of an input, or our side's result of a call
     * @param cotangent the factor c of the value in the loss, if no line uses it
     * @param direction the factor u of an input's gradient in s, which is differentiated again
     */
    record Line(GraphOps.@Nullable Call call, Tensor value, Tensor cotangent, Tensor direction) {
        boolean uses(int line) {
            return call != null && call.arguments().contains(line);
        }
    }

    /** The numbers of the lines that are inputs. */
    List<Integer> inputs() {
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).call() == null)
                .boxed()
                .toList();
    }

    /** The numbers of the lines that no other line uses. */
    List<Integer> results() {
        return IntStream.range(0, lines.size())
                .filter(i -> lines.stream().noneMatch(line -> line.uses(i)))
                .boxed()
                .toList();
    }

    // ---- shrinking ----

    /** The smallest failing program that can be reached through failing programs. */
    GraphProgram shrunk(Predicate<GraphProgram> fails) {
        return smaller()
                .filter(fails)
                .findFirst()
                .map(program -> program.shrunk(fails))
                .orElse(this);
    }

    /** The programs without one of the results, and those with an input in place of a call. */
    private Stream<GraphProgram> smaller() {
        Stream<GraphProgram> shorter =
                results().stream().filter(i -> lines.size() > 1).map(this::without);
        Stream<GraphProgram> shallower = IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).call() != null)
                .mapToObj(this::withInputAt);
        return Stream.concat(shorter, shallower);
    }

    private GraphProgram without(int result) {
        List<Line> rest = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            GraphOps.Call call = line.call();
            if (call != null) {
                call = call.with(call.arguments().stream()
                        .map(a -> a > result ? a - 1 : a)
                        .toList());
            }
            if (i != result) {
                rest.add(new Line(call, line.value(), line.cotangent(), line.direction()));
            }
        }
        return new GraphProgram(rest);
    }

    private GraphProgram withInputAt(int i) {
        List<Line> changed = new ArrayList<>(lines);
        Line line = lines.get(i);
        changed.set(i, new Line(null, line.value(), line.cotangent(), line.direction()));
        return new GraphProgram(changed);
    }

    /** The lines of the program, followed by the loss and s. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            GraphOps.Call call = line.call();
            text.append('v').append(i).append(" = ");
            if (call == null) {
                text.append("input ").append(line.value());
            } else {
                List<String> arguments =
                        call.arguments().stream().map(a -> "v" + a).toList();
                text.append(call.op())
                        .append('(')
                        .append(String.join(", ", arguments))
                        .append(") ");
                text.append(line.value().shape()).append("  ").append(call.details());
            }
            text.append('\n');
        }
        for (int i : results()) {
            text.append("loss += Σ c ⊙ v").append(i).append(", c = ");
            text.append(lines.get(i).cotangent()).append('\n');
        }
        for (int i : inputs()) {
            text.append("s += Σ u ⊙ ∂loss/∂v").append(i).append(", u = ");
            text.append(lines.get(i).direction()).append('\n');
        }
        return text.toString();
    }
}
