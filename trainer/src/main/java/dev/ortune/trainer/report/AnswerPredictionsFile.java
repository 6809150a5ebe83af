package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a model answered, in three files: {@code NAME.json}, an answer an id, as SQuAD's evaluation scripts take it; {@code
 * NAME_null_odds.json}, the null score of each where there may be no answer; and {@code NAME_nbest.jsonl}, a line a question
 * with its context, the right answers and the likeliest ones.
 */
public final class AnswerPredictionsFile {
    /** What the name of the lines ends with. */
    public static final String N_BEST = "_nbest.jsonl";

    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerPredictionsFile() {}

    /** Writes them; the others' names follow from that of the first. */
    public static void write(Path file, Dataset set, AnswerPredictions predictions) {
        ObjectNode answers = JSON.createObjectNode();
        ObjectNode nullOdds = JSON.createObjectNode();
        StringBuilder lines = new StringBuilder();
        double threshold = predictions.chosenThreshold();
        for (int i = 0; i < set.size(); i++) {
            Example example = set.examples().get(i);
            AnsweredQuestion question = predictions.questions().get(i);
            String id = ((Target.Answers) example.target()).id();
            answers.put(id, question.answer(threshold).text());
            nullOdds.put(id, question.nullScore());
            lines.append(line(example, question, threshold, predictions.mayBeNone()))
                    .append('\n');
        }
        AtomicFile.write(file, JsonFile.bytes(answers));
        if (predictions.mayBeNone()) {
            AtomicFile.write(beside(file, "_null_odds.json"), JsonFile.bytes(nullOdds));
        }
        AtomicFile.write(beside(file, N_BEST), lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A file of the same name with another ending. */
    private static Path beside(Path file, String ending) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
    }

    private static ObjectNode line(Example example, AnsweredQuestion question, double threshold, boolean mayBeNone) {
        Target.Answers target = (Target.Answers) example.target();
        ObjectNode line = JSON.createObjectNode();
        line.put("id", target.id());
        if (!example.source().isEmpty()) {
            line.put("title", example.source());
        }
        line.put("context", example.pair()).put("question", example.text());
        ObjectNode right = line.putObject("answers");
        ArrayNode texts = right.putArray("text");
        ArrayNode starts = right.putArray("answer_start");
        target.answers().forEach(answer -> {
            texts.add(answer.text());
            starts.add(answer.start());
        });
        AnswerSpan answer = question.answer(threshold);
        line.put("prediction", answer.text()).put("start", answer.start()).put("end", answer.end());
        if (mayBeNone) {
            line.put("null_odds", question.nullScore());
        }
        ArrayNode candidates = line.putArray("nbest");
        question.candidates().forEach(candidate -> candidates
                .addObject()
                .put("text", candidate.text())
                .put("start", candidate.start())
                .put("end", candidate.end())
                .put("start_logit", candidate.startLogit())
                .put("end_logit", candidate.endLogit())
                .put("probability", candidate.probability()));
        return line;
    }
}
