/* Forms that send themselves once something was chosen; their button is for those without script. */
"use strict";

const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
let walks = false; // by arrow keys from one choice to the next: sent once somebody stays with one
let waits = null;

document.addEventListener("keydown", (event) => {
  walks = ARROWS.includes(event.key);
  if (["Enter", " "].includes(event.key) && waits) send(waits);
});
document.addEventListener("pointerdown", () => { walks = false; });
document.addEventListener("focusout", (event) => {
  const form = waits;
  if (form && event.target.name !== event.relatedTarget?.name) setTimeout(() => send(form)); // the focus has arrived
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sends-itself]");
  if (!form || (event.target.type === "file" && !event.target.files.length)) return;
  if (walks) waits = form;
  else send(form, event.target.type === "file" ? [["file-parts", -1]] : undefined); // what came of a file stands there
});

function send(form, focus) {
  waits = null;
  if (form.dataset.sent) return;
  form.setAttribute("aria-busy", "true");
  keepFocus(focus);
  form.requestSubmit();
}

/* The first rows of a file are wider than their box: the column that is chosen for is shown whole. */
document.addEventListener("focusin", (event) => {
  if (event.target.matches(".table-box *")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
