package dev.ortune.trainer.training;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A model and data small enough to be trained in a test. */
final class TinyTraining {
    private TinyTraining() {}

    static Network network(double dropout) {
        return Berts.classifier(Berts.bert(new Size(50, 16, 2, 2, 32, 20, 2), "gelu", dropout), 2);
    }

    /** Four sentences; the label is whether the second token is odd. */
    static Batch batch(long seed, int longest, int length) {
        Random random = new Random(seed);
        int size = 4;
        long[] ids = new long[size * length];
        long[] mask = new long[size * length];
        long[] labels = new long[size];
        for (int row = 0; row < size; row++) {
            int count = row == 0 ? longest : 3 + random.nextInt(longest - 2);
            for (int i = 0; i < count; i++) {
                ids[row * length + i] = i == 0 ? 2 : 5 + random.nextInt(45);
                mask[row * length + i] = 1;
            }
            labels[row] = ids[row * length + 1] % 2;
        }
        return Batch.of(size, length, ids, mask, new long[size * length], labels, new int[size]);
    }

    static Weights weights() {
        Random random = new Random(3);
        List<Tensor> tensors = new ArrayList<>();
        for (Parameter spec : network(0).parameters()) {
            float[] values = new float[(int) Tensor.elements(spec.sizes())];
            boolean norm = spec.name().endsWith("LayerNorm.weight");
            for (int i = 0; i < values.length; i++) {
                values[i] = norm ? 1 : (float) random.nextGaussian() * 0.1f;
            }
            tensors.add(new Tensor(spec.name(), spec.sizes(), FloatBuffer.wrap(values)));
        }
        return new Weights("random", tensors);
    }
}
