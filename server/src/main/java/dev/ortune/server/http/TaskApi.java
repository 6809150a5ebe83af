package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.batch.Prediction;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.task.SequenceClassification;
import dev.ortune.server.task.Task;
import dev.ortune.server.task.TokenClassification;
import dev.ortune.server.text.TextInput;
import java.util.List;
import java.util.function.Function;

/** What a task looks like in each protocol: which texts are asked about, and how the answers are written. */
sealed interface TaskApi permits SequenceClassificationApi, TokenClassificationApi {
    /**
     * A request to Hugging Face's API.
     *
     * @param texts that the model is to be asked about
     * @param answer makes the body of the answer, of predictions in the order of the texts
     */
    record Question(List<TextInput> texts, Function<List<Prediction>, JsonNode> answer) {}

    /** The one of a task. */
    static TaskApi of(Task task) {
        if (task instanceof SequenceClassification classification) {
            return new SequenceClassificationApi(classification);
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

    /** Adds the outputs of a model to its metadata of the Open Inference Protocol. */
    void describeOutputs(ArrayNode outputs);

    /**
     * The Open Inference Protocol: {@code POST /v2/models/NAME/infer}.
     *
     * @return makes the outputs, of predictions in the order of the texts
     */
    Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body);

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
