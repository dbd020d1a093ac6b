/* While a campaign is sent: the quarters are announced, not every tick. */
"use strict";

let saidQuarter = null;

function announceProgress() {
  const part = document.getElementById("progress");
  if (!part) return;
  const before = saidQuarter;
  saidQuarter = part.dataset.quarter;
  if (before !== null && before !== saidQuarter && part.dataset.said) say(part.dataset.said);
}
document.addEventListener("DOMContentLoaded", announceProgress);
document.addEventListener("htmx:after:swap", announceProgress);
