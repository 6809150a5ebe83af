// Verdicts as a table, a page at a time, and as a file.
import { $, count, element, percent } from "./dom.js";
import { file } from "./table.js";

const PAGE_ROWS = 50;

let verdicts;
let page = 0;

/** Shows these from now on. */
export function use(chosen) {
  verdicts = chosen;
  page = 0;
  $("only-wrong").checked = false;
  $("summary").textContent = "";
  show();
}

export function hide() {
  $("results").hidden = true;
}

/** Shows what has come. */
export function show() {
  $("results").hidden = false;
  $("shares").replaceChildren(...verdicts.bars());
  $("only-wrong-label").hidden = verdicts.wrong === 0;
  showTable();
}

function showTable() {
  const rows = $("only-wrong").checked ? verdicts.wrongRows() : null;
  const total = rows?.length ?? verdicts.texts.length;
  const last = Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
  page = Math.min(page, last);
  const first = page * PAGE_ROWS;
  const end = Math.min(total, first + PAGE_ROWS);
  const lines = Array.from({ length: end - first }, (_, i) => line(rows?.[first + i] ?? first + i));
  $("table-label").hidden = verdicts.given === null;
  $("table-score").hidden = verdicts.score(0) === undefined;
  $("table-score").textContent = verdicts.model.probabilities ? "Probability" : "Score";
  $("table-body").replaceChildren(...lines);
  $("pager").hidden = last === 0;
  $("page").textContent = `${count(first + 1)} to ${count(end)} of ${count(total)}`;
  $("previous").disabled = page === 0;
  $("next").disabled = page === last;
}

function line(row) {
  const score = verdicts.score(row);
  const made = element("tr");
  made.append(
    element("td", "number", count(row + 1)),
    element("td", "text", verdicts.texts[row]),
    element("td", "", verdicts.verdict(row)),
  );
  if (score !== undefined) made.append(element("td", "number", score));
  if (verdicts.given) {
    const wrong = verdicts.isWrong(row);
    made.append(element("td", wrong ? "wrong" : "", `${wrong ? "✗ " : ""}${verdicts.givenName(row)}`));
  }
  return made;
}

/** Says how it went, once all is there. */
export function summarise(seconds) {
  const { done, texts, known, right, wrong } = verdicts;
  const parts = [`${count(done)} ${done === 1 ? "text" : "texts"} in ${seconds.toFixed(1)} s.`];
  if (right + wrong > 0) parts.push(`Accuracy ${percent(right / (right + wrong))}, ${count(wrong)} wrong.`);
  const unknown = verdicts.given ? texts.length - known : 0;
  if (unknown > 0) parts.push(`${count(unknown)} without a label of this model.`);
  const blank = texts.filter((text) => text.trim() === "").length;
  if (blank > 0) parts.push(`${count(blank)} without a text.`);
  $("summary").textContent = parts.join(" ");
}

/** The rows as they were read, with the verdicts' columns. */
function* resultRows({ header, rows }) {
  const free = (name) => {
    let found = name;
    for (let n = 2; header.includes(found); n++) found = `${name}_${n}`;
    return found;
  };
  yield [...header, ...verdicts.columns().map(free)];
  for (const [at, row] of rows.entries()) {
    yield [...header.map((_, column) => row[column] ?? ""), ...verdicts.cells(at)];
  }
}

async function download(format) {
  const link = element("a");
  link.href = URL.createObjectURL(await file(resultRows(verdicts), format));
  link.download = verdicts.name ? `${verdicts.name.replace(/\.[^.]*$/, "")}-verdicts.${format}` : `verdicts.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function turn(pages) {
  page += pages;
  showTable();
}

$("only-wrong").addEventListener("change", () => {
  page = 0;
  showTable();
});
$("previous").addEventListener("click", () => turn(-1));
$("next").addEventListener("click", () => turn(1));
$("download-tsv").addEventListener("click", () => download("tsv"));
$("download-csv").addEventListener("click", () => download("csv"));
