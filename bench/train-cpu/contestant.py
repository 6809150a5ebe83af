"""The contestants: long-lived processes that take commands over standard input (see pytorch_peer.py)."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = ROOT / "trainer" / "target"

# glibc gives large blocks back to the system after each use, and PyTorch's CPU allocator has no cache of its own: every
# tensor of a step costs page faults. "tuned" keeps the memory.
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "8589934592"}

TRANSFORMERS = [sys.executable, str(HERE / "pytorch_peer.py")]
CONTESTANTS = {
    "ortune": None,
    "ortune-whole-vocabulary": None,
    "ortune-lora": None,
    "transformers-eager": ["--attention", "eager"],
    "transformers-sdpa": ["--attention", "sdpa"],
    "transformers-eager-fused": ["--attention", "eager", "--fused"],
    "transformers-sdpa-fused": ["--attention", "sdpa", "--fused"],
    "transformers-eager-tuned": ["--attention", "eager", "--fused"],
    "transformers-sdpa-tuned": ["--attention", "sdpa", "--fused"],
    "peft-sdpa-fused": ["--attention", "sdpa", "--fused", "--lora"],
}
DEFAULT = ["ortune", "transformers-sdpa", "transformers-sdpa-fused"]


class Peer:
    """A process that says "ready" and then answers commands, one a line."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
            env=environment)
        self.answer("ready")

    def answer(self, expected):
        line = self.process.stdout.readline().split()
        if not line or line[0] != expected:
            sys.exit(f"{self.name} ended or said {' '.join(line)!r} where {expected!r} was due; its error is above")
        return [float(word) for word in line[1:]]

    def ask(self, command, expected):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer(expected)

    def eval(self):
        return self.ask("eval", "loss")[0]

    def run(self, first, count):
        """-> milliseconds of each step"""
        return self.ask(f"run {first} {count}", "ran")

    def load(self, batches):
        """Takes other batches from now on."""
        self.ask(f"load {batches}", "loaded")

    def peak(self):
        """-> MiB"""
        return self.ask("peak", "peak")[0]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Contestant(Peer):
    def __init__(self, name, model, batches, ids, threads):
        environment = dict(os.environ, **(KEEP_MEMORY if name.endswith("tuned") else {}))
        if CONTESTANTS[name] is None:
            lora = ["-Dortune.bench.lora=true"] if name.endswith("lora") else []
            command = self.java(model, batches, "whole" if name.endswith("vocabulary") else ids, threads, lora)
        else:
            command = TRANSFORMERS + CONTESTANTS[name] + [
                "--model", model, "--batches", batches, "--threads", str(threads)]
        super().__init__(name, command, environment)

    @staticmethod
    def build():
        """The trainer's jar and its libraries, and this folder's Java classes beside them."""
        subprocess.run(["mvn", "-B", "-q", "-pl", "trainer", "package", "-DskipTests"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        sources = sorted(HERE.glob("*.java"))
        subprocess.run(["javac", "-cp", Contestant.class_path(), "-d", TARGET / "bench", *sources], check=True)

    @staticmethod
    def class_path():
        """The jar's manifest names its libraries; others may lie beside them from a build with another profile."""
        return os.pathsep.join(map(str, (TARGET / "ortune-trainer.jar", TARGET / "bench")))

    @staticmethod
    def java(model, batches, ids, threads, options=()):
        return ["java", *options, "-cp", Contestant.class_path(), "OrtunePeer", model, batches, ids, threads]


def preparation_cost(tokenizer, batches):
    """-> milliseconds of tokenising and of padding a batch, in Ortune"""
    command = ["java", "-cp", Contestant.class_path(), "PreparationCost", tokenizer, batches]
    words = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return {words[0]: float(words[1]), words[2]: float(words[3])}
