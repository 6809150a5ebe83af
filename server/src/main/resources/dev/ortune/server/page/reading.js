// What was pasted or chosen, and how it is read: as lines or as a table, and from which of its columns.
import { $, banner, count } from "./dom.js";
import { columnsOf, formatOf, hasHeader, parse, textOf } from "./table.js";

const DEBOUNCE_MS = 250;

let source = { text: "", name: "" };
let table = { rows: [], header: false, format: "lines" };
let reading = new AbortController();
let changed = () => {};
let timer;

/** Calls `listener` whenever there is something else to classify. */
export function onChange(listener) {
  changed = listener;
}

/** The file's name; empty for what was pasted. */
export const name = () => source.name;

export const isEmpty = () => source.text === "";

export const size = () => Math.max(0, table.rows.length - (table.header ? 1 : 0));

/** What there is to classify: rows, the names of their columns, each row's text, and its label if there are any. */
export async function input() {
  clearTimeout(timer);
  if (source.name === "" && $("batch-text").value !== source.text) await take($("batch-text").value, "");
  const rows = table.header ? table.rows.slice(1) : table.rows;
  const text = Number($("text-column").value);
  const label = Number($("label-column").value);
  return {
    header: table.format === "lines" ? ["text"] : columnNames(),
    rows,
    texts: rows.map((row) => row[text] ?? ""),
    given: label < 0 ? null : rows.map((row) => row[label] ?? ""),
  };
}

export function clear() {
  clearTimeout(timer);
  $("batch-text").value = $("file").value = "";
  take("", "");
}

function take(text, from) {
  source = { text, name: from };
  return read();
}

/** Reads it as the user says, or as it looks. */
async function read(format = formatOf(source.text, source.name), header) {
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  try {
    const rows = await parse(source.text, format, signal);
    if (signal.aborted) return;
    table = { rows, format, header: header ?? (format !== "lines" && hasHeader(rows)) };
    show(columnsOf(rows, table.header));
  } catch (error) {
    if (!signal.aborted) banner(`${source.name || "The text"} cannot be read: ${error.message}`);
  }
}

async function takeFile(file) {
  banner("");
  clearTimeout(timer);
  $("batch-text").value = "";
  $("batch-source").textContent = `reading ${file.name} …`;
  try {
    await take(await textOf(file), file.name);
  } catch (error) {
    $("batch-source").textContent = "";
    banner(`${file.name} cannot be read: ${error.message}`);
  }
}

function show(columns) {
  const options = columnNames().map((column, at) => new Option(column, at));
  $("text-column").replaceChildren(...options);
  $("label-column").replaceChildren(new Option("none", -1), ...options.map((option) => option.cloneNode(true)));
  $("text-column").value = columns.text;
  $("label-column").value = columns.label;
  $("format").value = table.format;
  $("header").checked = table.header;
  $("reading").hidden = isEmpty();
  for (const id of ["text-column", "label-column", "header"]) {
    $(id).closest("label").hidden = table.format === "lines";
  }
  const texts = `${count(size())} ${size() === 1 ? "text" : "texts"}`;
  $("batch-source").textContent = isEmpty() ? "" : source.name ? `${source.name}: ${texts}` : texts;
  changed();
}

/** Numbers stand for names that no header has. */
function columnNames() {
  const width = table.rows.slice(0, 50).reduce((most, row) => Math.max(most, row.length), 0);
  return Array.from({ length: width }, (_, at) => (table.header && table.rows[0][at]) || `column_${at + 1}`);
}

$("batch-text").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => take($("batch-text").value, ""), DEBOUNCE_MS);
});
$("file").addEventListener("change", () => {
  if ($("file").files[0]) takeFile($("file").files[0]);
});
$("format").addEventListener("change", () => read($("format").value));
$("header").addEventListener("change", () => read(table.format, $("header").checked));
addEventListener("dragover", (event) => {
  if ($("batch-mode").hidden) return;
  event.preventDefault();
  $("drop").classList.add("over");
});
addEventListener("dragleave", () => $("drop").classList.remove("over"));
addEventListener("drop", (event) => {
  if ($("batch-mode").hidden) return;
  $("drop").classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (!file) return; // Text that is dropped goes where the browser puts it.
  event.preventDefault();
  takeFile(file);
});
