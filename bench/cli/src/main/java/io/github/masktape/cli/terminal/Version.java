package io.github.masktape.cli.terminal;

import io.github.masktape.tensor.Compute;
import picocli.CommandLine.IVersionProvider;

/** Masktape's version, and what it runs on. */
public final class Version implements IVersionProvider {
    /** The version number, which the jar's manifest holds. */
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
