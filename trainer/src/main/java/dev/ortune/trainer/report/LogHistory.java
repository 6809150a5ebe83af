package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What happens in a run as JSON objects, with the keys of {@code log_history} in transformers' trainer_state.json. */
public final class LogHistory {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LogHistory() {}

    static ObjectNode of(RunDescription run) {
        ObjectNode json = JSON.createObjectNode();
        json.put("pretrained", run.start().pretrained());
        json.put("num_parameters", run.start().parameters());
        json.put("num_trainable_parameters", run.start().trained());
        run.sets().forEach((role, set) -> {
            json.put(role + "_file", set.name());
            json.put(role + "_samples", set.examples() == 0 ? set.sequences() : set.examples());
            json.put(role + "_truncated", set.truncated());
        });
        run.labels().forEach(json.putArray("labels")::add);
        run.start().initialised().forEach(json.putArray("initialised")::add);
        json.put("device", run.hardware().withThreads(run.threads()));
        json.put("max_steps", run.totalSteps());
        json.put("num_train_epochs", run.epochs());
        return json;
    }

    static ObjectNode notice(String line) {
        return JSON.createObjectNode().put("notice", line);
    }

    /** @param loss mean since the last line, which may be more than one step back */
    static ObjectNode of(StepRecord step, double loss) {
        ObjectNode json =
                JSON.createObjectNode().put("epoch", step.at().epoch()).put("step", step.step());
        if (step.skipped()) {
            return json.put("skipped", true);
        }
        json.put("loss", loss).put("learning_rate", step.learningRate());
        if (step.overflowed() > 0) {
            json.put("overflowed_steps", step.overflowed());
        }
        return Double.isFinite(step.gradNorm()) ? json.put("grad_norm", step.gradNorm()) : json;
    }

    /** The line of an evaluation. */
    public static ObjectNode of(EvaluationRecord evaluation) {
        ObjectNode json = JSON.createObjectNode()
                .put("epoch", evaluation.epoch())
                .put("step", evaluation.step())
                .put("train_loss", evaluation.trainLoss());
        MetricsJson.put(json, "eval_", evaluation.metrics());
        return json.put("best", evaluation.best());
    }

    /** The evaluation of which {@link #of(EvaluationRecord)} made the line. */
    public static EvaluationRecord evaluation(JsonNode line) {
        return new EvaluationRecord(
                line.path("step").asInt(),
                line.path("epoch").asDouble(),
                line.path("train_loss").asDouble(),
                MetricsJson.of(line, "eval_"),
                line.path("best").asBoolean());
    }

    static ObjectNode of(RunSummary summary) {
        ObjectNode json = JSON.createObjectNode()
                .put("epoch", summary.loop().epoch())
                .put("step", summary.loop().steps())
                .put("train_loss", summary.loop().trainLoss());
        if (summary.loop().skipped() > 0) {
            json.put("skipped_steps", summary.loop().skipped());
        }
        if (summary.loop().overflowed() > 0) {
            json.put("overflowed_steps", summary.loop().overflowed());
        }
        if (summary.test() != null) {
            MetricsJson.put(json, "test_", summary.test());
        }
        if (summary.testBatches() != null) {
            json.put("test_mcc_batch_mean", summary.testBatches().mean());
        }
        return json.put("train_runtime", summary.loop().seconds())
                .put("train_samples_per_second", summary.loop().sentencesPerSecond())
                .put("stopped_early", summary.loop().stoppedEarly());
    }
}
