package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines that {@link dev.ortune.trainer.report.AnswerPredictionsFile} wrote. */
final class AnswerHoldoutFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerHoldoutFile() {}

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static AnswerHoldout read(Path file, String role) {
        List<AskedQuestion> questions = new ArrayList<>();
        List<String> lines = TextFile.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            questions.add(question(file, i + 1, lines.get(i)));
        }
        if (questions.isEmpty()) {
            throw new OrtuneException(file + ": holds no predictions");
        }
        return new AnswerHoldout(role, questions);
    }

    private static AskedQuestion question(Path file, int line, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            String context = json.path("context").asText();
            int points = context.codePointCount(0, context.length());
            JsonNode texts = json.path("answers").path("text");
            JsonNode starts = json.path("answers").path("answer_start");
            List<AskedQuestion.Span> right = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                String answer = texts.path(i).asText();
                int start = starts.path(i).asInt(-1);
                right.add(span(answer, start, start + answer.codePointCount(0, answer.length()), points));
            }
            AskedQuestion.Span answer = span(
                    json.path("prediction").asText(),
                    json.path("start").asInt(-1),
                    json.path("end").asInt(-1),
                    points);
            if (!json.path("question").isTextual() || answer == null || right.contains(null)) {
                throw new OrtuneException(file + ", line " + line
                        + ": is no question with its context, the right answers and a prediction that stand in it");
            }
            return new AskedQuestion(json.path("question").asText(), context, right, answer);
        } catch (JsonProcessingException e) {
            throw new OrtuneException(file + ", line " + line + ": is not valid JSON", e);
        }
    }

    /** Null for one that is not in the context. */
    private static AskedQuestion.Span span(String text, int start, int end, int points) {
        return start < 0 || end < start || end > points ? null : new AskedQuestion.Span(text, start, end);
    }
}
