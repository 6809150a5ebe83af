package dev.ortune.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/** Writes a model as spark.ml writes its own: parameters under {@code metadata/}, and the files of the model under {@code model/}. */
final class ModelWriter extends MLWriter {
    static final String FILES = "model";

    private final OrtuneModel model;

    ModelWriter(OrtuneModel model) {
        this.model = model;
    }

    /** By the method that each Spark 4 has. */
    @Override
    @SuppressWarnings("deprecation")
    public void saveImpl(String path) {
        DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
        ModelFiles files = ModelFiles.of(model.folder(false));
        Configuration configuration = sc().hadoopConfiguration();
        Path folder = new Path(path, FILES);
        try {
            for (String name : files.digests().keySet()) {
                Path to = new Path(folder, name);
                FileUtil.copy(
                        files.folder().resolve(name).toFile(),
                        to.getFileSystem(configuration),
                        to,
                        false,
                        configuration);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
