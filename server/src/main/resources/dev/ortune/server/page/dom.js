// What both modes of the page use to show things.
export const $ = (id) => document.getElementById(id);

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

export const count = (number) => number.toLocaleString("en");

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A label with its share as a bar; what the bar stands for is text too. */
export function bar(label, share, text = percent(share)) {
  const row = element("div", "bar");
  const track = element("div", "track");
  const fill = element("div", "fill");
  fill.style.width = percent(share).replace(" ", "");
  track.setAttribute("aria-hidden", "true");
  track.append(fill);
  row.append(element("span", "name", label), track, element("span", "share", text));
  return row;
}

export function banner(text) {
  $("banner").textContent = text;
  $("banner").hidden = !text;
}
