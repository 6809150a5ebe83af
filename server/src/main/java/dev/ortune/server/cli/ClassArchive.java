package dev.ortune.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The classes that Java writes down when it ends, from which the next server begins. */
final class ClassArchive {
    /** Where, as the launcher says it; it takes the file over where another beside it says that it is worth it. */
    private static final String PLACE = System.getProperty("ortune.classes");

    private ClassArchive() {}

    /** All classes of a server are there now. */
    static void worthKeeping() {
        if (PLACE == null) {
            return;
        }
        try {
            Files.createFile(Path.of(PLACE + ".ready"));
        } catch (IOException e) {
            // The next start takes as long as this one.
        }
    }
}
