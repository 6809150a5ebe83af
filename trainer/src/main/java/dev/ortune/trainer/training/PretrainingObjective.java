package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.corpus.Labelling;
import dev.ortune.trainer.corpus.Masking;
import dev.ortune.trainer.corpus.NextTokens;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.task.head.CausalLanguageModelHead;
import dev.ortune.trainer.task.head.MaskedLanguageModelHead;
import dev.ortune.trainer.text.TextTokenizer;

/**
 * What pre-training minimises.
 *
 * @param kind which loss
 * @param probability of a token to be masked, above 0 and up to 1; of no use where none is
 * @param wholeWords whether words are masked as a whole
 */
public record PretrainingObjective(Kind kind, double probability, boolean wholeWords) {
    /** The losses, as {@code --objective} calls them. */
    public enum Kind {
        /** Masked words. */
        MLM("mlm"),
        /** The same with next sentences. */
        MLM_NSP("mlm+nsp"),
        /** Next tokens: causal language modelling. */
        CLM("clm");

        private final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    public PretrainingObjective {
        Masking.requireProbability(probability);
    }

    /** What {@code --objective} names. */
    public static PretrainingObjective of(String name, double probability, boolean wholeWords) {
        return switch (name) {
            case "mlm" -> new PretrainingObjective(Kind.MLM, probability, wholeWords);
            case "mlm+nsp" -> new PretrainingObjective(Kind.MLM_NSP, probability, wholeWords);
            case "clm" -> new PretrainingObjective(Kind.CLM, probability, wholeWords);
            default -> throw new OrtuneException("--objective must be mlm, mlm+nsp or clm, not " + name);
        };
    }

    /** Whether pairs of texts are told apart, too. */
    boolean nextSentence() {
        return kind == Kind.MLM_NSP;
    }

    /** The name of transformers' pipeline for models that learn it. */
    String task() {
        return kind == Kind.CLM ? "text-generation" : "fill-mask";
    }

    /** What is asked of each token. */
    Labelling labelling(TextTokenizer tokenizer) {
        if (kind == Kind.CLM) {
            return new NextTokens(tokenizer.endId().orElse(-1));
        }
        int maskId = tokenizer
                .maskId()
                .orElseThrow(() -> new OrtuneException(
                        "The tokenizer has no token for masks; tokenizer_config.json names one as mask_token"));
        return new Masking(probability, wholeWords, maskId, tokenizer.vocabSize(), tokenizer.specialIds());
    }

    /** The end of a network that is trained for it. */
    Head head(Architecture architecture) {
        if (architecture.tellsNextTokens() != (kind == Kind.CLM)) {
            throw new OrtuneException(
                    architecture.tellsNextTokens()
                            ? "--objective " + this + " is not " + architecture.modelType()
                                    + "'s, whose tokens see only those before them; it learns by clm"
                            : "--objective clm is for models whose tokens see only those before them, such as gpt2, llama and qwen2; "
                                    + architecture.modelType() + " learns by mlm");
        }
        if (kind == Kind.CLM) {
            return new CausalLanguageModelHead();
        }
        if (nextSentence() && !architecture.tellsNextSentences()) {
            throw new OrtuneException("--objective mlm+nsp is BERT's; " + architecture.modelType()
                    + " has no head for next sentences, but learns by mlm");
        }
        return new MaskedLanguageModelHead(nextSentence());
    }

    @Override
    public String toString() {
        return kind.name;
    }
}
