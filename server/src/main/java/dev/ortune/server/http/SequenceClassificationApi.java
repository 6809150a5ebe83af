package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.task.ScoreFunction;
import dev.ortune.predictor.task.SequenceClassification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Text classification: lists of labels with their scores, of one text a list of lists even where it is one, as Hugging Face's
 * clients expect it; {@code probabilities} and {@code label} as tensors.
 */
record SequenceClassificationApi(SequenceClassification task) implements TaskApi {
    private static final String PROBABILITIES = "probabilities";
    private static final String LABEL = "label";

    /** The number of the likeliest label. */
    private static final String NUMBER = "output-0";

    @Override
    public Question huggingFace(JsonBody body) {
        List<TextInput> texts = body.texts(false);
        JsonBody parameters = body.object("parameters");
        ScoreFunction function = function(parameters);
        int most = most(parameters);
        return new Question(texts, predictions -> {
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            predictions.forEach(prediction -> lists.add(Scores.list(task.answer(prediction, function), most)));
            return lists;
        });
    }

    private ScoreFunction function(JsonBody parameters) {
        return switch (parameters.text(
                "function_to_apply", task.function().name().toLowerCase(Locale.ROOT))) {
            case "softmax" -> ScoreFunction.SOFTMAX;
            case "sigmoid" -> ScoreFunction.SIGMOID;
            case "none" -> ScoreFunction.NONE;
            default -> throw JsonBody.invalid("`function_to_apply` must be softmax, sigmoid or none");
        };
    }

    private int most(JsonBody parameters) {
        JsonNode most = parameters.json().path("top_k");
        if (most.isMissingNode() || most.isNull()) {
            return task.labels().size();
        }
        if (!most.isIntegralNumber() || !most.canConvertToInt() || most.intValue() < 1) {
            throw JsonBody.invalid("`top_k` must be a whole number above 0");
        }
        return most.intValue();
    }

    @Override
    public Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw) {
        ScoreFunction function = raw ? ScoreFunction.NONE : task.function();
        return prediction ->
                Scores.list(task.answer(prediction, function), task.labels().size());
    }

    @Override
    public void describeModelType(ObjectNode modelType) {
        Scores.describe(modelType.putObject("classifier"), task.labels());
    }

    @Override
    public void describe(ObjectNode model) {
        model.put("multi_label", task.multiLabel()).put("probabilities", task.givesProbabilities());
        if (task.multiLabel()) {
            ObjectNode thresholds = model.putObject("thresholds");
            for (int label = 0; label < task.labels().size(); label++) {
                thresholds.put(task.labels().get(label), task.thresholds().get(label));
            }
        }
    }

    @Override
    public void describeOutputs(ArrayNode outputs) {
        Tensors.describe(
                outputs.addObject(), PROBABILITIES, "FP32", -1, task.labels().size());
        Tensors.describe(outputs.addObject(), LABEL, "BYTES", -1);
    }

    @Override
    public List<String> outputs() {
        return List.of(PROBABILITIES, LABEL, NUMBER);
    }

    @Override
    public void requireTakes(List<TextInput> texts) {
        // Pairs are texts that are classified, too.
    }

    @Override
    public Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts) {
        Map<String, Integer> wanted = wanted(body);
        return predictions -> {
            List<LabelScores> answers = predictions.stream().map(task::answer).toList();
            List<OutputTensor> outputs = new ArrayList<>();
            wanted.forEach((name, most) -> outputs.add(most > 0 ? classes(name, most, answers) : plain(name, answers)));
            return outputs;
        };
    }

    /**
     * The outputs to give by their names, each with how many classes it is to list of a text, the likeliest first; 0 for its
     * plain form. What {@code classification} of the request says counts for the output {@value #LABEL}, unless that says otherwise.
     */
    private Map<String, Integer> wanted(JsonBody body) {
        int most = classes(body.json());
        Map<String, Integer> outputs = new LinkedHashMap<>();
        for (JsonNode output : InferRequest.outputs(body, outputs())) {
            String name = output.path("name").asText();
            int own = classes(output);
            outputs.put(name, own == 0 && name.equals(LABEL) ? most : own);
        }
        if (outputs.isEmpty()) {
            outputs.put(PROBABILITIES, 0);
            outputs.put(LABEL, most);
        }
        return outputs;
    }

    /** By Triton's classification extension, of a request or of one of its outputs. */
    private int classes(JsonNode asked) {
        JsonNode classification = asked.at("/parameters/classification");
        if (classification.isMissingNode() || classification.isNull()) {
            return 0;
        }
        if (!classification.isIntegralNumber() || classification.asInt() < 1) {
            throw new RequestException(ErrorType.BAD_REQUEST, "`classification` must be a whole number above 0");
        }
        return Math.min(task.labels().size(), classification.asInt());
    }

    private OutputTensor plain(String name, List<LabelScores> answers) {
        int n = answers.size();
        int labels = task.labels().size();
        return switch (name) {
            case PROBABILITIES -> {
                float[] scores = new float[n * labels];
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = (float) answers.get(i / labels).scores()[i % labels];
                }
                yield new OutputTensor(name, new OutputTensor.Floats(scores), n, labels);
            }
            case LABEL -> {
                List<String> names = answers.stream()
                        .map(answer -> task.labels().get(answer.best()))
                        .toList();
                yield new OutputTensor(name, new OutputTensor.Strings(names), n);
            }
            default -> {
                long[] numbers = answers.stream().mapToLong(LabelScores::best).toArray();
                yield new OutputTensor(name, new OutputTensor.Longs(numbers), n);
            }
        };
    }

    /** In Triton's form: score, number and name. */
    private OutputTensor classes(String name, int most, List<LabelScores> answers) {
        List<String> classes = new ArrayList<>();
        for (LabelScores answer : answers) {
            for (JsonNode score : Scores.list(answer, most)) {
                String label = score.path("label").asText();
                classes.add(score.path("score").asText() + ":" + task.labels().indexOf(label) + ":" + label);
            }
        }
        return new OutputTensor(name, new OutputTensor.Strings(classes), answers.size(), most);
    }
}
