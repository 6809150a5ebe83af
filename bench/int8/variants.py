"""The same quantised graph with other integers, and with integer products in arithmetic that cannot overflow."""

import numpy as np
import onnx
from onnx import helper, numpy_helper

SUFFIX = "_int8"


def products(model):
    return [node for node in model.graph.node if node.op_type == "MatMulInteger"]


def weights(model):
    names = {node.input[1] for node in products(model)}
    return {tensor.name: tensor for tensor in model.graph.initializer if tensor.name in names}


def requantised(int8_file, fp32_file, largest):
    """Weights from -largest to largest."""
    model = onnx.load(int8_file)
    floats = {tensor.name: tensor for tensor in onnx.load(fp32_file).graph.initializer}
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for name, tensor in weights(model).items():
        matrix = numpy_helper.to_array(floats[name.removesuffix(SUFFIX)])
        reach = np.abs(matrix).max(axis=0)
        scale = np.where(reach == 0, 1, reach / largest).astype(np.float32)
        replace(tensor, np.rint(matrix / scale).astype(np.int8))
        replace(constants[name.removesuffix(SUFFIX) + "_scale"], scale)
    return model


def unsigned(int8_file):
    """The same integers plus 128, with 128 as their zero point."""
    model = onnx.load(int8_file)
    for tensor in weights(model).values():
        signed = numpy_helper.to_array(tensor)
        replace(tensor, (signed.astype(np.int16) + 128).astype(np.uint8))
    zero = numpy_helper.from_array(np.array(128, np.uint8), "zero_of_weights")
    model.graph.initializer.append(zero)
    for node in products(model):
        inputs = list(node.input)[:3] + [zero.name]
        del node.input[:]
        node.input.extend(inputs)
    return model


def exact(int8_file):
    """Integer products as products of doubles, which hold every sum exactly."""
    model = onnx.load(int8_file)
    nodes = []
    for node in model.graph.node:
        if node.op_type != "MatMulInteger":
            nodes.append(node)
            continue
        cast = lambda value, name, to: nodes.append(helper.make_node("Cast", [value], [name], to=to)) or name
        stem = node.output[0]
        left = cast(node.input[0], stem + "/left", onnx.TensorProto.DOUBLE)
        if len(node.input) > 2:
            zero = cast(node.input[2], stem + "/zero", onnx.TensorProto.DOUBLE)
            nodes.append(helper.make_node("Sub", [left, zero], [stem + "/centred"]))
            left = stem + "/centred"
        right = cast(node.input[1], stem + "/right", onnx.TensorProto.DOUBLE)
        nodes.append(helper.make_node("MatMul", [left, right], [stem + "/product"]))
        cast(stem + "/product", stem, onnx.TensorProto.INT32)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def replace(tensor, array):
    tensor.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), tensor.name))
