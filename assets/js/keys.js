/* Keys: Ctrl/Cmd K everywhere; single letters where the person wants them and is not typing; arrows in menus. */
"use strict";

let before = "";

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    if (openDialog("search")) event.preventDefault();
    return;
  }
  if (walk(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!document.body.dataset.keys || isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const pair = `${before} ${event.key}`.trim();
  before = event.key === "g" ? "g" : "";
  if (event.key === "?" && openDialog("help")) event.preventDefault();
  document.querySelector(`.nav a[data-key="${CSS.escape(pair)}"]`)?.click();
});

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

/* Arrows walk through a menu or what was found; Home and End go to its ends. */
function walk(event) {
  const list = event.target.closest("[data-menu], .search-dialog");
  if (!list || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return false;
  const field = list.querySelector("input[type=search]");
  if (event.target === field && ["Home", "End"].includes(event.key)) return false;
  const stops = [...list.querySelectorAll("a, button:not([data-close]), input[type=search]")];
  const at = stops.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  stops[(to + stops.length) % stops.length]?.focus();
  event.preventDefault();
  return true;
}

document.addEventListener("toggle", (event) => {
  if (event.newState === "open" && event.target.matches?.("[data-menu]")) event.target.querySelector("a, button")?.focus();
}, true);

document.addEventListener("DOMContentLoaded", () => {
  if (!/Mac|iPhone|iPad/.test(navigator.platform)) return;
  document.querySelectorAll("kbd[data-keys]").forEach((keys) => { keys.textContent = "⌘ K"; });
});
