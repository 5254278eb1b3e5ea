// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.peers;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/** The training step of 2-16-16-1 on 32 examples and one thread, which measures a framework's overhead. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SmallNetStep extends SideBySide {
    /** The library under test. */
    @Param({MASKTAPE, "torch", "dl4j"})
    public String side = MASKTAPE;

    /** A benchmark whose parameters JMH sets. */
    public SmallNetStep() {}

    @Override
    MeasuredStep open() {
        setThreads(side, 1);
        return DenseStep.dense(side, Problem.small());
    }
}
