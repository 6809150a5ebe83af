package dev.ortune.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.Answer;
import dev.ortune.predictor.Choices;
import dev.ortune.predictor.ChosenText;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.Predictor;
import dev.ortune.predictor.SpanAnswers;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.TokenEntities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The transformer in Spark's local mode, with models whose answers are known. */
@Timeout(300)
class OrtuneModelTest {
    private static final double EXACT = 1e-5;
    private static final StructType TEXT = new StructType().add("text", DataTypes.StringType);

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static String tiny;

    @BeforeAll
    static void start() throws IOException {
        tiny = TinyClassifier.write(folder.resolve("tiny")).toString();
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
        ExecutorModels.closeIdle();
    }

    private static Dataset<Row> texts(String... texts) {
        return spark.createDataFrame(
                Arrays.stream(texts).map(text -> RowFactory.create(text)).toList(), TEXT);
    }

    @Test
    void rowsKeepTheirOrderAndGetTheirAnswers() {
        Dataset<Row> table = Tables.of(spark, Tables.texts(3000), 4).cache();
        List<Row> before = table.collectAsList();
        List<Row> rows = new OrtuneModel().setModel(tiny).transform(table).collectAsList();
        assertThat(rows).hasSameSizeAs(before);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            assertThat(row.getLong(0)).isEqualTo(before.get(i).getLong(0));
            double[] expected = Tables.expected(row);
            assertThat(row.<Vector>getAs("probability").toArray()).containsExactly(expected, within(EXACT));
            double best = row.getDouble(row.fieldIndex("prediction"));
            assertThat(row.<String>getAs("predictedLabel")).isEqualTo(TinyClassifier.LABELS.get((int) best));
            assertThat(expected[(int) best])
                    .isCloseTo(Arrays.stream(expected).max().orElseThrow(), within(EXACT));
        }
        double[] raw = rows.get(0).<Vector>getAs("rawPrediction").toArray();
        assertThat(raw[2]).isCloseTo(-raw[0] / 2, within(EXACT));
    }

    @Test
    void rowsWithoutAnAnswerGetNullsAndAreCounted() {
        String tooLong = Tables.text(new int[TinyClassifier.MAX_LENGTH + 1]);
        Dataset<Row> table =
                texts("w7", null, tooLong, TinyClassifier.POISON, "w8").coalesce(1);
        OrtuneModel keeping = new OrtuneModel().setModel(tiny).setTruncate(false);
        List<Row> rows = keeping.transform(table).collectAsList();
        assertThat(rows).extracting(row -> row.getString(0)).containsExactly("w7", null, tooLong, "poison", "w8");
        assertThat(rows).extracting(row -> row.isNullAt(1)).containsExactly(false, true, true, true, false);
        assertThat(rows.get(1).isNullAt(3)).isTrue();
        assertThat(keeping.unanswered()).isEqualTo(3);
        assertThat(keeping.rows()).isEqualTo(5);
        List<Row> skipped = keeping.copy(ParamMap.empty())
                .setHandleInvalid("skip")
                .transform(table)
                .collectAsList();
        assertThat(skipped).extracting(row -> row.getString(0)).containsExactly("w7", "w8");
        OrtuneModel failing = new OrtuneModel().setModel(tiny).setHandleInvalid("error");
        assertThatThrownBy(() -> failing.transform(texts("w7", null)).collectAsList())
                .hasStackTraceContaining("tiny: a row asks about nothing");
    }

    @Test
    void aSavedPipelineHoldsItsModel() throws IOException {
        Path gone = folder.resolve("gone");
        TinyClassifier.write(gone);
        SQLTransformer trimmed = new SQLTransformer().setStatement("SELECT trim(raw) AS clean FROM __THIS__");
        OrtuneModel model =
                new OrtuneModel().setModel(gone.toString()).setInputCol("clean").setPredictionCol("said");
        Dataset<Row> table = spark.createDataFrame(
                List.of(RowFactory.create(" w9 w30 ")), new StructType().add("raw", DataTypes.StringType));
        PipelineModel pipeline =
                new Pipeline().setStages(new PipelineStage[] {trimmed, model}).fit(table);
        String saved = folder.resolve("saved").toString();
        pipeline.write().overwrite().save(saved);
        for (String file : List.of("config.json", "tokenizer.json", "onnx/model.onnx", "onnx/export.json")) {
            Files.delete(gone.resolve(file));
        }
        PipelineModel loaded = PipelineModel.load(saved);
        Row row = loaded.transform(table).head();
        assertThat(row.getString(0)).isEqualTo("w9 w30");
        assertThat(row.<Vector>getAs("probability").toArray())
                .containsExactly(TinyClassifier.probabilities(9, 30), within(EXACT));
        assertThat(row.schema().fieldNames()).contains("said").doesNotContain("prediction");
        assertThat(loaded.stages()[1].uid()).isEqualTo(model.uid());
    }

    @Test
    void sparksOwnEvaluatorTakesWhatItPredicts() {
        Dataset<Row> table = texts("w9 w30", "w1", "w5").withColumn("label", org.apache.spark.sql.functions.lit(2.0));
        Dataset<Row> scored = new OrtuneModel().setModel(tiny).transform(table);
        MulticlassClassificationEvaluator accuracy = new MulticlassClassificationEvaluator().setMetricName("accuracy");
        assertThat(accuracy.evaluate(scored)).isEqualTo(1.0);
    }

    @Test
    void columnsThatCannotBeAreNamedBeforeAnythingRuns() {
        OrtuneModel model = new OrtuneModel().setModel(tiny);
        assertThatThrownBy(
                        () -> model.copy(ParamMap.empty()).setInputCol("other").transform(texts("w1")))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("column other must be there");
        assertThatThrownBy(() -> model.transform(model.transform(texts("w1"))))
                .hasMessageContaining("there is a column prediction already");
        assertThatThrownBy(() -> model.setPrecision("fp8")).hasMessageContaining("fp8");
        assertThat(model.explainParams()).contains("inputCol: column of texts", "maxBatchTokens", "handleInvalid");
    }

    @Test
    void severalLabelsAreArrays() throws IOException {
        Path model = TinyClassifier.writeMultiLabel(folder.resolve("several"));
        Row row = new OrtuneModel()
                .setModel(model.toString())
                .setProbabilityCol("")
                .transform(texts("w100"))
                .head();
        assertThat(row.schema().fieldNames()).containsExactly("text", "prediction", "predictedLabel", "rawPrediction");
        assertThat(row.<Double>getList(1)).containsExactly(1.0, 2.0);
        assertThat(row.<String>getList(2)).containsExactly("maybe", "yes");
    }

    @Test
    void everyOtherTaskAnswersAsThePredictorDoes() {
        Path words = Golden.folder("token-classification/wordpiece");
        Path questions = Golden.folder("question-answering/wordpiece");
        Path choosing = Golden.folder("multiple-choice/bert-choice");
        Path masks = Golden.folder("fill-mask/wordpiece");
        Path writing = Path.of("../vectors/generation/gpt2");
        List<String> texts = Golden.texts();
        List<Row> rows = new OrtuneModel()
                .setModel(words.toString())
                .transform(texts(texts.toArray(String[]::new)))
                .collectAsList();
        try (Predictor predictor = Predictor.open(words)) {
            int found = 0;
            for (int i = 0; i < texts.size(); i++) {
                TokenEntities expected = predictor.entities(texts.get(i));
                List<Row> entities = rows.get(i).getList(1);
                assertThat(entities).hasSameSizeAs(expected.entities());
                for (int each = 0; each < entities.size(); each++, found++) {
                    Row entity = entities.get(each);
                    assertThat(entity.getString(0))
                            .isEqualTo(expected.entities().get(each).label());
                    assertThat(entity.getInt(3))
                            .isEqualTo(expected.entities().get(each).start());
                }
            }
            assertThat(found).isPositive();
        }
        String context = "Wolfgang lives in Berlin, and Sarah went to Paris.";
        Row span = new OrtuneModel()
                .setModel(questions.toString())
                .setPairCol("context")
                .transform(texts("Who?").withColumn("context", org.apache.spark.sql.functions.lit(context)))
                .head()
                .getStruct(2);
        try (Predictor predictor = Predictor.open(questions)) {
            SpanAnswers expected = predictor.answer("Who?", context);
            assertThat(span.getString(0)).isEqualTo(expected.best().answer());
            assertThat(span.getInt(2)).isEqualTo(expected.best().start());
        }
        Choices asked = new Choices("it rains", null, List.of("take a coat", "swim", "sleep"));
        List<Row> one = new ArrayList<>(
                List.of(RowFactory.create(asked.text(), asked.choices().toArray())));
        StructType withChoices = TEXT.add("choices", DataTypes.createArrayType(DataTypes.StringType));
        Row chosen = new OrtuneModel()
                .setModel(choosing.toString())
                .setChoicesCol("choices")
                .transform(spark.createDataFrame(one, withChoices))
                .head();
        try (Predictor predictor = Predictor.open(choosing)) {
            ChosenText expected = predictor.choose(asked);
            assertThat(chosen.getDouble(2)).isEqualTo(expected.best());
            assertThat(chosen.getString(3)).isEqualTo(asked.choices().get(expected.best()));
            assertThat(chosen.<Vector>getAs("probability").toArray()).containsExactly(expected.scores(), within(EXACT));
        }
        List<Row> filled = new OrtuneModel()
                .setModel(masks.toString())
                .transform(texts("a [MASK] and [MASK]", "no mask"))
                .collectAsList();
        assertThat(filled.get(0).getList(1)).hasSize(2);
        assertThat(filled.get(1).isNullAt(1)).isTrue();
        Row written = new OrtuneModel()
                .setModel(writing.toString())
                .setMaxNewTokens(5)
                .transform(texts("old storm"))
                .head();
        try (Predictor predictor = Predictor.open(writing)) {
            GeneratedText whole = predictor.generate("old storm", dev.ortune.predictor.GenerationParameters.greedy(5));
            assertThat(written.getString(1)).isEqualTo(whole.text());
        }
    }

    @Test
    void pairsAreAnsweredAsThePredictorDoes() {
        Path model = Golden.folder("families/albert");
        StructType pairs = TEXT.add("second", DataTypes.StringType);
        List<Row> rows = List.of(RowFactory.create("the cats sleep", "home"), RowFactory.create("a", "don't"));
        List<Row> scored = new OrtuneModel()
                .setModel(model.toString())
                .setPairCol("second")
                .transform(spark.createDataFrame(rows, pairs).coalesce(1))
                .collectAsList();
        try (Predictor predictor = Predictor.open(model)) {
            List<Answer> expected = predictor.predict(rows.stream()
                    .map(row -> new TextInput(row.getString(0), row.getString(1)))
                    .toList());
            for (int i = 0; i < rows.size(); i++) {
                assertThat(scored.get(i).<Vector>getAs("probability").toArray())
                        .containsExactly(((LabelScores) expected.get(i)).scores(), within(EXACT));
            }
        }
    }
}
