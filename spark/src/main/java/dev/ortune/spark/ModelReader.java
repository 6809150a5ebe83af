package dev.ortune.spark;

import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;
import scala.Option;

/** Reads what {@link ModelWriter} has written. */
final class ModelReader extends MLReader<OrtuneModel> {
    /** By the method that each Spark 4 has. */
    @Override
    @SuppressWarnings("deprecation")
    public OrtuneModel load(String path) {
        DefaultParamsReader.Metadata metadata =
                DefaultParamsReader.loadMetadata(path, sc(), OrtuneModel.class.getName());
        OrtuneModel model = new OrtuneModel(metadata.uid());
        metadata.getAndSetParams(model, Option.empty());
        return model.setModel(new Path(path, ModelWriter.FILES).toString());
    }
}
