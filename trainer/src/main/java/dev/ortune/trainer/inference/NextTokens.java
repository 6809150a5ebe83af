package dev.ortune.trainer.inference;

import dev.ortune.trainer.task.head.MaskedLanguageModelHead;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How well logits over a vocabulary tell tokens. */
final class NextTokens {
    private NextTokens() {}

    /**
     * Of those places that have a label: {@code losses}, the cross entropy of each, and {@code hits}, 1 where it is the likeliest.
     *
     * @param logits {@code [places, vocab]}
     * @param labels {@code [places]}, below 0 for none
     */
    static Map<String, float[]> evaluated(FloatBuffer logits, long[] labels) {
        int vocab = logits.remaining() / labels.length;
        int count = (int) Arrays.stream(labels).filter(label -> label >= 0).count();
        float[] losses = new float[count];
        float[] hits = new float[count];
        float[] row = new float[vocab];
        int labelled = 0;
        for (int place = 0; place < labels.length; place++) {
            if (labels[place] < 0) {
                continue;
            }
            logits.get(place * vocab, row);
            int best = likeliest(row);
            double sum = 0;
            for (float logit : row) {
                sum += Math.exp((double) logit - row[best]);
            }
            int label = (int) labels[place];
            losses[labelled] = (float) (Math.log(sum) + row[best] - row[label]);
            hits[labelled++] = best == label ? 1 : 0;
        }
        Map<String, float[]> evaluated = new LinkedHashMap<>();
        evaluated.put(MaskedLanguageModelHead.LOSSES, losses);
        evaluated.put(MaskedLanguageModelHead.HITS, hits);
        return evaluated;
    }

    /** The token with the largest logit, of equal ones the first. */
    static int likeliest(float[] logits) {
        int best = 0;
        for (int word = 1; word < logits.length; word++) {
            best = logits[word] > logits[best] ? word : best;
        }
        return best;
    }
}
