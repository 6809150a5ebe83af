package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Choices;
import dev.ortune.predictor.ChosenText;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.task.MultipleChoice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Multiple choice: an object with a context, a question or both, and choices is answered by an object with the place of the
 * likeliest, its words, its score, and the scores of all; a list of objects by a list. Neither Hugging Face's API nor a pipeline
 * of transformers has a form for it.
 */
record MultipleChoiceApi(MultipleChoice task) implements TaskApi {
    private static final String PROBABILITIES = "probabilities";
    private static final String CHOICE = "choice";

    @Override
    public Question huggingFace(JsonBody body) {
        JsonNode inputs = body.required("inputs");
        List<Choices> questions = new ArrayList<>();
        for (JsonNode input : inputs.isArray() ? inputs : List.of(inputs)) {
            questions.add(choices(input));
        }
        if (questions.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        List<TextInput> pairs =
                questions.stream().flatMap(each -> each.pairs().stream()).toList();
        return new Question(pairs, predictions -> {
            ArrayNode answers = JsonBody.MAPPER.createArrayNode();
            int first = 0;
            for (Choices question : questions) {
                int end = first + question.choices().size();
                answers.add(task.answer(question.choices(), predictions.subList(first, end))
                        .json());
                first = end;
            }
            return inputs.isArray() ? answers : answers.get(0);
        });
    }

    private static Choices choices(JsonNode input) {
        JsonNode context = input.path("context");
        JsonNode question = input.path("question");
        JsonNode list = input.path("choices");
        boolean texts = list.isArray() && list.size() > 1 && list.valueStream().allMatch(JsonNode::isTextual);
        if (!texts
                || !isTextOrNothing(context)
                || !isTextOrNothing(question)
                || !(context.isTextual() || question.isTextual())) {
            throw JsonBody.invalid("`inputs` must be an object with the strings `context`, `question` or both and with"
                    + " `choices`, a list of two strings at least, or a list of such objects");
        }
        List<String> choices = list.valueStream().map(JsonNode::textValue).toList();
        String first = context.isTextual() ? context.textValue() : question.textValue();
        String begun = context.isTextual() && question.isTextual() ? question.textValue() : null;
        if (first.isEmpty() || choices.contains("")) {
            throw new RequestException(
                    ErrorType.EMPTY,
                    first.isEmpty()
                            ? "`" + (context.isTextual() ? "context" : "question") + "` cannot be empty"
                            : "`choices` cannot be empty");
        }
        return new Choices(first, begun, choices);
    }

    private static boolean isTextOrNothing(JsonNode value) {
        return value.isTextual() || value.isMissingNode() || value.isNull();
    }

    @Override
    public Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw) {
        throw new RequestException(
                ErrorType.BAD_REQUEST,
                "the model chooses one of several texts; POST /models/NAME takes a context with choices");
    }

    @Override
    public void describeModelType(ObjectNode modelType) {
        modelType.putObject("multiple_choice");
    }

    @Override
    public void describe(ObjectNode model) {
        // Its task says it all.
    }

    @Override
    public void describeInputs(ArrayNode inputs) {
        Tensors.describe(inputs.addObject(), "text", Tensors.BYTES, -1);
        Tensors.describe(inputs.addObject(), "choices", Tensors.BYTES, -1, -1);
    }

    @Override
    public boolean takesChoices() {
        return true;
    }

    @Override
    public void describeOutputs(ArrayNode outputs) {
        Tensors.describe(outputs.addObject(), PROBABILITIES, "FP32", -1, -1);
        Tensors.describe(outputs.addObject(), CHOICE, "INT64", -1);
    }

    @Override
    public List<String> outputs() {
        return List.of(PROBABILITIES, CHOICE);
    }

    @Override
    public void requireTakes(List<TextInput> texts) {
        // That there are choices was looked at with the request's tensors.
    }

    @Override
    public Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts) {
        int choices = body.json().at("/inputs/1/shape/1").intValue();
        Set<String> wanted = new LinkedHashSet<>();
        InferRequest.outputs(body, outputs())
                .forEach(output -> wanted.add(output.path("name").asText()));
        if (wanted.isEmpty()) {
            wanted.addAll(outputs());
        }
        return predictions -> {
            List<ChosenText> answers = new ArrayList<>();
            for (int first = 0; first < predictions.size(); first += choices) {
                List<Prediction> part = predictions.subList(first, first + choices);
                answers.add(task.answer(Collections.nCopies(choices, ""), part));
            }
            return wanted.stream().map(name -> tensor(name, answers, choices)).toList();
        };
    }

    private static OutputTensor tensor(String name, List<ChosenText> answers, int choices) {
        if (name.equals(CHOICE)) {
            long[] places = answers.stream().mapToLong(ChosenText::best).toArray();
            return new OutputTensor(name, new OutputTensor.Longs(places), answers.size());
        }
        float[] scores = new float[answers.size() * choices];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) answers.get(i / choices).scores()[i % choices];
        }
        return new OutputTensor(name, new OutputTensor.Floats(scores), answers.size(), choices);
    }
}
