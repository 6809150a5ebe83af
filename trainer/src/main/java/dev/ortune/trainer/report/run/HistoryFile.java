package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code metrics.jsonl}. */
final class HistoryFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<History.Step> steps = new ArrayList<>();
    private final List<History.Evaluation> evaluations = new ArrayList<>();
    private History.End end;

    private HistoryFile() {}

    /**
     * Reads the file. A last line that breaks off, as a process that was killed leaves it, counts for nothing; so do
     * fields that are not known. Where steps begin again, as in a run that was resumed, the later ones hold.
     *
     * @throws OrtuneException that names the file and the line
     */
    static History read(Path file) {
        List<String> lines = TextFile.lines(file);
        HistoryFile history = new HistoryFile();
        for (int i = 0; i < lines.size(); i++) {
            try {
                history.add(object(JSON.readTree(lines.get(i)), file, i + 1));
            } catch (JsonProcessingException e) {
                if (i < lines.size() - 1) {
                    throw new OrtuneException(file + ", line " + (i + 1) + ": is not valid JSON", e);
                }
            }
        }
        return new History(history.steps, history.evaluations, history.end);
    }

    private static JsonNode object(JsonNode line, Path file, int number) {
        if (!line.isObject()) {
            throw new OrtuneException(file + ", line " + number + ": is no JSON object");
        }
        return line;
    }

    private void add(JsonNode line) {
        int step = line.path("step").asInt();
        if (line.has("loss")) {
            forgetFrom(step);
            steps.add(new History.Step(
                    step,
                    line.path("epoch").asDouble(),
                    line.path("loss").asDouble(),
                    line.path("learning_rate").asDouble(Double.NaN),
                    line.path("grad_norm").asDouble(Double.NaN)));
        } else if (line.has("eval_loss")) {
            evaluations.add(evaluation(line, step));
        } else if (line.has("train_runtime")) {
            end = new History.End(
                    line.path("train_runtime").asDouble(),
                    line.path("train_samples_per_second").asDouble(Double.NaN),
                    line.path("stopped_early").asBoolean(),
                    values(line, "test_"));
        }
    }

    private void forgetFrom(int step) {
        if (!steps.isEmpty() && steps.get(steps.size() - 1).step() >= step) {
            steps.removeIf(earlier -> earlier.step() >= step);
            evaluations.removeIf(earlier -> earlier.step() >= step);
        }
    }

    private static History.Evaluation evaluation(JsonNode line, int step) {
        Map<Metric, Double> values = values(line, "eval_");
        values.remove(Metric.LOSS);
        return new History.Evaluation(
                step,
                line.path("epoch").asDouble(),
                line.path("train_loss").asDouble(Double.NaN),
                line.path("eval_loss").asDouble(),
                values,
                line.path("best").asBoolean());
    }

    private static Map<Metric, Double> values(JsonNode line, String prefix) {
        Map<Metric, Double> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : line.properties()) {
            for (Metric metric : Metric.values()) {
                if (field.getKey().equals(prefix + metric)) {
                    values.put(metric, field.getValue().asDouble(Double.NaN));
                }
            }
        }
        return values;
    }
}
