// One sentence: a verdict while typing, and what each word does to it.
import { $, banner, bar, element, percent } from "./dom.js";
import { ask } from "./server.js";

const DEBOUNCE_MS = 120;
const EXAMPLES = [
  "They no go to the movies.",
  "They do not go to the movies.",
  "The dogs in the garden was barking.",
  "What did she say that he had bought?",
  "The book that I read it was long.",
];

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
  classify();
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
  if (empty || !model) {
    asked.abort();
    showNothing();
    return;
  }
  const answer = await askLast(`models/${encodeURIComponent(model.name)}`, { inputs: text });
  if (answer) show(answer.json[0], answer.headers, answer.ms);
}

function showNothing() {
  for (const id of ["verdict", "timing"]) $(id).textContent = "";
  $("bars").replaceChildren();
  $("notice").hidden = true;
}

/** The best label, or where labels do not exclude each other all that are likelier than not. */
function verdict(scores) {
  const held = model.multi_label ? scores.filter(({ score }) => score >= 0.5) : scores.slice(0, 1);
  return held.map(({ label, score }) => `${label}, ${percent(score)}`).join("; ") || "none of the labels";
}

function show(scores, headers, ms) {
  $("verdict").textContent = verdict(scores);
  $("timing").textContent = `${ms.toFixed(0)} ms, of which the model ${headers.get("x-inference-time")} ms`;
  $("notice").hidden = Number(headers.get("x-compute-tokens")) < model.max_length;
  $("notice").textContent = `Only the first ${model.max_length} tokens count; the rest is cut off.`;
  const share = Object.fromEntries(scores.map(({ label, score }) => [label, score]));
  $("bars").replaceChildren(...model.labels.map((label) => bar(label, share[label])));
}

async function interpret() {
  const text = $("text").value;
  await classify();
  if (text.trim() === "" || text !== $("text").value) return;
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
$("examples").append(...EXAMPLES.map((example) => {
  const item = element("li");
  const button = element("button", "", example);
  button.type = "button";
  button.addEventListener("click", () => {
    $("text").value = example;
    classify();
  });
  item.append(button);
  return item;
}));
