package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.MetricsLog;
import dev.ortune.trainer.report.TensorBoardLog;
import java.nio.file.Path;

/**
 * Where a run begins: at its start, or where it was interrupted.
 *
 * @param session ONNX Runtime's checkpoint to go on from; null at the start
 * @param state of the loop
 * @param metrics how far {@code metrics.jsonl} had come
 * @param tensorBoard how far the event file had come
 */
record StartingPoint(Path session, RunState state, MetricsLog.Position metrics, TensorBoardLog.Position tensorBoard) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final StartingPoint START =
            new StartingPoint(null, RunState.START, MetricsLog.Position.START, TensorBoardLog.Position.START);

    boolean isStart() {
        return session == null;
    }

    /** The point that a checkpoint keeps. */
    static StartingPoint of(Checkpoints.Saved saved) {
        try {
            return new StartingPoint(
                    saved.session(),
                    RunState.of(saved.state()),
                    JSON.convertValue(saved.state().path("metrics_log"), MetricsLog.Position.class),
                    JSON.convertValue(saved.state().path("tensorboard"), TensorBoardLog.Position.class));
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(
                    saved.session().getParent() + ": is of another version of Ortune (" + e.getMessage() + ")", e);
        }
    }

    /** What a checkpoint keeps beside ONNX Runtime's. */
    static ObjectNode json(RunState state, MetricsLog.Position metrics, TensorBoardLog.Position tensorBoard) {
        ObjectNode json = state.json();
        json.set("metrics_log", JSON.valueToTree(metrics));
        json.set("tensorboard", JSON.valueToTree(tensorBoard));
        return json;
    }
}
