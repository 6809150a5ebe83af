package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.model.Bert;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreshHeadTest {
    private static final List<Tensor> COMPLETE = TinyBert.tensors(Berts.parameters(TinyBert.SHAPE, 3));

    private static final Network CLASSIFIER = Berts.classifier(TinyBert.SHAPE, 2);

    @Test
    void completesABareEncoder() {
        FreshHead head = model(TinyBert.SHAPE, TinyBert.encoder()).withFreshHead(CLASSIFIER, 42);
        assertThat(head.initialised())
                .containsExactly(
                        "bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias");
        assertThat(head.replacedLabels()).isZero();
        assertThat(head.weights().all())
                .extracting(Tensor::name)
                .containsExactlyElementsOf(Berts.parameters(TinyBert.SHAPE, 2).stream()
                        .map(Parameter::name)
                        .toList());
        assertThat(head.weights().get("classifier.weight").shape()).containsExactly(2, 4);
        assertThat(SafetensorsTest.floats(head.weights().get("classifier.bias")))
                .containsExactly(0f, 0f);
    }

    @Test
    void keepsAHeadThatFits() {
        FreshHead head = model(TinyBert.SHAPE, COMPLETE).withFreshHead(Berts.classifier(TinyBert.SHAPE, 3), 42);
        assertThat(head.initialised()).isEmpty();
        TinyBert.assertSame(head.weights(), COMPLETE);
    }

    @Test
    void replacesAHeadWithAnotherNumberOfLabels() {
        FreshHead head = model(TinyBert.SHAPE, COMPLETE).withFreshHead(CLASSIFIER, 42);
        assertThat(head.initialised()).containsExactly("classifier.weight", "classifier.bias");
        assertThat(head.replacedLabels()).isEqualTo(3);
        assertThat(head.weights().get("bert.pooler.dense.bias").data())
                .isEqualTo(TinyBert.pooler().get(1).data());
    }

    @Test
    void drawsTheSameWeightsForASeedWhateverElseIsDrawn() {
        FreshHead bare = model(TinyBert.SHAPE, TinyBert.encoder()).withFreshHead(CLASSIFIER, 42);
        FreshHead pooled = model(TinyBert.SHAPE, COMPLETE).withFreshHead(CLASSIFIER, 42);
        FreshHead other = model(TinyBert.SHAPE, COMPLETE).withFreshHead(CLASSIFIER, 43);
        Tensor weight = bare.weights().get("classifier.weight");
        assertThat(pooled.weights().get("classifier.weight").data()).isEqualTo(weight.data());
        assertThat(other.weights().get("classifier.weight").data()).isNotEqualTo(weight.data());
    }

    @Test
    void drawsFromTheNormalDistributionOfTheConfiguration() {
        Bert wide = Berts.bert(new Size(7, 256, 1, 2, 6, 5, 2), "gelu", 0.1, 0.05);
        List<Tensor> encoder = TinyBert.tensors(wide.bodyParameters());
        float[] weights = SafetensorsTest.floats(model(wide, encoder)
                .withFreshHead(Berts.classifier(wide, 2), 1)
                .weights()
                .get("bert.pooler.dense.weight"));
        double sum = 0;
        double squares = 0;
        double within = 0;
        for (float weight : weights) {
            sum += weight;
            squares += weight * weight;
            within += Math.abs(weight) < 0.05 ? 1 : 0;
        }
        assertThat(sum / weights.length).isCloseTo(0, within(0.001));
        assertThat(Math.sqrt(squares / weights.length)).isCloseTo(0.05, within(0.0005));
        assertThat(within / weights.length).as("within one deviation").isCloseTo(0.6827, within(0.006));
    }

    private static PretrainedModel model(Bert config, List<Tensor> tensors) {
        return new PretrainedModel(
                config, new ObjectMapper().createObjectNode(), new Weights("memory", tensors), Path.of("memory"));
    }
}
