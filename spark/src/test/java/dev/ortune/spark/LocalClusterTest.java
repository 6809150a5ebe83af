package dev.ortune.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Executors in processes of their own, to which the model is sent, and one of which is killed half-way. */
@Timeout(300)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Spark starts its executors by a shell script's rules")
class LocalClusterTest {
    private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

    @TempDir
    private Path folder;

    @BeforeAll
    static void fillHome() throws IOException {
        SparkHome.fill();
    }

    @Test
    void aKilledExecutorCostsNoRow() throws Exception {
        Path model = TinyClassifier.writeSlow(folder.resolve("slow"));
        List<Row> texts = Tables.texts(300);
        try (SparkSession spark = SparkSession.builder()
                .master("local-cluster[2,1,1024]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.executor.cores", "1")
                .config("spark.executor.memory", "512m")
                .config("spark.executor.extraJavaOptions", SparkHome.SOON_COMPILED)
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .config("spark.local.dir", folder.resolve("local").toString())
                .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
                .getOrCreate()) {
            OrtuneModel transformer =
                    new OrtuneModel().setModel(model.toString()).setMaxBatchTokens(64);
            CompletableFuture<List<Row>> scored = CompletableFuture.supplyAsync(
                    () -> transformer.transform(Tables.of(spark, texts, 8)).collectAsList());
            List<ProcessHandle> executors = new ArrayList<>();
            while (executors.size() < 2 || transformer.rows() == 0) {
                assertThat(scored).isNotDone();
                executors = executors();
                Thread.sleep(50);
            }
            executors.get(0).destroyForcibly();
            List<Row> rows = new ArrayList<>(scored.get());
            rows.sort(Comparator.comparingLong(row -> row.getLong(0)));
            assertThat(rows).hasSameSizeAs(texts);
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).getLong(0)).isEqualTo(i);
                assertThat(rows.get(i).<Vector>getAs("probability").toArray())
                        .containsExactly(Tables.expected(rows.get(i)), within(1e-5));
            }
            assertThat(executors.get(0).isAlive()).isFalse();
        }
    }

    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(EXECUTOR))
                        .isPresent())
                .toList();
    }
}
