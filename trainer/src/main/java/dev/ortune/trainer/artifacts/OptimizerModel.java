package dev.ortune.trainer.artifacts;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.ortune.trainer.graph.MicrosoftOps;

/**
 * {@code optimizer_model.onnx}: one AdamW over sequences of all parameters. Clipping is in the training graph.
 * ONNX Runtime Training prescribes the names and the order of the inputs. Sequences stand nowhere else in Ortune's
 * graphs, so this one is written down as it is.
 */
final class OptimizerModel {
    private OptimizerModel() {}

    static ModelProto of(Optimizer optimizer) {
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("optimizer")
                .addInput(value("learning_rate", tensor(TensorProto.DataType.FLOAT)))
                .addInput(value("step", tensor(TensorProto.DataType.INT64)))
                .addInput(value("params", sequence()))
                .addInput(value("gradients", sequence()))
                .addInput(value("first_order_moments", sequence()))
                .addInput(value("second_order_moments", sequence()))
                .addOutput(value("updated", tensor(TensorProto.DataType.BOOL)));
        graph.addNode(adamW(optimizer));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setProducerName("ortune")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain(MicrosoftOps.DOMAIN)
                        .setVersion(1))
                .setGraph(graph)
                .build();
    }

    /** Mode 0 corrects the moments' bias and decays before the update, mode 1 is the only one without correction. */
    private static NodeProto adamW(Optimizer optimizer) {
        boolean adamW = optimizer.kind() == Optimizer.Kind.ADAMW;
        return NodeProto.newBuilder()
                .setOpType("AdamWOptimizer")
                .setDomain(MicrosoftOps.DOMAIN)
                .addInput("learning_rate")
                .addInput("step")
                .addInput("params")
                .addInput("gradients")
                .addInput("first_order_moments")
                .addInput("second_order_moments")
                .addOutput("updated")
                .addAttribute(attribute("alpha", (float) optimizer.beta1()))
                .addAttribute(attribute("beta", (float) optimizer.beta2()))
                .addAttribute(attribute("epsilon", (float) optimizer.epsilon()))
                .addAttribute(attribute("weight_decay", adamW ? (float) optimizer.weightDecay() : 0f))
                .addAttribute(attribute("adam_mode", adamW ? 0 : 1))
                .addAttribute(attribute("correct_bias", adamW ? 1 : 0))
                .build();
    }

    private static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private static AttributeProto attribute(String name, int value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static ValueInfoProto value(String name, TypeProto type) {
        return ValueInfoProto.newBuilder().setName(name).setType(type).build();
    }

    private static TypeProto tensor(TensorProto.DataType type) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1))
                .build();
        return TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(shape))
                .build();
    }

    private static TypeProto sequence() {
        TypeProto element = TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()))
                .build();
        return TypeProto.newBuilder()
                .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(element))
                .build();
    }
}
