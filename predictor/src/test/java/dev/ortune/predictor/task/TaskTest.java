package dev.ortune.predictor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.EncodedText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What config.json alone says of a model's task. */
class TaskTest {
    private static final Path FILE = Path.of("models/mine/config.json");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"architectures": ["BertForSequenceClassification"]}          | text-classification
            {"architectures": ["DistilBertForSequenceClassification"]}    | text-classification
            {"architectures": ["RobertaForTokenClassification"]}          | token-classification
            {"architectures": ["XLMRobertaForTokenClassification", "X"]}  | token-classification
            {"architectures": ["DistilBertForQuestionAnswering"]}         | question-answering
            {"architectures": ["RobertaForMultipleChoice"]}               | multiple-choice
            {"architectures": []}                                         | text-classification
            {"architectures": null}                                       | text-classification
            {}                                                            | text-classification
            """)
    void theArchitectureNamesIt(String config, String tag) throws IOException {
        assertThat(task(config).pipelineTag()).isEqualTo(tag);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"architectures": ["BertForNextSentencePrediction"]} | architectures names BertForNextSentencePrediction; only
            {"architectures": ["BertModel"]}           | architectures names BertModel; only
            {"architectures": ["x\\u001b[2J"]}         | architectures names x?[2J; only
            {"num_labels": 0}                          | has no id2label, and num_labels is 0
            {"num_labels": 2000000000}                 | has no id2label, and num_labels is 2000000000
            {"id2label": {}}                           | id2label names no labels
            {"id2label": {"1": "a"}}                   | id2label has no name for label 0
            {"id2label": {"0": 7}}                     | id2label has no name for label 0
            """)
    void whatIsNotServedIsRefusedInOneLine(String config, String reason) {
        assertThatThrownBy(() -> task(config))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(FILE + ": " + reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                          | LABEL_0,LABEL_1
            {"num_labels": 3}                           | LABEL_0,LABEL_1,LABEL_2
            {"id2label": null}                          | LABEL_0,LABEL_1
            {"id2label": {"1": "b", "0": "a"}}          | a,b
            """)
    void labelsWithoutNamesAreNumbered(String config, String labels) throws IOException {
        assertThat(task(config).labels()).containsExactly(labels.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "id2label": {"0": "a", "1": "b"}                                                 | SOFTMAX
            "id2label": {"0": "a", "1": "b"}, "problem_type": "single_label_classification"  | SOFTMAX
            "id2label": {"0": "a", "1": "b"}, "problem_type": "multi_label_classification"   | SIGMOID
            "id2label": {"0": "a"}                                                           | SIGMOID
            "id2label": {"0": "a"}, "problem_type": "single_label_classification"            | SIGMOID
            "id2label": {"0": "a"}, "problem_type": "regression"                             | NONE
            "id2label": {"0": "a", "1": "b"}, "problem_type": "regression"                   | NONE
            """)
    void scoresAreMadeAsTransformersMakesThem(String fields, ScoreFunction function) throws IOException {
        SequenceClassification task = (SequenceClassification) task("{" + fields + "}");
        assertThat(task.function()).isEqualTo(function);
        assertThat(task.givesProbabilities()).isEqualTo(function != ScoreFunction.NONE);
    }

    @Test
    void severalLabelsAreGivenFromTheirThresholdsOn() throws IOException {
        String fields = "\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"},"
                + " \"problem_type\": \"multi_label_classification\"";
        Prediction prediction =
                new Prediction(new float[] {-1, 1, 0}, EncodedText.zeros(1), Duration.ZERO, Duration.ZERO);
        LabelScores usual = (LabelScores) task("{" + fields + "}").answer(prediction);
        assertThat(usual.given()).containsExactly(1, 2);
        LabelScores tuned = (LabelScores) task("{" + fields + ", \"thresholds\": {\"a\": 0.2, \"b\": 0.8}}")
                .answer(prediction);
        assertThat(tuned.given()).containsExactly(0, 2);
        assertThat(tuned.best()).isEqualTo(1);
        for (String value : List.of("1.5", "-0.1", "\"x\"", "null", "[]")) {
            assertThatThrownBy(() -> task("{" + fields + ", \"thresholds\": {\"b\": " + value + "}}"))
                    .isInstanceOf(OrtuneException.class)
                    .hasMessageContaining("the threshold of b must be from 0 to 1");
        }
    }

    @Test
    void oneLabelHasItsSigmoidAndARegressionItsNumber() throws IOException {
        Prediction prediction = new Prediction(new float[] {1.5F}, EncodedText.zeros(1), Duration.ZERO, Duration.ZERO);
        LabelScores one = (LabelScores) task("{\"id2label\": {\"0\": \"a\"}}").answer(prediction);
        assertThat(one.scores()).containsExactly(new double[] {1 / (1 + Math.exp(-1.5))}, within(1e-12));
        String regression = "{\"id2label\": {\"0\": \"a\"}, \"problem_type\": \"regression\"}";
        LabelScores number = (LabelScores) task(regression).answer(prediction);
        assertThat(number.scores()).containsExactly(1.5);
        assertThat(number.probabilities()).isFalse();
        assertThat(List.of(one.best(), number.best())).containsExactly(0, 0);
    }

    private static Task task(String config) throws IOException {
        return Task.of(FILE, (ObjectNode) new ObjectMapper().readTree(config));
    }
}
