package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What "ortune train" refuses before it trains. */
class TrainUsageTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        model = TinyModel.write(folder.resolve("tiny"));
        data = TinyModel.sentences(folder.resolve("train.tsv"), 40);
        out = folder.resolve("models").resolve("x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --epochs=0                      | --epochs must be at least 1, not 0
            --epochs=x                      | Invalid value for option '--epochs': 'x' is not an int
            --epochs=2000000000             | makes more steps than can be counted
            --batch-size=0                  | --batch-size must be at least 1, not 0
            --gradient-accumulation-steps=0 | --gradient-accumulation-steps must be at least 1, not 0
            --lr=0                          | --learning-rate must be above 0 and at most 1, not 0.0
            --lr=NaN                        | --learning-rate must be above 0 and at most 1, not NaN
            --learning-rate=5               | --learning-rate must be above 0 and at most 1, not 5.0
            --warmup-ratio=1.1              | --warmup-ratio must be from 0 to 1, not 1.1
            --weight-decay=-1               | weight-decay is out of range: -1.0
            --max-grad-norm=-1              | max-grad-norm is out of range: -1.0
            --adam-beta1=1                  | adam-beta1 is out of range: 1.0
            --adam-beta2=-1                 | adam-beta2 is out of range: -1.0
            --adam-epsilon=0                | adam-epsilon is out of range: 0.0
            --seed=-1                       | --seed must be from 0 to 4294967295, not -1
            --max-length=2                  | --max-length must be at least 3, not 2
            --eval-steps=-1                 | --eval-steps must be at least 0, not -1
            --early-stopping=-1             | --early-stopping must be at least 0, not -1
            --threads=-1                    | --threads must be at least 0, not -1
            --limit=-1                      | --limit must not be negative, but is -1
            --validation-split=1            | --validation-split must be from 0 to below 1, not 1.0
            --split-seed=-1                 | --split-seed must be from 0 to 4294967295, not -1
            --label-smoothing=1             | --label-smoothing must be from 0 to below 1, not 1.0
            --class-weights=heavy           | --class-weights must be "balanced" or numbers
            --metric=auc                    | '--metric': must be mcc, accuracy, f1, precision, recall, f1_micro, f1_macro, token_accuracy, exact_match, ranking_ap, pearson, spearman, rmse, perplexity, nsp_accuracy or loss, not 'auc'
            --schedule=zigzag               | must be linear, cosine or constant, not 'zigzag'
            --optimizer=sgd                 | must be adamw or bert-adam, not 'sgd'
            --label-names=a,a               | --label-names must be different names, not a,a
            --label-names=,a                | --label-names must be different names, not ,a
            --epoch=3                       | Unknown option
            """)
    void badOptionsAreUsageErrors(String option, String message) throws IOException {
        Cli cli = train(option);
        assertThat(cli.exit()).isEqualTo(option.contains("2000000000") ? 1 : 2);
        assertThat(cli.err()).startsWith("ortune: ").contains(message).doesNotContain("\tat ");
        assertNothingWritten();
    }

    @Test
    void whatIsRequiredIsNamed() {
        Cli cli = Cli.run("train");
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).contains("--pretrained=NAME|DIR", "--out=DIR", "--train=SPEC", "ortune train --help");
    }

    @Test
    void earlyStoppingNeedsAValidationSet() throws IOException {
        Cli cli = train("--early-stopping=1", "--validation-split=0");
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).contains("--early-stopping needs a validation set");
    }

    @Test
    void aPretrainedModelThatIsNotThereCanBePulled() throws IOException {
        Cli cli = Cli.run("train", "--pretrained", "no-such-model", "--train", data, "--out", out);
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains("no-such-model: there is no such model in", "ortune pull no-such-model");
        Cli path = Cli.run("train", "--pretrained", folder.resolve("no/such"), "--train", data, "--out", out);
        assertThat(path.exit()).isEqualTo(1);
        assertThat(path.err()).contains("there is no such folder");
    }

    @Test
    void aMissingDataFileIsNamed() throws IOException {
        Cli cli = Cli.run("train", "--pretrained", model, "--train", "nothing.tsv", "--out", out);
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).isEqualTo("ortune: nothing.tsv: no such file" + System.lineSeparator());
        assertNothingWritten();
    }

    @Test
    void aBadRowIsNamedByItsLine() throws IOException {
        Files.writeString(data, "sentence\tlabel\nthe cat sleeps .\t1\nthe dog\n");
        Cli cli = train();
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains(data.toString(), "3").hasLineCount(1);
        assertNothingWritten();
    }

    @Test
    void anEmptySetIsRefused() throws IOException {
        Files.writeString(data, "sentence\tlabel\n");
        assertThat(train().err()).contains(data.toString());
        assertThat(train().exit()).isEqualTo(1);
    }

    @Test
    void oneLabelIsNotEnough() throws IOException {
        Files.writeString(data, "sentence\tlabel\nthe cat sleeps .\t0\nthe dog runs .\t0\n");
        Cli cli = train();
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains("every row has the label LABEL_0");
    }

    @Test
    void aLabelThatTrainingDoesNotKnowIsRefused() throws IOException {
        Path test = folder.resolve("test.tsv");
        Files.writeString(test, "sentence\tlabel\nthe cat sleeps .\t2\n");
        Cli cli = train("--test=" + test);
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains(test.toString(), "\"2\" is not one of LABEL_0, LABEL_1");
        assertNothingWritten();
    }

    @Test
    void pairsAndSingleTextsDoNotGoTogether() throws IOException {
        Path pairs = folder.resolve("pairs.tsv");
        Files.writeString(pairs, "sentence1\tsentence2\tlabel\nthe cat\tsleeps .\t1\nthe dog\trun .\t0\n");
        for (String option : List.of("--test=", "--validation=")) {
            Cli cli = train(option + pairs);
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.err())
                    .isEqualTo("ortune: " + pairs + ": holds pairs of texts, but " + data + " holds single texts"
                            + System.lineSeparator());
        }
        assertThat(Cli.run("train", "--pretrained", model, "--train", pairs, "--test", data, "--out", out)
                        .err())
                .contains(data + ": holds single texts, but " + pairs + " holds pairs of texts");
        assertNothingWritten();
    }

    @Test
    void moreTokensThanPositionsAreRefused() throws IOException {
        Cli cli = train("--max-length=129");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains("--max-length 129 is more than the 128 positions");
        assertNothingWritten();
    }

    @Test
    void classWeightsMustFitTheLabels() throws IOException {
        Cli cli = train("--class-weights=1,2,3");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains("3 weights for 2 labels");
        assertNothingWritten();
    }

    @Test
    void anExistingModelIsNotTouched() throws IOException {
        Files.createDirectories(out);
        Files.writeString(out.resolve("training_args.json"), "old");
        Cli cli = train();
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .isEqualTo("ortune: " + out + ": exists already; --overwrite replaces it" + System.lineSeparator());
        assertThat(out.resolve("training_args.json")).hasContent("old");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(folder.resolve("models"), "a file");
        Cli cli = train();
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .startsWith("ortune: " + out + ": cannot be made (")
                .hasLineCount(1);
    }

    @Test
    void aBrokenModelIsNamed() throws IOException {
        Files.write(model.resolve("model.safetensors"), new byte[] {1, 2, 3});
        Cli cli = train();
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains("model.safetensors").hasLineCount(1);
        assertNothingWritten();
    }

    @Test
    void optionsComeFromAFileToo() throws IOException {
        Path options = Files.writeString(folder.resolve("options"), "# a comment\n--epochs=0\n");
        Cli cli = train("@" + options);
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).contains("--epochs must be at least 1");
    }

    private Cli train(String... options) throws IOException {
        List<Object> args =
                new ArrayList<>(List.of("train", "--pretrained", model, "--train", data, "--out", out, "--threads=1"));
        args.removeIf(arg -> arg.equals("--threads=1") && List.of(options).contains("--threads=-1"));
        args.addAll(List.of(options));
        return Cli.run(args.toArray());
    }

    private void assertNothingWritten() {
        assertThat(out).doesNotExist();
        assertThat(out.resolveSibling(".x.training")).doesNotExist();
    }
}
