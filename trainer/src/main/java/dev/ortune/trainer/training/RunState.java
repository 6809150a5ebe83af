package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.LogHistory;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a loop stands after a step: with ONNX Runtime's checkpoint and the run's arguments, all that it takes to go on
 * as if nothing had happened. Doubles survive JSON to the last bit.
 *
 * @param progress counts
 * @param session what the session must know
 * @param evaluations so far, in order
 */
record RunState(Progress.State progress, SessionState session, List<EvaluationRecord> evaluations) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Before the first step. */
    static final RunState START = new RunState(Progress.State.START, SessionState.START, List.of());

    RunState {
        evaluations = List.copyOf(evaluations);
    }

    /** As JSON, with the keys of transformers' trainer_state.json where it has them. */
    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("global_step", progress.steps());
        json.set("progress", JSON.valueToTree(progress));
        json.set("session", JSON.valueToTree(session));
        ArrayNode history = json.putArray("log_history");
        evaluations.forEach(evaluation -> history.add(LogHistory.of(evaluation)));
        return json;
    }

    /** The state that {@link #json} gave. */
    static RunState of(JsonNode json) {
        List<EvaluationRecord> evaluations = new ArrayList<>();
        json.path("log_history").forEach(line -> evaluations.add(LogHistory.evaluation(line)));
        return new RunState(
                JSON.convertValue(json.path("progress"), Progress.State.class),
                JSON.convertValue(json.path("session"), SessionState.class),
                evaluations);
    }
}
