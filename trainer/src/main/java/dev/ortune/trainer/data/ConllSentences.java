package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sentences as the shared tasks of CoNLL have them: a line a word, of columns that tabs separate, or blanks where the first
 * line has no tab; the first column is the word and the last its label unless options say otherwise. A line without
 * anything in it ends a sentence, and {@code -DOCSTART-} lines are no words.
 */
final class ConllSentences implements TaggedSentences {
    private static final String DOCUMENT = "-DOCSTART-";

    /** ASCII's alone: a word may be what Unicode calls a blank. */
    private static final Pattern NOTHING = Pattern.compile("[ \\t\\r\\n]*");

    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Pattern OUTER_BLANKS = Pattern.compile("^[ \\t]+|[ \\t\\r\\n]+$");
    private static final Pattern LINE_END = Pattern.compile("\\r?\\n?$");

    private final Utf8Lines lines;
    private final ReadOptions options;
    private Layout layout;

    ConllSentences(Utf8Lines lines, ReadOptions options) {
        this.lines = lines;
        this.options = options;
        options.requireNoDelimiter(lines.file());
        if (options.pairColumn() != null) {
            throw new OrtuneException(lines.file() + ": words with a label each have no second text; --pair-column "
                    + options.pairColumn() + " is too much");
        }
    }

    /**
     * How the file's lines are to be read, as its first tells.
     *
     * @param tabs whether tabs separate the columns
     * @param width number of columns
     * @param word the word's
     * @param label the label's
     */
    private record Layout(boolean tabs, int width, int word, int label) {}

    @Override
    public TaggedSentence next() throws IOException {
        List<String> words = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            boolean ends = NOTHING.matcher(line).matches();
            if (ends && !words.isEmpty()) {
                break;
            }
            if (!ends && !isDocument(line)) {
                List<String> cells = cells(line);
                words.add(cells.get(layout.word));
                labels.add(cells.get(layout.label));
                numbers.add(lines.number());
            }
        }
        return words.isEmpty() ? null : new TaggedSentence(numbers.get(0), words, labels, numbers);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private static boolean isDocument(String line) {
        return line.startsWith(DOCUMENT)
                && (line.length() == DOCUMENT.length() || Character.isWhitespace(line.charAt(DOCUMENT.length())));
    }

    private List<String> cells(String line) {
        if (layout == null) {
            boolean tabs = line.indexOf('\t') >= 0;
            layout = layout(tabs, split(line, tabs).size());
        }
        List<String> cells = split(line, layout.tabs);
        if (cells.size() != layout.width) {
            throw lines.error(
                    cells.size() == 1
                            ? "the label is missing: one column where the first line has " + layout.width
                            : cells.size() + " columns where the first line has " + layout.width);
        }
        return cells;
    }

    private Layout layout(boolean tabs, int width) {
        if (width < 2) {
            throw lines.error("the label is missing: a word and its label are wanted, with a tab or a blank between");
        }
        return new Layout(
                tabs,
                width,
                column(options.textColumn(), "--text-column", 0, width),
                column(options.labelColumn(), "--label-column", width - 1, width));
    }

    private int column(String given, String option, int usual, int width) {
        if (given == null) {
            return usual;
        }
        int column = ReadOptions.isPosition(given) ? Integer.parseInt(given) : width;
        if (column >= width) {
            throw new OrtuneException(lines.file() + ": " + option + " " + given
                    + " is not there; the columns have no names, and the first line has columns 0 to " + (width - 1));
        }
        return column;
    }

    private static List<String> split(String line, boolean tabs) {
        return tabs
                ? List.of(LINE_END.matcher(line).replaceFirst("").split("\t", -1))
                : List.of(BLANKS.split(OUTER_BLANKS.matcher(line).replaceAll(""), -1));
    }
}
