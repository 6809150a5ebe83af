package dev.ortune.trainer.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.report.WrittenRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproductionTest {
    @TempDir
    private Path folder;

    @Test
    void theCommandNamesWhatTheRunWroteDown() {
        WrittenRun.complete(folder, 42, WrittenRun.TWO);
        assertThat(Reproduction.shell(Run.read(folder, "x"))).isEqualTo("""
                ./ortune train \\
                    --pretrained models/pretrained/minilm-l6 \\
                    --train 'my data/train.tsv' \\
                    --test test.tsv \\
                    --label-names unacceptable,acceptable \\
                    --validation-split 0.1 \\
                    --split-seed 2018 \\
                    --epochs 4 \\
                    --batch-size 32 \\
                    --learning-rate 2e-5 \\
                    --max-grad-norm 1.0 \\
                    --seed 42 \\
                    --precision fp32 \\
                    --max-length 32 \\
                    --device cpu \\
                    --threads 2 \\
                    --out models/x""");
    }

    @Test
    void aShellReadsEachWordAsItWas() {
        new WrittenRun(folder, 1).write("training_args.json", "{\"pretrained\": \"it's $HOME; `ls`\"}");
        assertThat(Reproduction.shell(Run.read(folder, "x"))).contains("--pretrained 'it'\\''s $HOME; `ls`'");
    }
}
