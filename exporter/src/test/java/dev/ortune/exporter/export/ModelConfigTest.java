package dev.ortune.exporter.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model_type': 'bert', 'max_position_embeddings': 512, 'pad_token_id': 0}        | 512 | 0",
                "{'model_type': 'distilbert', 'dim': 64, 'max_position_embeddings': 128}          | 128 | 0",
                // Positions count from the padding's id + 1.
                "{'model_type': 'roberta', 'max_position_embeddings': 514, 'pad_token_id': 1}     | 512 | 1",
                "{'model_type': 'xlm-roberta', 'max_position_embeddings': 514}                    | 512 | 1",
                "{'model_type': 'camembert', 'max_position_embeddings': 514, 'pad_token_id': 1}   | 512 | 1",
                "{'model_type': 'mpnet', 'max_position_embeddings': 514, 'pad_token_id': 1}       | 512 | 1",
                "{}                                                                               | 512 | 0",
                "{'max_position_embeddings': -1, 'pad_token_id': null}                            | 512 | 0",
            })
    void saysHowManyTokensThePositionsAreEnoughFor(String json, int maxLength, long padId) throws IOException {
        ModelConfig config = config(json);
        assertThat(config.maxLength()).isEqualTo(maxLength);
        assertThat(config.padId()).isEqualTo(padId);
    }

    @Test
    void nothingHasToBeThere() throws IOException {
        assertThat(config("{}"))
                .isEqualTo(new ModelConfig(Path.of("config.json"), "", "", List.of(), Map.of(), 512, 0));
        assertThat(config("{'architectures': null, 'problem_type': null, 'id2label': null}"))
                .isEqualTo(new ModelConfig(Path.of("config.json"), "", "", List.of(), Map.of(), 512, 0));
    }

    private static ModelConfig config(String json) throws IOException {
        ObjectNode config = (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
        return ModelConfig.of(Path.of("config.json"), config);
    }
}
