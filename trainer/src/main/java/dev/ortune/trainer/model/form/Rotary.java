package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import java.util.List;

/**
 * Rotary positions (Su et al. 2021, arXiv:2104.09864), in the form that takes the first half of a head for one coordinate and
 * the second for the other.
 *
 * @param theta the base of the angles
 * @param headSize width of a head, an even number
 * @param stretch for longer texts than a model was first trained on; null for none
 */
public record Rotary(double theta, int headSize, Stretch stretch) {
    public Rotary {
        if (headSize % 2 != 0 || !(theta > 0)) {
            throw new IllegalArgumentException("Nothing is turned by " + theta + " in heads of " + headSize);
        }
    }

    /** Without. */
    public Rotary(double theta, int headSize) {
        this(theta, headSize, null);
    }

    /**
     * Slower turns, as Llama 3.1 has them: those that take longer than {@code tokens / low} places are slower by the factor, those
     * that take less than {@code tokens / high} stay, and there is a line between.
     *
     * @param factor above 0
     * @param low above 0
     * @param high above {@code low}
     * @param tokens of the longest text that the model was first trained on; 0 for all turns slower
     */
    public record Stretch(double factor, double low, double high, double tokens) {
        float of(float frequency) {
            float wavelength = (float) (2 * Math.PI) / frequency;
            float slower = (float) (frequency / factor);
            if (wavelength > tokens / low) {
                return slower;
            }
            if (wavelength < tokens / high) {
                return frequency;
            }
            float share = (float) ((tokens / wavelength - low) / (high - low));
            return (1 - share) * slower + share * frequency;
        }
    }

    /**
     * Cosine and sine of the angles at some places. In float32 all the way, as transformers computes them.
     *
     * @param places float {@code [.., rows, 1]}
     * @return each {@code [.., rows, head size / 2]}
     */
    List<Value> angles(Ops ops, Value places) {
        int half = headSize / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            float exponent = (float) (2 * i) / headSize;
            float frequency = 1 / (float) Math.pow(theta, exponent);
            frequencies[i] = stretch == null ? frequency : stretch.of(frequency);
        }
        Value angles = ops.mul(places, ops.constant(Constant.floats(frequencies, half)));
        return List.of(ops.cos(angles), ops.sin(angles));
    }

    /**
     * Turns each head.
     *
     * @param x {@code [.., rows, head size]}
     * @param angles of these rows
     */
    static Value turned(Ops ops, Value x, List<Value> angles) {
        List<Value> halves = ops.split(x, 2, x.shape().rank() - 1).outputs();
        Value cosine = ops.as(angles.get(0), x.type());
        Value sine = ops.as(angles.get(1), x.type());
        Value first = ops.sub(ops.mul(halves.get(0), cosine), ops.mul(halves.get(1), sine));
        Value second = ops.add(ops.mul(halves.get(1), cosine), ops.mul(halves.get(0), sine));
        return ops.concat(
                x.shape().rank() - 1, new Dim(null, 2 * first.shape().dim(-1).size()), first, second);
    }
}
