package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.SpanAnswer;
import dev.ortune.predictor.SpanAnswers;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.task.QuestionAnswering;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Windows;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Question answering: an object with a question and a context is answered by an object with the answer, its score and its
 * place, or with {@code top_k} by a list of those; lists of questions by lists, as transformers' pipeline and Hugging Face's API
 * have it.
 */
record QuestionAnsweringApi(QuestionAnswering task) implements TaskApi {
    private static final String ANSWER = "answer";
    private static final String SCORE = "score";
    private static final String START = "start";
    private static final String END = "end";

    @Override
    public Question huggingFace(JsonBody body) {
        JsonNode inputs = body.required("inputs");
        List<TextInput> texts = new ArrayList<>();
        for (JsonNode input : inputs.isArray() ? inputs : List.of(inputs)) {
            texts.add(question(input));
        }
        if (texts.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        JsonBody parameters = body.object("parameters");
        QuestionAnswering.Choice choice = choice(parameters);
        return new Question(texts, windows(texts, parameters), predictions -> {
            List<SpanAnswers> answers = answers(texts, predictions, choice);
            if (!inputs.isArray()) {
                return answers.get(0).json();
            }
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            answers.forEach(answer -> lists.add(answer.json()));
            return lists;
        });
    }

    private static TextInput question(JsonNode input) {
        JsonNode question = input.path("question");
        JsonNode context = input.path("context");
        if (!question.isTextual() || !context.isTextual()) {
            throw JsonBody.invalid(
                    "`inputs` must be an object with the strings `question` and `context`, or a list of those");
        }
        return checked(new TextInput(question.textValue(), context.textValue()));
    }

    private static TextInput checked(TextInput input) {
        if (input.text().isEmpty() || input.pair().isEmpty()) {
            throw new RequestException(
                    ErrorType.EMPTY, "`" + (input.text().isEmpty() ? "question" : "context") + "` cannot be empty");
        }
        return input;
    }

    private static QuestionAnswering.Choice choice(JsonBody parameters) {
        QuestionAnswering.Choice usual = QuestionAnswering.Choice.USUAL;
        boolean said = parameters.json().hasNonNull("handle_impossible_answer");
        return new QuestionAnswering.Choice(
                number(parameters, "top_k", usual.topK(), 1),
                number(parameters, "max_answer_len", usual.maxAnswerLength(), 1),
                said ? Boolean.valueOf(parameters.flag("handle_impossible_answer", false)) : usual.none(),
                parameters.flag("align_to_words", usual.alignToWords()));
    }

    private static int number(JsonBody parameters, String name, int otherwise, int least) {
        JsonNode value = parameters.json().path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < least) {
            throw JsonBody.invalid("`" + name + "` must be a whole number, at least " + least);
        }
        return value.intValue();
    }

    private static Function<ServedModel, List<EncodedText>> windows(List<TextInput> texts, JsonBody parameters) {
        int asked = number(parameters, "max_seq_len", Windows.LENGTH, 1);
        JsonNode given = parameters.json().path("doc_stride");
        int stride = number(parameters, "doc_stride", 0, 0);
        return model -> {
            int length = Math.min(asked, model.info().maxLength());
            boolean usual = given.isMissingNode() || given.isNull();
            Windows windows = usual ? Windows.of(length) : new Windows(length, stride);
            List<EncodedText> all = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                all.addAll(model.windows(texts.get(i), i, windows));
            }
            return all;
        };
    }

    private List<SpanAnswers> answers(
            List<TextInput> texts, List<Prediction> predictions, QuestionAnswering.Choice choice) {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> task.answer(
                        texts.get(i).pair(),
                        predictions.stream()
                                .filter(prediction -> prediction.text().spans().question() == i)
                                .toList(),
                        choice))
                .toList();
    }

    @Override
    public Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw) {
        throw new RequestException(
                ErrorType.BAD_REQUEST, "the model answers questions; POST /models/NAME takes a question and a context");
    }

    @Override
    public void describeModelType(ObjectNode modelType) {
        modelType.putObject("question_answerer");
    }

    @Override
    public void describe(ObjectNode model) {
        model.put("handle_impossible_answer", task.mayBeNone());
    }

    @Override
    public void describeOutputs(ArrayNode outputs) {
        Tensors.describe(outputs.addObject(), ANSWER, Tensors.BYTES, -1);
        Tensors.describe(outputs.addObject(), SCORE, "FP32", -1);
        Tensors.describe(outputs.addObject(), START, "INT64", -1);
        Tensors.describe(outputs.addObject(), END, "INT64", -1);
    }

    @Override
    public List<String> outputs() {
        return List.of(ANSWER, SCORE, START, END);
    }

    @Override
    public void requireTakes(List<TextInput> texts) {
        if (texts.stream().anyMatch(text -> text.pair() == null)) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST, "the model answers questions from contexts: it takes pairs of the two");
        }
    }

    @Override
    public Function<ServedModel, List<EncodedText>> encoding(JsonBody body, List<TextInput> texts) {
        texts.forEach(QuestionAnsweringApi::checked);
        return windows(texts, body.object("parameters"));
    }

    @Override
    public Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts) {
        QuestionAnswering.Choice choice = choice(body.object("parameters"));
        Set<String> wanted = new LinkedHashSet<>();
        InferRequest.outputs(body, outputs())
                .forEach(output -> wanted.add(output.path("name").asText()));
        if (wanted.isEmpty()) {
            wanted.addAll(outputs());
        }
        return predictions -> {
            List<SpanAnswer> best = answers(texts, predictions, choice).stream()
                    .map(SpanAnswers::best)
                    .toList();
            return wanted.stream().map(name -> tensor(name, best)).toList();
        };
    }

    private static OutputTensor tensor(String name, List<SpanAnswer> answers) {
        OutputTensor.Values values =
                switch (name) {
                    case ANSWER ->
                        new OutputTensor.Strings(
                                answers.stream().map(SpanAnswer::answer).toList());
                    case SCORE -> scores(answers);
                    case START ->
                        new OutputTensor.Longs(
                                answers.stream().mapToLong(SpanAnswer::start).toArray());
                    default ->
                        new OutputTensor.Longs(
                                answers.stream().mapToLong(SpanAnswer::end).toArray());
                };
        return new OutputTensor(name, values, answers.size());
    }

    private static OutputTensor.Values scores(List<SpanAnswer> answers) {
        float[] scores = new float[answers.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) answers.get(i).score();
        }
        return new OutputTensor.Floats(scores);
    }
}
