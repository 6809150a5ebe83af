// The page: which model is asked, and whether for a sentence or for many. Nothing is loaded from elsewhere.
import { $, banner, element } from "./dom.js";
import { ask } from "./server.js";
import * as batch from "./batch.js";
import * as sentence from "./sentence.js";

let models = [];

function choose(name) {
  const model = models.find((candidate) => candidate.name === name);
  $("model").textContent = models.length > 1 ? model.precision : `${model.name}, ${model.precision}`;
  sentence.use(model);
  batch.use(model);
}

function showMode() {
  const many = location.hash === "#batch";
  $("sentence-mode").hidden = many;
  $("batch-mode").hidden = !many;
  for (const link of document.querySelectorAll("header nav a")) {
    if ((link.hash === "#batch") === many) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  $(many ? "batch-text" : "text").focus({ preventScroll: true });
}

async function start() {
  try {
    models = (await ask("models")).json;
  } catch (error) {
    banner(error.message);
    return;
  }
  $("picker").replaceChildren(...models.map(({ name }) => element("option", "", name)));
  $("picker").hidden = $("picker-label").hidden = models.length < 2;
  choose(models[0].name);
  showMode();
}

$("picker").addEventListener("change", () => choose($("picker").value));
addEventListener("hashchange", showMode);
showMode();
start();
