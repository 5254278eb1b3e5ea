package io.github.masktape.peers;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;

/** The training step of 2-16-16-1 on 32 examples, one thread: what a framework costs beside its arithmetic. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SmallNetStep extends SideBySide {
    /** Whose. */
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
