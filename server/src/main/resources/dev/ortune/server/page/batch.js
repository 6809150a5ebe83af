// Many texts: asks for the verdicts of all, and can be stopped.
import { $, banner, count } from "./dom.js";
import * as reading from "./reading.js";
import * as results from "./results.js";
import { taskOf } from "./tasks.js";

/** How often what has come is shown. */
const SHOW_MS = 200;

let model;
let running = new AbortController();

/** Asks this model from now on; verdicts of another stay until new ones are asked for. */
export function use(chosen) {
  running.abort();
  model = chosen;
  offer();
}

function offer() {
  $("run").disabled = !model || reading.size() === 0;
  $("batch-clear").disabled = reading.isEmpty() && $("results").hidden;
}

async function run() {
  const input = await reading.input();
  if (!model || input.rows.length === 0) return;
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const { Verdicts } = taskOf(model);
  const verdicts = new Verdicts(model, input, reading.name());
  const start = performance.now();
  results.use(verdicts);
  busy(true);
  showProgress(verdicts);
  const end = await fetchAll(verdicts, signal);
  running.abort(); // Whatever else is still on its way, after a failure.
  busy(false);
  $("progress-text").textContent = end && `${end} after ${count(verdicts.done)} of ${count(verdicts.texts.length)}`;
  results.show();
  results.summarise((performance.now() - start) / 1000);
}

/** Shows verdicts as they come; gives what ended it, or nothing when all are there. */
async function fetchAll(verdicts, signal) {
  let next = 0;
  try {
    await verdicts.fetch(signal, () => {
      if (signal.aborted || performance.now() < next) return;
      next = performance.now() + SHOW_MS;
      showProgress(verdicts);
      results.show();
    });
    return "";
  } catch (error) {
    if (signal.aborted) return "cancelled";
    banner(error.message);
    return "stopped";
  }
}

function busy(is) {
  const focused = document.activeElement;
  for (const id of ["run", "batch-clear"]) $(id).hidden = is;
  for (const id of ["cancel", "progress"]) $(id).hidden = !is;
  for (const id of ["download-tsv", "download-csv"]) $(id).disabled = is;
  // A button that goes away hands the keyboard on.
  if (is && focused === $("run")) $("cancel").focus();
  if (!is && focused === $("cancel")) $("run").focus();
  offer();
}

function showProgress({ done, texts }) {
  $("progress").max = texts.length;
  $("progress").value = done;
  $("progress-text").textContent = `${count(done)} of ${count(texts.length)}`;
}

reading.onChange(offer);
$("batch-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if ($("cancel").hidden) run();
});
$("cancel").addEventListener("click", () => running.abort());
$("batch-clear").addEventListener("click", () => {
  results.hide();
  reading.clear();
  banner("");
  $("progress-text").textContent = "";
  $("batch-text").focus();
});
