package dev.ortune.trainer.pull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import dev.ortune.trainer.model.Architectures;
import dev.ortune.trainer.text.TokenizerFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Brings a hub's folder into a stage: configuration and tokenizer first, since they tell whether the weights are worth
 * bringing, then the weights, all from one commit.
 */
record HubFolder(HubModel model, URI endpoint, StagedFolder stage, Download.Client client) {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String TORCH = "pytorch_model.bin";
    private static final String TORCH_INDEX = "pytorch_model.bin.index.json";
    private static final List<String> TOKENIZER = List.of(
            "tokenizer.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "tokenizer_config.json",
            "special_tokens_map.json");

    private static final long SMALL_FILE = 64L << 20;
    private static final long WEIGHTS_FILE = 1L << 40;
    private static final int MOST_SHARDS = 1000;
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}\\.safetensors");
    private static final Pattern TORCH_SHARD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}\\.bin");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The commit that all files are from, or the empty string when the hub does not say. */
    String fetch() throws IOException {
        String commit = config();
        String revision = commit.isEmpty() ? model.revision() : commit;
        tokenizer(revision);
        stage.keep();
        weights(revision);
        Files.deleteIfExists(commitFile());
        return commit;
    }

    /** Reads config.json, and forgets what an earlier pull brought of another commit. */
    private String config() throws IOException {
        Path file = stage.folder().resolve(CONFIG);
        Optional<Download.Fetched> fetched = fetch(model.revision(), CONFIG, SMALL_FILE);
        if (fetched.isEmpty()) {
            throw new OrtuneException(model + ": there is no " + uri(model.revision(), CONFIG)
                    + "; check owner, repository and revision");
        }
        Architectures.of(json(file));
        String commit = fetched.get().commit();
        String known = COMMIT.matcher(commit).matches() ? commit : "";
        if (known.isEmpty() || !known.equals(earlierCommit())) {
            stage.clear(path -> !path.equals(file) && !path.toString().contains(".part"));
            Files.writeString(commitFile(), known);
        }
        return known;
    }

    private void tokenizer(String revision) throws IOException {
        for (String name : TOKENIZER) {
            fetch(revision, name, SMALL_FILE);
        }
        Path folder = stage.folder();
        if (TokenizerFiles.source(folder).isEmpty()) {
            for (String name : TokenizerFiles.PIECES) {
                fetch(revision, name, SMALL_FILE);
            }
            fetch(revision, "added_tokens.json", SMALL_FILE);
        }
        boolean lacksMerges = Files.exists(folder.resolve("vocab.json")) && !Files.exists(folder.resolve("merges.txt"));
        if (TokenizerFiles.source(folder)
                .filter(file -> !file.endsWith("vocab.json") || !lacksMerges)
                .isEmpty()) {
            throw new OrtuneException(model
                    + " has neither tokenizer.json nor vocab.txt, nor vocab.json with merges.txt, nor SentencePiece's"
                    + " model");
        }
    }

    private void weights(String revision) throws IOException {
        if (Files.exists(stage.folder().resolve(WEIGHTS))
                || fetch(revision, WEIGHTS, WEIGHTS_FILE).isPresent()) {
            return;
        }
        if (fetch(revision, INDEX, SMALL_FILE).isPresent()) {
            shards(revision, INDEX);
        } else if (!Files.exists(stage.folder().resolve(TORCH))
                && fetch(revision, TORCH, WEIGHTS_FILE).isEmpty()) {
            if (fetch(revision, TORCH_INDEX, SMALL_FILE).isEmpty()) {
                throw new OrtuneException(
                        model + " has neither " + WEIGHTS + " nor " + TORCH + "; weights in no other form can be read");
            }
            shards(revision, TORCH_INDEX);
        }
    }

    private void shards(String revision, String index) throws IOException {
        for (String shard : shardNames(index, json(stage.folder().resolve(index)))) {
            if (!Files.exists(stage.folder().resolve(shard))
                    && fetch(revision, shard, WEIGHTS_FILE).isEmpty()) {
                throw new OrtuneException(model + ": " + index + " names " + shard + ", which the hub does not have");
            }
        }
    }

    private SortedSet<String> shardNames(String name, JsonNode index) {
        SortedSet<String> shards = new TreeSet<>();
        for (JsonNode shard : index.path("weight_map")) {
            Pattern allowed = name.equals(TORCH_INDEX) ? TORCH_SHARD : SHARD;
            if (!allowed.matcher(shard.asText()).matches() || shards.size() == MOST_SHARDS) {
                throw new OrtuneException(model + ": " + name + " names a file \"" + shard.asText()
                        + "\" that no shard of a model is called");
            }
            shards.add(shard.asText());
        }
        if (shards.isEmpty()) {
            throw new OrtuneException(model + ": " + name + " has no weight_map");
        }
        return shards;
    }

    private Optional<Download.Fetched> fetch(String revision, String name, long limit) throws IOException {
        Path file = stage.folder().resolve(name);
        Optional<Download.Fetched> fetched = new Download(uri(revision, name), file, "", limit).fetch(client);
        if (fetched.isPresent() && Files.size(file) == 0) {
            throw new OrtuneException(model + ": " + name + " is empty");
        }
        return fetched;
    }

    private URI uri(String revision, String name) {
        return URI.create(endpoint + "/" + model.owner() + "/" + model.repository() + "/resolve/"
                + revision.replace("/", "%2F") + "/" + name);
    }

    private JsonNode json(Path file) throws IOException {
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new OrtuneException(model + ": " + file.getFileName() + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Path commitFile() {
        return stage.folder().resolve(".commit");
    }

    private String earlierCommit() throws IOException {
        return Files.exists(commitFile()) ? Files.readString(commitFile()) : "";
    }
}
