package dev.ortune.server.store;

import dev.ortune.predictor.model.ServedModel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The versions of one model that are loaded; requests read it while a version is put in, replaced or taken out. */
final class ModelVersions {
    private volatile NavigableMap<Integer, SharedModel> byNumber = new TreeMap<>();

    /** A lease of the newest version. */
    Optional<Lease> newest() {
        return lease(now -> now.isEmpty() ? null : now.lastEntry().getValue());
    }

    /** A lease of one version; whatever is no number of a version finds none. */
    Optional<Lease> numbered(String number) {
        return lease(now -> now.entrySet().stream()
                .filter(entry -> entry.getKey().toString().equals(number))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null));
    }

    /** One that is let go between being seen and being held has a successor, or is gone, in a newer map. */
    private Optional<Lease> lease(Function<NavigableMap<Integer, SharedModel>, SharedModel> choice) {
        while (true) {
            SharedModel shared = choice.apply(byNumber);
            Optional<Lease> lease = shared == null ? Optional.empty() : shared.lease();
            if (shared == null || lease.isPresent()) {
                return lease;
            }
        }
    }

    /** The numbers, the lowest first. */
    List<Integer> numbers() {
        return List.copyOf(byNumber.keySet());
    }

    /** Shows each version. */
    void each(Consumer<ServedModel> visitor) {
        for (SharedModel shared : byNumber.values()) {
            shared.lease().ifPresent(lease -> {
                try (lease) {
                    visitor.accept(lease.model());
                }
            });
        }
    }

    /** What has a number, if it is there. */
    Optional<SharedModel> get(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** Puts a version in; what had the number before is let go. */
    void put(int number, SharedModel model) {
        change(versions -> versions.put(number, model));
    }

    /** Takes a version out and lets it go. */
    void remove(int number) {
        change(versions -> versions.remove(number));
    }

    /** Readers see the map before or the map after; what {@code change} displaced is let go then. */
    private synchronized void change(Function<Map<Integer, SharedModel>, SharedModel> change) {
        NavigableMap<Integer, SharedModel> next = new TreeMap<>(byNumber);
        SharedModel before = change.apply(next);
        byNumber = next;
        if (before != null) {
            before.release();
        }
    }

    /** Takes all versions out and lets them go. */
    synchronized Collection<SharedModel> removeAll() {
        Collection<SharedModel> before = byNumber.values();
        byNumber = new TreeMap<>();
        before.forEach(SharedModel::release);
        return before;
    }
}
