"""PyTorch behind Python's http server: POST /predict {"inputs": "…"} -> [{label, score}, …], GET /health.

    pytorch_peer.py MODEL PORT THREADS each|batching

The model is the plain PyTorch one of the golden files with scaled_dot_product_attention, in inference mode; the tokenizer
is Hugging Face's, or wordpiece.py where that is not installed. "each" runs a request's text in the request's thread. "batching" has one thread that runs together what
has gathered meanwhile.
"""

import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import torch

try:
    from tokenizers import Tokenizer
except ModuleNotFoundError:
    from wordpiece import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "trainer" / "src" / "test" / "golden"))

from bert import BertForSequenceClassification  # noqa: E402
from safetensors_file import read  # noqa: E402

MOST_TOGETHER = 64


class Classifier:
    def __init__(self, folder):
        config = json.loads((folder / "config.json").read_text())
        self.labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
        self.model = BertForSequenceClassification(config, "sdpa")
        self.model.load_state_dict({name: torch.tensor(array) for name, array in
                                    read(folder / "model.safetensors").items()})
        self.model.eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()

    @torch.inference_mode()
    def __call__(self, texts):
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        mask = None
        if min(map(len, rows)) < longest:
            mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        scores = torch.softmax(self.model(ids, mask, torch.zeros_like(ids)), -1).tolist()
        return [[{"label": label, "score": score} for label, score in zip(self.labels, row)] for row in scores]


class Together:
    """One thread runs what waits."""

    def __init__(self, classify):
        self.classify = classify
        self.waiting = queue.SimpleQueue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            batch = [self.waiting.get()]
            while len(batch) < MOST_TOGETHER and not self.waiting.empty():
                batch.append(self.waiting.get())
            for (_, answer), result in zip(batch, self.classify([text for text, _ in batch])):
                answer.put(result)

    def __call__(self, texts):
        answer = queue.SimpleQueue()
        self.waiting.put((texts[0], answer))
        return [answer.get()]


def handler(classify):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # headers and body leave in one packet

        def do_GET(self):
            self.answer(b"")

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(json.dumps(classify([json.loads(body)["inputs"]])[0]).encode())

        def answer(self, body):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


class Server(ThreadingHTTPServer):
    request_queue_size = 512
    daemon_threads = True

    def handle_error(self, request, client_address):
        """wrk hangs up at its end without waiting for answers; anything else is worth reading."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    folder, port, threads, mode = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(threads)
    classify = Classifier(folder)
    classify(["warm up"])
    Server(("127.0.0.1", port), handler(Together(classify) if mode == "batching" else classify)).serve_forever()


if __name__ == "__main__":
    main()
