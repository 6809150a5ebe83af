package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Sha256;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Corpus of Linguistic Acceptability as two files that a tutorial publishes. Its sentences are quoted from
 * linguistics texts, so Ortune brings them where a user asks for them and never carries them itself.
 *
 * @param digests the SHA-256 of each file
 */
record Cola(Map<String, String> digests) implements Source {
    static final String NAME = "cola";

    /** Environment variable that names another folder on the web with the same files. */
    static final String ADDRESS_VARIABLE = "ORTUNE_COLA_URL";

    static final String DEFAULT_ADDRESS = "https://raw.githubusercontent.com/Denis2054/"
            + "Transformers-for-NLP-and-Computer-Vision-3rd-Edition/main/Chapter05";

    private static final long LIMIT = 64L << 20;

    Cola() {
        this(Map.of(
                "in_domain_train.tsv", "55d77501a11cb129c74190652661d846589319a2c8710033c5bb2d37f08e70cd",
                "out_of_domain_dev.tsv", "88da507dfaf341a1d1521edf405ac6d1c7a3e207e68a8fcfd801ce42c69102c5"));
    }

    Cola {
        digests = new TreeMap<>(digests);
    }

    @Override
    public Path folder(Path models) {
        return models.resolve("data").resolve(NAME);
    }

    @Override
    public Pulled pull(PullRequest request) throws IOException {
        return pull(request, Retries.DEFAULT);
    }

    Pulled pull(PullRequest request, Retries retries) throws IOException {
        Path folder = folder(request.models());
        List<String> wanted = wanted(folder, request.force());
        if (wanted.isEmpty()) {
            return Pulled.before(NAME, folder, "");
        }
        String variable = request.variable(ADDRESS_VARIABLE);
        String address = variable.isEmpty() ? DEFAULT_ADDRESS : variable.replaceFirst("/+$", "");
        try (StagedFolder stage = StagedFolder.of(folder, "pulling")) {
            Http http = new Http(URI.create(address), "");
            Download.Client client = new Download.Client(http, request.progress(), retries);
            for (String file : wanted) {
                fetch(URI.create(address + "/" + file), stage.folder().resolve(file), client);
            }
            Files.createDirectories(folder);
            for (String file : wanted) {
                Files.move(stage.folder().resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (UnreachableException | StatusException e) {
            throw new OrtuneException(
                    "cola: " + e.getMessage() + "; or download " + String.join(" and ", digests.keySet()) + " from "
                            + address + "/ on another machine and put them into " + folder,
                    e);
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(ADDRESS_VARIABLE + " is \"" + variable + "\", which is not an address", e);
        }
        return Pulled.now(NAME, folder, "Warstadt, Singh and Bowman 2018, " + address);
    }

    private void fetch(URI uri, Path file, Download.Client client) throws IOException {
        String digest = digests.get(file.getFileName().toString());
        if (new Download(uri, file, digest, LIMIT).fetch(client).isEmpty()) {
            throw new StatusException(uri, 404);
        }
    }

    /** The files that are not there yet; an {@link OrtuneException} for one that is there and is another. */
    private List<String> wanted(Path folder, boolean force) throws IOException {
        List<String> wanted = new ArrayList<>();
        for (Map.Entry<String, String> entry : digests.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            if (force || !Files.exists(file)) {
                wanted.add(entry.getKey());
            } else if (!Sha256.of(file).equals(entry.getValue())) {
                throw new OrtuneException(file + " is not the published file (its SHA-256 is " + Sha256.of(file)
                        + "); --force replaces it");
            }
        }
        return wanted;
    }
}
