package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.data.builtin.BuiltinDataset;
import dev.ortune.trainer.data.builtin.Split;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Data sets by what a person types for {@code --train}, {@code --validation}, {@code --test} and {@code --data}. */
public final class Datasets {
    /** The built-in set: its training part; {@code builtin:validation} and {@code builtin:test} are the others. */
    public static final String BUILTIN = "builtin";

    private Datasets() {}

    /**
     * Opens a file, or a part of the built-in set. A file that is called builtin is {@code ./builtin.tsv}, with its ending.
     *
     * @param spec {@code builtin}, {@code builtin:train}, {@code builtin:validation}, {@code builtin:test} or a file
     * @param options which columns, for a file
     * @param known the labels of an existing model, or null
     * @throws OrtuneException as {@link DatasetReader#read}, or if the built-in set has no such part or the model other
     *     labels
     */
    public static Dataset open(String spec, ReadOptions options, Labels known) {
        if (isBuiltin(spec)) {
            Dataset dataset = BuiltinDataset.of(split(spec));
            return known == null ? dataset : relabelled(dataset, known);
        }
        return DatasetReader.read(path(spec), options, known);
    }

    /** Opens a file of texts with a number each; {@code known} is its one name, or null. */
    public static Dataset numbers(String spec, ReadOptions options, Labels known) {
        return DatasetReader.readNumbers(path(spec), options, known);
    }

    /** Opens a file of texts with any number of labels each. */
    public static Dataset labelSets(String spec, ReadOptions options, Labels known) {
        return DatasetReader.readLabelSets(path(spec), options, known);
    }

    /** Opens a file of texts with another one each, which is to be written: it stands where labels stand otherwise. */
    public static Dataset texts(String spec, ReadOptions options) {
        return DatasetReader.readTexts(path(spec), options);
    }

    /**
     * Whether a file's labels are all numbers.
     *
     * @param wholeOnes whether they may all be whole; otherwise some have decimals, and such are hardly ever classes
     * @throws OrtuneException as {@link DatasetReader#read}
     */
    public static boolean holdNumbers(String spec, ReadOptions options, boolean wholeOnes) {
        return !isBuiltin(spec) && DatasetReader.holdsNumbers(path(spec), options, wholeOnes);
    }

    /** Whether a file of JSON has lists of labels; what its first line tells. */
    public static boolean holdLists(String spec, ReadOptions options) {
        return !isBuiltin(spec) && DatasetReader.holdsLists(path(spec), options);
    }

    /** Opens a file of choices of which one is right each. */
    public static Dataset choices(String spec, ReadOptions options) {
        return ChoiceReader.read(path(spec), options);
    }

    /** Whether a file has choices; what its first line tells. */
    public static boolean holdChoices(String spec, ReadOptions options) {
        return !isBuiltin(spec) && ChoiceReader.reads(path(spec), options);
    }

    private static Path path(String spec) {
        try {
            return Path.of(spec);
        } catch (InvalidPathException e) {
            throw new OrtuneException(spec + ": no valid file name: " + e.getReason(), e);
        }
    }

    /** Whether {@code spec} means the built-in set. */
    public static boolean isBuiltin(String spec) {
        return spec.equals(BUILTIN) || spec.startsWith(BUILTIN + ":");
    }

    private static Split split(String spec) {
        String part = spec.equals(BUILTIN) ? "train" : spec.substring(BUILTIN.length() + 1);
        for (Split split : Split.values()) {
            if (split.name().toLowerCase(Locale.ROOT).equals(part)) {
                return split;
            }
        }
        throw new OrtuneException(spec
                + ": the built-in set has no such part; it has builtin:train, builtin:validation and builtin:test");
    }

    /** The same examples with a model's label ids: by name where it has the names, else by id where it has two labels. */
    private static Dataset relabelled(Dataset dataset, Labels known) {
        List<String> names = dataset.labels().names();
        boolean byName = known.names().containsAll(names);
        if (!byName && known.count() != names.size()) {
            throw new OrtuneException(dataset.name() + ": the labels are " + Printable.of(String.join(", ", names))
                    + ", but the model's are " + Printable.of(String.join(", ", known.names())));
        }
        List<Example> examples = dataset.examples().stream()
                .map(e -> e.withLabel(byName ? known.names().indexOf(names.get(e.label())) : e.label()))
                .toList();
        return new Dataset(dataset.name(), examples, known);
    }
}
