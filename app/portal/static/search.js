// Searches a list that is on the page anyway: <div class="search" data-search="what is hidden">.
"use strict";

for (const box of document.querySelectorAll("[data-search]")) {
  const input = box.querySelector("input");
  const status = box.querySelector("[role=status]");
  const entries = [...document.querySelectorAll(box.dataset.search)];
  const groups = [...document.querySelectorAll("[data-search-group]")];
  const texts = entries.map((entry) => entry.textContent.toLowerCase());
  box.hidden = false;

  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    entries.forEach((entry, index) => {
      entry.hidden = !words.every((word) => texts[index].includes(word));
      found += entry.hidden ? 0 : 1;
    });
    for (const group of groups) {
      group.hidden = !entries.some((entry) => group.contains(entry) && !entry.hidden);
    }
    status.textContent = words.length ? `${found} of ${entries.length} ${box.dataset.what}` : "";
  });
}
