// Tables as text: reads TSV, CSV and lines in small steps, so that the page stays responsive, and writes them again.
const { Papa } = window;

const STEP_CHARACTERS = 1 << 18;
const STEP_ROWS = 2000;
/** A character that no text has: quotes are characters like any other. */
const NO_QUOTE = "\u0000";
const TEXTS = [
  "text", "sentence", "content", "review", "review_body", "comment", "comment_text", "body", "message", "document",
  "tweet", "question", "utterance",
];
const LABELS = [
  "label", "labels", "target", "class", "category", "gold_label", "is_duplicate", "quality", "sentiment", "intent",
];
/** No text or label is one of these: a first row that has one is a header. As in `ortune train`. */
const HEADER = new Set([
  "label", "labels", "target", "class", "category", "gold_label", "text", "sentence", "sentence1",
]);

const named = (cell) => cell.trim().toLowerCase();

/** Lets the browser do what waits. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

/** A file's text: UTF-8, UTF-16 where a byte order mark says so, or else what spreadsheets write on Windows. */
export async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const utf16 = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.subarray(0, 2).join()];
  try {
    return new TextDecoder(utf16 ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** "tsv", "csv" or "lines", by the file's name or else by what the first lines look like. */
export function formatOf(text, name = "") {
  if (/\.(tsv|tab)$/i.test(name)) return "tsv";
  if (/\.csv$/i.test(name)) return "csv";
  const lines = text.slice(0, 1 << 16).split(/\r\n|\n|\r/, 20).filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => line.includes("\t"))) return "tsv";
  const first = Papa.parse(lines[0] ?? "", { delimitersToGuess: [",", ";"] }).data[0] ?? [];
  return first.length > 1 && hasHeader([first]) ? "csv" : "lines";
}

/** The rows of a text, blank ones left out. Quotes in TSV that do not pair as in CSV are characters like others. */
export async function parse(text, format, signal) {
  if (format === "lines") {
    return text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "").map((line) => [line]);
  }
  const delimiters = format === "tsv" ? { delimiter: "\t" } : { delimitersToGuess: [",", ";"] };
  const quoted = await papa(text, delimiters, signal, format === "tsv");
  return quoted ?? papa(text, { ...delimiters, quoteChar: NO_QUOTE }, signal, false);
}

/** Null when quotes are amiss and that matters. */
function papa(text, options, signal, strict) {
  return new Promise((resolve, reject) => {
    const rows = [];
    Papa.parse(text, {
      ...options,
      chunkSize: STEP_CHARACTERS,
      skipEmptyLines: "greedy",
      chunk({ data, errors }, parser) {
        if (signal.aborted || (strict && errors.some(({ type }) => type === "Quotes"))) {
          if (signal.aborted) reject(signal.reason);
          else resolve(null);
          parser.abort(); // Which completes, too late.
          return;
        }
        for (const row of data) rows.push(row);
        parser.pause();
        setTimeout(() => parser.resume());
      },
      complete: () => resolve(rows),
      error: reject,
    });
  });
}

/** Whether the first row names columns. */
export function hasHeader(rows) {
  return rows.length > 0 && rows[0].some((cell) => HEADER.has(named(cell)));
}

/** Where texts and labels are, by the header, by CoLA's layout, or by length; label is -1 where there is none. */
export function columnsOf(rows, header) {
  const first = rows[0] ?? [];
  if (header) {
    const find = (names) => names.map((name) => first.findIndex((cell) => named(cell) === name)).find((at) => at >= 0);
    const label = find(LABELS) ?? -1;
    return { text: find(TEXTS) ?? longest(rows.slice(1, 50), label), label };
  }
  if (first.length === 4 && /^[01]$/.test(first[1])) return { text: 3, label: 1 };
  return { text: longest(rows.slice(0, 50), -1), label: -1 };
}

function longest(rows, but) {
  const lengths = [];
  for (const row of rows) row.forEach((cell, at) => { lengths[at] = (lengths[at] ?? 0) + cell.length; });
  if (but >= 0) lengths[but] = -1;
  return Math.max(0, lengths.indexOf(Math.max(...lengths)));
}

/** A file of rows, quoted where need be. */
export async function file(rows, format) {
  const options = format === "tsv" ? { delimiter: "\t", newline: "\n" } : {};
  const newline = options.newline ?? "\r\n";
  const parts = [];
  let step = [];
  for (const row of rows) {
    step.push(row);
    if (step.length === STEP_ROWS) {
      parts.push(Papa.unparse(step, options), newline);
      step = [];
      await pause();
    }
  }
  if (step.length > 0) parts.push(Papa.unparse(step, options), newline);
  return new Blob(parts, { type: format === "tsv" ? "text/tab-separated-values" : "text/csv" });
}
