package dev.ortune.trainer.model;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.form.Form;
import java.util.List;

/**
 * ELECTRA's discriminator (Clark et al. 2020, arXiv:2003.10555): BERT whose embeddings may be narrower than its layers, and
 * with a dense layer and gelu in the classifier in place of a pooler.
 */
public final class Electra extends BertLike {
    private static final Size DEFAULTS = new Size(30522, 256, 12, 4, 1024, 512, 2);

    private final int embeddingSize;
    private final Summary summary;

    private Electra(EncoderConfig config, int embeddingSize, Summary summary) {
        super(config);
        this.embeddingSize = embeddingSize;
        this.summary = summary;
    }

    /**
     * What stands for a text in the head for choices.
     *
     * @param activation behind its dense layer
     * @param dropout behind that
     */
    private record Summary(Activation activation, double dropout) {
        static Summary of(ConfigValues values) {
            List<String> type = values.words("summary_type");
            if (!type.isEmpty() && !type.equals(List.of("first"))) {
                throw new OrtuneException(
                        "config.json: summary_type " + String.join("|", type) + " is not supported; first is");
            }
            if (!values.flag("summary_use_proj", true)) {
                throw new OrtuneException("config.json: summary_use_proj false is not supported; true is");
            }
            return new Summary(
                    values.activation("summary_activation", "gelu"), values.probability("summary_last_dropout", 0.1));
        }
    }

    static Electra of(ConfigValues values) {
        return new Electra(
                EncoderConfig.of(values, DEFAULTS), values.positive("embedding_size", 128), Summary.of(values));
    }

    @Override
    Architecture with(EncoderConfig other) {
        return new Electra(other, embeddingSize, summary);
    }

    @Override
    public String modelType() {
        return "electra";
    }

    @Override
    public String className() {
        return "Electra";
    }

    @Override
    String prefix() {
        return "electra";
    }

    @Override
    int embeddingSize() {
        return embeddingSize;
    }

    @Override
    Value project(Form form, Value embeddings) {
        int hidden = config().size().hidden();
        return embeddingSize == hidden ? embeddings : form.linear("embeddings_project", embeddings, hidden);
    }

    @Override
    public Value sequenceClassification(Form form, Value hidden, int labels) {
        return denseHead(form, hidden, Activation.GELU, labels);
    }

    /** The generator's. */
    @Override
    MaskedWords maskedWords() {
        return new MaskedWords(
                "generator_predictions.dense", "generator_predictions.LayerNorm", "generator_lm_head.bias");
    }

    /** Whatever config.json says. */
    @Override
    Activation maskedWordsActivation() {
        return Activation.GELU;
    }

    @Override
    public Value multipleChoice(Form form, Value hidden) {
        int width = config().size().hidden();
        Value dense = form.in("sequence_summary").linear("summary", form.first(hidden), width, summary.activation());
        return form.linear("classifier", form.dropout(dense, summary.dropout()), 1);
    }

    @Override
    public String moduleClass(String parent, String name) {
        return name.equals("sequence_summary") ? "ElectraSequenceSummary" : super.moduleClass(parent, name);
    }

    @Override
    public String sequenceClassifier() {
        return "classifier.out_proj";
    }
}
