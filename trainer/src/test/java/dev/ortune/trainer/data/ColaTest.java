package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The Corpus of Linguistic Acceptability itself, where it lies beside the checkout. */
class ColaTest {
    @Test
    void readsBothFilesOfTheCorpus() {
        Dataset train = read("in_domain_train.tsv");
        Dataset test = read("out_of_domain_dev.tsv");

        assertThat(train.size()).isEqualTo(8551);
        assertThat(train.labels().names()).containsExactly("LABEL_0", "LABEL_1");
        assertThat(train.examples()).filteredOn(e -> e.label() == 1).hasSize(6023);
        assertThat(test.size()).isEqualTo(516);
        assertThat(test.examples()).filteredOn(e -> e.label() == 1).hasSize(354);
        assertThat(train.examples()).extracting(Example::source).contains("gj04");
    }

    private static Dataset read(String name) {
        Path file = Path.of("..", "..", "shared", "data", "cola", name);
        assumeTrue(Files.exists(file), "skipped: the corpus is not at " + file);
        return DatasetReader.read(file, ReadOptions.DEFAULTS, null);
    }
}
