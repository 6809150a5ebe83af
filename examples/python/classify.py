# pip install onnxruntime tokenizers && python classify.py ../../models/quickstart "They no go to the movies."
import json
import sys
from pathlib import Path

import numpy
import onnxruntime
from tokenizers import Tokenizer

folder, text = Path(sys.argv[1]), sys.argv[2]
labels = json.loads((folder / "config.json").read_text())["id2label"]
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
session = onnxruntime.InferenceSession(folder / "onnx" / "model_int8.onnx")

encoding = tokenizer.encode(text)
logits = session.run(["logits"], {
    "input_ids": numpy.array([encoding.ids]),
    "attention_mask": numpy.array([encoding.attention_mask]),
    "token_type_ids": numpy.array([encoding.type_ids]),
})[0][0]
probabilities = numpy.exp(logits - logits.max()) / numpy.exp(logits - logits.max()).sum()
print(labels[str(probabilities.argmax())], f"{probabilities.max():.4f}")
