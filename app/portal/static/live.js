// Shows how far something is, then what came of it, as the server tells it.
"use strict";

const region = document.getElementById("live");
const spoken = document.getElementById("live-status");
const news = new EventSource(region.dataset.events);

// Said to those who hear the page: when the state changes, not at every record.
function say(words) {
  if (spoken.textContent !== words) spoken.textContent = words;
}

function show(event) {
  const { words, html } = JSON.parse(event.data);
  region.innerHTML = html;
  say(words);
}

news.addEventListener("shown", show);
news.addEventListener("ended", (event) => {
  news.close();
  show(event);
});
news.addEventListener("error", () => {
  // Otherwise the browser connects again by itself.
  if (news.readyState !== EventSource.CLOSED) return;
  spoken.classList.remove("unseen");
  say("This page is not told any more how far it is. Load it again to see.");
});
