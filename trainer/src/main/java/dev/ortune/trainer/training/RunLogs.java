package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.report.MetricsLog;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.TensorBoardLog;
import dev.ortune.trainer.report.TrainingLog;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The files in which a run tells how it goes, {@code metrics.jsonl} and perhaps TensorBoard's. */
final class RunLogs implements AutoCloseable {
    private final MetricsLog metrics;
    private final TensorBoardLog tensorBoard;

    private RunLogs(MetricsLog metrics, TensorBoardLog tensorBoard) {
        this.metrics = metrics;
        this.tensorBoard = tensorBoard;
    }

    /** Opens them where the run begins; what they have of later steps is cut off, what they lack is noticed. */
    static RunLogs open(ModelFolder files, RunArguments run, StartingPoint start, Consumer<String> notice) {
        MetricsLog metrics = MetricsLog.open(files.metrics(), run.logSteps(), start.metrics(), notice);
        if (run.tensorBoard() == null) {
            return new RunLogs(metrics, null);
        }
        Path folder = run.tensorBoard().toString().isEmpty() ? files.folder().resolve("runs") : run.tensorBoard();
        try {
            return new RunLogs(metrics, TensorBoardLog.open(folder, run.logSteps(), start.tensorBoard()));
        } catch (RuntimeException e) {
            metrics.close();
            throw e;
        }
    }

    /** Tells the files first, then {@code display}. */
    TrainingLog and(TrainingLog display) {
        return new BothLogs(metrics, tensorBoard == null ? display : new BothLogs(tensorBoard, display));
    }

    /** The last line. */
    void end(RunSummary summary) {
        metrics.end(summary);
        if (tensorBoard != null) {
            tensorBoard.end(summary);
        }
    }

    /** A loop's state with how far the files have come, all on disk. */
    ObjectNode json(RunState state) {
        return StartingPoint.json(
                state,
                metrics.position(),
                tensorBoard == null ? TensorBoardLog.Position.START : tensorBoard.position());
    }

    @Override
    public void close() {
        try (metrics) {
            if (tensorBoard != null) {
                tensorBoard.close();
            }
        }
    }
}
