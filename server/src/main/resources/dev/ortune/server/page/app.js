// The page's behaviour: a verdict while typing, and what each word does to it. Nothing is loaded from elsewhere.
const $ = (id) => document.getElementById(id);
const DEBOUNCE_MS = 120;
const RETRY_MS = 2000;
const EXAMPLES = [
  "They no go to the movies.",
  "They do not go to the movies.",
  "The dogs in the garden was barking.",
  "What did she say that he had bought?",
  "The book that I read it was long.",
];

let models = [];
let model;
let asked = new AbortController();
let timer;
let retrying = false;

const points = (share) => `${share >= 0 ? "+" : "−"}${Math.abs(100 * share).toFixed(1)}`;
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Asks the server; of several questions only the last one's answer counts. */
async function ask(path, body) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const start = performance.now();
  const response = await fetch(path, {
    method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const json = await response.json();
  if (!response.ok) throw Object.assign(new Error(json.error ?? response.statusText), { status: response.status });
  return { json, headers: response.headers, ms: performance.now() - start };
}

function banner(text) {
  $("banner").textContent = text;
  $("banner").hidden = !text;
}

/** The server is gone or busy: says so, and tries again until it answers. */
function failed(error, again) {
  if (error.name === "AbortError") return;
  if (error.status && error.status !== 429 && error.status !== 503) {
    banner(error.message);
    return;
  }
  banner(error.status === 429 ? "The server is busy; trying again …" : "The server does not answer; trying again …");
  if (retrying) return;
  retrying = true;
  setTimeout(() => { retrying = false; again(); }, RETRY_MS);
}

async function classify() {
  const text = $("text").value;
  $("explanation").hidden = true;
  const empty = text.trim() === "";
  $("interpret").disabled = $("clear").disabled = empty;
  if (empty) {
    asked.abort();
    showNothing();
    return;
  }
  try {
    const { json, headers, ms } = await ask(`models/${encodeURIComponent(model.name)}`, { inputs: text });
    banner("");
    show(json[0], Number(headers.get("x-compute-tokens")), ms, headers.get("x-inference-time"));
  } catch (error) {
    failed(error, classify);
  }
}

function showNothing() {
  for (const id of ["verdict", "timing"]) $(id).textContent = "";
  $("bars").replaceChildren();
  $("notice").hidden = true;
}

function show(scores, tokens, ms, inference) {
  $("verdict").textContent = `${scores[0].label}, ${percent(scores[0].score)}`;
  $("timing").textContent = `${ms.toFixed(0)} ms, of which the model ${inference} ms`;
  $("notice").hidden = tokens < model.max_length;
  $("notice").textContent = `Only the first ${model.max_length} tokens count; the rest is cut off.`;
  const share = Object.fromEntries(scores.map(({ label, score }) => [label, score]));
  $("bars").replaceChildren(...model.labels.map((label) => bar(label, share[label])));
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function bar(label, share) {
  const row = element("div", "bar");
  const track = element("div", "track");
  const fill = element("div", "fill");
  fill.style.width = percent(share).replace(" ", "");
  track.setAttribute("aria-hidden", "true");
  track.append(fill);
  row.append(element("span", "name", label), track, element("span", "share", percent(share)));
  return row;
}

async function interpret() {
  const text = $("text").value;
  clearTimeout(timer);
  await classify();
  if (text.trim() === "" || text !== $("text").value) return;
  try {
    const { json } = await ask("interpret", { inputs: text, method: "occlusion", model: model.name });
    banner("");
    explain(text, json);
  } catch (error) {
    failed(error, interpret);
  }
}

function explain(text, { words }) {
  const largest = Math.max(0.01, ...words.map(({ share }) => Math.abs(share)));
  const parts = [];
  let end = 0;
  for (const { start, end: stop, share } of words) {
    parts.push(text.slice(end, start));
    const word = element("span", "word");
    const colour = share >= 0 ? "--for-rgb" : "--against-rgb";
    word.style.backgroundColor = `rgba(var(${colour}), ${(0.35 * Math.abs(share) / largest).toFixed(3)})`;
    word.append(
      element("span", share >= 0 ? "for" : "against", text.slice(start, stop)), element("span", "points", points(share)));
    parts.push(word);
    end = stop;
  }
  parts.push(text.slice(end));
  $("words").replaceChildren(...parts);
  $("explanation").hidden = false;
}

function choose(name) {
  model = models.find((candidate) => candidate.name === name);
  $("model").textContent = models.length > 1 ? model.precision : `${model.name}, ${model.precision}`;
  classify();
}

async function start() {
  try {
    models = await (await fetch("models")).json();
  } catch (error) {
    failed(error, start);
    return;
  }
  banner("");
  $("picker").replaceChildren(...models.map(({ name }) => element("option", "", name)));
  $("picker").hidden = $("picker-label").hidden = models.length < 2;
  choose(models[0].name);
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
$("clear").addEventListener("click", () => {
  $("text").value = "";
  classify();
  $("text").focus();
});
$("picker").addEventListener("change", () => choose($("picker").value));
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
start();
