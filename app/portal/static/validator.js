// The form of the validator: drop a file, see the result below without leaving the page, save it.
// Everything also works without scripts, a page at a time.
"use strict";

const form = document.getElementById("form");
const fileInput = document.getElementById("file");
const pasted = document.getElementById("pasted");
const attested = document.getElementById("attested");
const drop = document.getElementById("drop");
const fault = document.getElementById("fault");
const progress = document.getElementById("progress");
const result = document.getElementById("result");
const maxBytes = Number(form.dataset.maxBytes);

let checked = null; // what the result on the page is about, so that a report can be saved
let running = null;
let tickUsed = false; // the attestation is about one file: a file was sent since it was ticked
const view = new ResultView(result, textOfFile);

document.documentElement.classList.add("js");

function showFault(message, field) {
  const link = document.createElement("a");
  link.href = `#${field}`;
  link.textContent = message;
  const line = document.createElement("p");
  line.append(link);
  fault.replaceChildren(line);
  fault.hidden = false;
  fault.focus();
}

function inMiB(bytes) {
  return `${(bytes / 1048576).toFixed(1).replace(/\.0$/, "")} MiB`;
}

function meetNewFile() {
  fault.hidden = true;
  if (tickUsed) attested.checked = false;
}

function filled() {
  const data = new FormData();
  const file = fileInput.files[0];
  if (file) data.set("file", file);
  else data.set("pasted", pasted.value);
  if (attested.checked) data.set("attested", "yes");
  return data;
}

function faultOf() {
  const file = fileInput.files[0];
  const size = file ? file.size : new Blob([pasted.value]).size;
  if (!attested.checked) {
    return ["Confirm that no data of real patients is in the file. Without that it is not sent.", "attested"];
  }
  if (!file && pasted.value.trim() === "") return ["Choose a case file, or paste one.", "file"];
  if (size > maxBytes) {
    return [`The file has ${inMiB(size)}; up to ${inMiB(maxBytes)} are checked here. It was not sent. ` +
      "The command nacor validate takes files of any size.", "file"];
  }
  return null;
}

async function check() {
  fault.hidden = true;
  const wrong = faultOf();
  if (wrong) {
    showFault(...wrong);
    return;
  }
  running?.abort();
  running = new AbortController();
  const sent = filled();
  tickUsed = true;
  const name = sent.get("file")?.name ?? "the text";
  result.setAttribute("aria-busy", "true");
  progress.textContent = `Checking ${name} …`;
  progress.classList.remove("unseen");
  try {
    const response = await fetch(form.action, { method: "POST", body: sent, signal: running.signal });
    const answered = new DOMParser().parseFromString(await response.text(), "text/html");
    const message = answered.querySelector("#fault a");
    if (message) {
      showFault(message.textContent, message.getAttribute("href").slice(1));
      progress.textContent = "";
    } else {
      show(answered, sent);
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    progress.textContent = "";
    showFault("The service could not be reached. Nothing was checked; try again.", "file");
  } finally {
    result.removeAttribute("aria-busy");
  }
}

function show(answered, sent) {
  result.replaceChildren(...answered.getElementById("result").childNodes);
  checked = sent;
  document.title = answered.title;
  progress.textContent = result.querySelector(".verdict h2")?.textContent ?? "";
  progress.classList.add("unseen"); // it is heard; seen it stands in the result below
  view.begin();
  result.focus({ preventScroll: true });
  result.scrollIntoView({ block: "start" });
}

async function save(format, button) {
  const sent = new FormData();
  for (const [name, value] of (checked ?? filled()).entries()) sent.set(name, value);
  sent.set("attested", "yes");
  sent.set("answer", format);
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: sent });
    const disposition = response.headers.get("Content-Disposition");
    if (!response.ok || !disposition) {
      const answered = new DOMParser().parseFromString(await response.text(), "text/html");
      showFault(answered.querySelector("#fault a")?.textContent ?? "The report could not be made.", "file");
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition)[1]);
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch {
    showFault("The service could not be reached. The report was not made.", "file");
  } finally {
    button.disabled = false;
  }
}

async function textOfFile() {
  const sent = checked ?? filled();
  const file = sent.get("file");
  return file ? unpackedText(file) : sent.get("pasted");
}

// As the service does: what is compressed is seen by its first bytes.
async function unpackedText(file) {
  const [first, second, third, fourth] = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (first === 0x1f && second === 0x8b) {
    return new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) {
    throw new Error("no browser uncompresses zstd");
  }
  return file.text();
}

result.addEventListener("click", (event) => {
  const button = event.target.closest("[data-answer]");
  if (button) save(button.dataset.answer, button);
});

// The form

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
fileInput.addEventListener("change", meetNewFile);
attested.addEventListener("change", () => {
  tickUsed = false;
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) {
  drop.addEventListener(name, () => drop.classList.remove("over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length === 0) return;
  fileInput.files = event.dataTransfer.files;
  meetNewFile();
  if (attested.checked) check();
  else attested.focus();
});
pasted.addEventListener("paste", (event) => {
  if (event.clipboardData.getData("text").includes("<AnesthesiaRecord")) meetNewFile();
});
pasted.addEventListener("input", () => {
  if (pasted.value) fileInput.value = ""; // what was given last is meant
});

if (result.querySelector(".verdict")) checked = filled(); // a sample, whose text is in the form
view.begin();
