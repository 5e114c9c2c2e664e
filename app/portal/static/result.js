// The result of a check: filters, jumping between a finding and its line, unfolding lines.
"use strict";

const UNFOLDED_AT_ONCE = 200;
const LONGEST_LINE = 400;

class ResultView {
  // `readText` gives the text of the checked file, which never left the browser's memory, and fails
  // if it cannot be read there.
  constructor(element, readText) {
    this.element = element;
    this.readText = readText;
    element.addEventListener("click", (event) => this.follow(event));
  }

  // To be called whenever there is a new result in the element.
  begin() {
    for (const fold of this.element.querySelectorAll(".fold")) addUnfoldButton(fold);
    const filter = this.element.querySelector("#filter");
    if (!filter) return;
    const cards = [...this.element.querySelectorAll(".card")];
    filter.hidden = cards.length < 2;
    filter.addEventListener("input", () => this.applyFilter(filter, cards));
    filter.addEventListener("submit", (event) => event.preventDefault());
  }

  applyFilter(filter, cards) {
    const wanted = wantedBy(filter);
    for (const card of cards) {
      card.hidden = !wanted(card);
      const pin = document.getElementById(card.id.replace("f", "r"));
      pin?.toggleAttribute("hidden", card.hidden);
    }
    for (const group of this.element.querySelectorAll(".group")) {
      group.hidden = group.querySelector(".card:not([hidden])") === null;
    }
    const shown = cards.filter((card) => !card.hidden).length;
    this.element.querySelector("#filter-status").textContent =
      shown === cards.length ? "" : `${shown} of ${cards.length} findings`;
  }

  follow(event) {
    const fold = event.target.closest(".fold button")?.closest(".fold");
    if (fold) {
      this.unfold(fold);
      return;
    }
    const link = event.target.closest("a[href^='#']");
    const target = link && targetOf(link);
    if (!target) return;
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    this.show(target);
  }

  show(target) {
    target.hidden = false;
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
    for (const each of this.element.querySelectorAll(".found")) each.classList.remove("found");
    target.classList.add("found");
  }

  async unfold(fold) {
    const [first, last] = [Number(fold.dataset.first), Number(fold.dataset.last)];
    const until = Math.min(last, first + UNFOLDED_AT_ONCE - 1);
    let lines;
    try {
      lines = (await this.readText()).split("\n");
    } catch {
      fold.querySelector("button").replaceWith("The browser cannot uncompress this file.");
      return;
    }
    const rows = [];
    for (let number = first; number <= until; number += 1) {
      rows.push(rowOf(number, lines[number - 1] ?? ""));
    }
    fold.before(...rows);
    rows[0].focus({ preventScroll: true });
    if (until === last) fold.remove();
    else shrink(fold, until + 1, last);
  }
}

function wantedBy(filter) {
  const data = new FormData(filter);
  const severities = new Set(data.getAll("severity"));
  const words = data.get("text").toLowerCase().split(/\s+/).filter(Boolean);
  return (card) => {
    const text = card.textContent.toLowerCase();
    return severities.has(card.dataset.severity) &&
      (!data.get("code") || card.dataset.code === data.get("code")) &&
      (!data.get("record") || card.dataset.record === data.get("record")) &&
      words.every((word) => text.includes(word));
  };
}

// A line that is shown in parts has one address; the part with the finding is gone to.
function targetOf(link) {
  const pin = link.dataset.row && document.getElementById(link.dataset.row);
  let target = pin ? pin.previousElementSibling : document.getElementById(link.hash.slice(1));
  while (target?.classList.contains("pin")) target = target.previousElementSibling;
  return target;
}

function addUnfoldButton(fold) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Show";
  button.setAttribute("aria-label", `Show lines from ${fold.dataset.first}`);
  fold.append(button);
}

function shrink(fold, first, last) {
  const [from, to, left] = [first, last, last - first + 1].map((n) => n.toLocaleString("en-US"));
  fold.dataset.first = first;
  fold.querySelector("span").textContent = `${left} lines without findings (${from} to ${to})`;
  fold.querySelector("button").setAttribute("aria-label", `Show lines from ${first}`);
}

function rowOf(number, line) {
  const row = document.createElement("li");
  row.className = "row";
  row.id = `L${number}`;
  row.tabIndex = -1;
  const link = document.createElement("a");
  link.className = "number";
  link.href = `#L${number}`;
  link.tabIndex = -1;
  link.textContent = number;
  link.setAttribute("aria-label", `Line ${number}`);
  row.append(link, coloredCode(line.replace(/\r$/, "")));
  return row;
}

// As the service writes the lines that are shown at once: see app/reports/printable.py.
function printable(line) {
  return line.replaceAll("\t", "    ").replace(/(?! )[\p{C}\p{Z}]/gu, (character) => {
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}

function coloredCode(line) {
  const code = document.createElement("code");
  const cut = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
  const text = printable(cut);
  for (const part of text.split(/(<[^<>]*>?)/)) {
    const span = document.createElement("span");
    if (part.startsWith("<")) span.className = "x-tag";
    span.textContent = part;
    code.append(span);
  }
  return code;
}
