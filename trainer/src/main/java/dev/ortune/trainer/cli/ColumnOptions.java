package dev.ortune.trainer.cli;

import dev.ortune.trainer.data.ReadOptions;
import picocli.CommandLine.Option;

/** Which columns of a data file to read; found from the file itself when none is named. */
final class ColumnOptions {
    @Option(
            names = "--text-column",
            paramLabel = "COLUMN",
            description = "Column of the text, by its name or counted from 0.")
    private String text;

    @Option(names = "--pair-column", paramLabel = "COLUMN", description = "Column of a second text.")
    private String pair;

    @Option(names = "--label-column", paramLabel = "COLUMN", description = "Column of the label.")
    private String label;

    ReadOptions columns() {
        return new ReadOptions(text, pair, label);
    }
}
