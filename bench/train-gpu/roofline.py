"""What the GPU could do at most: its measured matrix rate and memory bandwidth, and the least work of a step.

Run alone it prints one JSON object; the benchmark runs it in a process of its own, so that it leaves no memory taken.
"""

import json
import sys
import time

import torch

TYPES = {"fp32": torch.float32, "tf32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
# Of each float32 parameter AdamW reads weight, gradient and both moments and writes weight and moments.
ADAMW_BYTES = 7 * 4


def seconds(body, device, repeats):
    """-> the least time of one call"""
    def synchronise():
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    body()
    times = []
    for _ in range(5):
        synchronise()
        begin = time.perf_counter()
        for _ in range(repeats):
            body()
        synchronise()
        times.append((time.perf_counter() - begin) / repeats)
    return min(times)


def matrix_rate(precision, device, size, repeats):
    """-> multiplications and additions a second in a product of square matrices"""
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    a, b = (torch.randn(size, size, device=device).to(TYPES[precision]) for _ in range(2))
    return 2 * size**3 / seconds(lambda: torch.matmul(a, b), device, repeats)


def bandwidth(device, size, repeats):
    """-> bytes a second, read and written, of a copy"""
    source = torch.empty(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * size / seconds(lambda: target.copy_(source), device, repeats)


def operations(config, lengths):
    """Multiplications and additions of a step over sentences of these lengths, padding left out: forward and, twice as
    many, backward."""
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    linear = sum(lengths) * (4 * hidden * hidden + 2 * hidden * inner)
    attention = sum(2 * n * n * hidden for n in lengths)
    return 3 * 2 * config["num_hidden_layers"] * (linear + attention)


def parameters(config, words):
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    layer = 4 * hidden * (hidden + 1) + 2 * hidden * inner + hidden + inner + 4 * hidden
    embeddings = (words + config["max_position_embeddings"] + config["type_vocab_size"] + 2) * hidden
    return embeddings + config["num_hidden_layers"] * layer + hidden * (hidden + 1) + 2 * (hidden + 1)


def least_ms(machine, precision, config, batches, words):
    """A mean step at the measured rates: its products, then AdamW's memory traffic."""
    lengths = [sum(mask) for batch in batches for mask in batch["attention_mask"]]
    arithmetic = operations(config, lengths) / len(batches) / machine["matrix_rate"][precision]
    update = parameters(config, words) * ADAMW_BYTES / machine["bandwidth"]
    return 1000 * (arithmetic + update)


def main():
    device = torch.device(sys.argv[1])
    precisions = sys.argv[2].split(",")
    large = device.type == "cuda"
    rates = {p: matrix_rate(p, device, 8192 if large else 256, 10 if large else 2) for p in precisions}
    print(json.dumps(dict(matrix_rate=rates, bandwidth=bandwidth(device, 1 << (31 if large else 24), 10))))


if __name__ == "__main__":
    main()
