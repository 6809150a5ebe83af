package dev.ortune.trainer.corpus;

import dev.ortune.trainer.data.CorpusReader;
import dev.ortune.trainer.text.Pieces;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Texts to sequences of tokens on disk, some paragraphs at a time. */
public final class Corpus implements CorpusReader.Paragraphs {
    private static final int PARAGRAPHS = 1024;
    private static final int CHARACTERS = 1 << 20;

    private final TextTokenizer tokenizer;
    private final SequenceMaker maker;
    /** What is read behind each paragraph. */
    private final String lineEnd;

    private final Runnable pause;
    private final List<String> texts = new ArrayList<>();
    /** Of the texts that wait those that end a document. */
    private final BitSet ends = new BitSet();

    private int characters;

    private Corpus(TextTokenizer tokenizer, SequenceMaker maker, String lineEnd, Runnable pause) {
        this.tokenizer = tokenizer;
        this.maker = maker;
        this.lineEnd = lineEnd;
        this.pause = pause;
    }

    /** What becomes of paragraphs. */
    public enum Form {
        /** All in one row, cut into full blocks. */
        BLOCKS,
        /** Each a sequence. */
        LINES,
        /** Sentences, of which pairs are made. */
        PAIRS
    }

    /**
     * How sequences are made.
     *
     * @param form what becomes of paragraphs
     * @param length tokens of a sequence at most
     * @param labelling what is asked of a sequence: of one of which nothing can be asked nothing becomes
     * @param seed of what is random in that
     */
    public record Recipe(Form form, int length, Labelling labelling, long seed) {
        private SequenceMaker maker(SequenceFile.Writer writer, TextTokenizer tokenizer, Path to) {
            return switch (form) {
                case BLOCKS -> new Blocks(writer, labelling, length);
                case LINES -> new Lines(writer, labelling, length);
                case PAIRS -> {
                    // The special tokens that are put around a text.
                    int[] around = tokenizer.pieces(List.of(""), true).get(0).tokens();
                    yield new SentencePairs(
                            writer,
                            labelling,
                            new SentencePairs.Pairs(length, around[0], around[around.length - 1], seed),
                            to);
                }
            };
        }
    }

    /**
     * Tokenises files.
     *
     * @param files in their order
     * @param column the key of a JSON object's text
     * @param to where the sequences go; what has that name is replaced
     * @param pause called now and then, and free to throw
     */
    public static SequenceFile encode(
            List<Path> files, String column, Recipe recipe, TextTokenizer tokenizer, Path to, Runnable pause) {
        try (SequenceFile.Writer writer = new SequenceFile.Writer(to)) {
            SequenceMaker maker = recipe.maker(writer, tokenizer, to);
            boolean lineEnds = recipe.form == Form.BLOCKS && recipe.labelling.keepsLineEnds();
            Corpus corpus = new Corpus(tokenizer, maker, lineEnds ? "\n" : "", pause);
            files.forEach(file -> CorpusReader.read(file, column, corpus));
            corpus.flush();
            return maker.finish();
        }
    }

    @Override
    public void paragraph(String text) {
        texts.add(text + lineEnd);
        characters += text.length();
        if (texts.size() == PARAGRAPHS || characters >= CHARACTERS) {
            flush();
        }
    }

    @Override
    public void endOfDocument() {
        if (texts.isEmpty()) {
            maker.endOfDocument();
        } else {
            ends.set(texts.size() - 1);
        }
    }

    private void flush() {
        pause.run();
        List<Pieces> all = tokenizer.pieces(texts, maker.wantsSpecial());
        for (int i = 0; i < all.size(); i++) {
            maker.paragraph(all.get(i));
            if (ends.get(i)) {
                maker.endOfDocument();
            }
        }
        texts.clear();
        ends.clear();
        characters = 0;
    }
}
