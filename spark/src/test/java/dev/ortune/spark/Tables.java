package dev.ortune.spark;

import dev.ortune.predictor.TinyClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Tables of texts whose answers can be told without a model. */
final class Tables {
    static final StructType TEXTS = new StructType()
            .add("id", DataTypes.LongType)
            .add("text", DataTypes.StringType)
            .add("words", DataTypes.createArrayType(DataTypes.IntegerType));

    private Tables() {}

    /** So many texts of one word to the most that the model takes. */
    static List<Row> texts(int count) {
        Random random = new Random(count);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] words = random.ints(1 + random.nextInt(TinyClassifier.MAX_LENGTH), 0, 40)
                    .toArray();
            rows.add(RowFactory.create(
                    (long) i, text(words), Arrays.stream(words).boxed().toArray(Integer[]::new)));
        }
        return rows;
    }

    static String text(int... words) {
        return Arrays.stream(words).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }

    static Dataset<Row> of(SparkSession spark, List<Row> rows, int partitions) {
        return spark.createDataFrame(rows, TEXTS).repartition(partitions).sortWithinPartitions("id");
    }

    /** What the model says of a row's words, {@code [labels]}. */
    static double[] expected(Row row) {
        return TinyClassifier.probabilities(row.<Integer>getList(row.fieldIndex("words")).stream()
                .mapToInt(Integer::intValue)
                .toArray());
    }
}
