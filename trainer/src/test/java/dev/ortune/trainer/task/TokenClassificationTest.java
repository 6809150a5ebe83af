package dev.ortune.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Collator;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Targets;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.TokenMetrics;
import dev.ortune.trainer.report.TokenPredictions;
import dev.ortune.trainer.report.TypeScore;
import dev.ortune.trainer.report.WordCounts;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file to what is measured, with a tokenizer that is real and a model that says what each test wants. */
class TokenClassificationTest {
    private static final String FILE = """
            The O
            ferry B-X
            leaves I-X
            . O

            don't B-X
            wait O
            """;

    private static final int B = 0;
    private static final int I = 1;
    private static final int O = 2;

    @TempDir
    Path folder;

    @Test
    void aWordsFirstTokenHasItsLabel() throws IOException {
        assertThat(labels(encoded(new TokenClassification(false), 64)))
                .containsExactly("-100 2 0 1* 2 -100", "-100 0* 2 -100");
    }

    @Test
    void orAllItsTokensHave() throws IOException {
        EncodedDataset set = encoded(new TokenClassification(true), 64);
        assertThat(labels(set)).containsExactly("-100 2 0 1 2 -100", "-100 0+ 2 -100");
    }

    @Test
    void paddingHasNoLabel() throws IOException {
        EncodedDataset set = encoded(new TokenClassification(false), 64);
        Batch batch = Collator.toMax(0, 20).collate(set, new int[] {1, 0});
        assertThat(batch.arrays().get(Batch.LABELS).shape()).containsExactly(2, 20);
        int length = set.encodings().get(1).length();
        assertThat(batch.labels()[1]).isEqualTo(B);
        assertThat(Arrays.copyOfRange(batch.labels(), length, 20)).containsOnly(-100);
        assertThat(batch.labels()[21]).isEqualTo(O);
    }

    /**
     * The labels of each sentence's words and special tokens: of a word's first token, then * where others follow without a
     * label, or + where others follow with that of the inside.
     */
    private static List<String> labels(EncodedDataset set) {
        List<String> sentences = new ArrayList<>();
        for (int row = 0; row < set.size(); row++) {
            long[] labels = ((Targets.OneAToken) set.targets().get(Batch.LABELS)).values()[row];
            int[] words = set.encodings().get(row).words();
            StringBuilder text = new StringBuilder();
            for (int token = 0; token < labels.length; token++) {
                boolean continues = token > 0 && words[token] >= 0 && words[token] == words[token - 1];
                if (!continues) {
                    text.append(text.isEmpty() ? "" : " ").append(labels[token]);
                } else if (labels[token] == Targets.IGNORED && text.charAt(text.length() - 1) != '*') {
                    text.append('*');
                } else if (labels[token] == I && labels[token - 1] == B) {
                    text.append('+');
                }
            }
            sentences.add(text.toString());
        }
        return sentences;
    }

    @Test
    void logitsCountPackedOrPadded() throws IOException {
        TokenClassification task = new TokenClassification(false);
        Batches batches = Batches.toEvaluate(encoded(task, 64), 0, 8);
        TokenPredictions packed = task.predictions(batches, output(batch -> oracle(batch, true)));
        TokenPredictions padded = task.predictions(batches, output(batch -> oracle(batch, false)));
        assertThat(packed.predictions()).isDeepEqualTo(new int[][] {{O, B, I, O}, {B, O}});
        assertThat(padded.predictions()).isDeepEqualTo(packed.predictions());
        assertThat(padded.loss()).isEqualTo(packed.loss());
        assertThat(packed.loss()).isCloseTo(Math.log(Math.exp(3) + 2) - 3, offset(1e-6));
        TokenMetrics metrics = packed.metrics();
        assertThat(metrics.words()).isEqualTo(new WordCounts(6, 6, 0));
        assertThat(metrics.types()).containsExactly(new TypeScore("X", 2, 2, 2));
        assertThatThrownBy(() -> task.predictions(batches, output(batch -> new float[7])))
                .hasMessageContaining("7 logits for ");
    }

    @Test
    void howSentencesAreBatchedMakesNoDifference() throws IOException {
        TokenClassification task = new TokenClassification(false);
        EncodedDataset set = encoded(task, 64);
        TokenPredictions together =
                task.predictions(Batches.toEvaluate(set, 0, 8), output(batch -> oracle(batch, true)));
        TokenPredictions alone = task.predictions(Batches.toEvaluate(set, 0, 1), output(batch -> oracle(batch, true)));
        assertThat(alone.predictions()).isDeepEqualTo(together.predictions());
        assertThat(alone.loss()).isEqualTo(together.loss());
    }

