"""The contestants: servers, each a process of its own on a free port, and the bare session over standard input."""

import http.client
import json
import math
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(HERE.parent / "avx2"))

import library  # noqa: E402

TARGET = ROOT / "server" / "target"
NODE = TARGET / "bench-node"
CLASS_PATH = TARGET / "ortune-server.jar"  # its manifest names its libraries; those of another profile may lie beside them
# Where npm's packages are, what all contestants find in their environment, and options of the bare session's Java.
PLACES = dict(node=NODE, environment={}, java=[])
FILES = {"fp32": "model.onnx", "int8": "model_int8.onnx"}
START_SECONDS = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ortune(precision):
    return lambda model, port, threads: [
        ROOT / "ortune", "serve", model, "--port", port, "--threads", threads, "--precision", precision]


def transformersjs(precision, mode):
    return lambda model, port, threads: [
        "node", PLACES["node"] / "transformersjs_peer.mjs", model.parent, model.name, precision, port, threads, mode]


def pytorch(mode):
    return lambda model, port, threads: [sys.executable, HERE / "pytorch_peer.py", model, port, threads, mode]


SERVERS = {
    "ortune fp32": ortune("fp32"),
    "ortune int8": ortune("int8"),
    "transformers.js fp32": transformersjs("fp32", "each"),
    "transformers.js int8": transformersjs("int8", "each"),
    "transformers.js fp32, batching": transformersjs("fp32", "batching"),
    "transformers.js int8, batching": transformersjs("int8", "batching"),
    "pytorch": pytorch("each"),
    "pytorch, batching": pytorch("batching"),
}
FP32_PEERS = [name for name in SERVERS if not name.startswith("ortune") and "int8" not in name]
INT8_PEERS = [name for name in SERVERS if not name.startswith("ortune") and "int8" in name]


def overlook_avx512(folder, model):
    """Has all contestants run what a processor with AVX2 alone runs, with copies of their libraries in the folder."""
    PLACES["node"] = shutil.copytree(NODE, folder / "node")
    PLACES["environment"] = dict(XDG_CACHE_HOME=str(folder / "cache"), ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2")
    Server("ortune fp32", model, 1).close()  # unpacks what it runs
    for file in folder.rglob("libonnxruntime.so*"):
        if "arm64" in file.parts:  # npm brings those of all processors
            continue
        library.overlook(file, file)
    (unpacked,) = (folder / "cache").rglob("libonnxruntime.so")
    PLACES["java"] = [f"-Donnxruntime.native.path={unpacked.parent}"]


class Server:
    """Started and ready; `cold_start` is from the start of the process to the first 200 of /health, in seconds."""

    def __init__(self, name, model, threads):
        self.name, self.port = name, free_port()
        start = time.perf_counter()
        self.process = subprocess.Popen([str(part) for part in SERVERS[name](model, self.port, threads)],
                                        stdout=subprocess.DEVNULL, env=os.environ | PLACES["environment"])
        while not self.healthy():
            if self.process.poll() is not None or time.perf_counter() - start > START_SECONDS:
                self.close()
                sys.exit(f"{name} did not start; its error is above")
            time.sleep(0.005)
        self.cold_start = time.perf_counter() - start

    def healthy(self):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def scores(self, sentences):
        """-> a dictionary of label to probability for each sentence"""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        answers = []
        for sentence in sentences:
            connection.request("POST", "/predict", json.dumps({"inputs": sentence}),
                               {"Content-Type": "application/json"})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                sys.exit(f"{self.name} answered {response.status}: {body[:200]!r}")
            answers.append({entry["label"]: entry["score"] for entry in json.loads(body)})
        connection.close()
        return answers

    def load(self, bodies, clients, seconds, first):
        """wrk's figures: per_second, p50_us, p99_us; no request may fail"""
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "-s", HERE / "load.lua",
                   f"http://127.0.0.1:{self.port}", "--", bodies, first]
        out = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True,
                             timeout=seconds + 60).stdout
        result = json.loads(next(line for line in out.splitlines() if line.startswith("RESULT "))[7:])
        if result["failed"]:
            sys.exit(f"{self.name}: {result['failed']} requests failed with {clients} clients")
        return result

    def memory_mib(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return float("nan")

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()


def softmax(logits):
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


class Bare:
    """BareSession.java."""

    def __init__(self, precision, model, sentences, threads):
        self.name = f"session {precision}"
        names = json.loads((model / "config.json").read_text())["id2label"]
        self.labels = [names[str(i)] for i in range(len(names))]
        class_path = os.pathsep.join(map(str, (CLASS_PATH, TARGET / "bench")))
        command = ["java", "-DOPT_OUT_TRACKING=true", *PLACES["java"], "-cp", class_path, "BareSession", model,
                   model / "onnx" / FILES[precision], sentences, threads]
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env=os.environ | {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"})  # as the launcher's
        self.answer("ready")

    def answer(self, expected):
        words = self.process.stdout.readline().split()
        if not words or words[0] != expected:
            sys.exit(f"{self.name} ended; its error is above")
        return [float(word) for word in words[1:]]

    def ask(self, command, expected):
        self.process.stdin.write(command + "\n")
        return self.answer(expected)

    def scores(self, sentences):
        """Of the file's first sentences, which these must be."""
        logits = self.ask(f"scores {len(sentences)}", "scores")
        rows = [logits[i:i + len(self.labels)] for i in range(0, len(logits), len(self.labels))]
        return [dict(zip(self.labels, softmax(row))) for row in rows]

    def throughput(self, waiting, seconds):
        return self.ask(f"batches {waiting} {seconds}", "ran")[0]

    def alone(self, seconds):
        times = sorted(self.ask(f"alone {seconds}", "ran"))
        return {"p50_us": statistics.median(times), "p99_us": times[min(len(times) - 1, int(0.99 * len(times)))]}

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
