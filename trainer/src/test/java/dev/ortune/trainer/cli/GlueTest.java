package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.task.Glue;
import dev.ortune.trainer.training.DataArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** GLUE's sets in the form in which they are published, of which a preset knows columns, labels and metric. */
class GlueTest {
    @TempDir
    private Path home;

    private String before;

    @BeforeEach
    void moveHome() {
        before = System.setProperty("ortune.home", home.toString());
    }

    @AfterEach
    void moveBack() {
        if (before == null) {
            System.clearProperty("ortune.home");
        } else {
            System.setProperty("ortune.home", before);
        }
    }

    /** A tab is →, a line end ⏎, and a byte order mark ^; what is read is text|pair=label id. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "cola; gj04→1→→A row.⏎gj04→0→*→Row a.⏎; A row.=1,Row a.=0; mcc; unacceptable,acceptable",
                "sst2; sentence→label⏎\"good \" film →1⏎bad→0⏎; \"good \" film =1,bad=0; accuracy; negative,positive",
                "mrpc; ^Quality→#1 ID→#2 ID→#1 String→#2 String⏎1→7→8→He said \"so.→So he.⏎0→9→1→a→b⏎;"
                        + " He said \"so.|So he.=1,a|b=0; f1; not_equivalent,equivalent",
                "stsb; index→genre→filename→year→old_index→source1→source2→sentence1→sentence2→score⏎"
                        + "0→main→MSR→2012→1→none→none→A plane.→A plane!→5.000⏎1→a→b→c→d→e→f→g→h→3.8⏎;"
                        + " A plane.|A plane!=5.0,g|h=3.8; pearson; LABEL_0",
                "qqp; id→qid1→qid2→question1→question2→is_duplicate⏎1→2→3→a?→b?→0⏎4→5→6→broken⏎7→8→9→c?→d?→1⏎;"
                        + " a?|b?=0,c?|d?=1; f1; not_duplicate,duplicate",
                "mnli; index→promptID→pairID→sentence1→sentence2→label1→gold_label⏎0→1→1n→a→b→neutral→neutral⏎"
                        + "1→2→2e→c→d→entailment→entailment⏎2→3→3c→e→f→contradiction→contradiction⏎;"
                        + " a|b=1,c|d=0,e|f=2; accuracy; entailment,neutral,contradiction",
                "qnli; index→question→sentence→label⏎0→Who?→He.→not_entailment⏎1→a→b→entailment⏎;"
                        + " Who?|He.=1,a|b=0; accuracy; entailment,not_entailment",
                "rte; index→sentence1→sentence2→label⏎0→a→b→not_entailment⏎1→c→d→entailment⏎;"
                        + " a|b=1,c|d=0; accuracy; entailment,not_entailment",
                "wnli; index→sentence1→sentence2→label⏎0→a→b→1⏎1→c→d→0⏎; a|b=1,c|d=0; accuracy;"
                        + " not_entailment,entailment"
            })
    void aPresetReadsWhatIsPublished(String name, String file, String rows, String metric, String labels)
            throws IOException {
        Path train = Files.writeString(
                home.resolve("train.tsv"),
                file.replace('→', '\t').replace('⏎', '\n').replace('^', '\uFEFF'));
        DataOptions options = options("--task=" + name, "--train=" + train, "--validation-split=0");
        DataArguments.Sets sets = options.arguments().read();
        assertThat(rows(sets.train())).isEqualTo(rows);
        assertThat(String.join(",", sets.train().labels().names())).isEqualTo(labels);
        assertThat(options.metric()).hasToString(metric);
        assertThat(sets.task().scoring().metrics(sets.train().labels())).contains(options.metric());
        if (name.equals("qqp")) {
            assertThat(sets.notices()).contains(train + ": 1 row without all columns left out");
        }
    }

    private static String rows(Dataset set) {
        return set.examples().stream()
                .map(example ->
                        example.text() + (example.pair() == null ? "" : "|" + example.pair()) + "=" + target(example))
                .collect(Collectors.joining(","));
    }

    private static String target(Example example) {
        return example.target() instanceof Target.NumberLabel number
                ? Float.toString(number.value())
                : Integer.toString(example.label());
    }

    @Test
    void optionsAreStrongerThanThePreset() throws IOException {
        Path train = Files.writeString(home.resolve("train.tsv"), "a\tb\tverdict\nx\ty\tyes\nz\tw\tno\n");
        DataArguments arguments = options(
                        "--task=rte",
                        "--train=" + train,
                        "--text-column=a",
                        "--pair-column=b",
                        "--label-column=verdict",
                        "--label-names=yes,no",
                        "--validation-split=0")
                .arguments();
        assertThat(rows(arguments.read().train())).isEqualTo("x|y=0,z|w=1");
    }

    @Test
    void whatWasPulledNeedsNoNaming() throws IOException {
        Path data = Files.createDirectories(home.resolve("models/data/mnli"));
        Cli missing = Cli.run("train", "--task=mnli", "--pretrained=tiny", "--out=" + home.resolve("out"));
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("train.tsv: no such file; \"ortune pull mnli\" brings it");
        StringBuilder rows = new StringBuilder("index\tsentence1\tsentence2\tgold_label\n");
        for (int i = 0; i < 24; i++) {
            String label = List.of("entailment", "neutral", "contradiction").get(i % 3);
            rows.append(i)
                    .append("\tthe cat ")
                    .append(i % 2 == 0 ? "runs" : "sleeps")
                    .append("\tthe dog\t");
            rows.append(label).append('\n');
        }
        for (String name : List.of("train.tsv", "dev_matched.tsv", "dev_mismatched.tsv")) {
            Files.writeString(data.resolve(name), rows);
        }
        Path out = home.resolve("models/mnli");
        Cli cli = Cli.run(
                "train",
                "--task=mnli",
                "--pretrained=" + TinyModel.write(home.resolve("tiny")),
                "--out=" + out,
                "--epochs=1",
                "--max-length=7",
                "--truncation=only_second",
                "--threads=1");
        assertThat(cli.err()).isEmpty();
        assertThat(JsonFile.readObject(out.resolve("tokenizer_config.json"))
                        .path("truncation_strategy")
                        .asText())
                .isEqualTo("only_second");
        assertThat(Cli.run("evaluate", out, "--data=" + data.resolve("train.tsv"))
                        .out())
                .contains("24 sentences cut off");
        assertThat(Files.readString(out.resolve("README.md"))).contains("--truncation only_second");
        assertThat(cli.exit()).isZero();
        JsonNode arguments = JsonFile.readObject(out.resolve("training_args.json"));
        assertThat(arguments.at("/data/validation/file").asText()).endsWith("dev_matched.tsv");
        assertThat(arguments.at("/data/test/file").asText()).endsWith("dev_mismatched.tsv");
        assertThat(arguments.path("metric_for_best_model").asText()).isEqualTo("accuracy");
        assertThat(JsonFile.readObject(out.resolve("config.json"))
                        .path("id2label")
                        .toString())
                .isEqualTo("{\"0\":\"entailment\",\"1\":\"neutral\",\"2\":\"contradiction\"}");
        assertThat(Files.readString(out.resolve("README.md")))
                .contains("--label-column gold_label", "--metric accuracy", "--label-names entailment,neutral,contr");
    }

    @Test
    void eachTaskIsThereOnce() {
        assertThat(Glue.names()).isEqualTo("cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli");
        assertThat(Glue.named("stsb").orElseThrow().metric()).isEqualTo(Metric.PEARSON);
        assertThat(Glue.named("snli")).isEmpty();
    }

    private static DataOptions options(String... line) {
        Options options = new Options();
        Ortune.withChoices(new CommandLine(options)).parseArgs(line);
        return options.data;
    }

    @Command
    private static final class Options {
        @Mixin
        private DataOptions data;
    }
}
