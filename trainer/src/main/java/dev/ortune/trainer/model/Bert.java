package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;

/** BERT (Devlin et al. 2019, arXiv:1810.04805): its classifier reads the first token through the pooler. */
public final class Bert extends BertLike {
    private static final Size DEFAULTS = new Size(30522, 768, 12, 12, 3072, 512, 2);

    public Bert(EncoderConfig config) {
        super(config);
    }

    static Bert of(ConfigValues values) {
        return new Bert(EncoderConfig.of(values, DEFAULTS));
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new Bert(other);
    }

    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public String className() {
        return "Bert";
    }

    @Override
    String prefix() {
        return "bert";
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        return classifier(form, "classifier", pooled(form, hidden), labels);
    }

    @Override
    public boolean tellsNextSentences() {
        return true;
    }

    @Override
    public Value nextSentence(Form form, Value hidden) {
        return form.linear("cls.seq_relationship", pooled(form, hidden), 2);
    }

    @Override
    public String moduleClass(String parent, String name) {
        return switch (name) {
            case "cls" -> "BertPreTrainingHeads";
            case "predictions" -> "BertLMPredictionHead";
            case "transform" -> "BertPredictionHeadTransform";
            default -> super.moduleClass(parent, name);
        };
    }
}
