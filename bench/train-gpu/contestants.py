"""The contestants, and the machine they run on."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "train-cpu"))

from contestant import Contestant, Peer  # noqa: E402

PRECISIONS = ["fp32", "tf32", "bf16", "fp16"]
KINDS = {
    "ortune-packed": ("ortune", "packed"),
    "ortune-padded": ("ortune", "padded"),
    "pytorch-eager": ("pytorch", None),
    "pytorch-compile": ("pytorch", "default"),
    "pytorch-compile-no-cudagraphs": ("pytorch", "max-autotune-no-cudagraphs"),
}
DEFAULT = ["ortune-packed", "ortune-padded", "pytorch-eager", "pytorch-compile"]


def start(kind, precision, model, batches, ids, options):
    program, variant = KINDS[kind]
    if program == "pytorch":
        command = [sys.executable, HERE / "pytorch_peer.py", "--model", model, "--batches", batches,
                   "--device", options.device, "--precision", precision]
        command += ["--compile", variant] if variant else []
    else:
        command = ["java", "-cp", class_path(options), "OrtunePeer", model, batches, ids, "1",
                   options.device, precision, variant]
    return Peer(f"{kind} {precision}", command, dict(os.environ, TOKENIZERS_PARALLELISM="false"))


def class_path(options):
    """Jars and classes that were brought along, or what the build makes here."""
    return f"{options.jars}/lib/*{os.pathsep}{options.jars}/classes" if options.jars else Contestant.class_path()


def memory_mib(device):
    """Of the GPU, in use by all programs; 0 without one."""
    if device == "cpu":
        return 0
    index = device.split(":")[1]
    command = ["nvidia-smi", f"--id={index}", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def describe(options, root):
    """What the figures were measured on. No names of hosts or users."""
    import torch

    facts = {"device": "the CPU, to rehearse" if options.device == "cpu" else gpu(options.device)}
    facts["pytorch"] = torch.__version__
    try:
        import transformers
        facts["transformers"] = transformers.__version__
    except ImportError:
        facts["transformers"] = "none: the same model in plain PyTorch"
    version = subprocess.run(["java", "-version"], capture_output=True, text=True)
    facts["java"] = (version.stderr or version.stdout).splitlines()[0]
    facts["cpus"] = os.cpu_count()
    commit = subprocess.run(["git", "-C", str(root), "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    facts["commit"] = commit.stdout.strip() or "unknown"
    return facts


def gpu(device):
    command = ["nvidia-smi", f"--id={device.split(':')[1]}", "--query-gpu=name,memory.total,driver_version",
               "--format=csv,noheader"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
