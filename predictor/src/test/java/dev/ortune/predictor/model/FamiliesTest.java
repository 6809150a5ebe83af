package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Folders as hubs have them, of each family, answer like transformers' pipeline. Two are always there; src/test/families/make.py
 * makes the others, whose folder {@code -Dortune.families} names, and each one's greatest difference is printed.
 */
class FamiliesTest {
    private static final double CLOSE = 1e-5;

    @TestFactory
    Stream<DynamicTest> answersAreThoseOfTransformers() throws IOException {
        String more = System.getProperty("ortune.families", "");
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> list = Files.list(more.isEmpty() ? Golden.folder("families") : Path.of(more))) {
            list.filter(Files::isDirectory).sorted().forEach(folders::add);
        }
        assertThat(folders).hasSizeGreaterThanOrEqualTo(2);
        return folders.stream().map(folder -> DynamicTest.dynamicTest(name(folder), () -> compare(folder)));
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    private static void compare(Path folder) {
        InferenceOptions options = new InferenceOptions("auto", new BatchOptions(4096, 512, 32, 1, 1));
        JsonNode cases = JsonFile.readObject(folder.resolve("answers.json")).path("cases");
        List<TextInput> texts = new ArrayList<>();
        cases.forEach(row ->
                texts.add(new TextInput(row.path(0).textValue(), row.path(1).textValue())));
        assertThat(texts).hasSizeGreaterThanOrEqualTo(20);
        double most = 0;
        try (ServedModel model = ServedModel.open(VersionFolder.of(folder), options)) {
            var answers = model.predict(texts, model.truncation());
            for (int i = 0; i < texts.size(); i++) {
                LabelScores scores = (LabelScores) model.answer(answers.get(i).join());
                JsonNode expected = cases.path(i).path(2);
                assertThat(expected).hasSize(scores.scores().length);
                for (int label = 0; label < scores.scores().length; label++) {
                    double right = expected.path(scores.labels().get(label)).doubleValue();
                    most = Math.max(most, Math.abs(scores.scores()[label] - right));
                }
            }
        }
        System.out.printf("%-12s %2d texts, differs by %.1e at most%n", name(folder), texts.size(), most);
        assertThat(most).as(name(folder)).isLessThan(CLOSE);
    }
}
