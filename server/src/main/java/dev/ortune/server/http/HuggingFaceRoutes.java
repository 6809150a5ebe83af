package dev.ortune.server.http;

import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;

/**
 * Hugging Face's API: {@code POST /models/NAME}. What it takes and gives is the model's task's; too long texts are
 * cut, as with their pipelines.
 */
final class HuggingFaceRoutes {
    private final ModelStore models;
    private final BatchOptions options;
    private final GenerationRoutes generation;

    HuggingFaceRoutes(ModelStore models, BatchOptions options, GenerationRoutes generation) {
        this.models = models;
        this.generation = generation;
        this.options = options;
    }

    void ask(Context context) {
        try (Lease lease = models.lease(context.pathParam("name"))) {
            ask(context, JsonBody.read(context), lease);
        }
    }

    /** Of a model that is known already. */
    void ask(Context context, JsonBody body, Lease lease) {
        if (lease.model().writes()) {
            generation.ask(context, body, lease);
            return;
        }
        TaskApi.Question question = TaskApi.of(lease.model().info().task()).huggingFace(body);
        if (question.texts().size() > options.maxClientBatchSize()) {
            throw JsonBody.tooMany(question.texts().size(), options.maxClientBatchSize());
        }
        int atOnce = options.maxClientBatchSize();
        Answers.answer(context, lease, question.texts(), question.encoding(), atOnce, question.answer());
    }
}
