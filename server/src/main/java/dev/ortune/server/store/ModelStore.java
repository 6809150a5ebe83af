package dev.ortune.server.store;

import dev.ortune.predictor.ErrorType;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.model.VersionFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The models that are served, by name and version. Whoever uses one takes a lease of it, so that a model can be replaced at
 * any time: requests that are there finish on the old one, and its memory is freed when the last of them has.
 */
public final class ModelStore implements AutoCloseable {
    private static final long CLOSING_SECONDS = 30;

    private final Map<String, ModelVersions> models = new LinkedHashMap<>();
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private final List<List<VersionFolder>> joined = new ArrayList<>();
    private final List<Consumer<ServedModel>> followers = new CopyOnWriteArrayList<>();
    private final InferenceOptions options;

    private ModelStore(InferenceOptions options) {
        this.options = options;
    }

    /**
     * Models by their names, none of them loaded yet.
     *
     * @param folders one a model, as {@link VersionFolder} reads them
     * @throws OrtuneException when one cannot be read, or two have the same name
     */
    public static ModelStore of(List<Path> folders, InferenceOptions options) {
        ModelStore store = new ModelStore(options);
        folders.forEach(store::add);
        return store;
    }

    /** Those of {@link #of}, and loads them. */
    public static ModelStore open(List<Path> folders, InferenceOptions options) {
        ModelStore store = of(folders, options);
        try {
            store.load();
            return store;
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    private void add(Path folder) {
        List<VersionFolder> adapters = VersionFolder.adaptersIn(folder);
        if (adapters.isEmpty()) {
            String name = VersionFolder.newestIn(folder).name();
            add(name);
            folders.put(name, folder);
        } else {
            adapters.forEach(adapter -> add(adapter.name()));
            joined.add(adapters);
        }
    }

    private void add(String name) {
        if (models.putIfAbsent(name, new ModelVersions()) != null) {
            throw new OrtuneException("two models are called " + name + "; the APIs know them by that name");
        }
    }

    /**
     * Loads all versions of each model.
     *
     * @throws OrtuneException when one cannot be served
     */
    public void load() {
        folders.values().stream()
                .flatMap(folder -> VersionFolder.in(folder).stream())
                .forEach(this::replace);
        joined.forEach(this::loadJoined);
    }

    /** All adapters of a file, which is loaded once. */
    private void loadJoined(List<VersionFolder> adapters) {
        Fingerprint files = Fingerprint.of(adapters.get(0).folder());
        for (ServedModel model : ServedModel.openAdapters(adapters, options)) {
            followers.forEach(follower -> follower.accept(model));
            models.get(model.name()).put(model.info().version(), new SharedModel(model, files));
        }
    }

    /** Loads what is in the folder all the while: a file that changes in between could belong to another model. */
    private SharedModel load(VersionFolder version) {
        Fingerprint before = Fingerprint.of(version.folder());
        ServedModel model = ServedModel.open(version, options);
        if (!Fingerprint.of(version.folder()).equals(before)) {
            model.close();
            throw new OrtuneException(version.folder() + ": its files changed while they were read");
        }
        followers.forEach(follower -> follower.accept(model));
        return new SharedModel(model, before);
    }

    /** Loads a version, new or changed, and puts it in once it is warm; what had its number before is let go. */
    ModelFolder replace(VersionFolder version) {
        SharedModel loaded = load(version);
        models.get(version.name()).put(version.number(), loaded);
        return loaded.model().info();
    }

    /** Takes a version out. */
    void remove(String name, int number) {
        models.get(name).remove(number);
    }

    /** Where each model is; those that share a file are not among them. */
    Map<String, Path> folders() {
        return Collections.unmodifiableMap(folders);
    }

    /** Of the files from which a version was loaded; empty when there is no such version. */
    Optional<Fingerprint> fingerprint(String name, int number) {
        return models.get(name).get(number).map(SharedModel::files);
    }

    /** Shows {@code follower} each version that is there, and from now on each that is loaded, before it answers. */
    public void follow(Consumer<ServedModel> follower) {
        followers.add(follower);
        models.values().forEach(versions -> versions.each(follower));
    }

    /** Texts that wait for a batch of any version of a model. */
    public int waiting(String name) {
        AtomicInteger waiting = new AtomicInteger();
        models.get(name).each(model -> waiting.addAndGet(model.waiting()));
        return waiting.get();
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
