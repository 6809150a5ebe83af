"""Logits and times of ONNX files in plain ONNX Runtime sessions, also under an emulator of another processor."""

import json
import statistics
import sys
import time

import numpy as np
import onnxruntime

SHAPES = ((1, 16), (1, 128), (32, 16), (32, 128))


def session(file, precise, threads=1):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.x64quantprecision", "1" if precise else "0")
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def feed(run, ids):
    every = dict(input_ids=ids, attention_mask=np.ones_like(ids), token_type_ids=np.zeros_like(ids))
    return {entry.name: every[entry.name] for entry in run.get_inputs()}


def logits(file, precise, texts):
    run = session(file, precise)
    return [run.run(None, feed(run, np.array([ids], np.int64)))[0][0].tolist() for ids in texts]


def times(runs, rounds):
    """Median milliseconds by shape of each session, in turns."""
    result = [{} for _ in runs]
    random = np.random.default_rng(1)
    for batch, length in SHAPES:
        ids = random.integers(1000, 2000, (batch, length), dtype=np.int64)
        taken = [[] for _ in runs]
        for turn in range(rounds + 2):
            for which, run in enumerate(runs):
                begin = time.perf_counter()
                run.run(None, feed(run, ids))
                if turn >= 2:
                    taken[which].append(1000 * (time.perf_counter() - begin))
        for which, values in enumerate(taken):
            result[which][f"{batch}x{length}"] = statistics.median(values)
    return result


def main():
    request = json.load(sys.stdin)
    if "texts" in request:
        json.dump([logits(file, precise, request["texts"]) for file, precise in request["files"]], sys.stdout)
    else:
        json.dump(times([session(file, precise) for file, precise in request["files"]], request["rounds"]), sys.stdout)


if __name__ == "__main__":
    main()
