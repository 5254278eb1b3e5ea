// SPDX-License-Identifier: Apache-2.0
package io.github.masktape.cli.terminal;

import io.github.masktape.tensor.Compute;
import picocli.CommandLine.IVersionProvider;

/** The version of Masktape and of its runtime. */
public final class Version implements IVersionProvider {
    /** The version number in the jar's manifest. */
    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not from its jar)" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "masktape " + number(),
            "Java " + Runtime.version() + "; " + Compute.description()
                    + (Compute.lacksVectorModule() ? "; train adds the module" : "")
        };
    }
}
