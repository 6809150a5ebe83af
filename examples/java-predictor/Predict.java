import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.Predictor;
import java.nio.file.Path;
import java.util.Locale;

/** {@code mvn -q compile exec:java -Dexec.args="../../models/quickstart 'They no go to the movies.'"} */
public class Predict {
    public static void main(String[] args) {
        try (Predictor predictor = Predictor.open(Path.of(args[0]))) {
            LabelScores verdict = predictor.classify(args[1]);
            System.out.printf(Locale.ROOT, "%s %.4f%n", verdict.label(), verdict.score());
        }
    }
}
