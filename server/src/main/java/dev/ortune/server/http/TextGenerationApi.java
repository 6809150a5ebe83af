package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import java.util.List;
import java.util.function.Function;

/** Writing texts, for which no batch is run: {@link GenerationRoutes} answers, and these protocols say where. */
final class TextGenerationApi implements TaskApi {
    private static final String GENERATED = "generated_text";

    private static RequestException elsewhere() {
        return new RequestException(
                ErrorType.BAD_REQUEST,
                "the model writes texts; POST /generate, /generate_stream or /models/NAME has it do so");
    }

    @Override
    public Question huggingFace(JsonBody body) {
        throw elsewhere();
    }

    @Override
    public Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw) {
        throw elsewhere();
    }

    @Override
    public void describeModelType(ObjectNode modelType) {
        modelType.putObject("text_generator");
    }

    @Override
    public void describeOutputs(ArrayNode outputs) {
        Tensors.describe(outputs.addObject(), GENERATED, Tensors.BYTES, -1);
    }

    @Override
    public Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts) {
        throw elsewhere();
    }

    @Override
    public List<String> outputs() {
        return List.of(GENERATED);
    }

    @Override
    public void requireTakes(List<TextInput> texts) {
        throw elsewhere();
    }

    @Override
    public void describe(ObjectNode model) {
        // Its name, its task and its longest text say all.
    }
}