    @Test
    void wordsThatAreCutOffAreCountedAndNotMeasured() throws IOException {
        TokenClassification task = new TokenClassification(false);
        // [CLS], two tokens, [SEP]
        EncodedDataset set = encoded(task, 4);
        assertThat(set.truncated()).isEqualTo(2);
        assertThat(set.unseenWords()).isEqualTo(3);
        TokenPredictions predictions =
                task.predictions(Batches.toEvaluate(set, 0, 8), output(batch -> oracle(batch, true)));
        assertThat(predictions.metrics().words()).isEqualTo(new WordCounts(3, 3, 3));
        Path file = folder.resolve("predictions.tsv");
        task.write(file, set, predictions);
        assertThat(Files.readString(file))
                .isEqualTo("The\tO\tO\nferry\tB-X\tB-X\nleaves\tI-X\t\n.\tO\t\n\ndon't\tB-X\tB-X\nwait\tO\t\n\n");
    }

    @Test
    void checkpointsAreChosenByWhatIsMeasured() {
        Labels entities = new Labels(List.of("B-X", "O"));
        Labels parts = new Labels(List.of("NOUN", "VERB"));
        Task task = Tasks.named("token-classification");
        assertThat(task.scoring().metric(null, entities)).isEqualTo(Metric.F1);
        assertThat(task.scoring().metric(Metric.RECALL, entities)).isEqualTo(Metric.RECALL);
        assertThat(task.scoring().metric(null, parts)).isEqualTo(Metric.ACCURACY);
        assertThat(new TextClassification().metric(null, parts)).isEqualTo(Metric.MCC);
        assertThatThrownBy(() -> task.scoring().metric(Metric.F1, parts))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("--metric f1 is not measured here; accuracy, loss are");
    }

    @Test
    void dataTellTheTask() throws IOException {
        String conll = write("a.conll", FILE).toString();
        String json =
                write("a.jsonl", "{\"tokens\": [\"a\"], \"tags\": [\"O\"]}").toString();
        String tsv = write("a.tsv", "text\tlabel\n").toString();
        ReadOptions none = ReadOptions.DEFAULTS;
        assertThat(Tasks.ofData(conll, none, null).name()).isEqualTo("token-classification");
        assertThat(Tasks.ofData(json, none, null).name()).isEqualTo("token-classification");
        assertThat(Tasks.ofData(tsv, none, null).name()).isEqualTo("text-classification");
        assertThat(Tasks.ofData("builtin", none, null).name()).isEqualTo("text-classification");
        assertThatThrownBy(() -> new TextClassification().requireFitting(conll, none, "--task says"))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(conll + ": holds words with a label each, which is token-classification, but --task says"
                        + " text-classification");
        assertThatThrownBy(() -> Tasks.named("token-classification").requireFitting("builtin", none, "m is for"))
                .hasMessage("builtin: holds texts with a label each, which is text-classification, but m is for"
                        + " token-classification");
        assertThatThrownBy(() -> Tasks.named("ner"))
                .hasMessageStartingWith("--task must be one of text-classification, ")
                .hasMessageEndingWith(", or of cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli, not ner");
    }

    private static Function<Batch, Map<String, float[]>> output(Function<Batch, float[]> logits) {
        return batch -> Map.of(Scoring.LOGITS, logits.apply(batch));
    }

    /** Gives 3 to the right label of a labelled token, to O elsewhere. */
    private static float[] oracle(Batch batch, boolean packed) {
        int cells = packed ? batch.tokens() : batch.size() * batch.length();
        float[] logits = new float[cells * 3];
        int row = 0;
        for (int cell = 0; cell < batch.attentionMask().length; cell++) {
            if (packed && batch.attentionMask()[cell] == 0) {
                continue;
            }
            long label = batch.labels()[cell];
            logits[3 * row++ + (label < 0 ? O : (int) label)] = 3;
        }
        return logits;
    }

    private EncodedDataset encoded(TokenClassification task, int maxLength) throws IOException {
        Dataset set = task.read(write("a.conll", FILE).toString(), ReadOptions.DEFAULTS, null);
        try (TextTokenizer tokenizer = TextTokenizer.load(bert(), maxLength, task.form())) {
            return task.encode(set, tokenizer);
        }
    }

    private static Path bert() {
        try {
            return Path.of(TokenClassificationTest.class
                    .getResource("/golden/tokenizers/bert")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
