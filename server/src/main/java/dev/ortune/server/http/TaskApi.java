package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.task.FillMask;
import dev.ortune.predictor.task.MultipleChoice;
import dev.ortune.predictor.task.QuestionAnswering;
import dev.ortune.predictor.task.SequenceClassification;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.task.TextGeneration;
import dev.ortune.predictor.task.TokenClassification;
import dev.ortune.predictor.text.EncodedText;
import java.util.List;
import java.util.function.Function;

/** What a task looks like in each protocol: which texts are asked about, and how the answers are written. */
sealed interface TaskApi
        permits FillMaskApi,
                MultipleChoiceApi,
                QuestionAnsweringApi,
                SequenceClassificationApi,
                TextGenerationApi,
                TokenClassificationApi {
    /**
     * A request to Hugging Face's API.
     *
     * @param texts that the model is to be asked about
     * @param encoding what the model is asked of them: a text each, or several
     * @param answer makes the body of the answer, of predictions in the order of what was asked
     */
    record Question(
            List<TextInput> texts,
            Function<ServedModel, List<EncodedText>> encoding,
            Function<List<Prediction>, JsonNode> answer) {
        /** A text each; what is too long is cut. */
        Question(List<TextInput> texts, Function<List<Prediction>, JsonNode> answer) {
            this(texts, whole(texts), answer);
        }
    }

    /** Texts as they are, of which what is too long is cut. */
    static Function<ServedModel, List<EncodedText>> whole(List<TextInput> texts) {
        return model -> model.encode(texts, model.truncation());
    }

    /** The one of a task. */
    static TaskApi of(Task task) {
        if (task instanceof SequenceClassification classification) {
            return new SequenceClassificationApi(classification);
        }
        if (task instanceof QuestionAnswering answering) {
            return new QuestionAnsweringApi(answering);
        }
        if (task instanceof FillMask masks) {
            return new FillMaskApi(masks);
        }
        if (task instanceof MultipleChoice choosing) {
            return new MultipleChoiceApi(choosing);
        }
        if (task instanceof TextGeneration) {
            return new TextGenerationApi();
        }
        return new TokenClassificationApi((TokenClassification) task);
    }

    /** Hugging Face's API: {@code POST /models/NAME}. */
    Question huggingFace(JsonBody body);

    /**
     * The API of text-embeddings-inference: {@code POST /predict}.
     *
     * @param raw whether logits are asked for
     * @return the answer for a text
     */
    Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw);

    /** Adds what the model is to {@code model_type} of text-embeddings-inference's {@code GET /info}. */
    void describeModelType(ObjectNode modelType);

    /** Adds the inputs of a model to its metadata of the Open Inference Protocol. */
    default void describeInputs(ArrayNode inputs) {
        Tensors.describe(inputs.addObject(), "text", Tensors.BYTES, -1);
    }

    /** Whether texts have choices beside them there. */
    default boolean takesChoices() {
        return false;
    }

    /** Adds the outputs of a model to its metadata of the Open Inference Protocol. */
    void describeOutputs(ArrayNode outputs);

    /**
     * The Open Inference Protocol: {@code POST /v2/models/NAME/infer}.
     *
     * @param texts that were asked about
     * @return makes the outputs, of predictions in the order of what was asked
     */
    Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts);

    /** What the model is asked there. */
    default Function<ServedModel, List<EncodedText>> encoding(JsonBody body, List<TextInput> texts) {
        return whole(texts);
    }

    /** The names of all outputs that can be asked for there. */
    List<String> outputs();

    /**
     * Refuses what the task does not take.
     *
     * @throws RequestException for pairs of texts where it is asked about single ones
     */
    void requireTakes(List<TextInput> texts);

    /** Adds what {@code GET /models} tells of a model. */
    void describe(ObjectNode model);
}
