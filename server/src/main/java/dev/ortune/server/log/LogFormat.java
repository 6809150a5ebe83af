package dev.ortune.server.log;

import java.util.Locale;

/** How requests are written down: not at all, as lines for people, or as JSON lines for programs. */
public enum LogFormat {
    NONE,
    TEXT,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
