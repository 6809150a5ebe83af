package dev.ortune.predictor.model;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder with one version of a model. A model without numbered folders is its own version 1; otherwise each folder whose
 * name is a whole number, as {@code models/NAME/2}, is the version of that number, as with Triton and TensorFlow Serving.
 *
 * @param name of the model, as the APIs know it
 * @param number of the version; the highest one answers whoever asks for none
 * @param folder with config.json, tokenizer.json and onnx/
 * @param adapter which of the folder's adapters; null where it has none
 */
public record VersionFolder(String name, int number, Path folder, Adapter adapter) {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final int ONLY = 1;

    /** Of a folder without adapters. */
    public VersionFolder(String name, int number, Path folder) {
        this(name, number, folder, null);
    }

    /** The adapters of a folder, each as a model of its own; none where it has none. */
    public static List<VersionFolder> adaptersIn(Path model) {
        return Adapter.in(model).stream()
                .map(adapter -> new VersionFolder(adapter.name(), ONLY, model, adapter))
                .toList();
    }

    /**
     * The newest version of a model, or one of the adapters of a folder that has several.
     *
     * @param adapter its name; null for a folder without any
     * @throws OrtuneException when the folder has adapters and it names none of them, or has none and it names one
     */
    public static VersionFolder in(Path model, String adapter) {
        List<VersionFolder> adapters = adaptersIn(model);
        if (adapters.isEmpty() && adapter == null) {
            return newestIn(model);
        }
        return adapters.stream()
                .filter(each -> each.name().equals(adapter))
                .findFirst()
                .orElseThrow(() -> new OrtuneException(
                        adapters.isEmpty()
                                ? model + ": has no adapters to choose from"
                                : model + ": --adapter must be one of "
                                        + adapters.stream()
                                                .map(VersionFolder::name)
                                                .collect(Collectors.joining(", "))));
    }

    /** A folder as one version, whatever is in it. */
    public static VersionFolder of(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        String last = absolute.getFileName().toString();
        Path above = absolute.getParent();
        boolean numbered = NUMBER.matcher(last).matches() && above.getFileName() != null;
        return numbered
                ? new VersionFolder(above.getFileName().toString(), Integer.parseInt(last), folder)
                : new VersionFolder(last, ONLY, folder);
    }

    /**
     * The versions of a model, the lowest first.
     *
     * @throws OrtuneException when the folder cannot be read
     */
    public static List<VersionFolder> in(Path model) {
        if (Files.exists(model.resolve("config.json"))) {
            return List.of(of(model));
        }
        try (Stream<Path> entries = Files.list(model)) {
            List<VersionFolder> numbered = entries.filter(Files::isDirectory)
                    .filter(entry ->
                            NUMBER.matcher(entry.getFileName().toString()).matches())
                    .map(VersionFolder::of)
                    .sorted(Comparator.comparingInt(VersionFolder::number))
                    .toList();
            return numbered.isEmpty() ? List.of(of(model)) : numbered;
        } catch (IOException e) {
            throw new OrtuneException(model + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The version that answers whoever asks for none. */
    public static VersionFolder newestIn(Path model) {
        List<VersionFolder> versions = in(model);
        return versions.get(versions.size() - 1);
    }
}
