#!/usr/bin/env python3
"""ONNX Runtime as it is on a processor with AVX2 alone: its libraries, made to overlook AVX-512 and VNNI.

    bench/avx2/library.py libonnxruntime.so FOLDER/libonnxruntime.so

ONNX Runtime chooses its kernels by what the processor says of itself and has no option for it. In the copy of a library of x86-64
Linux those comparisons always fail, so that the kernels for AVX2 run, at this processor's own speed. In check() the products that
these kernels are known to saturate tell that they do.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

CPUID = b"\x0f\xa2"
LEAF_1 = b"\xb9\x01\x00\x00\x00"  # mov ecx, 1: the second leaf of extended features, which has AVX-VNNI
AVX_VNNI = b"\xa8\x10"  # test al, 16
AVX512 = re.compile(rb"\x41?\xf7[\xc0-\xc7]\x00\x00\x01\x00|\xa9\x00\x00\x01\x00")  # test register, 1 << 16
STATE = re.compile(rb"\x81[\xf8-\xff]\xe6\x00\x00\x00|\x3d\xe6\x00\x00\x00")  # cmp register, the saved states of AVX-512

SATURATES = """
import numpy, onnx, onnxruntime
from onnx import TensorProto as T, helper as h
weights = numpy.full((64, 1), 127, numpy.int8)
graph = h.make_graph([h.make_node("MatMulInteger", ["a", "b"], ["c"])], "g", [h.make_tensor_value_info("a", T.UINT8, [1, 64])],
                     [h.make_tensor_value_info("c", T.INT32, [1, 1])], [h.make_tensor("b", T.INT8, [64, 1], weights.tobytes(), raw=True)])
model = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8).SerializeToString()
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
print(session.run(None, {"a": numpy.full((1, 64), 255, numpy.uint8)})[0][0, 0])
"""


def overlook(source, target):
    """Writes the copy; of the same size, so that a cache of libraries takes it for its own."""
    library = bytearray(Path(source).read_bytes())
    original = bytes(library)
    changed = 0
    for found in re.finditer(re.escape(CPUID), original):
        at = found.start()
        test = original.find(AVX_VNNI, at, at + 24)
        if LEAF_1 in original[max(0, at - 24):at] and test >= 0:
            library[test + 1] = 0
            for wide in AVX512.finditer(original, at, at + 256):
                library[wide.end() - 2] = 0
                changed += 1
        for state in STATE.finditer(original, at, at + 128):
            library[state.end() - 4] = 0xE7  # what 0xe6 has been masked with is never that
    if not changed:
        sys.exit(f"{source}: asks the processor in another way than the releases that this was written for")
    Path(target).write_bytes(library)


def python_package(folder):
    """-> environment variables with which Python's onnxruntime is such a copy, in the folder"""
    import onnxruntime
    installed = Path(onnxruntime.__file__).parent
    copy = Path(folder) / "onnxruntime"
    for file in installed.rglob("*"):
        to = copy / file.relative_to(installed)
        if file.is_dir() or "__pycache__" in file.parts:
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        if file.name.startswith(("libonnxruntime.so", "onnxruntime_pybind11_state")):
            overlook(file, to)
        else:
            to.symlink_to(file)
    variables = dict(PYTHONPATH=str(folder))
    check(variables)
    return variables


def check(variables):
    """64 products of 255 and 127 are 2,072,640; two at a time in 16 bits they are at most 32,767."""
    output = subprocess.run([sys.executable, "-c", SATURATES], env=os.environ | variables, check=True, capture_output=True,
                            text=True).stdout
    if int(output) != 32 * 32767:
        sys.exit(f"the copy of ONNX Runtime still computes as on this processor: {output.strip()}")


if __name__ == "__main__":
    overlook(*sys.argv[1:])
