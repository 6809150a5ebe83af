"""From milliseconds to a table, and results that several runs add to."""

import json
import time
from statistics import median

COLA_SENTENCES = 8551


def summary(shape, batches, size, precision, times, memory, least_ms):
    """times: milliseconds by contestant, round and step; the same batches in the same places for all of them."""
    means = {name: [sum(steps) / len(steps) for steps in rounds] for name, rounds in times.items()}
    ours = {name: rounds for name, rounds in means.items() if name.startswith("ortune")}
    best = min(ours, key=lambda name: median(ours[name])) if ours else None
    return dict(
        shape=shape, batches=batches, batch_size=size, precision=precision, roofline_ms=least_ms,
        contestants={
            name: contestant(rounds, means[best] if best else None, size, memory[name], least_ms)
            for name, rounds in means.items()})


def contestant(rounds, best, size, memory, least_ms):
    """Ratios are of the same round, in which all took the same batches."""
    ms = median(rounds)
    result = dict(
        ms_per_step=ms, sentences_per_second=1000 * size / ms, seconds_per_epoch=ms * COLA_SENTENCES / size / 1000,
        memory_mib=memory, times_the_roofline=ms / least_ms, rounds_ms=rounds)
    if best:
        ratios = [theirs / ours for theirs, ours in zip(rounds, best)]
        result["best_of_ortune_is_times_as_fast"] = median(ratios)
        result["range_over_rounds"] = [min(ratios), max(ratios)]
    return result


def table(results):
    lines = ["| shape | batches | contestant | ms a step | sentences/s | s an epoch of CoLA | memory, MiB "
             "| times the roofline | best of Ortune is times as fast |",
             "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for result in results:
        for name, c in result["contestants"].items():
            lines.append(
                f"| {result['shape']} | {result['batches']} | {name} | {c['ms_per_step']:.2f} "
                f"| {c['sentences_per_second']:.0f} | {c['seconds_per_epoch']:.2f} | {c['memory_mib']} "
                f"| {c['times_the_roofline']:.1f} | {ratio(c)} |")
    return "\n".join(lines)


def ratio(c):
    if "range_over_rounds" not in c:
        return ""
    low, high = c["range_over_rounds"]
    return f"{c['best_of_ortune_is_times_as_fast']:.2f} ({low:.2f} to {high:.2f})"


def write(stem, machine, results):
    """Replaces what was measured of the same shape, batches and precision on the same device."""
    file = stem.with_suffix(".json")
    kept = []
    if file.exists():
        before = json.loads(file.read_text())
        if before["machine"]["device"] == machine["device"]:
            key = lambda r: (r["shape"], r["batches"], r["precision"])
            fresh = {key(r) for r in results}
            kept = [r for r in before["results"] if key(r) not in fresh]
            machine = before["machine"] | machine
    results = kept + results
    stem.parent.mkdir(parents=True, exist_ok=True)
    date = time.strftime("%Y-%m-%d")
    file.write_text(json.dumps(dict(date=date, machine=machine, results=results), indent=1) + "\n")
    facts = "\n".join(f"- {key}: {value}" for key, value in machine.items())
    stem.with_suffix(".md").write_text(
        f"# Training on a GPU\n\nMeasured by `bench/train-gpu/run` on {date}; bench/README.md says how. The last column "
        f"compares rounds on the\nsame batches, in the same precision: the median, and in parentheses the range.\n\n"
        f"{table(results)}\n\n## Machine\n\n{facts}\n")
