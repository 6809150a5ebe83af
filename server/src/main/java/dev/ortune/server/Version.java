package dev.ortune.server;

import java.util.Objects;

/** Which Ortune this is. */
public final class Version {
    private Version() {}

    /** The version in the jar's manifest; "development" when there is no jar. */
    public static String ortune() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }

    /** Java's version and maker. */
    public static String java() {
        return System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")";
    }
}
