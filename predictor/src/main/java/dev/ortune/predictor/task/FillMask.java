package dev.ortune.predictor.task;

import dev.ortune.predictor.Filling;
import dev.ortune.predictor.MaskFillings;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.MaskVocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which tokens may stand behind the masks of a text, as transformers' {@code FillMaskPipeline} says it: of each mask by itself, the
 * others left as they are.
 *
 * @param vocabulary names of tokens
 * @param width logits of each token
 * @param logits the graph's output that has them
 */
public record FillMask(MaskVocabulary vocabulary, int width, String logits) implements Task {
    /** How many are given where nobody says otherwise. */
    public static final int TOP_K = 5;

    /** Numbers that a batch's output may have, 64 MB: there are as many a token as the vocabulary has words. */
    private static final int MOST_NUMBERS = 16 << 20;

    @Override
    public String pipelineTag() {
        return "fill-mask";
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public List<String> outputs() {
        return List.of(logits);
    }

    @Override
    public OutputShape output() {
        return OutputShape.TOKEN;
    }

    @Override
    public int batchTokens(int asked) {
        return Math.max(1, Math.min(asked, MOST_NUMBERS / width));
    }

    /** The masks: of all other tokens nobody wants to know. */
    @Override
    public int[] asked(EncodedText text) {
        return IntStream.range(0, text.length())
                .filter(token -> text.ids()[token] == vocabulary.maskId())
                .toArray();
    }

    @Override
    public boolean namesTokens() {
        return false;
    }

    @Override
    public MaskFillings answer(Prediction prediction) {
        return answer(prediction, TOP_K, null);
    }

    /**
     * What may stand behind each mask of a text.
     *
     * @param topK how many at most
     * @param targets the only tokens to choose from, each once; null for all
     */
    public MaskFillings answer(Prediction prediction, int topK, int[] targets) {
        int[] masks = asked(prediction.text());
        List<List<Filling>> fillings = new ArrayList<>(masks.length);
        for (int mask = 0; mask < masks.length; mask++) {
            double[] shares = ScoreFunction.softmax(prediction.logits(), mask * width, width);
            int[] tokens = targets == null ? IntStream.range(0, width).toArray() : targets;
            int place = masks[mask];
            boolean alone = masks.length == 1;
            fillings.add(likeliest(shares, tokens, topK).stream()
                    .map(token -> filling(prediction.text(), place, token, shares[token], alone))
                    .toList());
        }
        return new MaskFillings(fillings);
    }

    private static List<Integer> likeliest(double[] shares, int[] tokens, int count) {
        Comparator<Integer> byShare = Comparator.comparingDouble((Integer token) -> shares[token])
                .thenComparing(Comparator.<Integer>naturalOrder().reversed());
        PriorityQueue<Integer> best = new PriorityQueue<>(byShare);
        for (int token : tokens) {
            best.add(token);
            if (best.size() > count) {
                best.remove();
            }
        }
        return best.stream().sorted(byShare.reversed()).toList();
    }

    /** Where there are other masks they stay, and with them the other special tokens. */
    private Filling filling(EncodedText text, int place, int token, double share, boolean alone) {
        long[] ids = text.ids().clone();
        ids[place] = token;
        ids = LongStream.of(ids).filter(id -> !vocabulary.isPadding(id)).toArray();
        return new Filling(share, token, vocabulary.decode(new long[] {token}, false), vocabulary.decode(ids, alone));
    }
}
