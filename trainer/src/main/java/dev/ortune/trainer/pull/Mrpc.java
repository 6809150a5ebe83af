package dev.ortune.trainer.pull;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.StagedFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * MRPC as GLUE has it, which publishes no files of its own: the corpus's training file (Dolan and Brockett 2005), of which
 * a list of pairs of ids says which rows are for validation.
 *
 * @param corpus the corpus's training file
 * @param validation the list
 */
record Mrpc(Part corpus, Part validation) implements Source {
    static final String NAME = "mrpc";

    /** Environment variable that names another folder on the web with both files. */
    static final String ADDRESS_VARIABLE = "ORTUNE_MRPC_URL";

    private static final String TRAIN = "train.tsv";
    private static final String DEV = "dev.tsv";

    /**
     * One of the files.
     *
     * @param address the folder it is in
     * @param bytes its size
     */
    record Part(String address, String file, long bytes, String sha256) {
        private URI uri(String otherAddress) {
            return URI.create((otherAddress.isEmpty() ? address : otherAddress.replaceFirst("/+$", "")) + "/" + file);
        }
    }

    /** As they are published; sizes and digests are those that Hugging Face's datasets library has for them. */
    Mrpc() {
        this(
                new Part(
                        "https://dl.fbaipublicfiles.com/senteval/senteval_data",
                        "msr_paraphrase_train.txt",
                        1_047_044,
                        "60a9b09084528f0673eedee2b69cb941920f0b8cd0eeccefc464a98768457f89"),
                new Part(
                        GlueData.DEFAULT_ADDRESS,
                        "mrpc_dev_ids.tsv",
                        6_222,
                        "971d7767d81b997fd9060ade0ec23c4fc31cbb226a55d1bd4a1bac474eb81dc7"));
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
        boolean there = Files.exists(folder.resolve(TRAIN)) && Files.exists(folder.resolve(DEV));
        if (there && !request.force()) {
            return Pulled.before(NAME, folder, "");
        }
        String variable = request.variable(ADDRESS_VARIABLE);
        try (StagedFolder stage = StagedFolder.of(folder, "pulling")) {
            List<String> rows = lines(fetch(corpus, variable, stage.folder(), request, retries));
            Set<String> held = new HashSet<>(lines(fetch(validation, variable, stage.folder(), request, retries)));
            write(folder, rows, held);
        } catch (UnreachableException | StatusException e) {
            throw new OrtuneException(
                    NAME + ": " + e.getMessage() + "; or set " + ADDRESS_VARIABLE + " to a folder on the web with "
                            + corpus.file + " and " + validation.file,
                    e);
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(ADDRESS_VARIABLE + " is \"" + variable + "\", which is not an address", e);
        }
        return Pulled.now(NAME, folder, "Dolan and Brockett 2005, " + corpus.uri(variable));
    }

    private static Path fetch(Part part, String address, Path stage, PullRequest request, Retries retries)
            throws IOException {
        URI uri = part.uri(address);
        Path file = stage.resolve(part.file);
        Download.Client client = new Download.Client(new Http(uri, ""), request.progress(), retries);
        if (new Download(uri, file, part.sha256, part.bytes).fetch(client).isEmpty()) {
            throw new StatusException(uri, 404);
        }
        return file;
    }

    private static List<String> lines(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    }

    /** Rows go where the list says, by both of their ids; each file has the header. */
    private static void write(Path folder, List<String> rows, Set<String> held) throws IOException {
        List<String> train = new ArrayList<>(List.of(rows.get(0)));
        List<String> dev = new ArrayList<>(List.of(rows.get(0)));
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split("\t", -1);
            boolean validates = cells.length > 2 && held.contains(cells[1] + "\t" + cells[2]);
            (validates ? dev : train).add(row);
        }
        if (dev.size() == 1) {
            throw new OrtuneException(NAME + ": no row of the corpus is one of the validation set");
        }
        Files.createDirectories(folder);
        AtomicFile.write(folder.resolve(TRAIN), bytes(train));
        AtomicFile.write(folder.resolve(DEV), bytes(dev));
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
