"""Writes tiny files as torch.save makes them, in all forms that are read: python make_torch.py (needs torch, numpy).

Each holds the tensors of expected.json, some of which look at others' numbers: one transposed, one a part, one the same again,
and a buffer of whole numbers. README.md beside this script explains the files.
"""

import json
import pathlib

import torch

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "golden" / "torch"


def tensors(dtype):
    whole = (torch.arange(24, dtype=torch.float32).reshape(4, 6) / 7 - 1.5).to(dtype)
    return {
        "whole": whole,
        "transposed": whole.t(),
        "part": whole[1:3],
        "columns": whole[:, 2:4],
        "again": whole,
        "row": torch.tensor([0.5, -0.25, 3.0], dtype=dtype),
        "scalar": torch.tensor(2.5, dtype=dtype),
        "empty": torch.zeros(0, 3, dtype=dtype),
        "parameter": torch.nn.Parameter(torch.tensor([[1.5]], dtype=dtype)),
        "position_ids": torch.arange(5),
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name, dtype in (("float32", torch.float32), ("float16", torch.float16), ("bfloat16", torch.bfloat16)):
        table = tensors(dtype)
        expected[name] = {
            key: dict(shape=list(value.shape), values=value.detach().float().flatten().tolist())
            for key, value in table.items() if value.dtype == dtype}
        ordered = torch.nn.Module().state_dict()  # An OrderedDict with _metadata, as models save themselves.
        ordered.update(table)
        torch.save(ordered, FOLDER / f"{name}.bin")
        torch.save(ordered, FOLDER / f"{name}-old.bin", _use_new_zipfile_serialization=False)
    torch.save(tensors(torch.float32), FOLDER / "float32-protocol-4.bin", pickle_protocol=4)
    torch.save([1, 2], FOLDER / "list.bin")
    torch.save({"model": torch.nn.Linear(1, 1)}, FOLDER / "module.bin")
    (FOLDER / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
