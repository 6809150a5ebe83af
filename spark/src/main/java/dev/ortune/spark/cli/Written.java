package dev.ortune.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder that is written partition by partition: which of them are there, and by what. Each partition's file appears when its task
 * is done, by a rename.
 */
final class Written {
    /** Spark reads no file with such a name. */
    private static final String BEGUN = "_ortune.json";

    private static final String COMPLETE = "_SUCCESS";
    private static final Pattern PART = Pattern.compile("part-(\\d+)-.*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final FileSystem files;

    Written(Path folder, Configuration configuration) throws IOException {
        this.folder = folder;
        this.files = folder.getFileSystem(configuration);
    }

    boolean isThere() throws IOException {
        return files.exists(folder);
    }

    boolean isComplete() throws IOException {
        return files.exists(new Path(folder, COMPLETE));
    }

    void delete() throws IOException {
        if (!files.delete(folder, true)) {
            throw new OrtuneException(folder + ": cannot be deleted");
        }
    }

    /** Writes down what is to be written, before anything is. */
    void begin(ObjectNode what) throws IOException {
        try (OutputStream out = files.create(new Path(folder, BEGUN), true)) {
            out.write(JSON.writeValueAsBytes(what));
        }
    }

    /**
     * Refuses to go on with something else.
     *
     * @throws OrtuneException when the folder was begun with other options, another model or other files
     */
    void requireBegunWith(ObjectNode what) throws IOException {
        Path file = new Path(folder, BEGUN);
        if (!files.exists(file)) {
            throw new OrtuneException(folder + ": was not begun by \"ortune score\": there is no " + BEGUN);
        }
        JsonNode before;
        try (InputStream in = files.open(file)) {
            before = JSON.readTree(in);
        }
        for (var entry : what.properties()) {
            // As it is read: numbers have no type of their own there.
            JsonNode now = JSON.readTree(entry.getValue().toString());
            if (!now.equals(before.path(entry.getKey()))) {
                throw new OrtuneException(
                        folder + ": was begun with another " + entry.getKey() + "; --overwrite begins anew");
            }
        }
    }

    /** The numbers of the partitions that are there. */
    List<Integer> partitions() throws IOException {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (FileStatus file : files.listStatus(folder)) {
            Matcher part = PART.matcher(file.getPath().getName());
            if (part.matches()) {
                numbers.add(Integer.parseInt(part.group(1)));
            }
        }
        return new ArrayList<>(numbers);
    }
}
