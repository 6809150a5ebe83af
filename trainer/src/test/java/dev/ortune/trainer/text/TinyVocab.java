package dev.ortune.trainer.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A vocabulary whose tokenisations can be worked out by hand. */
final class TinyVocab {
    static final List<String> TOKENS = List.of(
            "[PAD]",
            "[UNK]",
            "[CLS]",
            "[SEP]",
            "[MASK]", // 0 to 4
            "the",
            "cat",
            "it",
            "run",
            "##s", // 5 to 9
            "##ning",
            "cafe",
            ".",
            "'",
            "中", // 10 to 14
            "!",
            "un",
            "##run",
            "a",
            "##a", // 15 to 19
            "café",
            "The",
            "-",
            "$",
            "##\u0301"); // 20 to 24

    private TinyVocab() {}

    static Path write(Path folder) throws IOException {
        return Files.writeString(folder.resolve("vocab.txt"), String.join("\n", TOKENS) + "\n");
    }
}
