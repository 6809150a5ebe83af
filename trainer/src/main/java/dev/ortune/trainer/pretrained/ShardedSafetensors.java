package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A model split over several files, with {@code model.safetensors.index.json} or its like saying what lies where. */
final class ShardedSafetensors {
    private ShardedSafetensors() {}

    /** The {@code wanted} tensors of all the shards that {@code index} names; shards lie in the folder of the index. */
    static Weights read(Path index, Predicate<String> wanted) {
        Map<String, Set<String>> namesByShard = namesByShard(index, wanted);
        List<Tensor> tensors = new ArrayList<>();
        namesByShard.forEach((shard, names) -> tensors.addAll(shard(index, shard, names)));
        return new Weights(index.toString(), tensors);
    }

    /** The names of the files that hold tensors that are wanted, sorted. */
    static Set<String> shards(Path index, Predicate<String> wanted) {
        return new TreeSet<>(namesByShard(index, wanted).keySet());
    }

    private static List<Tensor> shard(Path index, String shard, Set<String> names) {
        Path file = index.resolveSibling(shard);
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(index + ": the shard " + shard + " is missing");
        }
        Weights weights = shard.endsWith(".bin")
                ? TorchFile.read(file, names::contains)
                : Safetensors.read(file, names::contains);
        for (String name : names) {
            if (!weights.contains(name)) {
                throw new OrtuneException(file + ": tensor " + Printable.of(name) + " is missing, though "
                        + index.getFileName() + " says it is there");
            }
        }
        return List.copyOf(weights.all());
    }

    private static Map<String, Set<String>> namesByShard(Path index, Predicate<String> wanted) {
        JsonNode map = JsonFile.readObject(index).path("weight_map");
        if (!map.isObject()) {
            throw new OrtuneException(index + ": has no weight_map");
        }
        Map<String, Set<String>> names = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (wanted.test(entry.getKey())) {
                names.computeIfAbsent(shardName(index, entry), shard -> new TreeSet<>())
                        .add(entry.getKey());
            }
        }
        return names;
    }

    /** Only a plain file name: an index may not reach outside its folder. */
    private static String shardName(Path index, Map.Entry<String, JsonNode> entry) {
        String shard = entry.getValue().asText();
        String ending = index.getFileName().toString().startsWith("pytorch") ? "bin" : "safetensors";
        if (!entry.getValue().isTextual() || !shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\." + ending)) {
            throw new OrtuneException(index + ": tensor " + Printable.of(entry.getKey())
                    + " is placed in a file with the impossible name \"" + Printable.of(shard) + "\"");
        }
        return shard;
    }
}
