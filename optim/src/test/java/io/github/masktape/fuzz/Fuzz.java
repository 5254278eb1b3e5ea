// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.fuzz;

/**
 * What Jazzer calls: the bytes that it thinks of, given to one parser.
 *
 * <pre>
 * mvn -Pfuzz -pl optim -am process-test-classes -Dfuzz.parser=SAFETENSORS -Dfuzz.runs=10000000
 * </pre>
 */
public final class Fuzz {
    private static Parser parser = Parser.SAFETENSORS;

    private Fuzz() {}

    /** Before the first call. */
    public static void fuzzerInitialize(String[] arguments) {
        parser = Parser.valueOf(arguments[0]);
    }

    /** An error thrown is a finding. */
    public static void fuzzerTestOneInput(byte[] content) {
        parser.problem(content);
    }
}
