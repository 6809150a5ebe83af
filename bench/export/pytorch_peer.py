"""PyTorch's contestant: the same commands and answers as OrtPeer.java.

transformers' own class in inference mode, with scaled_dot_product_attention where it has that for the family, and without a mask,
as where nothing is padded.
"""

import sys
import time

import torch
import transformers


def ids(batch, length):
    return torch.tensor([1000 + i * 7919 % 20000 for i in range(batch * length)]).reshape(batch, length)


def main():
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    print("ready", flush=True)
    with torch.inference_mode():
        for line in sys.stdin:
            command, batch, length, *count = line.split()
            tokens = ids(int(batch), int(length))
            if command == "logits":
                print("logits", *model(tokens).logits[0].tolist(), flush=True)
                continue
            times = []
            for _ in range(int(count[0])):
                start = time.perf_counter()
                model(tokens)
                times.append((time.perf_counter() - start) * 1000)
            print("ran", *times, flush=True)


main()
