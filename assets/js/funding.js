/* The certificate on paper: its button opens the browser's own print dialog. */
"use strict";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
