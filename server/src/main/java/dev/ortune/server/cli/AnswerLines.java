package dev.ortune.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Answer;
import dev.ortune.predictor.Choices;
import dev.ortune.predictor.ChosenText;
import dev.ortune.predictor.Entity;
import dev.ortune.predictor.Filling;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.Input;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.MaskFillings;
import dev.ortune.predictor.SpanAnswer;
import dev.ortune.predictor.SpanAnswers;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TokenEntities;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What {@code ortune predict} prints of an answer. */
final class AnswerLines {
    private AnswerLines() {}

    /**
     * For people, on one line.
     *
     * @param task of the model, which tells whether a text was gone on with or another one written
     */
    static String line(Input input, Answer answer, String task) {
        if (input instanceof Choices question) {
            return line(question, (ChosenText) answer);
        }
        TextInput text = (TextInput) input;
        return answer instanceof GeneratedText written
                ? text.text() + (task.equals("text-generation") ? "" : "  ") + written.text()
                : line(text, answer);
    }

    private static String line(TextInput input, Answer answer) {
        String text = input.pair() == null ? input.text() : input.text() + "\t" + input.pair();
        if (answer instanceof LabelScores scores) {
            return verdict(scores) + "  " + text;
        }
        if (answer instanceof SpanAnswers answers) {
            return answer(answers.best()) + "  " + input.text();
        }
        if (answer instanceof MaskFillings fillings) {
            return text + "  "
                    + fillings.masks().stream()
                            .map(mask -> mask.stream().map(AnswerLines::filling).collect(Collectors.joining(", ")))
                            .collect(Collectors.joining(" | "));
        }
        return ((TokenEntities) answer)
                .entities().stream()
                        .map(entity -> entity(text, entity))
                        .collect(Collectors.joining(", ", text + "  ", ""))
                        .stripTrailing();
    }

    /** The choice, and what it was made for. */
    private static String line(Choices question, ChosenText answer) {
        String asked = question.begun() == null ? question.text() : question.text() + "\t" + question.begun();
        return choice(answer, answer.best()) + "  " + asked;
    }

    private static String choice(ChosenText answer, int place) {
        return String.format(Locale.ROOT, "%s %.1f %%", answer.choices().get(place), 100 * answer.scores()[place]);
    }

    /** For programs, a JSON object on one line. */
    static String json(Input input, Answer answer) {
        return input instanceof Choices question
                ? json(question, (ChosenText) answer)
                : json((TextInput) input, answer);
    }

    private static String json(Choices question, ChosenText answer) {
        ObjectNode object = answer.json().put("context", question.text());
        if (question.begun() != null) {
            object.put("question", question.begun());
        }
        ArrayNode choices = object.putArray("choices");
        question.choices().forEach(choices::add);
        return object.toString();
    }

    /** The best label, or all that are given where they do not exclude each other. */
    private static String verdict(LabelScores scores) {
        if (!scores.multiLabel()) {
            return score(scores, scores.best());
        }
        return scores.given().isEmpty()
                ? "none of the labels"
                : scores.given().stream()
                        .sorted(Comparator.comparingDouble(label -> -scores.scores()[label]))
                        .map(label -> score(scores, label))
                        .collect(Collectors.joining(", "));
    }

    private static String filling(Filling filling) {
        return String.format(Locale.ROOT, "%s %.1f %%", filling.tokenStr().strip(), 100 * filling.score());
    }

    private static String answer(SpanAnswer answer) {
        String words = answer.answer().isEmpty() ? "no answer" : answer.answer();
        return String.format(Locale.ROOT, "%s %.1f %%", words, 100 * answer.score());
    }

    private static String entity(String text, Entity entity) {
        return String.format(
                Locale.ROOT, "%s %s %.1f %%", entity.in(text).strip(), entity.label(), 100 * entity.score());
    }

    /** The labels that were not chosen, the likeliest first: of one text there is room for them. */
    static Stream<String> others(Answer answer) {
        if (answer instanceof SpanAnswers answers) {
            return answers.answers().stream().skip(1).map(AnswerLines::answer);
        }
        if (answer instanceof ChosenText chosen) {
            return IntStream.range(0, chosen.scores().length)
                    .filter(place -> place != chosen.best())
                    .boxed()
                    .sorted(Comparator.comparingDouble(place -> -chosen.scores()[place]))
                    .map(place -> choice(chosen, place));
        }
        if (!(answer instanceof LabelScores scores)) {
            return Stream.empty();
        }
        return IntStream.range(0, scores.scores().length)
                .filter(label -> scores.multiLabel() ? !scores.given().contains(label) : label != scores.best())
                .boxed()
                .sorted(Comparator.comparingDouble(label -> -scores.scores()[label]))
                .map(label -> score(scores, label));
    }

    private static String score(LabelScores answer, int label) {
        double score = answer.scores()[label];
        String name = answer.labels().get(label);
        return answer.probabilities()
                ? String.format(Locale.ROOT, "%s %5.1f %%", name, 100 * score)
                : String.format(Locale.ROOT, "%s %.4f", name, score);
    }

    private static String json(TextInput text, Answer answer) {
        if (answer instanceof SpanAnswers answers) {
            ObjectNode object = answers.best().json();
            return object.put("question", text.text())
                    .put("context", text.pair())
                    .toString();
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("text", text.text());
        if (text.pair() != null) {
            object.put("text_pair", text.pair());
        }
        if (answer instanceof LabelScores scores) {
            object.put("label", scores.labels().get(scores.best())).put("score", scores.scores()[scores.best()]);
            if (scores.multiLabel()) {
                ArrayNode given = object.putArray("labels");
                scores.given().forEach(label -> given.add(scores.labels().get(label)));
            }
            ObjectNode all = object.putObject("scores");
            for (int label = 0; label < scores.scores().length; label++) {
                all.put(scores.labels().get(label), scores.scores()[label]);
            }
        } else if (answer instanceof GeneratedText added) {
            object.put("generated_text", added.text());
        } else if (answer instanceof MaskFillings fillings) {
            object.set("fillings", fillings.json());
        } else {
            object.set("entities", ((TokenEntities) answer).json());
        }
        return object.toString();
    }
}
