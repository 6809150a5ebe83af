package dev.ortune.trainer.corpus;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.corpus.SequenceFile.Sequence;
import dev.ortune.trainer.text.Pieces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Pairs of texts of which the second follows the first or does not, by the rules of BERT's own {@code create_pretraining_data.py}:
 * sentences of a document are put together up to the length; the first of them, a random number, are one text, and either the
 * others are the second or, in half of the cases, sentences from a random place of another document, and the others are used
 * again. One document in ten has pairs of a random length. What is too long loses tokens from the longer text, each from its
 * beginning or its end.
 */
final class SentencePairs implements SequenceMaker {
    private static final double SHORT = 0.1;
    private static final double RANDOM = 0.5;
    /** Special tokens of a pair. */
    private static final int SPECIAL = 3;
    /** How often another document is looked for. */
    private static final int TRIES = 10;

    private final Path folder;
    private final SequenceFile.Writer writer;
    private final Labelling labelling;
    private final Pairs pairs;
    private final SplittableRandom random;
    private final SequenceFile.Writer sentences;
    /** Of each document its first sentence and the one after its last. */
    private final SequenceFile.Writer documents;

    private int begun;

    /**
     * What a pair is made of.
     *
     * @param length tokens at most, special ones included
     * @param begin the token before the first text
     * @param end the token after each of them
     * @param seed of all that is random
     */
    record Pairs(int length, int begin, int end, long seed) {
        Pairs {
            if (length < SPECIAL + 2) {
                throw new OrtuneException("--max-length " + length + " leaves no room for two texts beside " + SPECIAL
                        + " special tokens");
            }
        }
    }

    /** @param name of the file that is written; others of that name with endings go away again */
    SentencePairs(SequenceFile.Writer writer, Labelling labelling, Pairs pairs, Path name) {
        this.folder = name;
        this.writer = writer;
        this.labelling = labelling;
        this.pairs = pairs;
        this.random = new SplittableRandom(Permutation.mixed(pairs.seed()));
        this.sentences = new SequenceFile.Writer(name.resolveSibling(name.getFileName() + ".sentences"));
        this.documents = new SequenceFile.Writer(name.resolveSibling(name.getFileName() + ".documents"));
    }

    @Override
    public boolean wantsSpecial() {
        return false;
    }

    @Override
    public void paragraph(Pieces pieces) {
        if (pieces.tokens().length > 0) {
            sentences.add(Sequence.of(pieces.tokens()), false);
        }
    }

    @Override
    public void endOfDocument() {
        if (sentences.sequences() > begun) {
            documents.add(Sequence.of(new int[] {begun, sentences.sequences()}), false);
            begun = sentences.sequences();
        }
    }

    @Override
    public SequenceFile finish() {
        endOfDocument();
        SequenceFile texts = sentences.finish();
        SequenceFile places = documents.finish();
        try {
            if (places.counts().sequences() < 2) {
                throw new OrtuneException(folder.getFileName()
                        + ": next sentences need two documents at least, with a blank line between; --objective mlm does"
                        + " without");
            }
            for (int document = 0; document < places.counts().sequences(); document++) {
                pairsOf(document, texts, places);
            }
        } finally {
            texts.delete();
            places.delete();
        }
        return writer.finish();
    }

    private void pairsOf(int document, SequenceFile texts, SequenceFile places) {
        int[] bounds = places.read(document).tokens();
        int most = pairs.length() - SPECIAL;
        int target = random.nextDouble() < SHORT ? random.nextInt(2, most + 1) : most;
        List<int[]> chunk = new ArrayList<>();
        int length = 0;
        for (int i = bounds[0]; i < bounds[1]; i++) {
            chunk.add(texts.read(i).tokens());
            length += chunk.get(chunk.size() - 1).length;
            if (i < bounds[1] - 1 && length < target) {
                continue;
            }
            int first = chunk.size() >= 2 ? random.nextInt(1, chunk.size()) : 1;
            int[] one = joined(chunk.subList(0, first));
            boolean follows = chunk.size() > 1 && random.nextDouble() >= RANDOM;
            int[] other = follows
                    ? joined(chunk.subList(first, chunk.size()))
                    : elsewhere(document, target - one.length, texts, places);
            i -= follows ? 0 : chunk.size() - first;
            add(one, other, most, follows);
            chunk.clear();
            length = 0;
        }
    }

    /** Sentences from a random place of another document on, as many tokens as are wanted, or to its end. */
    private int[] elsewhere(int document, int wanted, SequenceFile texts, SequenceFile places) {
        int other = document;
        for (int i = 0; i < TRIES && other == document; i++) {
            other = random.nextInt(places.counts().sequences());
        }
        int[] bounds = places.read(other).tokens();
        List<int[]> taken = new ArrayList<>();
        int length = 0;
        for (int i = random.nextInt(bounds[0], bounds[1]); i < bounds[1] && (taken.isEmpty() || length < wanted); i++) {
            taken.add(texts.read(i).tokens());
            length += taken.get(taken.size() - 1).length;
        }
        return joined(taken);
    }

    private void add(int[] one, int[] other, int most, boolean follows) {
        int[] ends = {0, one.length, 0, other.length};
        while (ends[1] - ends[0] + ends[3] - ends[2] > most) {
            int text = ends[1] - ends[0] > ends[3] - ends[2] ? 0 : 2;
            if (random.nextBoolean()) {
                ends[text]++;
            } else {
                ends[text + 1]--;
            }
        }
        int firstLength = ends[1] - ends[0];
        int secondLength = ends[3] - ends[2];
        int[] tokens = new int[firstLength + secondLength + SPECIAL];
        tokens[0] = pairs.begin();
        System.arraycopy(one, ends[0], tokens, 1, firstLength);
        tokens[1 + firstLength] = pairs.end();
        System.arraycopy(other, ends[2], tokens, 2 + firstLength, secondLength);
        tokens[tokens.length - 1] = pairs.end();
        if (labelling.hasLabels(tokens)) {
            boolean truncated = firstLength + secondLength < one.length + other.length;
            writer.add(new Sequence(tokens, 2 + firstLength, follows ? 0 : 1), truncated);
        }
    }

    private static int[] joined(List<int[]> sentences) {
        return sentences.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
