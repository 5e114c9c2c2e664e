// The tree of a schema: search, open and close all, and opening what an address points at.
"use strict";

const tree = document.getElementById("tree");
const box = document.getElementById("schema-search");
const input = box.querySelector("input");
const status = box.querySelector("[role=status]");
const nodes = [...tree.querySelectorAll("details.element")];
const ownTexts = nodes.map((node) => {
  const own = [node.querySelector("summary").textContent];
  const values = node.querySelector(":scope > .inside > table.values");
  if (values) own.push(values.textContent);
  return own.join(" ").toLowerCase();
});
const openAtFirst = nodes.map((node) => node.open);

box.hidden = false;

function search() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    nodes.forEach((node, index) => {
      node.hidden = false;
      node.classList.remove("hit");
      node.open = openAtFirst[index];
    });
    status.textContent = "";
    return;
  }
  const hits = new Set(nodes.filter((_, index) => words.every((w) => ownTexts[index].includes(w))));
  for (const node of nodes) {
    const below = [...node.querySelectorAll("details.element")].some((each) => hits.has(each));
    const inHit = node.parentElement.closest("details.element.hit") !== null;
    node.classList.toggle("hit", hits.has(node));
    node.hidden = !(hits.has(node) || below || inHit);
    node.open = below;
  }
  status.textContent = hits.size === 1 ? "1 element" : `${hits.size} elements`;
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !tree.contains(target)) return;
  for (let node = target; node && node !== tree; node = node.parentElement) {
    if (node.tagName === "DETAILS") {
      node.open = true;
      node.hidden = false;
    }
  }
  target.scrollIntoView({ block: "start" });
}

input.addEventListener("input", search);
box.querySelector("[data-open]").addEventListener("click", () => {
  for (const node of nodes) node.open = true;
});
box.querySelector("[data-close]").addEventListener("click", () => {
  nodes.forEach((node, index) => {
    node.open = openAtFirst[index];
  });
});
addEventListener("hashchange", openTarget);
openTarget();
