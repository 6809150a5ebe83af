package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.MaskFillings;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.task.FillMask;
import dev.ortune.predictor.text.EncodedText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Filling masks: for a text a list of what may stand behind its mask, of several masks a list each, of a list of texts a list of
 * these, as transformers' pipeline and Hugging Face's API have it; as a tensor each text's as a JSON string.
 */
final class FillMaskApi implements TaskApi {
    private static final String FILLINGS = "fillings";

    private final FillMask task;
    /** Of the one request of the Open Inference Protocol that this is for. */
    private Choice choice;

    FillMaskApi(FillMask task) {
        this.task = task;
    }

    @Override
    public Question huggingFace(JsonBody body) {
        List<TextInput> texts = body.texts(true);
        requireTakes(texts);
        Choice asked = Choice.of(body.object("parameters"), task);
        return new Question(texts, asked.encoding(texts), predictions -> {
            // The pipeline makes no list of one text's.
            if (predictions.size() == 1) {
                return asked.answer(predictions.get(0)).json();
            }
            ArrayNode lists = JsonBody.MAPPER.createArrayNode();
            predictions.forEach(prediction -> lists.add(asked.answer(prediction).json()));
            return lists;
        });
    }

    /** What a request asks for beside the texts. */
    private static final class Choice {
        private final FillMask task;
        private final int topK;
        private final List<String> named;
        private int[] targets;

        private Choice(FillMask task, int topK, List<String> named) {
            this.task = task;
            this.topK = topK;
            this.named = named;
        }

        static Choice of(JsonBody parameters, FillMask task) {
            JsonNode count = parameters.json().path("top_k");
            boolean usual = count.isMissingNode() || count.isNull();
            if (!usual && (!count.isIntegralNumber() || !count.canConvertToInt() || count.intValue() < 1)) {
                throw JsonBody.invalid("`top_k` must be a whole number, at least 1");
            }
            return new Choice(task, usual ? FillMask.TOP_K : count.intValue(), targets(parameters.json()));
        }

        private static List<String> targets(ObjectNode parameters) {
            JsonNode targets = parameters.path("targets");
            if (targets.isMissingNode() || targets.isNull()) {
                return null;
            }
            List<String> named = new ArrayList<>();
            for (JsonNode target : targets.isArray() ? targets : List.of(targets)) {
                if (!target.isTextual()) {
                    throw JsonBody.invalid("`targets` must be a string or a list of strings");
                }
                named.add(target.textValue());
            }
            return named;
        }

        /** Each text must have a mask that is not cut off. */
        Function<ServedModel, List<EncodedText>> encoding(List<TextInput> texts) {
            return model -> {
                targets = named == null ? null : ids(model);
                List<EncodedText> encoded = TaskApi.whole(texts).apply(model);
                for (EncodedText text : encoded) {
                    if (task.asked(text).length == 0) {
                        throw new RequestException(
                                ErrorType.VALIDATION,
                                "No mask_token (" + task.vocabulary().mask() + ") found on the input");
                    }
                }
                return encoded;
            };
        }

        /** What is no token of the vocabulary stands for the first one that it is made of, as in the pipeline. */
        private int[] ids(ServedModel model) {
            TreeSet<Integer> ids = new TreeSet<>();
            for (String target : named) {
                OptionalInt id = task.vocabulary().id(target);
                if (id.isPresent()) {
                    ids.add(id.getAsInt());
                } else {
                    model.tokenize(target, false).stream().findFirst().ifPresent(token -> ids.add((int) token.id()));
                }
            }
            if (ids.isEmpty()) {
                throw JsonBody.invalid("At least one target must be provided when passed.");
            }
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        MaskFillings answer(Prediction prediction) {
            return task.answer(prediction, topK, targets);
        }
    }

    @Override
    public Function<Prediction, JsonNode> textEmbeddingsInference(boolean raw) {
        throw new RequestException(
                ErrorType.BAD_REQUEST, "the model fills masks; POST /models/NAME gives what may stand behind them");
    }

    @Override
    public void describeModelType(ObjectNode modelType) {
        modelType.putObject("mask_filler").put("mask_token", task.vocabulary().mask());
    }

    @Override
    public void describe(ObjectNode model) {
        model.put("mask_token", task.vocabulary().mask());
    }

    @Override
    public void describeOutputs(ArrayNode outputs) {
        Tensors.describe(outputs.addObject(), FILLINGS, Tensors.BYTES, -1);
    }

    @Override
    public List<String> outputs() {
        return List.of(FILLINGS);
    }

    @Override
    public void requireTakes(List<TextInput> texts) {
        if (texts.stream().anyMatch(text -> text.pair() != null)) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST, "the model fills masks of single texts; it takes no pairs");
        }
    }

    @Override
    public Function<List<Prediction>, List<OutputTensor>> openInference(JsonBody body, List<TextInput> texts) {
        InferRequest.outputs(body, outputs());
        choice = Choice.of(body.object("parameters"), task);
        return predictions -> {
            List<String> lists = predictions.stream()
                    .map(prediction -> choice.answer(prediction).json().toString())
                    .toList();
            return List.of(new OutputTensor(FILLINGS, new OutputTensor.Strings(lists), lists.size()));
        };
    }

    /** Asked for after {@link #openInference}, which says what is wanted. */
    @Override
    public Function<ServedModel, List<EncodedText>> encoding(JsonBody body, List<TextInput> texts) {
        return choice.encoding(texts);
    }
}
