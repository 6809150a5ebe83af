package dev.ortune.trainer.data.builtin;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Example;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuiltinDatasetTest {
    /** Of all parts as CoLA would write them. Anyone who changes a word of the grammar changes the set. */
    private static final String SHA256 = "3bb0f7dc0938c827e736f257495e6348a4758d054ae1863e1ec16b0eccd96f89";

    @Test
    void isTheSameEverywhere() throws NoSuchAlgorithmException {
        StringBuilder rendered = new StringBuilder();
        for (Split split : Split.values()) {
            for (Example e : BuiltinDataset.of(split).examples()) {
                rendered.append(split + "\t" + e.source() + "\t" + e.label() + "\t" + e.text() + "\n");
            }
        }
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(rendered.toString().getBytes(StandardCharsets.UTF_8));

        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(SHA256);
    }

    @Test
    void isAsLargeAsPromised() {
        assertThat(BuiltinDataset.phenomena()).hasSize(18);
        assertThat(BuiltinDataset.of(Split.TRAIN).size()).isBetween(4000, 4800);
        assertThat(BuiltinDataset.of(Split.VALIDATION).size()).isBetween(450, 550);
        assertThat(BuiltinDataset.of(Split.TEST).size()).isBetween(550, 650);
        assertThat(BuiltinDataset.of(Split.TRAIN).name()).isEqualTo("builtin:train");
        assertThat(BuiltinDataset.LABELS.names()).containsExactly("unacceptable", "acceptable");
    }

    @Test
    void everyPartHoldsEveryPhenomenonWithBothLabelsEquallyOften() {
        for (Split split : Split.values()) {
            Map<String, Long> counts = BuiltinDataset.of(split).examples().stream()
                    .collect(groupingBy(e -> e.source() + e.label(), counting()));

            assertThat(counts).hasSize(2 * 18);
            assertThat(counts.values()).containsOnly((long) split.pairs());
        }
    }

    @Test
    void noSentenceOccursTwice() {
        Set<String> seen = new HashSet<>();
        for (Split split : Split.values()) {
            for (Example example : BuiltinDataset.of(split).examples()) {
                assertThat(seen.add(example.text())).as(example.text()).isTrue();
            }
        }
    }

    @Test
    void noTemplateIsInTwoParts() {
        Set<String> seen = new HashSet<>();
        for (Phenomenon phenomenon : BuiltinDataset.phenomena()) {
            for (Template template : phenomenon.templates()) {
                for (String line : template.lines()) {
                    assertThat(seen.add(line)).as(line).isTrue();
                }
            }
        }
    }

    @Test
    void keepsBackWhatTheQuickstartAsks() {
        for (Split split : Split.values()) {
            assertThat(BuiltinDataset.of(split).examples())
                    .extracting(Example::text)
                    .doesNotContainAnyElementsOf(BuiltinDataset.RESERVED);
        }
        assertThat(BuiltinDataset.of(Split.TRAIN).examples())
                .filteredOn(e -> e.label() == 0 && e.text().contains(" no "))
                .hasSizeGreaterThan(20);
    }

    @Test
    void looksLikeCola() {
        for (Split split : Split.values()) {
            Dataset dataset = BuiltinDataset.of(split);
            assertThat(dataset.examples()).allSatisfy(e -> {
                assertThat(e.text()).matches("[a-z]+( ('s|n't|[a-z]+|,))* [.?]");
                assertThat(e.text().split(" ", -1)).hasSizeBetween(3, 12);
                assertThat(e.pair()).isNull();
            });
        }
    }

    @Test
    void phenomenaAndLabelsAreMixed() {
        List<Example> first = BuiltinDataset.of(Split.TRAIN).examples().subList(0, 200);

        assertThat(first.stream().map(Example::source).distinct()).hasSizeGreaterThan(15);
        assertThat(first.stream().filter(e -> e.label() == 1).count()).isBetween(70L, 130L);
    }

    @Test
    void everyTemplateIsUsed() {
        for (Phenomenon phenomenon : BuiltinDataset.phenomena()) {
            for (Split split : Split.values()) {
                List<String> lines = new ArrayList<>();
                phenomenon.templates(split).forEach(t -> lines.addAll(t.lines()));

                assertThat(lines.size()).as(phenomenon.name()).isBetween(1, split.pairs());
            }
        }
    }
}
