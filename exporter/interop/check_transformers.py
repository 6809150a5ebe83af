"""Checks that Python's transformers reads a model folder and computes what its exported file computes.

    pip install torch transformers onnxruntime
    python check_transformers.py models/NAME
"""

import sys
from pathlib import Path

import numpy
import onnxruntime
import torch
import transformers
from transformers import AutoConfig, AutoTokenizer

SENTENCES = ["The cat sleeps.", "They no go to the movies.", "Ça va? 你好 👍", "a", "word " * 600]


def main():
    folder = Path(sys.argv[1])
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model_class = getattr(transformers, AutoConfig.from_pretrained(folder).architectures[0])
    model, report = model_class.from_pretrained(folder, output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if report[kind]:
            sys.exit(f"{folder}: {kind}: {report[kind]}")
    inputs = tokenizer(SENTENCES, padding=True, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        expected = model.eval()(**inputs).logits.numpy()
    session = onnxruntime.InferenceSession(folder / "onnx" / "model.onnx")
    names = {value.name for value in session.get_inputs()}
    feeds = {name: value.numpy() for name, value in inputs.items() if name in names}
    differences = numpy.abs(expected - session.run(["logits"], feeds)[0])
    if differences.ndim == 3:  # of tokens, of which the filling's are nobody's
        differences = differences[inputs["attention_mask"].numpy() == 1]
    difference = differences.max()
    print(f"{folder}: labels {list(model.config.id2label.values())}, largest difference of logits {difference:.1e}")
    if difference > 1e-4:
        sys.exit("they differ")


main()
