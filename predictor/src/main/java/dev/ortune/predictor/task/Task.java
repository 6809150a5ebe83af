package dev.ortune.predictor.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Answer;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.Printable;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.MaskVocabulary;
import java.nio.file.Path;
import java.util.List;

/** What a model was trained for: which output its graph has, and what an {@link Answer} is made of it. */
public sealed interface Task
        permits FillMask,
                MultipleChoice,
                QuestionAnswering,
                SequenceClassification,
                TextGeneration,
                TokenClassification {
    /** Under which name the Hugging Face hub lists such models. */
    String pipelineTag();

    /** The labels' names in the order of their ids. */
    List<String> labels();

    /** The names of the graph's outputs that it reads. */
    default List<String> outputs() {
        return List.of("logits");
    }

    /** What each of them is. */
    OutputShape output();

    /** Numbers that an output has of each text or token: one a label. */
    default int width() {
        return labels().size();
    }

    /** The most tokens in a batch, where so many are allowed. */
    default int batchTokens(int allowed) {
        return allowed;
    }

    /** Of a text's tokens those of which an answer is made, ascending; null for all. */
    default int[] asked(EncodedText text) {
        return null;
    }

    /** Whether an answer needs the names and places of tokens. */
    boolean namesTokens();

    /** What a model says of a text, as whoever asks for nothing else gets it. */
    Answer answer(Prediction prediction);

    /**
     * The task of a model, by the {@code architectures} of its configuration; without any it is text classification.
     *
     * @param file config.json
     * @param config the whole of it
     * @throws OrtuneException when it is none of these
     */
    static Task of(Path file, ObjectNode config) {
        String architecture = config.path("architectures").path(0).asText("");
        // What writes the names of labels gives how likely each is.
        boolean writesLabels = architecture.endsWith("ForConditionalGeneration") && config.has("id2label");
        if (architecture.isEmpty() || architecture.endsWith("ForSequenceClassification") || writesLabels) {
            return SequenceClassification.of(file, config, Labels.of(file, config));
        }
        if (architecture.endsWith("ForTokenClassification")) {
            return new TokenClassification(Labels.of(file, config));
        }
        if (architecture.endsWith("ForQuestionAnswering")) {
            JsonNode threshold = config.path("null_score_diff_threshold");
            return new QuestionAnswering(threshold.isNumber(), threshold.asDouble(0));
        }
        if (architecture.endsWith("LMHeadModel") || architecture.endsWith("ForCausalLM")) {
            return TextGeneration.of(file, config);
        }
        if (architecture.endsWith("ForConditionalGeneration")) {
            return TextGeneration.ofWriter(file, config);
        }
        if (architecture.endsWith("ForMultipleChoice")) {
            return new MultipleChoice();
        }
        // ELECTRA's class of that ending is its discriminator.
        boolean pretrained = architecture.equals("BertForPreTraining");
        if (pretrained || architecture.endsWith("ForMaskedLM")) {
            return new FillMask(
                    MaskVocabulary.read(file.toAbsolutePath().getParent()),
                    vocabulary(file, config),
                    pretrained ? "prediction_logits" : "logits");
        }
        throw new OrtuneException(file + ": architectures names " + Printable.of(architecture)
                + "; only …ForSequenceClassification, …ForTokenClassification, …ForQuestionAnswering, …ForMultipleChoice,"
                + " …ForMaskedLM, …LMHeadModel, …ForCausalLM and …ForConditionalGeneration are served");
    }

    private static int vocabulary(Path file, ObjectNode config) {
        int size = config.path("vocab_size").asInt(0);
        if (size < 1) {
            throw new OrtuneException(file + ": vocab_size says not how many tokens there are");
        }
        return size;
    }
}
