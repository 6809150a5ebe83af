package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.interpret.Occlusion;
import dev.ortune.server.interpret.Word;
import dev.ortune.server.model.Prediction;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.Truncation;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;
import java.util.List;

/** {@code POST /interpret}: what each word of a text does to the verdict. */
final class InterpretRoutes {
    /** Each word is a text more to run. */
    private static final int MOST_WORDS = 256;

    private final ModelStore models;

    InterpretRoutes(ModelStore models) {
        this.models = models;
    }

    void interpret(Context context) {
        JsonBody body = JsonBody.read(context);
        JsonNode inputs = body.required("inputs");
        if (!inputs.isTextual()) {
            throw JsonBody.invalid("`inputs` must be a string");
        }
        if (!body.text("method", "occlusion").equals("occlusion")) {
            throw JsonBody.invalid("`method` must be occlusion");
        }
        String text = inputs.textValue();
        List<Word> words = Word.of(text);
        if (text.isEmpty()) {
            throw new RequestException(ErrorType.EMPTY, "`inputs` cannot be empty");
        }
        if (words.size() > MOST_WORDS) {
            throw JsonBody.invalid(
                    "`inputs` has " + words.size() + " words; at most " + MOST_WORDS + " are interpreted");
        }
        String name = body.text("model", models.names().get(0));
        try (Lease lease = models.lease(name)) {
            ServedModel model = lease.model();
            Answers.answer(
                    context,
                    lease,
                    Occlusion.texts(text, words),
                    Truncation.RIGHT,
                    predictions -> json(model, words, predictions));
        }
    }

    private static JsonNode json(ServedModel model, List<Word> words, List<Prediction> predictions) {
        Prediction whole = predictions.get(0);
        ObjectNode json = JsonBody.MAPPER.createObjectNode().put("model", model.name());
        json.put("label", model.info().labels().get(whole.best()));
        json.put("probability", model.shares(whole)[whole.best()]).put("method", "occlusion");
        var list = json.putArray("words");
        for (Occlusion.Share share : Occlusion.shares(model, words, predictions)) {
            list.addObject()
                    .put("text", share.word().text())
                    .put("start", share.word().start())
                    .put("end", share.word().end())
                    .put("share", share.share());
        }
        return json;
    }
}
