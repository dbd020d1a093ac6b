/* Money fields say what was understood; the server reads the same way (tcma/money.py) and decides. */
"use strict";

function watchMoney(input) {
  const said = document.getElementById(`${input.id}-understood`);
  const currency = input.dataset.money;
  const locale = document.documentElement.lang === "de" ? "de-CH" : "en-GB";
  const form = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "code" });
  const places = form.resolvedOptions().maximumFractionDigits;
  const show = () => {
    const amount = readAmount(input.value, places);
    said.textContent = amount === null ? "" : form.format(amount);
  };
  input.addEventListener("input", show);
  if (!said.textContent.trim()) show();
}

/* 1000, 1'000, 1.000,00 and 1,000.00: a separator groups when exactly three digits follow each one. */
function readAmount(typed, places) {
  const text = typed.trim().replaceAll("’", "'").replaceAll("\u00a0", " ");
  const plain = /^(\d+)(?:[.,](\d+))?$/.exec(text);
  if (plain && !(plain[2]?.length === 3 && places !== 3)) return number(plain[1], plain[2], places);
  const grouped = /^(\d{1,3}(?:([ '.,])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?$/.exec(text);
  if (!grouped || grouped[3] === grouped[2]) return null;
  return number(grouped[1].replaceAll(grouped[2], ""), grouped[4], places);
}

function number(whole, part = "", places = 2) {
  return whole.length > 15 || part.length > places ? null : Number(`${whole}.${part || 0}`);
}
