package dev.ortune.server.interpret;

import dev.ortune.server.model.Prediction;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.TextInput;
import java.util.ArrayList;
import java.util.List;

/**
 * What each word does to a verdict: how much the predicted label's probability falls when the word is left out (Zeiler and
 * Fergus 2014, arXiv:1311.2901, for images). All texts run in the same batches.
 */
public final class Occlusion {
    private Occlusion() {}

    /**
     * A word and its share.
     *
     * @param share probability with it less probability without it; below 0 where it speaks against the verdict
     */
    public record Share(Word word, double share) {}

    /** The text as it is, then the text without each of its words. */
    public static List<TextInput> texts(String text, List<Word> words) {
        List<TextInput> texts = new ArrayList<>(List.of(TextInput.of(text)));
        words.forEach(word -> texts.add(TextInput.of(word.leftOut(text))));
        return texts;
    }

    /** The shares, of the predictions of {@link #texts}. */
    public static List<Share> shares(ServedModel model, List<Word> words, List<Prediction> predictions) {
        int label = predictions.get(0).best();
        double whole = model.shares(predictions.get(0))[label];
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            shares.add(new Share(words.get(i), whole - model.shares(predictions.get(i + 1))[label]));
        }
        return shares;
    }
}
