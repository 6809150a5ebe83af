package dev.ortune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetsTest {
    @Test
    void opensThePartsOfTheBuiltinSet() {
        assertThat(open("builtin", null).name()).isEqualTo("builtin:train");
        assertThat(open("builtin:train", null)).isEqualTo(open("builtin", null));
        assertThat(open("builtin:validation", null).name()).isEqualTo("builtin:validation");
        assertThat(open("builtin:test", null).name()).isEqualTo("builtin:test");
        assertThat(Datasets.isBuiltin("builtin:test")).isTrue();
        assertThat(Datasets.isBuiltin("builtin.tsv")).isFalse();
    }

    @Test
    void opensFiles(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "text,label\nfine,0\n");

        assertThat(open(file.toString(), null).size()).isEqualTo(1);
    }

    @Test
    void keepsToAModelsLabels() {
        List<Example> own = open("builtin:test", null).examples();
        Labels swapped = new Labels(List.of("acceptable", "unacceptable"));
        Labels numbered = new Labels(List.of("LABEL_0", "LABEL_1"));

        assertThat(open("builtin:test", swapped).labels()).isEqualTo(swapped);
        assertThat(open("builtin:test", swapped).examples().get(0).label())
                .isEqualTo(1 - own.get(0).label());
        assertThat(open("builtin:test", numbered).labels()).isEqualTo(numbered);
        assertThat(open("builtin:test", numbered).examples()).isEqualTo(own);
    }

    @Test
    void refusesOtherPartsAndOtherLabels() {
        assertThatThrownBy(() -> open("builtin:dev", null))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith("builtin:dev: the built-in set has no such part");
        assertThatThrownBy(() -> open("builtin:test", new Labels(List.of("a", "b", "c"))))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("builtin:test: the labels are unacceptable, acceptable, but the model's are a, b, c");
        assertThatThrownBy(() -> open("no\0file", null))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("no valid file name");
    }

    private static Dataset open(String spec, Labels known) {
        return Datasets.open(spec, ReadOptions.DEFAULTS, known);
    }
}
