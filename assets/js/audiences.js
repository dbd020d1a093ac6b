/* The pages of a list. */
"use strict";

/* The first rows of a file are wider than their box: the column that is chosen for is shown whole. */
document.addEventListener("focusin", (event) => {
  if (event.target.matches(".table-box *")) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
