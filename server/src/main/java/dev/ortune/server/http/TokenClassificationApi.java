package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TokenEntities;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.task.AggregationStrategy;
import dev.ortune.predictor.task.TokenClassification;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Token classification: a list of entities for a text, of a list of texts a list each, as transformers' pipeline and Hugging
 * Face's API have it; as tensors each text's entities as a JSON string, or the number of each token's likeliest label.
 */
record TokenClassificationApi(TokenClassification task) implements TaskApi {
    private static final String ENTITIES = "entities";

    /** The numbers of the tokens' likeliest labels; {@value #PADDING} where a text has no token any more. */
    private static final String NUMBERS = "output-0";

    private static final long PADDING = -1;

    @Override
    public Question huggingFace(JsonBody body) {
        List<TextInput> texts = body.texts(true);
        requireTakes(texts);
        boolean several = body.required("inputs").isArray();
        Function<Prediction, TokenEntities> entities = entities(body.object("parameters"));
        return new Question(texts, predictions -> {
            if (!several) {
                return entities.apply(predictions.get(0)).json();
            }
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            predictions.forEach(
                    prediction -> lists.add(entities.apply(prediction).json()));
            return lists;
        });
    }

    private Function<Prediction, TokenEntities> entities(JsonBody parameters) {
        JsonNode stride = parameters.json().path("stride");
        if (!stride.isMissingNode() && !stride.isNull()) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST, "`stride` is not supported: what is longer than the model takes is cut off");
        }
        AggregationStrategy strategy = AggregationStrategy.named(
                        parameters.text("aggregation_strategy", TokenClassification.STRATEGY.toString()))
                .orElseThrow(
                        () -> JsonBody.invalid("`aggregation_strategy` must be none, simple, first, average or max"));
        Set<String> ignored = ignored(parameters.json().path("ignore_labels"));
        return prediction -> task.answer(prediction, strategy, ignored);
    }

    private static Set<String> ignored(JsonNode labels) {
        if (labels.isMissingNode() || labels.isNull()) {
            return TokenClassification.IGNORED;
        }
        if (!labels.isArray()
                || !StreamSupport.stream(labels.spliterator(), false).allMatch(JsonNode::isTextual)) {
            throw JsonBody.invalid("`ignore_labels` must be a list of strings");
        }
        Set<String> ignored = new LinkedHashSet<>();
        labels.forEach(label -> ignored.add(label.textValue()));
        return ignored;
    }

    @Override
    public Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw) {
        throw new RequestException(
                ErrorType.BAD_REQUEST, "the model classifies tokens, not texts; POST /models/NAME gives its entities");
    }

    @Override
    public void describeModelType(ObjectNode modelType) {
        Scores.describe(modelType.putObject("token_classifier"), task.labels());
    }

    @Override
    public void describe(ObjectNode model) {
        ArrayNode strategies = model.putArray("aggregation_strategies");
        Arrays.stream(AggregationStrategy.values())
                .map(AggregationStrategy::toString)
                .forEach(strategies::add);
    }

    @Override
    public void describeOutputs(ArrayNode outputs) {
        Tensors.describe(outputs.addObject(), ENTITIES, "BYTES", -1);
        Tensors.describe(outputs.addObject(), NUMBERS, "INT64", -1, -1);
    }

    @Override
    public List<String> outputs() {
        return List.of(ENTITIES, NUMBERS);
    }

    @Override
    public void requireTakes(List<TextInput> texts) {
        if (texts.stream().anyMatch(text -> text.pair() != null)) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST, "the model classifies tokens of single texts; it takes no pairs");
        }
    }

    @Override
    public Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts) {
        Function<Prediction, TokenEntities> entities = entities(body.object("parameters"));
        Set<String> wanted = new LinkedHashSet<>();
        InferRequest.outputs(body, outputs())
                .forEach(output -> wanted.add(output.path("name").asText()));
        if (wanted.isEmpty()) {
            wanted.add(ENTITIES);
        }
        return predictions -> wanted.stream()
                .map(name -> name.equals(ENTITIES) ? lists(entities, predictions) : numbers(predictions))
                .toList();
    }

    private static OutputTensor lists(Function<Prediction, TokenEntities> entities, List<Prediction> predictions) {
        List<String> lists = predictions.stream()
                .map(prediction -> entities.apply(prediction).json().toString())
                .toList();
        return new OutputTensor(ENTITIES, new OutputTensor.Strings(lists), lists.size());
    }

    private OutputTensor numbers(List<Prediction> predictions) {
        int longest = predictions.stream().mapToInt(Prediction::tokens).max().orElse(0);
        long[] numbers = new long[predictions.size() * longest];
        Arrays.fill(numbers, PADDING);
        for (int text = 0; text < predictions.size(); text++) {
            int[] best = task.best(predictions.get(text));
            for (int token = 0; token < best.length; token++) {
                numbers[text * longest + token] = best[token];
            }
        }
        return new OutputTensor(NUMBERS, new OutputTensor.Longs(numbers), predictions.size(), longest);
    }
}
