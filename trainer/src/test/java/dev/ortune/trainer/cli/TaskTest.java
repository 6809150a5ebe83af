package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that do not fit data, options or a model are refused in one line before anything is trained. */
class TaskTest {
    private static final String WORDS = "the O\ncat B-x\n\nthe O\ndog I-x\n\na O\n\nb O\n";

    @TempDir
    private Path folder;

    @Test
    void theTaskMustFitTheData() throws IOException {
        Path words = Files.writeString(folder.resolve("a.conll"), WORDS);
        assertRefused(
                words + ": holds words with a label each, which is token-classification, but --task says"
                        + " text-classification",
                words,
                "--task=text-classification");
        assertRefused(
                "builtin: holds texts with a label each, which is text-classification, but --task says"
                        + " token-classification",
                "builtin",
                "--task=token-classification");
        Path texts = TinyModel.sentences(folder.resolve("a.tsv"), 20);
        assertRefused(
                words + ": holds words with a label each, which is token-classification, but " + texts
                        + " is for text-classification",
                texts,
                "--validation=" + words);
    }

    @Test
    void theMetricMustBeOneOfTheTask() throws IOException {
        Path words = Files.writeString(folder.resolve("a.conll"), WORDS);
        assertRefused(
                "--metric mcc is not measured here; f1, precision, recall, accuracy, loss are", words, "--metric=mcc");
        Path texts = TinyModel.sentences(folder.resolve("a.tsv"), 20);
        assertRefused("--metric recall is not measured here; mcc, accuracy, f1, loss are", texts, "--metric=recall");
    }

    @Test
    void wordsMustDiffer() throws IOException {
        Path words = Files.writeString(folder.resolve("a.conll"), "a O\nb O\n\nc O\n");
        assertRefused("every word has the same label", words);
    }

    @Test
    void allTokensAreThoseOfWords() throws IOException {
        Path words = Files.writeString(folder.resolve("a.conll"), WORDS);
        Cli cli = train(words, "--task=text-classification", "--label-all-tokens");
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).contains("--label-all-tokens is for --task token-classification");
        Cli unknown = train(words, "--task=ner");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("--task must be one of text-classification, ", ", not ner");
    }

    private void assertRefused(String message, Object train, String... options) throws IOException {
        Cli cli = train(train, options);
        assertThat(cli.err()).contains(message).doesNotContain("\tat ");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private Cli train(Object train, String... options) throws IOException {
        Object[] all = new Object[options.length + 4];
        all[0] = "train";
        all[1] = "--pretrained=" + TinyModel.write(folder.resolve("tiny"));
        all[2] = "--train=" + train;
        all[3] = "--out=" + folder.resolve("out");
        System.arraycopy(options, 0, all, 4, options.length);
        return Cli.run(all);
    }
}
