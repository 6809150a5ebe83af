package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.sweep.SweepFile;
import dev.ortune.trainer.sweep.SweepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which trials a file asks for, by the parser of "ortune train" itself. */
class SweepPlanTest {
    @TempDir
    private static Path folder;

    private static String shared;

    @BeforeAll
    static void write() throws IOException {
        TinyModel.write(folder.resolve("tiny"));
        TinyModel.sentences(folder.resolve("train.tsv"), 40);
        shared = "train:\n  pretrained: " + folder.resolve("tiny") + "\n  train: " + folder.resolve("train.tsv") + "\n";
    }

    private static SweepFile file(String yaml) throws IOException {
        return SweepFile.read(Files.writeString(folder.resolve("sweep.yaml"), yaml));
    }

    private static SweepPlan plan(String yaml) throws IOException {
        return SweepPlan.of(file(yaml), new TrainParser(false));
    }

    @Test
    void aGridIsEachValueWithEachOfTheOthers() throws IOException {
        SweepPlan plan = plan(shared + """
                  epochs: 2
                  label-names: [bad, good]
                grid:
                  lr: [1e-3, 3e-3]
                  group-by-length: [true, false]
                seeds: 2
                """);
        assertThat(plan.varied()).containsExactly("learning-rate", "group-by-length");
        assertThat(plan.trials())
                .extracting(Sweep.Trial::name)
                .containsExactly(
                        "learning-rate=1e-3,group-by-length=true,seed=42",
                        "learning-rate=1e-3,group-by-length=true,seed=43",
                        "learning-rate=1e-3,group-by-length=false,seed=42",
                        "learning-rate=1e-3,group-by-length=false,seed=43",
                        "learning-rate=3e-3,group-by-length=true,seed=42",
                        "learning-rate=3e-3,group-by-length=true,seed=43",
                        "learning-rate=3e-3,group-by-length=false,seed=42",
                        "learning-rate=3e-3,group-by-length=false,seed=43");
        assertThat(plan.trials().get(0).options())
                .endsWith(
                        "--epochs=2",
                        "--label-names=bad",
                        "--label-names=good",
                        "--learning-rate=1e-3",
                        "--group-by-length");
        assertThat(plan.trials().get(2).options()).doesNotContain("--group-by-length");
        assertThat(plan.trials().get(0).setting())
                .isEqualTo(Map.of("learning-rate", "1e-3", "group-by-length", "true"));
    }

    @Test
    void moreSamplesBeginWithTheSame() throws IOException {
        String random = shared + """
                random:
                  samples: %d
                  seed: 5
                  options:
                    learning-rate: {log-uniform: [1e-4, 1e-2]}
                    batch-size: {log-uniform: [4, 32]}
                    schedule: [linear, cosine]
                """;
        List<Sweep.Trial> three = plan(random.formatted(3)).trials();
        List<Sweep.Trial> five = plan(random.formatted(5)).trials();
        assertThat(five).hasSize(5).startsWith(three.toArray(Sweep.Trial[]::new));
        assertThat(three).allSatisfy(trial -> {
            assertThat(Double.parseDouble(trial.setting().get("learning-rate"))).isBetween(1e-4, 1e-2);
            assertThat(Integer.parseInt(trial.setting().get("batch-size"))).isBetween(4, 32);
            assertThat(trial.setting().get("schedule")).isIn("linear", "cosine");
        });
    }

    @Test
    void seedsAreThatOfTheRunAndThoseAfterIt() throws IOException {
        assertThat(SweepPlan.of(file(shared + "  seed: 7\n").withSeeds(3), new TrainParser(false))
                        .trials())
                .extracting(Sweep.Trial::name)
                .containsExactly("seed=7", "seed=8", "seed=9");
        assertThat(plan(shared + "seeds: [3, 1]\n").trials())
                .extracting(Sweep.Trial::seed)
                .containsExactly(3L, 1L);
    }

    @Test
    void modelsThatAreCalledTheSameHaveFoldersOfTheirOwn() throws IOException {
        Path other = TinyModel.write(folder.resolve("other/tiny"));
        List<Sweep.Trial> trials = plan("train:\n  train: builtin\ngrid:\n  pretrained: [" + folder.resolve("tiny")
                        + ", " + other + "]\n")
                .trials();
        assertThat(trials)
                .extracting(Sweep.Trial::name)
                .allMatch(name -> name.matches("pretrained=tiny~[0-9a-f]{8},seed=42"))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_learning-rates: 1 | , line 4: there is no option --learning-rates of \"ortune train\"",
                "_epochs: three | , line 4: Invalid value for option '--epochs': 'three' is not an int",
                "_warmup-ratio: 2 | , line 4: --warmup-ratio must be from 0 to 1, not 2.0",
                "_epochs: [1, 2] | , line 4: option '--epochs' (N) should be specified only once",
                "_lora: yes | , line 4: --lora is true or false",
                "_out: x | , line 4: --out is for the sweep to say",
                "_epochs: | , line 4: a value is missing",
                "_epochs: !!java.net.URL x | , line 4: Global tag is not allowed",
                "_train: builtin | , line 4: train is there already",
                "grid:@_epochs: [2, none] | , line 5: Invalid value for option '--epochs'",
                "grid:@_epochs: 2 | , line 5: a list of one value at least",
                "grid:@_seed: [1] | seeds differ by",
                "grid:@_train: [builtin] | cannot both be shared by all trials and differ",
                "grids: {} | grids is none of train, grid, random",
                "random:@_samples: 2 | samples, how many, and options are needed",
                "random: {samples: 1, options: {learning-rate: {log-uniform: [0, 1]}}} | both above 0",
                "successive-halving: {rungs: [2, 1]} | rungs must rise",
                "successive-halving: {rungs: [10%, 1]} | rungs must rise, and be all epochs",
                "seeds: 0 | , line 4: a whole number from 1 to",
                "_- x | , line 4: ",
                "_epochs: &a [*a] | "
            })
    void whatIsWrongIsToldWithItsLine(String yaml, String message) {
        assertThatThrownBy(() -> plan(shared + yaml.replace("@", "\n").replace("_", "  ") + "\n"))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(folder.resolve("sweep.yaml").toString())
                .hasMessageContaining(message == null ? "" : message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void everyOptionOfTrainIsKnownOrTheSweepsOwn() {
        TrainParser parser = new TrainParser(false);
        new picocli.CommandLine(new TrainCommand()).getCommandSpec().options().forEach(option -> {
            String name = option.longestName().substring(2);
            assertThat(parser.named(name)).as(name).isPresent();
        });
        assertThat(parser.named("lr").orElseThrow().name()).isEqualTo("learning-rate");
    }
}
