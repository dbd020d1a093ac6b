/* The frame: dialogs, toasts, busy buttons, clocks, copying, keys. Every page works without it. */
"use strict";

document.documentElement.classList.add("scripted");

/* Dialogs: a control with data-dialog="id" opens it; its own address or form stays for those without script. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey && openDialog(opener.dataset.dialog)) event.preventDefault();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches("dialog[open]") && isOutside(event.target, event)) event.target.close();
  if (event.target.closest("[data-close-toast]")) event.target.closest(".toast").remove();
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog?.showModal) return false;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input[type=search]")?.select();
  return true;
}

function isOutside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/* One polite voice for what changed. */
function say(text) {
  const said = document.getElementById("said");
  if (said) said.textContent = text;
}

/* A form is sent once; its button keeps its width and says what is happening. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  const button = event.submitter;
  setTimeout(() => {
    if (!button?.isConnected) return;
    button.style.minWidth = `${button.offsetWidth}px`;
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) button.querySelector("span").textContent = button.dataset.busy;
  });
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form");
  if (form) delete form.dataset.sent;
});

/* Filters, and forms that wait for one choice, send themselves; their button is for those without script. Who walks
   through the choices by keys is not sent away by each of them: it goes once somebody stays with one. */
const SENT = "[data-filters], form[data-sends-itself]";
let walks = false;
let waits = null;

document.addEventListener("keydown", (event) => {
  const presses = event.key === "Enter" || event.key === " ";
  walks = !presses;
  if (waits && presses && !(event.key === " " && event.target.matches("select"))) sendItself(waits);
});
document.addEventListener("pointerdown", () => { walks = false; });
document.addEventListener("focusout", (event) => {
  const form = waits;
  if (form && event.target.name !== event.relatedTarget?.name) setTimeout(() => sendItself(form)); // the focus has arrived
});
document.addEventListener("change", (event) => {
  const form = event.target.closest(SENT);
  const isFile = event.target.type === "file";
  if (!form || (isFile && !event.target.files.length)) return;
  if (walks && !isFile) waits = form;
  else sendItself(form, isFile ? [["file-parts", -1]] : undefined); // what came of a file stands there
});

function sendItself(form, focus) {
  waits = null;
  if (form.dataset.sent || !form.isConnected) return;
  form.setAttribute("aria-busy", "true");
  keepFocus(focus);
  form.requestSubmit();
}

/* Toasts go after ten seconds, unless somebody points at them or is in them. */
function watchToast(toast) {
  let left = 10;
  const timer = setInterval(() => {
    if (!toast.isConnected) return clearInterval(timer);
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    if (left <= 0) { toast.remove(); clearInterval(timer); }
  }, 1000);
}

/* Clocks say what is left. */
function tick() {
  document.querySelectorAll("[data-clock]").forEach((clock) => {
    const minutes = Math.max(0, Math.floor((new Date(clock.dateTime) - Date.now()) / 60000));
    if (minutes < 2880) clock.textContent = spell(minutes);
  });
}

function spell(minutes) {
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  navigator.clipboard.writeText(source.value ?? source.textContent).then(() => {
    const words = button.querySelector("span");
    const before = words.textContent;
    words.textContent = button.dataset.done;
    say(button.dataset.done);
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}

/* Uploads name the file that was chosen, and take one that is dropped. */
function watchUpload(place) {
  const input = place.querySelector("input");
  const name = place.querySelector("[data-upload-name]");
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    name.textContent = [...input.files].map((file) => `${file.name}, ${size(file.size)}`).join("; ");
    place.classList.add("chosen");
  });
  for (const kind of ["dragenter", "dragover"]) place.addEventListener(kind, () => place.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("over"));
}

