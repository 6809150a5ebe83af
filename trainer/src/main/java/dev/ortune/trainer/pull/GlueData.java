package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A data set of GLUE from where the benchmark's authors publish it: a zip of a folder of TSV files.
 *
 * @param name after {@code pull}, and of the folder under {@code models/data}
 * @param zip the file's name there
 * @param bytes its size
 * @param sha256 its digest
 * @param files taken out of it, by their names in it
 */
record GlueData(String name, String zip, long bytes, String sha256, Map<String, String> files) implements Source {
    /** Environment variable that names another folder on the web with the same files. */
    static final String ADDRESS_VARIABLE = "ORTUNE_GLUE_URL";

    static final String DEFAULT_ADDRESS = "https://dl.fbaipublicfiles.com/glue/data";

    /** More text than any of them has. */
    private static final long LARGEST_FILE = 1L << 30;

    /** All of them; sizes and digests are those that Hugging Face's datasets library (dataset_infos.json) has for them. */
    static final List<GlueData> ALL = List.of(
            of(
                    "sst2",
                    "SST-2",
                    "SST-2.zip",
                    7_439_277,
                    "d67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa"),
            of(
                    "stsb",
                    "STS-B",
                    "STS-B.zip",
                    802_872,
                    "e60a6393de5a8b5b9bac5020a1554b54e3691f9d600b775bd131e613ac179c85"),
            of(
                    "qqp",
                    "QQP",
                    "QQP-clean.zip",
                    41_696_084,
                    "40e7c862c04eb26ee04b67fd900e76c45c6ba8e6d8fab4f8f1f8072a1a3fbae0"),
            new GlueData(
                    "mnli",
                    "MNLI.zip",
                    312_783_507,
                    "e7c1d896d26ed6caf700110645df426cc2d8ebf02a5ab743d5a5c68ac1c83633",
                    files("MNLI", "train.tsv", "dev_matched.tsv", "dev_mismatched.tsv")),
            of(
                    "qnli",
                    "QNLI",
                    "QNLIv2.zip",
                    10_627_589,
                    "e634e78627a29adaecd4f955359b22bf5e70f2cbd93b493f2d624138a0c0e5f5"),
            of("rte", "RTE", "RTE.zip", 697_150, "6bf86de103ecd335f3441bd43574d23fef87ecc695977a63b82d5efb206556ee"),
            of("wnli", "WNLI", "WNLI.zip", 28_999, "ae0e8e4d16f4d46d4a0a566ec7ecceccfd3fbfaa4a7a4b4e02848c0f2561ac46"));

    private static GlueData of(String name, String folder, String zip, long bytes, String sha256) {
        return new GlueData(name, zip, bytes, sha256, files(folder, "train.tsv", "dev.tsv"));
    }

    private static Map<String, String> files(String folder, String... names) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : names) {
            files.put(folder + "/" + name, name);
        }
        return files;
    }

    /** The one of a name. */
    static Optional<GlueData> named(String name) {
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
        List<String> wanted = new ArrayList<>(files.values());
        wanted.removeIf(file -> !request.force() && Files.exists(folder.resolve(file)));
        if (wanted.isEmpty()) {
            return Pulled.before(name, folder, "");
        }
        String variable = request.variable(ADDRESS_VARIABLE);
        String address = variable.isEmpty() ? DEFAULT_ADDRESS : variable.replaceFirst("/+$", "");
        try (StagedFolder stage = StagedFolder.of(folder, "pulling")) {
            Path packed = stage.folder().resolve(zip);
            URI uri = URI.create(address + "/" + zip);
            Download.Client client =
                    new Download.Client(new Http(URI.create(address), ""), request.progress(), retries);
            if (new Download(uri, packed, sha256, bytes).fetch(client).isEmpty()) {
                throw new StatusException(uri, 404);
            }
            unpack(packed, stage.folder());
            Files.createDirectories(folder);
            for (String file : wanted) {
                Files.move(stage.folder().resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (UnreachableException | StatusException e) {
            throw new OrtuneException(
                    name + ": " + e.getMessage() + "; or download " + address + "/" + zip
                            + " on another machine and put " + String.join(", ", files.values()) + " of it into "
                            + folder,
                    e);
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(ADDRESS_VARIABLE + " is \"" + variable + "\", which is not an address", e);
        }
        return Pulled.now(name, folder, "GLUE, Wang et al. 2019, " + address + "/" + zip);
    }

    /** The names outside are fixed here, whatever names the zip holds, so nothing in it can lead out of the folder. */
    private void unpack(Path packed, Path folder) throws IOException {
        try (ZipFile archive = new ZipFile(packed.toFile())) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                ZipEntry entry = archive.getEntry(file.getKey());
                if (entry == null) {
                    throw new OrtuneException(zip + " holds no " + file.getKey());
                }
                if (entry.getSize() > LARGEST_FILE) {
                    throw new OrtuneException(zip + ": " + file.getKey() + " is larger than any set of GLUE");
                }
                try (InputStream stream = archive.getInputStream(entry)) {
                    Files.copy(stream, folder.resolve(file.getValue()));
                }
            }
        } catch (ZipException e) {
            throw new OrtuneException(zip + " is not a readable zip: " + e.getMessage(), e);
        }
    }
}
