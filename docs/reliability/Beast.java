// SPDX-License-Identifier: Apache-2.0
import java.nio.file.Path;
import java.util.Set;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs a module's tests once for each seed, one after the other in this JVM, so that a run also meets what the ones before
 * left behind. beast.sh starts it, by its source:
 *
 * <pre>java -cp CLASSPATH Beast.java TEST-CLASSES SEED...</pre>
 *
 * <p>Prints a line for each run: {@code beast SEED TESTS FAILURES MILLISECONDS}.
 */
public class Beast {
    public static void main(String[] args) {
        for (int run = 1; run < args.length; run++) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(Path.of(args[0]))))
                    .filters(ClassNameFilter.includeClassNamePatterns(".*(Test|Properties)"))
                    .configurationParameter("junit.jupiter.execution.order.random.seed", args[run])
                    .configurationParameter(
                            "junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$Random")
                    .configurationParameter(
                            "junit.jupiter.testmethod.order.default", "org.junit.jupiter.api.MethodOrderer$Random")
                    .build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            long start = System.nanoTime();
            LauncherFactory.create().execute(request, listener);
            TestExecutionSummary summary = listener.getSummary();
            summary.printFailuresTo(new java.io.PrintWriter(System.out, true), 100);
            System.out.println("beast " + args[run] + " " + summary.getTestsStartedCount() + " "
                    + summary.getTotalFailureCount() + " " + (System.nanoTime() - start) / 1_000_000);
        }
        System.exit(0);
    }
}
