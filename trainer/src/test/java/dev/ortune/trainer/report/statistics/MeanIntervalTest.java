package dev.ortune.trainer.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.JsonFile;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against SciPy. */
class MeanIntervalTest {
    private static final double EXACT = 1e-12;

    private static JsonNode golden() {
        return JsonFile.readObject(Path.of("src/test/resources/golden/sweep/expected.json"));
    }

    @Test
    void quantilesAreThoseOfSciPy() {
        for (JsonNode each : golden().path("quantiles")) {
            double expected = each.path("t").asDouble();
            assertThat(StudentT.within(0.95, each.path("degrees").asInt()))
                    .as("%s degrees", each.path("degrees"))
                    .isCloseTo(expected, within(1e-11 * expected));
        }
    }

    @Test
    void intervalsAreThoseOfSciPy() {
        for (JsonNode each : golden().path("intervals")) {
            double[] values = StreamSupport.stream(each.path("values").spliterator(), false)
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
            MeanInterval interval = MeanInterval.of(values);
            assertThat(interval.count()).isEqualTo(values.length);
            assertThat(interval.mean()).isCloseTo(each.path("mean").asDouble(), within(EXACT));
            assertThat(interval.low()).isCloseTo(each.path("low").asDouble(), within(EXACT * 100));
            assertThat(interval.high()).isCloseTo(each.path("high").asDouble(), within(EXACT * 100));
        }
    }

    @Test
    void whatIsNoNumberDoesNotCountAndOneHasNoInterval() {
        assertThat(MeanInterval.of(Double.NaN, 0.5)).isEqualTo(new MeanInterval(0.5, Double.NaN, 1));
        assertThat(MeanInterval.of(0.5)).hasToString("0.5000");
        assertThat(MeanInterval.of()).hasToString("–");
        assertThat(MeanInterval.of(0.84, 0.86)).hasToString("0.8500 ± 0.1271");
    }
}
