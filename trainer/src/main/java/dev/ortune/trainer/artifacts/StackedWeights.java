package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.form.ParameterStack;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Weights under Hugging Face's names to the tensors of {@link ParameterStack}, and back. */
final class StackedWeights {
    private StackedWeights() {}

    /** One tensor a stack. */
    static List<Tensor> stack(List<ParameterStack> stacks, Weights weights) {
        List<Tensor> result = new ArrayList<>();
        for (ParameterStack stack : stacks) {
            long[] shape = sizes(stack.shape());
            FloatBuffer data = ByteBuffer.allocateDirect(Math.toIntExact(4 * Tensor.elements(shape)))
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            for (Parameter member : stack.members()) {
                data.put(weights.get(member.name()).data());
            }
            result.add(new Tensor(stack.name(), shape, data.flip()));
        }
        return result;
    }

    /** The weights again, as views of their stacks. */
    static Weights unstack(List<ParameterStack> stacks, Weights stacked) {
        List<Tensor> result = new ArrayList<>();
        for (ParameterStack stack : stacks) {
            FloatBuffer data = stacked.get(stack.name()).data();
            long[] shape = sizes(stack.memberShape());
            int size = Math.toIntExact(Tensor.elements(shape));
            for (int i = 0; i < stack.members().size(); i++) {
                result.add(new Tensor(stack.members().get(i).name(), shape, data.slice(i * size, size)));
            }
        }
        return new Weights(stacked.origin(), result);
    }

    private static long[] sizes(Shape shape) {
        return shape.dims().stream().mapToLong(Shape.Dim::size).toArray();
    }
}
