package dev.ortune.trainer.data;

import java.util.Optional;

/** Counts texts that stand in quotes where these are not read as such. */
final class QuotedTexts {
    private int texts;
    private int quoted;

    void look(String text) {
        texts++;
        quoted += text.length() > 1 && text.startsWith("\"") && text.endsWith("\"") ? 1 : 0;
    }

    /** A line where it is more than every other, which no usual sentences come to. */
    Optional<String> notice(String file) {
        return 2 * quoted <= texts
                ? Optional.empty()
                : Optional.of(file + ": " + quoted + " of " + texts
                        + " texts stand in quotes, which are taken as part of them; --quoting reads them as pandas writes"
                        + " them");
    }
}
