package dev.ortune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * Reads sentences of words with a label each: CoNLL's columns ({@link ConllSentences}) or JSON lines
 * ({@link JsonSentences}), plain or packed as {@code .gz}.
 */
public final class WordLabelReader {
    /** Endings of names that are given to CoNLL's columns and to nothing else that is read here; WNUT's are among them. */
    private static final Set<String> CONLL = Set.of("conll", "txt", "iob", "iob2", "bio", "bioes", "annotated");

    private static final Set<String> JSON = Set.of("jsonl", "ndjson", "json");

    /** Formats of one text a row. */
    private static final Set<String> TEXTS = Set.of("csv");

    private WordLabelReader() {}

    /**
     * Whether a file holds words with a label each, as far as its name tells, or of JSON its first line.
     *
     * @throws OrtuneException when it must be read to tell and cannot be
     */
    public static boolean reads(Path file, ReadOptions options) {
        String format = format(file);
        return CONLL.contains(format) || (JSON.contains(format) && beginsWithLists(file, options));
    }

    private static boolean beginsWithLists(Path file, ReadOptions options) {
        return guarded(file, lines -> {
            try (JsonRows rows = new JsonRows(lines)) {
                JsonNode first = rows.nextObject();
                return first != null && JsonSentences.hasLists(first, options);
            }
        });
    }

    /**
     * Reads a whole file. Sentences without words are left out. Labels are names, whose ids follow their order by
     * characters; or numbers 0 to n-1, as {@link DatasetReader} has them.
     *
     * @param known the labels of an existing model, which the file's must be among, by name or id; null to discover them
     * @throws OrtuneException that names the file, and the line where there is one, for whatever is wrong with it
     */
    public static Dataset read(Path file, ReadOptions options, Labels known) {
        String format = format(file);
        if (TEXTS.contains(format)) {
            throw new OrtuneException(file + ": ." + format
                    + " holds a text a row; words with a label each are read from .conll, .txt and .jsonl, also with"
                    + " .gz");
        }
        return guarded(file, lines -> {
            try (TaggedSentences sentences =
                    JSON.contains(format) ? new JsonSentences(lines, options) : new ConllSentences(lines, options)) {
                return dataset(file.toString(), sentences, known);
            }
        });
    }

    private static Dataset dataset(String file, TaggedSentences sentences, Labels known) throws IOException {
        LabelColumn labels = new LabelColumn(file, known);
        List<TaggedSentence> all = new ArrayList<>();
        for (TaggedSentence each = sentences.next(); each != null; each = sentences.next()) {
            all.add(each);
            for (int word = 0; word < each.words().size(); word++) {
                labels.add(each.labels().get(word), each.lines().get(word));
            }
        }
        if (all.isEmpty()) {
            throw new OrtuneException(file + ": the file is empty");
        }
        LabelColumn.Labelled labelled = labels.labelled();
        List<Example> examples = new ArrayList<>(all.size());
        int word = 0;
        for (TaggedSentence each : all) {
            int end = word + each.words().size();
            examples.add(example(each, Arrays.copyOfRange(labelled.ids(), word, end)));
            word = end;
        }
        return new Dataset(file, examples, labelled.labels(), new Reading(labelled.numbered(), List.of()));
    }

    private static Example example(TaggedSentence sentence, int[] labels) {
        List<String> words =
                sentence.words().stream().map(TextTokenizer::wellFormed).toList();
        return new Example(String.join(" ", words), null, new Target.WordLabels(words, labels), "", sentence.line());
    }

    private static String format(Path file) {
        String plain = DataFile.plainName(file);
        return plain.substring(plain.lastIndexOf('.') + 1);
    }

    /** What is done with a file's lines. */
    private interface OfLines<T> {
        T of(Utf8Lines lines) throws IOException;
    }

    private static <T> T guarded(Path file, OfLines<T> reading) {
        String name = file.toString();
        try (Utf8Lines lines = new Utf8Lines(name, DataFile.open(file))) {
            return reading.of(lines);
        } catch (ZipException e) {
            throw new OrtuneException(name + ": no valid gzip file: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new OrtuneException(name + ": the gzip file is cut off", e);
        } catch (IOException e) {
            throw new OrtuneException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
