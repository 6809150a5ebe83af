"""What the figures were measured on. No names of hosts or users."""

import os
import platform
import re
import subprocess
from pathlib import Path

import torch

TELLING_FLAGS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8", "asimd", "sve")


def describe(root, module, threads, load):
    """The machine, and the ONNX Runtime of a module: trainer and server have one of their own each."""
    jars = [jar.name for jar in (root / module / "target" / "lib").glob("onnxruntime-*.jar")]
    return {
        "cpu": cpu_field("model name") or platform.processor(),
        "cpus": os.cpu_count(),
        "cpu_flags": [flag for flag in TELLING_FLAGS if flag in cpu_field("flags").split()],
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": " ".join((platform.system(), *platform.libc_ver())).strip(),
        "threads": threads,
        "python": platform.python_version(),
        "pytorch": torch.__version__,
        "pytorch_cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "java": first_line(["java", "-version"]),
        "onnxruntime": sorted(jars),
        "commit": first_line(["git", "-C", str(root), "rev-parse", "--short", "HEAD"]),
        "uncommitted_changes": bool(first_line(["git", "-C", str(root), "status", "--porcelain"])),
        "load_average_before": load,
    }


def cpu_field(name):
    file = Path("/proc/cpuinfo")
    match = re.search(rf"^{name}\s*:\s*(.*)$", file.read_text() if file.exists() else "", re.MULTILINE)
    return match[1] if match else ""


def load_average():
    return [round(x, 2) for x in os.getloadavg()]


def first_line(command):
    result = subprocess.run(command, capture_output=True, text=True)
    return ((result.stdout or result.stderr).splitlines() or [""])[0]
