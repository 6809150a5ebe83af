package dev.ortune.server.http;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.RequestException;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import io.javalin.http.Context;

/** Which model is asked by a route whose path names none. */
final class ModelChoice {
    /** Names it; of one model alone nothing needs to be said. */
    static final String HEADER = "X-Model";

    private ModelChoice() {}

    /**
     * A lease of the model that a request's header names, or of the only one.
     *
     * @throws RequestException when there is none of that name, or several and none is named
     */
    static Lease lease(Context context, ModelStore models) {
        return lease(models, context.header(HEADER));
    }

    /** A lease of the model of a name; of the only one where that is null. */
    static Lease lease(ModelStore models, String name) {
        if (name != null) {
            return models.lease(name);
        }
        if (models.names().size() > 1) {
            throw new RequestException(
                    ErrorType.BAD_REQUEST,
                    "several models are served; the header " + HEADER + " names the one to ask: "
                            + String.join(", ", models.names()));
        }
        return models.first();
    }
}
