package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.interpret.Attribution;
import dev.ortune.predictor.interpret.Occlusion;
import dev.ortune.predictor.interpret.Shapley;
import dev.ortune.predictor.interpret.Text;
import dev.ortune.predictor.interpret.Word;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.task.SequenceClassification;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.text.Truncation;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code POST /interpret}: what each word of a text does to the verdict. */
final class InterpretRoutes {
    /** Each word is a text more to run, */
    private static final int MOST_WORDS = 256;

    /** each of them about as long as the whole. */
    private static final int MOST_CHARACTERS = 16_384;

    /** The most texts that Shapley values are computed from, */
    private static final int MOST_SETS = 1024;

    /** and how many batches of the largest size long ones may fill. */
    private static final int MOST_BATCHES = 8;

    private final ModelStore models;
    private final BatchOptions options;

    InterpretRoutes(ModelStore models, BatchOptions options) {
        this.models = models;
        this.options = options;
    }

    void interpret(Context context) {
        JsonBody body = JsonBody.read(context);
        JsonNode inputs = body.required("inputs");
        if (!inputs.isTextual()) {
            throw JsonBody.invalid("`inputs` must be a string");
        }
        if (inputs.textValue().isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        String method = method(body);
        String whole = inputs.textValue();
        requireAtMost(MOST_CHARACTERS, whole.codePointCount(0, whole.length()), "characters");
        List<Word> words = Word.of(whole);
        requireAtMost(MOST_WORDS, words.size(), "words");
        try (Lease lease = ModelChoice.lease(models, body.text("model", context.header(ModelChoice.HEADER)))) {
            requireProbabilities(lease.model().info().task());
            int end = lease.model().end(whole);
            if (end < whole.length() && lease.model().truncation() == Truncation.LEFT) {
                throw JsonBody.invalid("`inputs` is longer than the model reads, which cuts it at its beginning"
                        + " (truncation_side); such texts are not interpreted");
            }
            interpret(context, lease, new Text(whole, end, words), method);
        }
    }

    private static void requireProbabilities(Task task) {
        if (!(task instanceof SequenceClassification classification) || !classification.givesProbabilities()) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST,
                    "only a text's label with its probability can be interpreted, and the model gives something else");
        }
    }

    private static void requireAtMost(int most, int found, String what) {
        if (found > most) {
            throw JsonBody.invalid("`inputs` has " + found + " " + what + "; at most " + most + " are interpreted");
        }
    }

    private static String method(JsonBody body) {
        String method = body.text("method", "occlusion");
        return switch (method) {
            case "occlusion", "shapley" -> method;
            case "integrated" ->
                throw JsonBody.invalid("`method` integrated needs gradients, which an exported model does not have;"
                        + " there are occlusion and shapley");
            default -> throw JsonBody.invalid("`method` must be occlusion or shapley");
        };
    }

    private void interpret(Context context, Lease lease, Text text, String method) {
        ServedModel model = lease.model();
        Attribution attribution =
                method.equals("shapley") ? Shapley.of(text.read(), mostSets(model, text)) : new Occlusion(text.read());
        // Texts of like lengths are batches with little padding; the whole one comes first.
        List<BitSet> sets = attribution.coalitions().stream()
                .sorted(Comparator.comparingInt(BitSet::cardinality).reversed())
                .toList();
        List<TextInput> texts =
                sets.stream().map(set -> TextInput.of(text.only(set))).toList();
        Question question = new Question(model, text, method, attribution, sets);
        Answers.answer(context, lease, texts, Truncation.RIGHT, options.maxClientBatchSize(), question::answer);
    }

    private int mostSets(ServedModel model, Text text) {
        int tokens = model.encode(List.of(TextInput.of(text.whole())), Truncation.RIGHT)
                .get(0)
                .length();
        return (int) Math.min(MOST_SETS, (long) MOST_BATCHES * options.maxBatchTokens() / Math.max(1, tokens));
    }

    /** What was asked; {@code sets} are those of the texts that are run. */
    private record Question(ServedModel model, Text text, String method, Attribution attribution, List<BitSet> sets) {
        JsonNode answer(List<Prediction> predictions) {
            SequenceClassification task = (SequenceClassification) model.info().task();
            int label = task.answer(predictions.get(0)).best();
            Map<BitSet, Double> probabilities = new HashMap<>();
            for (int i = 0; i < sets.size(); i++) {
                probabilities.put(sets.get(i), task.answer(predictions.get(i)).scores()[label]);
            }
            ObjectNode json = JsonBody.MAPPER.createObjectNode().put("model", model.name());
            json.put("label", task.labels().get(label));
            json.put("probability", probabilities.get(sets.get(0))).put("method", method);
            if (attribution instanceof Shapley) {
                json.put("baseline", probabilities.get(new BitSet()));
            }
            addWords(json.putArray("words"), attribution.shares(probabilities::get));
            return json;
        }

        /** Words that the model does not read do nothing. */
        private void addWords(ArrayNode list, double[] shares) {
            for (int i = 0; i < text.words().size(); i++) {
                Word word = text.words().get(i);
                list.addObject()
                        .put("text", word.text())
                        .put("start", word.start())
                        .put("end", word.end())
                        .put("share", i < shares.length ? shares[i] : 0);
            }
        }
    }
}
