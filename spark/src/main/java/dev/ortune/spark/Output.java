package dev.ortune.spark;

import dev.ortune.predictor.Answer;
import dev.ortune.predictor.ChosenText;
import dev.ortune.predictor.Entity;
import dev.ortune.predictor.Filling;
import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.MaskFillings;
import dev.ortune.predictor.SpanAnswer;
import dev.ortune.predictor.SpanAnswers;
import dev.ortune.predictor.TokenEntities;
import dev.ortune.predictor.task.FillMask;
import dev.ortune.predictor.task.MultipleChoice;
import dev.ortune.predictor.task.QuestionAnswering;
import dev.ortune.predictor.task.SequenceClassification;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.task.TokenClassification;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What a model's answers are in a table: the types of its columns, and a row's values. */
@SuppressWarnings("ImmutableEnumChecker") // Types of Spark never change, but do not say so.
enum Output {
    /** One of several labels, or one score. */
    LABEL(DataTypes.DoubleType, DataTypes.StringType, true, true) {
        @Override
        Object prediction(Answer answer) {
            LabelScores scores = (LabelScores) answer;
            return scores.probabilities() ? (double) scores.best() : scores.score();
        }

        @Override
        Object label(Answer answer) {
            return ((LabelScores) answer).label();
        }
    },
    /** Any number of labels. */
    LABELS(
            DataTypes.createArrayType(DataTypes.DoubleType),
            DataTypes.createArrayType(DataTypes.StringType),
            true,
            true) {
        @Override
        Object prediction(Answer answer) {
            return seq(((LabelScores) answer)
                    .given().stream().map(Integer::doubleValue).toList());
        }

        @Override
        Object label(Answer answer) {
            LabelScores scores = (LabelScores) answer;
            return seq(scores.given().stream().map(scores.labels()::get).toList());
        }
    },
    /** One of several texts. */
    CHOICE(DataTypes.DoubleType, DataTypes.StringType, true, false) {
        @Override
        Object prediction(Answer answer) {
            return (double) ((ChosenText) answer).best();
        }

        @Override
        Object label(Answer answer) {
            ChosenText chosen = (ChosenText) answer;
            return chosen.choices().get(chosen.best());
        }
    },
    /** Entities in a text, as transformers' pipeline names their parts. */
    ENTITIES(DataTypes.createArrayType(struct(
            "entity_group", DataTypes.StringType,
            "score", DataTypes.DoubleType,
            "word", DataTypes.StringType,
            "start", DataTypes.IntegerType,
            "end", DataTypes.IntegerType))) {
        @Override
        Object prediction(Answer answer) {
            return seq(((TokenEntities) answer)
                    .entities().stream().map(Output::row).toList());
        }
    },
    /** A part of a context. */
    SPAN(struct(
            "answer", DataTypes.StringType,
            "score", DataTypes.DoubleType,
            "start", DataTypes.IntegerType,
            "end", DataTypes.IntegerType)) {
        @Override
        Object prediction(Answer answer) {
            SpanAnswer best = ((SpanAnswers) answer).best();
            return RowFactory.create(best.answer(), best.score(), best.start(), best.end());
        }
    },
    /** What may stand behind each mask. */
    FILLINGS(DataTypes.createArrayType(DataTypes.createArrayType(struct(
            "token_str", DataTypes.StringType,
            "score", DataTypes.DoubleType,
            "token", DataTypes.IntegerType,
            "sequence", DataTypes.StringType)))) {
        @Override
        Object prediction(Answer answer) {
            return seq(((MaskFillings) answer)
                    .masks().stream()
                            .map(mask -> seq(mask.stream().map(Output::row).toList()))
                            .toList());
        }
    },
    /** What a text is gone on with. */
    TEXT(DataTypes.StringType) {
        @Override
        Object prediction(Answer answer) {
            return ((GeneratedText) answer).text();
        }
    };

    private final DataType predictionType;
    private final DataType labelType;
    private final boolean hasProbability;
    private final boolean hasRaw;

    Output(DataType predictionType) {
        this(predictionType, null, false, false);
    }

    Output(DataType predictionType, DataType labelType, boolean hasProbability, boolean hasRaw) {
        this.predictionType = predictionType;
        this.labelType = labelType;
        this.hasProbability = hasProbability;
        this.hasRaw = hasRaw;
    }

    /** Of a task's answers. */
    static Output of(Task task) {
        if (task instanceof SequenceClassification classification) {
            return classification.multiLabel() ? LABELS : LABEL;
        }
        if (task instanceof TokenClassification) {
            return ENTITIES;
        }
        if (task instanceof QuestionAnswering) {
            return SPAN;
        }
        if (task instanceof MultipleChoice) {
            return CHOICE;
        }
        return task instanceof FillMask ? FILLINGS : TEXT;
    }

    /** Of what is predicted, all of it in one value. */
    abstract Object prediction(Answer answer);

    /** The name that belongs to it. */
    Object label(Answer answer) {
        throw new UnsupportedOperationException(this + " has no labels");
    }

    /** The columns that it adds, of those that have a name. */
    List<StructField> fields(OutputNames names) {
        List<StructField> fields = new java.util.ArrayList<>();
        add(fields, names.prediction(), predictionType);
        if (labelType != null) {
            add(fields, names.label(), labelType);
        }
        if (hasProbability) {
            add(fields, names.probability(), SQLDataTypes.VectorType());
        }
        if (hasRaw) {
            add(fields, names.raw(), SQLDataTypes.VectorType());
        }
        return fields;
    }

    private static void add(List<StructField> fields, String name, DataType type) {
        if (!name.isEmpty()) {
            fields.add(DataTypes.createStructField(name, type, true));
        }
    }

    /**
     * Writes a row's values of these columns.
     *
     * @param answer null of a row that has none
     * @param from the place of the first
     */
    void put(Answer answer, OutputNames names, Object[] row, int from) {
        if (answer == null) {
            return;
        }
        int place = from;
        if (!names.prediction().isEmpty()) {
            row[place++] = prediction(answer);
        }
        if (labelType != null && !names.label().isEmpty()) {
            row[place++] = label(answer);
        }
        if (hasProbability && !names.probability().isEmpty()) {
            row[place++] = Vectors.dense(
                    answer instanceof ChosenText chosen ? chosen.scores() : ((LabelScores) answer).scores());
        }
        if (hasRaw && !names.raw().isEmpty()) {
            float[] logits = ((LabelScores) answer).logits();
            row[place] = Vectors.dense(IntStream.range(0, logits.length)
                    .mapToDouble(i -> logits[i])
                    .toArray());
        }
    }

    private static Row row(Entity entity) {
        return RowFactory.create(entity.label(), entity.score(), entity.word(), entity.start(), entity.end());
    }

    private static Row row(Filling filling) {
        return RowFactory.create(filling.tokenStr(), filling.score(), filling.token(), filling.sequence());
    }

    private static Seq<?> seq(List<?> values) {
        return CollectionConverters.asScala(values).toSeq();
    }

    private static StructType struct(Object... namesAndTypes) {
        StructType struct = new StructType();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            struct = struct.add((String) namesAndTypes[i], (DataType) namesAndTypes[i + 1]);
        }
        return struct;
    }

    static boolean isTexts(DataType type) {
        return type instanceof ArrayType array && array.elementType().equals(DataTypes.StringType);
    }
}
