// Setting up a campaign and the brand: fields keep themselves, the preview follows, and a field and the part it
// fills find each other. Without this file the same form is sent as a whole and the preview is a link away.
(() => {
  "use strict";
  const TYPING = 120; // ms after the last key
  const form = document.querySelector("form[data-saves]");
  const frame = () => document.getElementById("preview-frame");
  const inside = () => { try { return frame()?.contentDocument; } catch { return null; } };
  const at = (id) => document.getElementById(id);

  // Keeping one field after another; of a field that changes again meanwhile only the last state is sent.
  const waiting = new Set();
  let timer = 0, busy = false, back = "";

  function later(name, wait) {
    waiting.add(name);
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  }

  async function keep() {
    if (busy || !waiting.size) return;
    const names = [...waiting], whole = new FormData(form), sent = new FormData();
    waiting.clear();
    for (const name of ["csrf_token", "request_key", "locale", ...names])
      for (const value of whole.getAll(name)) sent.append(name, value);
    if (back) sent.append("original", back);
    const returned = back;
    back = "";
    busy = true;
    let lost = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent, headers: { "X-Saved-Field": "1" } });
      if (answer.redirected) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status >= 500) throw new Error(answer.status);
      if (answer.status !== 200 && answer.status !== 422) return location.reload();
      for (const name of names) explain(name, page);
      if (returned) restore(`region-${returned}`, page);
      renew(page);
      if (answer.ok) await refresh();
      else say();
    } catch {
      lost = true;
      for (const name of names) waiting.add(name);
      say();
      clearTimeout(timer);
      timer = setTimeout(keep, 4000);
    } finally {
      busy = false;
      if (waiting.size && !lost) keep();
    }
  }

  function say() {
    const saved = at("setup-saved");
    if (saved) saved.textContent = saved.dataset.failed;
  }

  // What the server says of the page now; what is being used stays as it is.
  function renew(page) {
    for (const part of document.querySelectorAll("[data-live][id]")) {
      const now = page.getElementById(part.id), used = part.contains(document.activeElement) && document.activeElement;
      if (!now || part.innerHTML === now.innerHTML || (used && used.type !== "file")) continue;
      part.replaceWith(document.adoptNode(now));
      arrive(now); // of app.js: uploads name their file
      if (used) at(used.id)?.focus();
    }
  }

  function explain(name, page) {
    const box = at(`${name}-field`), now = page.getElementById(`${name}-field`);
    if (!box || !now) return;
    const input = box.querySelector(`[name="${CSS.escape(name)}"]`), error = now.querySelector(".error");
    box.querySelector(".error")?.remove();
    box.classList.toggle("wrong", !!error);
    if (error) (box.querySelector(".affixed") || box.querySelector("input, textarea, select")).before(error.cloneNode(true));
    if (!input) return;
    const described = now.querySelector(`[name="${CSS.escape(name)}"]`)?.getAttribute("aria-describedby");
    if (described) input.setAttribute("aria-describedby", described);
    else input.removeAttribute("aria-describedby");
    if (error) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  function restore(name, page) {
    const input = at(name), now = page.getElementById(name);
    if (input && now && input.type !== "file") { input.value = now.value; count(input); }
  }

  // The preview: the same document gets the new content, so that it keeps its place and nothing flashes.
  let drawn = 0;
  async function refresh() {
    const document_ = inside();
    if (!document_) return;
    const mine = ++drawn;
    const answer = await fetch(frame().src, { cache: "no-store" });
    if (!answer.ok || mine !== drawn) return;
    const html = await answer.text();
    const top = document_.scrollingElement?.scrollTop ?? 0;
    // As text: parsed in this page its styles would break this page's policy.
    document_.documentElement.innerHTML = html.slice(html.indexOf("<head"), html.lastIndexOf("</html>"));
    const inbox = document_.querySelector("head > template")?.content.firstElementChild;
    if (inbox && at("preview-inbox")) at("preview-inbox").replaceWith(document.adoptNode(inbox));
    if (document_.scrollingElement) document_.scrollingElement.scrollTop = top;
    mark(false);
  }

  // A field and its part.
  let edited = "";
  const regionOf = (element) =>
    [...(element?.closest?.('[class*="rg-"]')?.classList ?? [])].find((name) => name.startsWith("rg-"))?.slice(3);

  function mark(scrolls) {
    const document_ = inside();
    if (!document_) return;
    document_.querySelectorAll("[data-edited]").forEach((part) => part.removeAttribute("data-edited"));
    const part = edited && document_.querySelector(`.rg-${CSS.escape(edited)}`);
    if (!part) return;
    part.setAttribute("data-edited", "");
    const place = part.getBoundingClientRect(), height = frame().clientHeight;
    // Not scrollIntoView: that would move this page as well.
    if (scrolls && (place.top < 0 || place.bottom > height))
      document_.scrollingElement.scrollTop += place.top - (height - place.height) / 2;
  }

  function look(event) {
    const own = event.target.closest?.("[data-region]");
    if (!own) { edited = ""; return mark(false); }
    edited = own.dataset.region;
    const wanted = own.closest("[data-part]")?.dataset.part, shown = frame()?.dataset.part;
    const there = inside()?.querySelector(`.rg-${CSS.escape(edited)}`);
    if (!there && wanted && wanted !== shown) document.querySelector(`a[data-show="${CSS.escape(wanted)}"]`)?.click();
    else mark(true);
  }

  function touched(event) {
    const name = regionOf(event.target);
    if (event.target.closest("a, button, input, label, select, summary")) event.preventDefault();
    const own = name && document.querySelector(`[data-region="${CSS.escape(name)}"]`);
    if (!own) return;
    event.preventDefault();
    const sheet = at("preview");
    if (sheet?.matches(":popover-open")) sheet.hidePopover();
    own.closest("details")?.setAttribute("open", "");
    (own.matches("[tabindex]") ? own : own.querySelector("input:not([type=hidden]), textarea, select"))?.focus();
  }

  function listen() {
    const document_ = inside();
    if (!document_ || document_.heard) return;
    document_.heard = true;
    document_.addEventListener("click", touched);
    mark(true);
  }

  document.addEventListener("load", (event) => { if (event.target === frame()) listen(); }, true);
  document.addEventListener("focusin", look);
  if (inside()?.readyState === "complete") listen();

  // How many characters of how many.
  function count(input) {
    const most = Number(input.dataset.limit);
    if (!most) return;
    let shown = input.parentElement.querySelector(".counter");
    if (!shown) {
      shown = document.createElement("p");
      shown.className = "counter";
      shown.setAttribute("aria-hidden", "true");
      input.after(shown);
    }
    const text = input.value.normalize("NFC").replace(/\r\n/g, "\n").trim();
    const plain = text.replace(/\[([^[\]\n]+)\]\([^()\s]+\)/g, "$1").replace(/\*\*([^*\n]+)\*\*/g, "$1");
    const length = [...plain].length;
    shown.textContent = `${length} / ${most}`;
    shown.classList.toggle("over", length > most);
  }

  if (!form) return;
  form.querySelectorAll("[data-limit]").forEach(count);
  form.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches("[data-save]") || input.type === "file") return;
    if (input.dataset.picks) at("colour-own-choice") ? (at("colour-own-choice").checked = true) : (at("colour").checked = true);
    if (input.dataset.picks) waiting.add("colour");
    count(input);
    later(input.name, input.matches("[type=radio], [type=checkbox]") ? 0 : TYPING);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-save][type=file]") && event.target.files.length) later(event.target.name, 0);
    else if (event.target.matches("[data-save]") && waiting.size) later(event.target.name, 0);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="original"]');
    if (!button) return;
    event.preventDefault();
    back = button.value;
    later(`region-${back}`, 0);
    at(`region-${back}`)?.focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    keep();
  });
})();
