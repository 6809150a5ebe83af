package dev.ortune.spark;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.Sha256;
import dev.ortune.predictor.model.ModelFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The files of a model that answering takes, on their way from the driver to each executor.
 *
 * @param folder on the driver
 * @param digests their SHA-256 by their names inside it, {@code /} between folder and file
 */
record ModelFiles(Path folder, TreeMap<String, String> digests) {
    /** So much is held in memory while files are read and written. */
    private static final int PIECE = 32 << 20;

    /** What has been given to a context, which takes each model once. */
    private static final Map<String, List<Piece>> GIVEN = new ConcurrentHashMap<>();

    /**
     * Those of a model: all small files beside config.json, and of the exported ones those that answer.
     *
     */
    static ModelFiles of(ModelFolder model) {
        Path folder = model.folder();
        List<Path> files = new ArrayList<>(model.files());
        for (Path place : List.of(folder, folder.resolve("onnx"))) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> all = Files.list(place)) {
                    all.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                            .forEach(files::add);
                } catch (IOException e) {
                    throw new OrtuneException(place + ": cannot be read (" + e.getMessage() + ")", e);
                }
            }
        }
        TreeMap<String, String> digests = new TreeMap<>();
        files.forEach(file -> digests.put(folder.relativize(file).toString().replace('\\', '/'), Sha256.of(file)));
        return new ModelFiles(folder, digests);
    }

    /** What tells these files from all others. */
    String digest() {
        return HexFormat.of().formatHex(Sha256.of(digests.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Has Spark bring them to each executor that asks for them. Broadcasts do, which executors pass on to each other; what is added to a
     * context as a file, a session of Spark 4 may not see.
     *
     * @return where executors find them
     */
    Place ship(SparkContext context) {
        List<Piece> pieces = context.isLocal()
                ? List.of()
                : GIVEN.computeIfAbsent(context.applicationId() + " " + digest(), key -> pieces(context));
        return new Place(folder.toAbsolutePath().normalize().toString(), digest(), digests, pieces);
    }

    private List<Piece> pieces(SparkContext context) {
        JavaSparkContext java = JavaSparkContext.fromSparkContext(context);
        List<Piece> pieces = new ArrayList<>();
        for (String name : digests.keySet()) {
            try (InputStream in = Files.newInputStream(folder.resolve(name))) {
                byte[] bytes = in.readNBytes(PIECE);
                do {
                    pieces.add(new Piece(name, java.broadcast(bytes)));
                    bytes = in.readNBytes(PIECE);
                } while (bytes.length > 0);
            } catch (IOException e) {
                throw new OrtuneException(folder.resolve(name) + ": cannot be read (" + e.getMessage() + ")", e);
            }
        }
        return List.copyOf(pieces);
    }

    /** Some bytes of a file; those that come after them come after them here, too. */
    record Piece(String file, Broadcast<byte[]> bytes) implements Serializable {}

    /**
     * Where an executor finds them.
     *
     * @param folder on the driver
     * @param digest what tells them from all others
     * @param digests the SHA-256 of each
     * @param pieces of all files; none where driver and executor are one process
     */
    record Place(String folder, String digest, TreeMap<String, String> digests, List<Piece> pieces)
            implements Serializable {
        /**
         * Opens the model on this machine.
         *
         * @param opening reads all that it needs of the folder
         * @throws OrtuneException when a file is not what it was on the driver
         */
        <T> T open(Function<Path, T> opening) {
            if (pieces.isEmpty()) {
                return opening.apply(checked(Path.of(folder)));
            }
            Path above = null;
            try {
                above = Files.createTempDirectory("ortune-model-");
                Path copy = above.resolve(Path.of(folder).getFileName());
                write(copy);
                return opening.apply(checked(copy));
            } catch (IOException e) {
                throw new OrtuneException(folder + ": cannot be written here (" + e.getMessage() + ")", e);
            } finally {
                delete(above);
            }
        }

        private void write(Path copy) throws IOException {
            for (Piece piece : pieces) {
                Path file = copy.resolve(piece.file());
                Files.createDirectories(file.getParent());
                Files.write(file, piece.bytes().value(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }

        private Path checked(Path copy) {
            for (Map.Entry<String, String> file : digests.entrySet()) {
                Path path = copy.resolve(file.getKey());
                if (!Sha256.of(path).equals(file.getValue())) {
                    throw new OrtuneException(path + ": has another SHA-256 than on the driver");
                }
            }
            return copy;
        }

        private static void delete(Path folder) {
            if (folder != null) {
                FileUtil.fullyDelete(folder.toFile());
            }
        }
    }
}
