"""From milliseconds to a table."""

import json
import time
from statistics import median

from workloads import BATCH_SIZE, WORKLOADS


def summary(shape, workload, times, peaks):
    """times: milliseconds by contestant, round and step; the same batches in the same places for all of them."""
    size = WORKLOADS[workload].size
    return dict(
        shape=shape, workload=workload, batch_size=size,
        contestants={name: contestant(rounds, times.get("ortune"), peaks[name], size) for name, rounds in times.items()})


def contestant(rounds, ortune, peak, size):
    ms = median(step for steps in rounds for step in steps)
    result = dict(ms_per_step=ms, sentences_per_second=1000 * size / ms, peak_mib=peak, rounds_ms=rounds)
    if ortune:
        pairs = [(a, b) for theirs, ours in zip(rounds, ortune) for a, b in zip(theirs, ours)]
        by_round = [sum(theirs) / sum(ours) for theirs, ours in zip(rounds, ortune)]
        result["ortune_is_times_as_fast"] = median(a / b for a, b in pairs)
        result["range_over_rounds"] = [min(by_round), max(by_round)]
    return result


def add_preparation(result, cost):
    """The share of a step when every sentence is tokenised anew in each epoch; the trainer does so once a run."""
    if cost:
        total = sum(cost.values())
        share = total / (total + result["contestants"]["ortune"]["ms_per_step"])
        result["preparation"] = dict(tokenising_ms=cost["tokenising"], batching_ms=cost["batching"], share=share)


def preparation(results):
    lines = [f"- {result['shape']}: {p['tokenising_ms']:.2f} ms tokenising and {p['batching_ms']:.2f} ms padding a "
             f"batch, {100 * p['share']:.2f} % of a step"
             for result in results if (p := result.get("preparation"))]
    return "\n## Before the step\n\n" + "\n".join(lines) + "\n" if lines else ""


def table(results):
    lines = ["| shape | batches | contestant | ms a step | sentences/s | peak memory, MiB | Ortune is times as fast |",
             "| --- | --- | --- | ---: | ---: | ---: | ---: |"]
    for result in results:
        for name, c in result["contestants"].items():
            lines.append(
                f"| {result['shape']} | {result['workload']} | {name} | {c['ms_per_step']:.0f} "
                f"| {c['sentences_per_second']:.1f} | {c['peak_mib']:.0f} | {ratio(name, c)} |")
    return "\n".join(lines)


def ratio(name, c):
    if name == "ortune" or "range_over_rounds" not in c:
        return ""
    low, high = c["range_over_rounds"]
    return f"{c['ortune_is_times_as_fast']:.2f} ({low:.2f} to {high:.2f})"


def write(stem, machine, results):
    stem.parent.mkdir(parents=True, exist_ok=True)
    date = time.strftime("%Y-%m-%d")
    content = dict(date=date, machine=machine, results=results)
    stem.with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n")
    facts = "\n".join(f"- {key.replace('_', ' ')}: {fact(value)}" for key, value in machine.items())
    kinds = "\n".join(f"- {name}: {workload.what}" for name, workload in WORKLOADS.items())
    stem.with_suffix(".md").write_text(
        f"# Training on the CPU\n\nMeasured by `bench/train-cpu/run` on {date}; bench/README.md says how. Batches of "
        f"{BATCH_SIZE} where nothing else is said.\nThe last column compares step by step on the same batches: the median, and in parentheses "
        f"the slowest and fastest round.\n\n{table(results)}\n\n{kinds}\n{preparation(results)}"
        f"\n## Machine\n\n{facts}\n")


def fact(value):
    return ", ".join(map(str, value)) if isinstance(value, list) else value