function size(bytes) {
  const locale = document.documentElement.lang;
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1000).toLocaleString(locale)} kB`;
  return `${(bytes / 1e6).toLocaleString(locale, { maximumFractionDigits: 1 })} MB`;
}

/* A field that was refused is not red any more once something else stands in it. */
document.addEventListener("input", (event) => {
  const place = event.target.closest?.(".field.wrong");
  if (!place || !event.target.value) return;
  place.classList.remove("wrong");
  place.querySelector(".error")?.setAttribute("hidden", "");
  place.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
});

/* A part that could not be fetched: the page stays as it is, and a banner says so. */
document.addEventListener("htmx:before:swap", (event) => {
  const context = event.detail?.ctx;
  const status = context?.response?.status ?? 200;
  if (status < 400 || status === 422) return;
  event.preventDefault();
  const told = new DOMParser().parseFromString(context.text ?? "", "text/html").querySelector("[data-error]");
  fail(told?.textContent);
});
document.addEventListener("htmx:error", () => fail());

function fail(sentence) {
  const banner = document.getElementById("failed")?.content.firstElementChild?.cloneNode(true);
  if (!banner || document.querySelector("#content > [data-failed]")) return;
  banner.dataset.failed = "1";
  if (sentence) banner.querySelector("p").textContent = sentence;
  document.getElementById("content")?.prepend(banner);
}

/* What arrives, now or with a part of a page. */
function arrive(root) {
  for (const found of root.querySelectorAll("[data-focus]")) found.focus();
  root.querySelectorAll("[data-toast]").forEach((toast) => once(toast, watchToast));
  root.querySelectorAll("[data-upload]").forEach((place) => once(place, watchUpload));
  root.querySelectorAll("[data-money]").forEach((input) => once(input, watchMoney));
  root.querySelectorAll("textarea[data-count]").forEach((area) => once(area, watchLength));
  tick();
}

function once(element, watch) {
  if (element.dataset.watched) return;
  element.dataset.watched = "1";
  watch(element);
}

function watchLength(area) {
  const left = document.createElement("small");
  left.className = "quiet figures";
  area.after(left);
  const show = () => { left.textContent = `${area.value.length} / ${area.maxLength}`; };
  area.addEventListener("input", show);
  show();
}

/* Where a part is replaced, whoever stood in it stays: on the same control, else on the heading that is there now. */
const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
const STOOD = "stood";
let stood = [];

function whereFocusIs() {
  const places = [], here = document.activeElement;
  for (let at = here; at && at !== document.body; at = at.parentElement)
    if (at.id) places.push([at.id, [...at.querySelectorAll(STOPS)].indexOf(here)]);
  return places;
}

function returnFocus(places) {
  if (document.activeElement !== document.body) return;
  for (const [id, number] of places) {
    const part = document.getElementById(id);
    if (!part?.checkVisibility()) continue;
    const stop = part.querySelectorAll(STOPS)[number] ?? (part.matches(STOPS) ? part : part.querySelector("h1, h2, h3") ?? part);
    if (!stop.matches(STOPS)) stop.tabIndex = -1;
    return stop.focus();
  }
}

/* For a form that sends itself: the page comes anew, and the focus goes where it was. */
function keepFocus(places = whereFocusIs()) {
  sessionStorage.setItem(STOOD, JSON.stringify(places));
}

document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.headers.get("HX-Refresh")) keepFocus(); // the whole page comes anew
});

let wasSeen = false;
document.addEventListener("htmx:before:swap", () => {
  stood = whereFocusIs();
  const place = document.activeElement.getBoundingClientRect();
  wasSeen = place.top >= 0 && place.bottom <= innerHeight;
});

document.addEventListener("DOMContentLoaded", () => {
  arrive(document);
  setInterval(tick, 60000);
});
document.addEventListener("htmx:after:swap", () => {
  arrive(document);
  returnFocus(stood);
  const here = document.activeElement; // what grew above it must not push it behind a bar
  if (wasSeen && here !== document.body) here.scrollIntoView({ block: "nearest" });
});
addEventListener("load", () => { // after the jump to a part that the address names
  returnFocus(JSON.parse(sessionStorage.getItem(STOOD) ?? "[]"));
  sessionStorage.removeItem(STOOD);
});
