package dev.ortune.trainer.corpus;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.text.Pieces;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * Draws which tokens a model is to guess (Devlin et al. 2019, arXiv:1810.04805): each but the special ones with one probability,
 * and of those drawn eight in ten are hidden behind the mask, one in ten behind any other token of the vocabulary, and one in ten
 * not at all. The draws are as transformers' {@code DataCollatorForLanguageModeling} makes them, one a token. With whole words the
 * first draw is one a word, as in BERT's own whole word masking; the second stays one a token.
 *
 * @param probability of the first draw, above 0 and up to 1
 * @param wholeWords whether a word is drawn with all its tokens
 * @param maskId the token that hides others
 * @param vocabulary ids from 0 to below this are what hides one in ten
 * @param special ids that are never drawn
 */
public record Masking(double probability, boolean wholeWords, int maskId, int vocabulary, BitSet special)
        implements Labelling {
    private static final double MASKED = 0.8;
    private static final double REPLACED = 0.1;

    public Masking {
        requireProbability(probability);
    }

    /** Fails for what is no probability of a draw. */
    public static void requireProbability(double probability) {
        if (!(probability > 0 && probability <= 1)) {
            throw new OrtuneException("--mlm-probability must be above 0 and at most 1, not " + probability);
        }
    }

    @Override
    public boolean readsWords() {
        return wholeWords;
    }

    /** Whether there is anything to draw from. */
    @Override
    public boolean hasLabels(int[] tokens) {
        for (int token : tokens) {
            if (!special.get(Pieces.id(token))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Masks a sequence.
     *
     * @param tokens as {@link Pieces} has them
     * @param ids takes what the model sees, from {@code at} on
     * @param labels takes the tokens that were drawn, and {@link Targets#IGNORED} for others, from {@code at} on
     * @return how many were drawn
     */
    @Override
    public int label(SplittableRandom random, int[] tokens, long[] ids, long[] labels, int at) {
        int count = 0;
        boolean drawn = false;
        boolean wasSpecial = true;
        for (int i = 0; i < tokens.length; i++) {
            int id = Pieces.id(tokens[i]);
            boolean isSpecial = special.get(id);
            boolean goesOn = wholeWords && !wasSpecial && Pieces.continues(tokens[i]);
            drawn = !isSpecial && (goesOn ? drawn : random.nextDouble() < probability);
            ids[at + i] = drawn ? hidden(id, random) : id;
            labels[at + i] = drawn ? id : Targets.IGNORED;
            count += drawn ? 1 : 0;
            wasSpecial = isSpecial;
        }
        return count;
    }

    private int hidden(int id, SplittableRandom random) {
        double how = random.nextDouble();
        if (how < MASKED) {
            return maskId;
        }
        return how < MASKED + REPLACED ? random.nextInt(vocabulary) : id;
    }
}
