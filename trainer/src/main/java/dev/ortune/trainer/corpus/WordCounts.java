package dev.ortune.trainer.corpus;

import dev.ortune.trainer.data.CorpusReader;
import dev.ortune.trainer.text.WordSplitter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often texts have each word: of texts of any size the words alone are in memory. */
public final class WordCounts implements CorpusReader.Paragraphs {
    private static final int PARAGRAPHS = 1024;
    private static final int CHARACTERS = 1 << 18;

    private final WordSplitter splitter;
    private final Map<String, Long> counts = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private int characters;

    private WordCounts(WordSplitter splitter) {
        this.splitter = splitter;
    }

    /**
     * Counts those of files.
     *
     * @param column the key of a JSON object's text
     */
    public static Map<String, Long> of(List<Path> files, String column, WordSplitter splitter) {
        WordCounts words = new WordCounts(splitter);
        files.forEach(file -> CorpusReader.read(file, column, words));
        words.flush();
        return words.counts;
    }

    @Override
    public void paragraph(String text) {
        texts.add(text);
        characters += text.length();
        if (texts.size() == PARAGRAPHS || characters >= CHARACTERS) {
            flush();
        }
    }

    @Override
    public void endOfDocument() {
        // Words know nothing of documents.
    }

    private void flush() {
        splitter.words(texts).forEach(word -> counts.merge(word, 1L, Long::sum));
        texts.clear();
        characters = 0;
    }
}
