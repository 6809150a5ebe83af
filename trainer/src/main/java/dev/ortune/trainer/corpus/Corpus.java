package dev.ortune.trainer.corpus;

import dev.ortune.trainer.data.Ahead;
import dev.ortune.trainer.data.CorpusReader;
import dev.ortune.trainer.text.Pieces;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Texts to sequences of tokens on disk. What is read goes in blocks to threads that tokenise, as many as there are processors,
 * while the thread that reads writes what comes back, in the order of the texts.
 */
public final class Corpus implements CorpusReader.Paragraphs, AutoCloseable {
    private static final int PARAGRAPHS = 1024;
    private static final int CHARACTERS = 1 << 20;

    private final TextTokenizer tokenizer;
    private final SequenceMaker maker;
    private final boolean words;
    /** What is read behind each paragraph. */
    private final String lineEnd;

    private final Runnable pause;
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService threads = Executors.newFixedThreadPool(processors);
    /** Those that the threads have, at most two for each, so that none waits while a block is written. */
    private final Deque<Block> waiting = new ArrayDeque<>();

    private Block block = new Block();

    private Corpus(TextTokenizer tokenizer, SequenceMaker maker, boolean words, String lineEnd, Runnable pause) {
        this.tokenizer = tokenizer;
        this.maker = maker;
        this.words = words;
        this.lineEnd = lineEnd;
        this.pause = pause;
    }

    /** Paragraphs that one thread tokenises. */
    private static final class Block {
        private final List<String> texts = new ArrayList<>();
        /** Those of the texts that end a document. */
        private final BitSet ends = new BitSet();

        private int characters;
        private CompletableFuture<List<Pieces>> pieces;

        private void add(String text) {
            texts.add(text);
            characters += text.length();
        }

        private boolean isFull() {
            return texts.size() == PARAGRAPHS || characters >= CHARACTERS;
        }

        private void endOfDocument() {
            ends.set(texts.size() - 1);
        }
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
                    int[] around =
                            tokenizer.pieces(List.of(""), true, false).get(0).tokens();
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
            try (Corpus corpus =
                    new Corpus(tokenizer, maker, recipe.labelling.readsWords(), lineEnds ? "\n" : "", pause)) {
                files.forEach(file -> CorpusReader.read(file, column, corpus));
                corpus.finish();
            }
            return maker.finish();
        }
    }

    @Override
    public void paragraph(String text) {
        block.add(text + lineEnd);
        if (block.isFull()) {
            tokenize();
        }
    }

    @Override
    public void endOfDocument() {
        if (!block.texts.isEmpty()) {
            block.endOfDocument();
        } else if (!waiting.isEmpty()) {
            waiting.getLast().endOfDocument();
        } else {
            maker.endOfDocument();
        }
    }

    /** Gives the block to the threads, and writes the oldest where enough are on their way. */
    private void tokenize() {
        pause.run();
        boolean special = maker.wantsSpecial();
        List<String> texts = block.texts;
        block.pieces = CompletableFuture.supplyAsync(() -> tokenizer.pieces(texts, special, words), threads);
        waiting.add(block);
        block = new Block();
        if (waiting.size() > 2 * processors) {
            write(waiting.remove());
        }
    }

    private void finish() {
        tokenize();
        waiting.forEach(this::write);
        waiting.clear();
    }

    private void write(Block block) {
        List<Pieces> all = Ahead.joined(block.pieces);
        for (int i = 0; i < all.size(); i++) {
            maker.paragraph(all.get(i));
            if (block.ends.get(i)) {
                maker.endOfDocument();
            }
        }
    }

    /** Waits for what the threads have begun, since the tokenizer may be closed after this. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
