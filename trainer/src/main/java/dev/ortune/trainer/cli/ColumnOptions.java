package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.LabelSets;
import dev.ortune.trainer.data.ReadOptions;
import java.util.List;
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

    @Option(
            names = {"--label-column", "--target-column"},
            paramLabel = "COLUMN",
            description = "Column of the label, or of the text that is to be written.")
    private String label;

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "What separates the columns: one character, or tab (default: as a .csv's first rows tell; a"
                    + " tab in a .tsv).")
    private String delimiter;

    @Option(
            names = "--quoting",
            description = "Fields of a .tsv may stand in quotes, as pandas writes them; those of a .csv always may.")
    private boolean quoting;

    @Option(
            names = "--label-columns",
            paramLabel = "COLUMN",
            split = ",",
            description = "Multi-label: columns that hold 1 for texts with a label and 0 for others, a label each.")
    private List<String> labelColumns = List.of();

    @Option(
            names = "--label-separator",
            paramLabel = "TEXT",
            description = "Multi-label: what stands between the labels in --label-column.")
    private String labelSeparator;

    @Option(
            names = "--skip-broken-rows",
            description = "Leave out rows of too few or too many columns, and say how many.")
    private boolean skipBrokenRows;

    ReadOptions columns() {
        return columns(ReadOptions.DEFAULTS);
    }

    /** @param usual what holds where no option says another */
    ReadOptions columns(ReadOptions usual) {
        LabelSets sets = new LabelSets(labelColumns.stream().map(String::strip).toList(), labelSeparator);
        return new ReadOptions(
                text == null ? usual.textColumn() : text,
                pair == null ? usual.pairColumn() : pair,
                label == null && !sets.isSaid() ? usual.labelColumn() : label,
                delimiter(),
                quoting,
                sets,
                skipBrokenRows || usual.skipsBrokenRows());
    }

    private Character delimiter() {
        if (delimiter == null) {
            return null;
        }
        String meant = delimiter.equals("tab") || delimiter.equals("\\t") ? "\t" : delimiter;
        if (meant.length() != 1 || "\"\r\n".contains(meant) || Character.isSurrogate(meant.charAt(0))) {
            throw new OrtuneException("--delimiter must be one character, or tab, not " + Printable.of(delimiter));
        }
        return meant.charAt(0);
    }
}
