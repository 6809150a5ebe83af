package dev.ortune.trainer.report.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.WrittenRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTest {
    private static final String PREDICTIONS = "predictions_test.tsv";
    private static final String HEADER = "sentence\tlogit_a\tlogit_b\tprediction\tlabel\n";

    @TempDir
    private Path folder;

    @Test
    void aWholeRunIsRead() {
        WrittenRun.complete(folder, 1, WrittenRun.TWO);
        Run run = Run.read(folder, "x");
        assertThat(run.isComplete()).isTrue();
        assertThat(run.history().steps()).hasSize(300);
        assertThat(run.history().evaluations()).hasSize(4);
        assertThat(run.history().best().step()).isEqualTo(300);
        assertThat(run.judged()).isSameAs(run.test());
        assertThat(run.test().size()).isEqualTo(WrittenRun.TEST);
        assertThat(run.test().labels()).isEqualTo(WrittenRun.TWO);
        assertThat(texts(run).examples().get(0).sentence()).isEqualTo(WrittenRun.NASTY);
        assertThat(texts(run).bySource()).containsOnlyKeys("bc01", "c_13", "gj04");
        assertThat(run.lengths().bySet().keySet()).containsExactly("train", "validation", "test");
        assertThat(run.lengths().tokensBeyond("test", 39))
                .isEqualTo(run.lengths().longerThan("test", 39));
    }

    @Test
    void aRunThatWasKilledIsReadAsFarAsItGot() {
        WrittenRun.killed(folder, 1);
        Run run = Run.read(folder, "x");
        assertThat(run.isComplete()).isFalse();
        assertThat(run.history().lastStep()).isEqualTo(150);
        assertThat(run.history().evaluations()).hasSize(2);
        assertThat(run.judged()).isNull();
        assertThat(run.parameters()).isZero();
    }

    @Test
    void whatOlderRunsDidNotWriteIsMissed() {
        new WrittenRun(folder, 1)
                .arguments(WrittenRun.TWO)
                .write(PREDICTIONS, HEADER + "one\t0.5\t1.5\tb\tb\ntwo\t2\t1\ta\tb\n");
        Run run = Run.read(folder, "x");
        assertThat(run.history()).isEqualTo(History.NONE);
        assertThat(texts(run).examples().get(1)).isEqualTo(new HeldOut("two", null, "", HeldOut.UNKNOWN));
        assertThat(texts(run).isRight(0)).isTrue();
        assertThat(texts(run).isRight(1)).isFalse();
        assertThat(texts(run).bySource()).isEmpty();
        assertThat(run.lengths()).isEqualTo(TokenLengths.NONE);
    }

    @Test
    void ofARunThatWasResumedTheLaterStepsHold() {
        String first = """
                {"step":1,"epoch":0.1,"loss":3}
                {"step":2,"epoch":0.2,"loss":9}
                {"step":2,"eval_loss":8}
                """;
        String later = """
                {"step":2,"epoch":0.2,"loss":2}
                {"step":3,"skipped":true}
                """;
        new WrittenRun(folder, 1).arguments(WrittenRun.TWO).write("metrics.jsonl", first + later);
        History history = Run.read(folder, "x").history();
        assertThat(history.steps().stream().map(History.Step::loss)).containsExactly(3.0, 2.0);
        assertThat(history.evaluations()).isEmpty();
        assertThat(history.steps().get(0).gradNorm()).isNaN();
    }

    @Test
    void aFolderWithoutARunIsSaidToBeNone() {
        assertThatThrownBy(() -> Run.read(folder, "x"))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("holds no training_args.json");
    }

    @Test
    void brokenFilesAreNamedWithTheLine() {
        new WrittenRun(folder, 1).arguments(WrittenRun.TWO);
        fails("metrics.jsonl", "{\"step\":1,\"loss\":1}\nnonsense\n{}\n", "metrics.jsonl, line 2: is not valid JSON");
        fails("metrics.jsonl", "[1]\n{}\n", "metrics.jsonl, line 1: is no JSON object");
        new WrittenRun(folder, 1).write("metrics.jsonl", "");
        fails(
                "token_lengths.json",
                "{\"test\":{\"many\":3}}",
                "token_lengths.json: test does not map lengths to counts");
        fails("token_lengths.json", "{\"test\":{\"3\":-3}}", "token_lengths.json: test does not map lengths to counts");
        new WrittenRun(folder, 1).write("token_lengths.json", "{}");
        fails(PREDICTIONS, "", PREDICTIONS + ": the file is empty");
        fails(PREDICTIONS, HEADER, PREDICTIONS + ": holds no predictions");
        fails(PREDICTIONS, "sentence\tlabel\nx\ta\n", PREDICTIONS + ": has no columns");
        fails(PREDICTIONS, HEADER + "one\t1\t2\ta\n", "line 2: has 4 columns, the header 5");
        fails(PREDICTIONS, HEADER + "one\t1\t2\ta\ta\ntwo\t1\tNaN\ta\ta\n", "line 3: \"NaN\" is no finite logit");
        fails(PREDICTIONS, HEADER + "one\t1\tx\ta\ta\n", "line 2: \"x\" is no finite logit");
        fails(PREDICTIONS, HEADER + "one\t1\t2\ta\tc\n", "line 2: \"c\" is not one of a, b");
        fails(PREDICTIONS, "logit_a\tsentence\tlogit_b\tlabel\n1\tone\t2\ta\n", "do not stand side by side");
        fails(
                PREDICTIONS,
                "sentence\tlogit_a\tlogit_b\tlabel\ttokens\none\t1\t2\ta\tmany\n",
                "line 2: \"many\" is no number of tokens");
    }

    private void fails(String file, String text, String message) {
        new WrittenRun(folder, 1).write(file, text);
        assertThatThrownBy(() -> Run.read(folder, "x"))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    private static ClassHoldout texts(Run run) {
        return (ClassHoldout) run.test();
    }
}
