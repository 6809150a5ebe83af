package dev.ortune.trainer.data.builtin;

import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.Mt19937;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The project's own acceptability data set: English sentences in minimal pairs, made from the templates of a small
 * grammar and written as in CoLA, in lower case and with a space before punctuation. Half are acceptable (label 1). The
 * parts share neither a template nor a sentence, and each holds every phenomenon equally often. The same on every
 * machine.
 */
public final class BuiltinDataset {
    /** CoLA's labels: 1 is acceptable. */
    public static final Labels LABELS = new Labels(List.of("unacceptable", "acceptable"));

    /** What {@code quickstart} asks a model about; never in the set. */
    static final Set<String> RESERVED = Set.of("we no go to the market .", "we do not go to the market .");

    private static final long SEED = 2018;
    private static final int MOST_TRIES = 2000;

    private final Mt19937 random = new Mt19937(SEED);
    private final PairWriter writer = new PairWriter(new Lexicon(), random);
    private final Set<String> used = new HashSet<>(RESERVED);

    private BuiltinDataset() {}

    /** One part, in an order in which phenomena and labels are mixed. */
    public static Dataset of(Split split) {
        return Parts.ALL.get(split);
    }

    static List<Phenomenon> phenomena() {
        return Stream.of(
                        Agreement.phenomena(),
                        Verbs.phenomena(),
                        Clauses.phenomena(),
                        Arguments.phenomena(),
                        Movement.phenomena(),
                        Licensing.phenomena())
                .flatMap(List::stream)
                .toList();
    }

    private Map<Split, Dataset> write() {
        Map<Split, Dataset> parts = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            List<Example> examples = new ArrayList<>();
            for (Phenomenon phenomenon : phenomena()) {
                write(phenomenon, split, examples);
            }
            parts.put(split, new Dataset(name(split), shuffled(examples), LABELS));
        }
        return parts;
    }

    private void write(Phenomenon phenomenon, Split split, List<Example> examples) {
        List<Template> templates = phenomenon.templates(split);
        for (int i = 0; i < split.pairs(); i++) {
            List<String> lines = templates.get(i % templates.size()).lines();
            MinimalPair pair = unused(lines.get(i / templates.size() % lines.size()));
            examples.add(new Example(pair.acceptable(), null, 1, phenomenon.name()));
            examples.add(new Example(pair.unacceptable(), null, 0, phenomenon.name()));
        }
    }

    /** A pair of which no sentence was written before: so no sentence has two labels or is in two parts. */
    private MinimalPair unused(String line) {
        for (int i = 0; i < MOST_TRIES; i++) {
            MinimalPair pair = writer.write(line);
            if (!used.contains(pair.acceptable()) && !used.contains(pair.unacceptable())) {
                used.add(pair.acceptable());
                used.add(pair.unacceptable());
                return pair;
            }
        }
        throw new IllegalStateException("too few words for the template " + line);
    }

    private List<Example> shuffled(List<Example> examples) {
        return Arrays.stream(random.permutation(examples.size()))
                .mapToObj(examples::get)
                .toList();
    }

    private static String name(Split split) {
        return "builtin:" + split.name().toLowerCase(Locale.ROOT);
    }

    /** Written once, when first asked for. */
    private static final class Parts {
        static final Map<Split, Dataset> ALL = new BuiltinDataset().write();
    }
}
