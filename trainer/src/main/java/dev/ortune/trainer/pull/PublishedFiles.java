package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A data set whose authors publish its files as they are.
 *
 * @param name after {@code pull}, and of the folder under {@code models/data}
 * @param variable environment variable that names another folder on the web with the same files
 * @param address the authors' folder
 * @param authors who made it, and when
 * @param files in that folder
 */
record PublishedFiles(String name, String variable, String address, String authors, List<Part> files)
        implements Source {
    private static final String SQUAD = "https://rajpurkar.github.io/SQuAD-explorer/dataset";

    /** All of them; sizes and digests are those that Hugging Face's datasets library (dataset_infos.json) has for them. */
    static final List<PublishedFiles> ALL = List.of(
            new PublishedFiles(
                    "squad",
                    "ORTUNE_SQUAD_URL",
                    SQUAD,
                    "Rajpurkar et al. 2016",
                    List.of(
                            new Part(
                                    "train-v1.1.json",
                                    30_288_272,
                                    "3527663986b8295af4f7fcdff1ba1ff3f72d07d61a20f487cb238a6ef92fd955"),
                            new Part(
                                    "dev-v1.1.json",
                                    4_854_279,
                                    "95aa6a52d5d6a735563366753ca50492a658031da74f301ac5238b03966972c9"))),
            new PublishedFiles(
                    "squad_v2",
                    "ORTUNE_SQUAD_URL",
                    SQUAD,
                    "Rajpurkar et al. 2018",
                    List.of(
                            new Part(
                                    "train-v2.0.json",
                                    42_123_633,
                                    "68dcfbb971bd3e96d5b46c7177b16c1a4e7d4bdef19fb204502738552dede002"),
                            new Part(
                                    "dev-v2.0.json",
                                    4_370_528,
                                    "80a5225e94905956a6446d296ca1093975c4d3b3260f1d6c8f68bc2ab77182d8"))),
            new PublishedFiles(
                    "swag",
                    "ORTUNE_SWAG_URL",
                    "https://raw.githubusercontent.com/rowanz/swagaf/master/data",
                    "Zellers et al. 2018",
                    List.of(
                            new Part(
                                    "train.csv",
                                    28_243_333,
                                    "5748b51126ac255c5a6f26e1ba473b51116d6c822aeb25e63ecba282c9d0e610"),
                            new Part(
                                    "val.csv",
                                    7_893_588,
                                    "c0497b2cd7f3e6b7df995524b1853f62285d60d110d659b19545ca80b2903234"))));

    PublishedFiles {
        files = List.copyOf(files);
    }

    /**
     * One of the files.
     *
     * @param bytes its size
     */
    record Part(String file, long bytes, String sha256) {}

    /** The one of a name. */
    static Optional<PublishedFiles> named(String name) {
        return ALL.stream().filter(set -> set.name.equals(name)).findFirst();
    }

    @Override
    public Path folder(Path models) {
        return models.resolve("data").resolve(name);
    }

    @Override
    public Pulled pull(PullRequest request) throws IOException {
        return pull(request, Retries.DEFAULT);
    }

    Pulled pull(PullRequest request, Retries retries) throws IOException {
        Path folder = folder(request.models());
        List<Part> wanted = new ArrayList<>(files);
        wanted.removeIf(part -> !request.force() && Files.exists(folder.resolve(part.file)));
        if (wanted.isEmpty()) {
            return Pulled.before(name, folder, "");
        }
        String other = request.variable(variable);
        String from = other.isEmpty() ? address : other.replaceFirst("/+$", "");
        try (StagedFolder stage = StagedFolder.of(folder, "pulling")) {
            for (Part part : wanted) {
                URI uri = URI.create(from + "/" + part.file);
                Download.Client client = new Download.Client(new Http(uri, ""), request.progress(), retries);
                Path file = stage.folder().resolve(part.file);
                if (new Download(uri, file, part.sha256, part.bytes)
                        .fetch(client)
                        .isEmpty()) {
                    throw new StatusException(uri, 404);
                }
            }
            Files.createDirectories(folder);
            for (Part part : wanted) {
                Files.move(
                        stage.folder().resolve(part.file),
                        folder.resolve(part.file),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (UnreachableException | StatusException e) {
            throw new OrtuneException(
                    name + ": " + e.getMessage() + "; or download "
                            + files.stream().map(Part::file).collect(Collectors.joining(" and ")) + " of " + from
                            + " on another machine and put them into " + folder,
                    e);
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(variable + " is \"" + other + "\", which is not an address", e);
        }
        return Pulled.now(name, folder, authors + ", " + from);
    }
}
