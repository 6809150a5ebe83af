package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.predictor.Golden;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.task.TokenClassification;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two files of a folder that was never near Ortune say of a model, and whether its graph agrees. */
class ModelConfigTest {
    private static final InferenceOptions OPTIONS = new InferenceOptions("auto", new BatchOptions(1024, 16, 4, 1, 1));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model_type": "bert", "max_position_embeddings": 512, "pad_token_id": 0}       |      | 512 | 0
            {"model_type": "distilbert", "max_position_embeddings": 512, "dim": 768, "n_layers": 6} | | 512 | 0
            {"model_type": "electra", "max_position_embeddings": 512}                       | 128  | 128 | 0
            {"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}    |      | 512 | 1
            {"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": null} | 1e30 | 512 | 1
            {"model_type": "xlm-roberta", "max_position_embeddings": 514, "pad_token_id": 1}| 512  | 512 | 1
            {"model_type": "camembert", "max_position_embeddings": 514, "pad_token_id": 1}  | 600  | 512 | 1
            {"model_type": "mpnet", "max_position_embeddings": 514}                         | 384  | 384 | 1
            {"model_type": "bert", "max_position_embeddings": 514, "pad_token_id": 3}       |      | 514 | 3
            """)
    void tokensArePaddedAndCutAsItsPositionsAllow(String config, String named, int maxLength, long padId)
            throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        if (named != null) {
            Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\": " + named + "}");
        }
        ModelConfig read = ModelConfig.read(folder);
        assertThat(read.maxLength()).isEqualTo(maxLength);
        assertThat(read.padId()).isEqualTo(padId);
    }

    @Test
    void noRoomForTextIsRefused() throws IOException {
        Files.writeString(
                folder.resolve("config.json"), "{\"model_type\": \"roberta\", \"max_position_embeddings\": 4}");
        assertThatThrownBy(() -> ModelConfig.read(folder))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("max_position_embeddings is 4, which leaves no room for text");
    }

    @Test
    void aGraphOfAnotherTaskIsRefused() throws IOException {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        change(tiny, "{", "{\"architectures\": [\"BertForTokenClassification\"], ");
        assertThatThrownBy(() -> open(tiny))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(tiny.resolve("onnx/model.onnx")
                        + ": gives logits for each text, but config.json says that it is for token-classification");
        Path tokens = copy("token-classification/byte-level");
        assertThat(open(tokens).task()).isInstanceOf(TokenClassification.class);
        change(tokens, "RobertaForTokenClassification", "RobertaForSequenceClassification");
        assertThatThrownBy(() -> open(tokens))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(tokens.resolve("onnx/model.onnx")
                        + ": gives logits for each token, but config.json says that it is for text-classification");
    }

    @Test
    void theGraphMayLieBesideTheConfiguration() throws IOException {
        Path tokens = copy("token-classification/byte-level");
        Files.move(tokens.resolve("onnx/model.onnx"), tokens.resolve("model.onnx"));
        Files.delete(tokens.resolve("onnx"));
        assertThat(open(tokens).file()).isEqualTo(tokens.resolve("model.onnx"));
    }

    @Test
    void otherNumbersOfLabelsAreRefused() throws IOException {
        Path tokens = copy("token-classification/wordpiece");
        change(tokens, "\"4\": \"I-LOC\"", "\"4\": \"I-LOC\", \"5\": \"B-ORG\"");
        assertThatThrownBy(() -> open(tokens))
                .isInstanceOf(OrtuneException.class)
                .hasMessageEndingWith("gives 5 logits, but config.json names 6 labels");
    }

    private static ModelFolder open(Path model) {
        try (ServedModel served = ServedModel.open(VersionFolder.of(model), OPTIONS)) {
            return served.info();
        }
    }

    private Path copy(String golden) throws IOException {
        Path from = Golden.folder(golden);
        Path to = folder.resolve(from.getFileName().toString());
        try (Stream<Path> paths = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    private static void change(Path model, String before, String after) throws IOException {
        Path config = model.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(before);
        Files.writeString(config, text.replaceFirst(Pattern.quote(before), after));
    }
}
