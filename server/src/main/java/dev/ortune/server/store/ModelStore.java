package dev.ortune.server.store;

import dev.ortune.server.OrtuneException;
import dev.ortune.server.error.ErrorType;
import dev.ortune.server.error.RequestException;
import dev.ortune.server.model.InferenceOptions;
import dev.ortune.server.model.ServedModel;
import dev.ortune.server.model.VersionFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The models that are served, by name and version. Whoever uses one takes a lease of it, so that a model can be replaced at
 * any time: requests that are there finish on the old one, and its memory is freed when the last of them has.
 */
public final class ModelStore implements AutoCloseable {
    private static final long CLOSING_SECONDS = 30;

    private final Map<String, ModelVersions> models = new LinkedHashMap<>();
    private final InferenceOptions options;

    private ModelStore(InferenceOptions options) {
        this.options = options;
    }

    /**
     * Loads all versions of each model.
     *
     * @param folders one a model, as {@link VersionFolder} reads them
     * @throws OrtuneException when one cannot be served, or two have the same name
     */
    public static ModelStore open(List<Path> folders, InferenceOptions options) {
        ModelStore store = new ModelStore(options);
        try {
            folders.forEach(store::add);
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void add(Path folder) {
        List<VersionFolder> versions = VersionFolder.in(folder);
        String name = versions.get(0).name();
        if (models.containsKey(name)) {
            throw new OrtuneException("two models are called " + name + "; the APIs know them by that name");
        }
        ModelVersions loaded = new ModelVersions();
        models.put(name, loaded);
        versions.forEach(version -> loaded.put(version.number(), load(version)));
    }

    private SharedModel load(VersionFolder version) {
        return new SharedModel(ServedModel.open(version, options));
    }

    /** The models' names, in the order in which they were given. */
    public List<String> names() {
        return List.copyOf(models.keySet());
    }

    /** The numbers of a model's versions, the lowest first; none of a model that there is not. */
    public List<Integer> versions(String name) {
        ModelVersions versions = models.get(name);
        return versions == null ? List.of() : versions.numbers();
    }

    /** A lease of the first model's newest version. */
    public Lease first() {
        return lease(models.keySet().iterator().next());
    }

    /**
     * A lease of a model's newest version.
     *
     * @throws RequestException when there is no such model
     */
    public Lease lease(String name) {
        return found(name, Optional.ofNullable(models.get(name)).flatMap(ModelVersions::newest));
    }

    /**
     * A lease of one version of a model.
     *
     * @throws RequestException when there is no such model or version
     */
    public Lease lease(String name, String version) {
        return found(name, Optional.ofNullable(models.get(name)).flatMap(versions -> versions.numbered(version)));
    }

    private Lease found(String name, Optional<Lease> lease) {
        return lease.orElseThrow(() -> new RequestException(
                ErrorType.NOT_FOUND,
                models.containsKey(name)
                        ? "no such version; there are " + versions(name)
                        : "no such model; there are " + String.join(", ", names())));
    }

    /** Lets all models go, and returns when they are closed, or some are still in use after half a minute. */
    @Override
    public void close() {
        CompletableFuture<?>[] closed = models.values().stream()
                .flatMap(versions -> versions.removeAll().stream())
                .map(SharedModel::closed)
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(closed).get(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException stillInUse) {
            // The requests that use them end with the process.
        } catch (ExecutionException e) {
            throw new OrtuneException(
                    "a model cannot be closed: " + e.getCause().getMessage(), e);
        }
    }
}
