// One sentence: a verdict while typing, and what each word does to it.
import { $, banner, element, percent } from "./dom.js";
import { ask, events } from "./server.js";
import { clearAll, taskOf } from "./tasks.js";

const DEBOUNCE_MS = 120;

let model;
let asked = new AbortController();
let timer;

/** Percentage points with a sign; of what rounds to nothing a plain 0. */
function points(share) {
  const rounded = Math.abs(100 * share).toFixed(1);
  return Number(rounded) === 0 ? "0" : `${share > 0 ? "+" : "−"}${rounded}`;
}

const side = (share) => ({ "+": "for", "−": "against" })[points(share)[0]] ?? "";

/** Asks this model from now on. */
export function use(chosen) {
  model = chosen;
  const task = taskOf(model);
  task.use(model, classify);
  for (const part of document.querySelectorAll("[data-task]")) part.hidden = part.dataset.task !== model.task;
  for (const id of ["interpret", "method-label"]) $(id).hidden = !task.interpretable(model);
  $("text-label").textContent = task.ASKS ?? "A sentence";
  $("examples").replaceChildren(...task.EXAMPLES.map(example));
  classify();
}

/** A text to try. */
function example(text) {
  const item = element("li");
  const button = element("button", "", text);
  button.type = "button";
  button.addEventListener("click", () => {
    $("text").value = text;
    taskOf(model).take?.();
    classify();
  });
  item.append(button);
  return item;
}

/** Of several questions only the last one's answer counts; null where a newer one has come. */
async function askLast(path, body) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    return await ask(path, { body, signal });
  } catch (error) {
    if (!signal.aborted) banner(error.message);
    return null;
  }
}

async function classify() {
  clearTimeout(timer);
  const text = $("text").value;
  $("explanation").hidden = true;
  const empty = text.trim() === "";
  $("interpret").disabled = $("clear").disabled = empty;
  if (empty || !model || taskOf(model).waits?.()) {
    asked.abort();
    showNothing();
    return;
  }
  const task = taskOf(model);
  const body = { inputs: task.inputs?.(text) ?? text, parameters: task.parameters() };
  if (task.streams) {
    await stream(text, task, body);
    return;
  }
  const answer = await askLast(`models/${encodeURIComponent(model.name)}`, body);
  if (answer) show(text, answer);
}

/** An answer that comes in parts; a newer question ends it. */
async function stream(text, task, body) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const start = performance.now();
  let tokens = 0;
  try {
    for await (const event of events(`models/${encodeURIComponent(model.name)}`, { ...body, stream: true }, signal)) {
      if (tokens === 0) {
        banner("");
        clearAll();
        task.begin(text);
      }
      tokens += 1;
      task.add(event);
      const seconds = (performance.now() - start) / 1000;
      $("timing").textContent = `${tokens} tokens, ${(tokens / seconds).toFixed(0)} a second`;
    }
  } catch (error) {
    if (!signal.aborted) banner(error.message);
  }
}

function showNothing() {
  clearAll();
  $("timing").textContent = "";
  $("notice").hidden = true;
}

function show(text, { json, headers, ms }) {
  clearAll();
  taskOf(model).show(text, json);
  $("timing").textContent = `${ms.toFixed(0)} ms, of which the model ${headers.get("x-inference-time")} ms`;
  // What is read in windows is not cut.
  $("notice").hidden = taskOf(model).inputs !== undefined || Number(headers.get("x-compute-tokens")) < model.max_length;
  $("notice").textContent = `Only the first ${model.max_length} tokens count; the rest is cut off.`;
}

async function interpret() {
  const text = $("text").value;
  await classify();
  if (text.trim() === "" || text !== $("text").value || !model || !taskOf(model).interpretable(model)) return;
  const answer = await askLast("interpret", { inputs: text, method: $("method").value, model: model.name });
  if (answer) explain(text, answer.json);
}

/** What the numbers mean. */
function legend({ method, baseline, probability }) {
  return method === "occlusion"
    ? "by as many percentage points as it would change without them."
    : `in percentage points, which add up from ${percent(baseline)} without words to ${percent(probability)}.`;
}

function explain(text, answer) {
  const { words } = answer;
  const largest = Math.max(0.01, ...words.map(({ share }) => Math.abs(share)));
  const parts = [];
  let end = 0;
  for (const { start, end: stop, share } of words) {
    parts.push(text.slice(end, start));
    const word = element("span", "word");
    const colour = share >= 0 ? "--for-rgb" : "--against-rgb";
    word.style.backgroundColor = `rgba(var(${colour}), ${(0.35 * Math.abs(share) / largest).toFixed(3)})`;
    const written = element("span", side(share), text.slice(start, stop));
    word.append(written, element("span", "points", points(share)));
    parts.push(word);
    end = stop;
  }
  parts.push(text.slice(end));
  $("words").replaceChildren(...parts);
  $("explanation-title").textContent = `What each word does${model.multi_label ? ` to “${answer.label}”` : ""}`;
  $("legend-method").textContent = legend(answer);
  $("explanation").hidden = false;
}

$("text").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(classify, DEBOUNCE_MS);
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    interpret();
  }
});
$("form").addEventListener("submit", (event) => {
  event.preventDefault();
  interpret();
});
$("method").addEventListener("change", () => {
  if (!$("explanation").hidden) interpret();
});
$("clear").addEventListener("click", () => {
  $("text").value = "";
  classify();
  $("text").focus();
});
