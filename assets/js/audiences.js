/* Forms that send themselves once something was chosen; their button is for those without script. */
"use strict";

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sends-itself]");
  if (!form || form.dataset.sent || (event.target.type === "file" && !event.target.files.length)) return;
  form.setAttribute("aria-busy", "true");
  form.requestSubmit();
});
