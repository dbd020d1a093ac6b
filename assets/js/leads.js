/* Leads: the list selects beside itself on wide screens, small forms open in place, calls are kept, keys, clocks. */
"use strict";

const wide = matchMedia("(min-width: 901px)");

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-wide]");
  if (row && wide.matches && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    location.assign(row.dataset.wide);
  }
  const opener = event.target.closest("[data-in-place]");
  if (opener && wide.matches && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openInPlace(opener);
  }
  const cancel = event.target.closest(".deed-place [data-cancel]");
  if (cancel) { event.preventDefault(); closeDeed(); }
  const way = event.target.closest("[data-attempt]");
  if (way) keepAttempt(way);
});

/* The small form is asked for at its own address; without an answer the browser goes there. */
async function openInPlace(opener) {
  const place = document.querySelector(".deed-place");
  try {
    const answer = await fetch(opener.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(document.adoptNode(page.getElementById("deed")));
  } catch {
    location.assign(opener.href);
    return;
  }
  place.dataset.opener = opener.id;
  arrive(place);
  (place.querySelector("[data-first], input:checked, input:not([type=hidden])") ?? place.querySelector("button")).focus();
}

function closeDeed() {
  const place = document.querySelector(".deed-place");
  if (!place?.firstElementChild) return false;
  place.replaceChildren();
  document.getElementById(place.dataset.opener)?.focus();
  return true;
}

/* Kept with what the page's forms carry; the call itself waits for nothing. */
function keepAttempt(way) {
  const kept = document.querySelector("#note-form, .press");
  if (!kept) return;
  const form = new FormData();
  form.set("csrf_token", kept.elements.csrf_token.value);
  form.set("request_key", crypto.randomUUID());
  form.set("how", way.dataset.attempt);
  fetch(way.dataset.log, { method: "POST", body: form, keepalive: true, redirect: "manual" });
}

document.addEventListener("keydown", (event) => {
  const inbox = document.querySelector("[data-inbox]");
  if (!inbox && !document.getElementById("lead")) return;
  if (event.key === "Escape") {
    if (closeDeed()) return;
    if (!isTyping(event.target)) document.querySelector(".inbox-row.here > a")?.focus();
    return;
  }
  if (event.altKey || event.defaultPrevented || !document.body.dataset.keys || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key !== "z") return;
  if (key === "u" || key === "z") {
    if (key === "z" && !(event.ctrlKey || event.metaKey)) return;
    document.querySelector(".toast form")?.requestSubmit();
  } else if (key === "/" && inbox) document.getElementById("leads-search")?.focus();
  else if ("jk".includes(key) && inbox) step(key === "j" ? 1 : -1);
  else if (["arrowdown", "arrowup"].includes(key) && event.target.closest(".inbox-rows")) step(key === "arrowdown" ? 1 : -1);
  else if (key === "enter" && wide.matches && event.target.matches(".inbox-row.here > a, body")) document.getElementById("lead")?.focus();
  else if ("acqnbwl".includes(key)) {
    const found = document.querySelector(`.lead-steps [data-step="${key}"]`);
    if (!found) return;
    found.matches("form") ? found.requestSubmit() : found.click();
  } else return;
  event.preventDefault();
});

function step(by) {
  const rows = [...document.querySelectorAll(".inbox-row > a")];
  const at = rows.findIndex((row) => row.parentElement.classList.contains("here"));
  const to = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  if (to && to !== rows[at]) location.assign(to.dataset.wide);
}

/* Minutes of working time, while it passes. */
const since = Date.now();
setInterval(() => {
  const passed = Math.floor((Date.now() - since) / 60000);
  document.querySelectorAll("[data-left]").forEach((clock) => {
    clock.textContent = clock.dataset.words.replace("{}", spell(Math.max(0, clock.dataset.left - passed)));
  });
}, 60000);

/* An amount is asked for where it was sold. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-outcome]") && event.target.value === "won") event.target.form.elements.amount.focus();
});

document.addEventListener("DOMContentLoaded", () => {
  const here = document.querySelector(".inbox-row.here");
  if (here && wide.matches) {
    here.scrollIntoView({ block: "nearest" });
    if (!document.activeElement || document.activeElement === document.body) here.querySelector("a").focus({ preventScroll: true });
  }
});
