package dev.ortune.trainer.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;

/**
 * Reads questions whose answers are parts of a context: SQuAD's JSON, 1.1 and 2.0, or the flat form of Hugging Face's
 * datasets, an object a question with {@code id}, {@code title}, {@code context}, {@code question} and {@code answers}, as
 * JSON lines or as a list called {@code data}; plain or packed as {@code .gz}. Places of answers are counted in code points.
 */
public final class QuestionReader {
    private static final Set<String> ENDINGS = Set.of("json", "jsonl", "ndjson");
    private static final char MARK = '\uFEFF';
    private static final String PARAGRAPHS = "paragraphs";
    private static final String CONTEXT = "context";
    private static final String QUESTION = "question";
    private static final String ANSWERS = "answers";
    private static final String START = "answer_start";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private final String file;
    private final List<Example> examples = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private QuestionReader(String file) {
        this.file = file;
    }

    /**
     * Whether a file holds questions with answers, as far as its name and its beginning tell.
     *
     * @throws OrtuneException when it must be read to tell and cannot be
     */
    public static boolean reads(Path file) {
        String plain = DataFile.plainName(file);
        if (!ENDINGS.contains(plain.substring(plain.lastIndexOf('.') + 1))) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(open(file))) {
            return parser.nextToken() == JsonToken.START_OBJECT && beginsWithQuestions(parser);
        } catch (JsonProcessingException | CharacterCodingException | ZipException | EOFException e) {
            return false;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static boolean beginsWithQuestions(JsonParser parser) throws IOException {
        ObjectNode first = JSON.createObjectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("data") && value == JsonToken.START_ARRAY) {
                JsonNode article = parser.nextToken() == JsonToken.START_OBJECT ? JSON.readTree(parser) : first;
                return article.path(PARAGRAPHS).isArray() || isFlat(article);
            }
            first.set(name, JSON.readTree(parser));
        }
        return isFlat(first);
    }

    private static boolean isFlat(JsonNode object) {
        return object.path(CONTEXT).isTextual()
                && object.path(QUESTION).isTextual()
                && object.path(ANSWERS).isContainerNode();
    }

    /**
     * Reads a whole file; examples are a question, its context and {@link Target.Answers}.
     *
     * @throws OrtuneException that names the file, and the question or the line where there is one, for whatever is wrong
     */
    public static Dataset read(Path file) {
        QuestionReader reader = new QuestionReader(file.toString());
        try (JsonParser parser = JSON.createParser(open(file))) {
            reader.read(parser);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw Utf8Lines.error(reader.file, line, "malformed JSON: " + Printable.of(JsonFile.why(e)));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (reader.examples.isEmpty()) {
            throw new OrtuneException(file + ": holds no question");
        }
        return new Dataset(reader.file, reader.examples, Labels.NONE);
    }

    private static Reader open(Path file) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(DataFile.open(file), StandardCharsets.UTF_8.newDecoder()));
        try {
            reader.mark(1);
            if (reader.read() != MARK) {
                reader.reset();
            }
            return reader;
        } catch (IOException e) {
            reader.close();
            throw e;
        }
    }

    private static OrtuneException unreadable(Path file, IOException e) {
        if (e instanceof CharacterCodingException) {
            return new OrtuneException(file + ": no valid UTF-8", e);
        }
        if (e instanceof ZipException) {
            return new OrtuneException(file + ": no valid gzip file: " + e.getMessage(), e);
        }
        return e instanceof EOFException
                ? new OrtuneException(file + ": the gzip file is cut off", e)
                : new OrtuneException(file + ": cannot be read: " + e.getMessage(), e);
    }

    private void read(JsonParser parser) throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            int line = parser.currentTokenLocation().getLineNr();
            if (token != JsonToken.START_OBJECT) {
                throw Utf8Lines.error(file, line, "a JSON object is wanted: SQuAD's, or one a question");
            }
            root(parser, line);
        }
    }

    /** A whole set in SQuAD's form is read an article at a time, since it may be large. */
    private void root(JsonParser parser, int line) throws IOException {
        ObjectNode flat = JSON.createObjectNode();
        boolean isSet = false;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (parser.nextToken() == JsonToken.START_ARRAY && name.equals("data")) {
                isSet = true;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    int place = parser.currentTokenLocation().getLineNr();
                    article(JSON.readTree(parser), place);
                }
            } else {
                flat.set(name, JSON.readTree(parser));
            }
        }
        if (!isSet) {
            question(flat, flat.path(CONTEXT), flat.path("title"), line);
        }
    }

    private void article(JsonNode article, int line) {
        if (!article.has(PARAGRAPHS)) {
            question(article, article.path(CONTEXT), article.path("title"), line);
            return;
        }
        for (JsonNode paragraph : article.path(PARAGRAPHS)) {
            for (JsonNode question : paragraph.path("qas")) {
                question(question, paragraph.path(CONTEXT), article.path("title"), line);
            }
        }
    }

    private void question(JsonNode json, JsonNode contextJson, JsonNode title, int line) {
        String id = json.path("id").isMissingNode()
                ? String.valueOf(examples.size())
                : json.path("id").asText();
        if (!ids.add(id)) {
            throw error(id, line, "this id occurs twice");
        }
        if (!json.path(QUESTION).isTextual() || !contextJson.isTextual()) {
            throw error(id, line, "has no text called " + (contextJson.isTextual() ? QUESTION : CONTEXT));
        }
        String context = TextTokenizer.wellFormed(contextJson.textValue());
        boolean impossible = json.path("is_impossible").asBoolean(false);
        List<Target.Answer> answers = impossible ? List.of() : answers(json.path(ANSWERS), context, id, line);
        examples.add(new Example(
                TextTokenizer.wellFormed(json.path(QUESTION).textValue()),
                context,
                new Target.Answers(id, answers),
                title.asText(""),
                line));
    }

    /** SQuAD has a list of objects, Hugging Face's datasets have an object of lists. */
    private List<Target.Answer> answers(JsonNode json, String context, String id, int line) {
        List<Target.Answer> answers = new ArrayList<>();
        if (json.isArray()) {
            for (JsonNode answer : json) {
                answers.add(answer(answer.path("text"), answer.path(START), context, id, line));
            }
        } else if (json.path("text").isArray()
                && json.path("text").size() == json.path(START).size()) {
            for (int i = 0; i < json.path("text").size(); i++) {
                answers.add(answer(json.path("text").path(i), json.path(START).path(i), context, id, line));
            }
        } else {
            throw error(id, line, "has no answers: a list of text and answer_start, or a list of each");
        }
        return answers;
    }

    private Target.Answer answer(JsonNode text, JsonNode start, String context, String id, int line) {
        if (!text.isTextual() || !start.isInt()) {
            throw error(id, line, "an answer needs a text, and a whole number as its answer_start");
        }
        Target.Answer answer = new Target.Answer(TextTokenizer.wellFormed(text.textValue()), start.intValue());
        int points = context.codePointCount(0, context.length());
        String there = answer.start() < 0 || answer.start() > points || answer.end() > points
                ? null
                : context.substring(
                        context.offsetByCodePoints(0, answer.start()), context.offsetByCodePoints(0, answer.end()));
        if (!answer.text().equals(there)) {
            throw error(
                    id,
                    line,
                    "the answer \"" + Printable.of(answer.text()) + "\" does not stand at " + answer.start()
                            + " of its context, counted in characters (code points), "
                            + (there == null ? "which ends before" : "but \"" + Printable.of(there) + "\""));
        }
        return answer;
    }

    private OrtuneException error(String id, int line, String what) {
        return new OrtuneException(file + ", line " + line + ", question " + Printable.of(id) + ": " + what);
    }
}
