// Token classification: entities as coloured spans of the text, and tables of them.
import { $, count, element, percent } from "./dom.js";
import { Verdicts as Texts } from "./verdicts.js";

/** Classes of the style sheet, label-0 and so on; further labels begin again. */
const COLOURS = 8;
const OTHER = "O";
const STRATEGIES = {
  none: "each token",
  simple: "neighbours together",
  first: "words, by their first token",
  average: "words, by their average",
  max: "words, by their surest token",
};

export const EXAMPLES = [
  "Wolfgang lives in Berlin.",
  "Sarah and Jean-Baptiste went from New York to Zürich.",
  "Dr. Smith met José García at the Louvre in Paris.",
  "Apple was founded by Steve Jobs in Cupertino, California.",
];

let names = [];

/** The label without what tells a beginning from what goes on. */
const nameOf = (label) => label.replace(/^[BI]-/, "");

const labelOf = (entity) => entity.entity_group ?? entity.entity;

export function use(model, ask) {
  names = [...new Set(model.labels.filter((label) => label !== OTHER).map(nameOf))];
  const picked = $("strategy").value || "simple";
  $("strategy").replaceChildren(...model.aggregation_strategies.map((name) => new Option(STRATEGIES[name] ?? name, name)));
  $("strategy").value = picked;
  $("strategy").onchange = ask;
  $("entity-legend").replaceChildren(...names.map((name) => {
    const item = element("li");
    const swatch = element("span", `swatch ${colourOf(name)}`);
    swatch.setAttribute("aria-hidden", "true");
    item.append(swatch, element("span", "", name));
    return item;
  }));
}

export const parameters = () => ({ aggregation_strategy: $("strategy").value });

export const interpretable = () => false;

export function clear() {
  $("verdict").textContent = "";
  $("spans").replaceChildren();
  $("entities").hidden = true;
}

export function show(text, entities) {
  $("verdict").textContent = entities.length === 0 ? "nothing found" : counted(entities);
  $("spans").replaceChildren(...parts(text, entities));
  $("entities").hidden = false;
}

/** How many of each label, the first to come first. */
function counted(entities) {
  const counts = new Map();
  for (const entity of entities) {
    const name = nameOf(labelOf(entity));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, number]) => `${count(number)} ${name}`).join(", ");
}

function colourOf(name) {
  return `label-${Math.max(0, names.indexOf(name)) % COLOURS}`;
}

/** The text with its entities marked; tokens of one character may lie over each other. */
function parts(text, entities) {
  const places = placesOf(text);
  const made = [];
  let end = 0;
  for (const entity of entities) {
    const start = Math.max(end, places[entity.start]);
    const stop = Math.max(start, places[entity.end]);
    made.push(text.slice(end, start), marked(text.slice(start, stop), entity));
    end = stop;
  }
  return [...made, text.slice(end)];
}

function marked(text, entity) {
  const label = labelOf(entity);
  const span = element("span", `entity ${colourOf(nameOf(label))}`);
  span.append(element("span", "", text), " ", element("span", "points", `${label} ${percent(entity.score)}`));
  return span;
}

/** Where each code point, as the server counts, begins in the text, as JavaScript counts. */
function placesOf(text) {
  const places = [0];
  for (const character of text) places.push(places.at(-1) + character.length);
  return places;
}

/** Entities of rows, filled in as they come. */
export class Verdicts extends Texts {
  constructor(model, input, name) {
    super(model, input, name);
    this.entities = new Array(this.texts.length);
  }

  put(row, entities) {
    this.entities[row] = entities;
  }

  verdict(row) {
    const places = this.entities[row]?.length > 0 ? placesOf(this.texts[row]) : [];
    return (this.entities[row] ?? [])
      .map((entity) => `${this.texts[row].slice(places[entity.start], places[entity.end]).trim()} ${labelOf(entity)}`)
      .join(", ");
  }

  columns() {
    return ["entities"];
  }

  cells(row) {
    return [this.entities[row] ? JSON.stringify(this.entities[row]) : ""];
  }
}
