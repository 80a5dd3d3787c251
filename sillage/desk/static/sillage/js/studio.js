/* The writing page: saves as it is typed and says so, keeps a copy in this browser until the server has the words, makes one
   fix when its button is pressed, puts facts at the cursor. The page works without it. */
"use strict";

(() => {
  const page = document.querySelector("[data-writing]");
  const words = document.getElementById("words");
  if (!page || !words) return;
  const form = document.getElementById("writing");
  const stateLine = document.getElementById("state");
  const conflict = document.getElementById("conflict");
  const narrow = window.matchMedia("(max-width: 63.99rem)");
  const QUIET = 900; // ms without a key before words are saved
  const PATIENCE = 5000; // ms after which they are saved while somebody types on, and before another try
  const token = form.elements.csrfmiddlewaretoken.value;
  let version = Number(form.elements.seen.value);
  let saved = words.value;
  let isSaving = false;
  let isStopped = words.readOnly || conflict.childElementCount > 0;
  let timer = 0;
  let waitingSince = 0;

  /* The server counts characters; a textarea counts UTF-16 units: an emoji is one there and two here. */
  const unitAt = (text, at) => Array.from(text).slice(0, at).join("").length;
  const characters = (text) => Array.from(text).length;
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function tell(text, kind = "") {
    stateLine.textContent = text;
    stateLine.dataset.kind = kind;
  }

  /* a copy in this browser, gone as soon as the server has the words */
  function keepLocal() {
    try {
      localStorage.setItem(page.dataset.key, JSON.stringify({ body: words.value, seen: version }));
    } catch {
      /* no room, or none allowed: the server is asked all the same */
    }
  }
  const dropLocal = () => localStorage.removeItem(page.dataset.key);

  async function post(address, fields) {
    const body = new URLSearchParams({ ...fields, body: words.value, seen: String(version) });
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
      body,
      redirect: "manual",
      keepalive: words.value.length < 15000,
    });
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    return { status: answer.status, isSignedOut: answer.type === "opaqueredirect", told: isJson ? await answer.json() : {} };
  }

  function hasSaved(sent, told) {
    saved = sent;
    version = told.version;
    form.elements.seen.value = String(version);
    for (const seen of document.querySelectorAll("[data-restore] [name=seen]")) seen.value = String(version);
    if (words.value === saved) dropLocal();
  }

  async function send(address, fields, said) {
    if (isSaving || isStopped) return;
    isSaving = true;
    clearTimeout(timer);
    waitingSince = 0;
    const sent = words.value;
    tell(page.dataset.saving);
    try {
      const { status, isSignedOut, told } = await post(address, fields);
      if (status === 200) {
        hasSaved(sent, told);
        tell(filled(said, { time: told.saved_at, n: told.kept }));
      } else if (status === 409 && told.html) {
        showConflict(told);
      } else if (isSignedOut || status === 403) {
        tell(page.dataset.signedOut, "bad");
        timer = setTimeout(save, PATIENCE);
      } else if (told.message) {
        tell(`${told.message} ${told.hint || ""}`, "bad");
      } else {
        throw new Error(`answered ${status}`);
      }
    } catch {
      tell(page.dataset.failed, "bad");
      timer = setTimeout(save, PATIENCE);
    } finally {
      isSaving = false;
    }
    if (!isStopped && words.value !== sent) later();
  }

  let pending = Promise.resolve();
  function save() {
    if (words.value !== saved && !isSaving) pending = send(page.dataset.save, {}, page.dataset.saved);
    return pending;
  }

  async function keep() {
    await send(page.dataset.keep, {}, page.dataset.kept);
    const versions = document.querySelector('[data-panel="versions"][aria-current]');
    if (versions) openPanel(versions);
  }

  /* a word about a text is about words that the server has */
  async function saveThen(go) {
    await save();
    if (words.value !== saved) await save();
    if (!isStopped && words.value === saved) go();
  }

  /* of two texts: mine is kept beside, or goes over theirs, which is kept */
  async function settle(how) {
    try {
      const { status, told } = await post(page.dataset.keep, { how, over: form.elements.over.value });
      if (status === 409 && told.html) return showConflict(told);
      if (status !== 200) throw new Error(`answered ${status}`);
      dropLocal();
      location.assign(location.pathname);
    } catch {
      tell(page.dataset.failed, "bad");
    }
  }

  function later() {
    waitingSince ||= Date.now();
    clearTimeout(timer);
    const patience = Math.max(0, PATIENCE - (Date.now() - waitingSince));
    timer = setTimeout(save, Math.min(QUIET, patience));
  }

  function showConflict(told) {
    isStopped = true;
    conflict.innerHTML = told.html;
    keepLocal();
    tell(page.dataset.conflict, "bad");
    conflict.focus();
  }

  /* what the count says */
  const count = document.getElementById("count");
  const lengthOff = document.getElementById("length-off");
  function showCount() {
    const n = characters(words.value);
    const { shortest, longest } = count.dataset;
    count.value = n.toLocaleString(document.documentElement.lang);
    lengthOff.hidden = !longest || (n >= Number(shortest) && n <= Number(longest));
  }

  function typed() {
    showCount();
    keepLocal();
    if (isStopped) return;
    tell(page.dataset.typing);
    later();
  }

  /* changes that a button makes are typed into the field, so that Ctrl+Z takes them back */
  function put(text, start, end) {
    view("words");
    words.focus();
    words.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      words.setRangeText(text, start, end, "end");
      words.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function makeFix(button) {
    const line = button.closest("[data-remark]");
    const start = unitAt(words.value, Number(line.dataset.start));
    const end = unitAt(words.value, Number(line.dataset.end));
    if (words.value.slice(start, end) !== button.dataset.words) return;
    put(button.dataset.fix, start, end);
    line.remove();
  }

  function insert(text) {
    const at = words.selectionStart;
    const before = words.value.slice(0, at);
    const after = words.value.slice(words.selectionEnd);
    const left = before && !/\s$/.test(before) ? " " : "";
    const right = after && !/^[\s.,;:!?…]/.test(after) ? " " : "";
    put(left + text + right, at, words.selectionEnd);
  }

  function select(start, end) {
    view("words");
    words.focus();
    words.setSelectionRange(unitAt(words.value, start), unitAt(words.value, end));
  }

  /* remarks, one after the other */
  let shown = -1;
  function walkRemarks(step) {
    const lines = [...document.querySelectorAll("[data-remark]")].filter((line) => Number(line.dataset.end));
    if (!lines.length) return;
    shown = (shown + step + lines.length) % lines.length;
    for (const line of lines) line.classList.toggle("remark-line--here", line === lines[shown]);
    lines[shown].scrollIntoView({ block: "nearest" });
    select(Number(lines[shown].dataset.start), Number(lines[shown].dataset.end));
  }

  /* panels; on a phone the words are one of them */
  const tabs = [...document.querySelectorAll("[data-panel]")];
  const panelBox = document.getElementById("panel");
  const checksBox = document.getElementById("panel-checks");

  function view(name) {
    page.dataset.view = narrow.matches ? name : "words";
    if (narrow.matches) mark(name === "words" ? tabs[0] : tabs.find((tab) => tab.dataset.panel === opened));
  }

  const mark = (current) => tabs.forEach((tab) => (tab === current ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current")));
  let opened = document.querySelector("[data-panel][aria-current]")?.dataset.panel || "remarks";

  function openPanel(tab) {
    const name = tab.dataset.panel;
    if (name === "words") {
      view("words");
      if (!narrow.matches) words.focus();
      return;
    }
    opened = name;
    checksBox.hidden = name !== "remarks";
    panelBox.hidden = name === "remarks";
    mark(tab);
    view("said");
    if (tab.dataset.load) {
      panelBox.setAttribute("aria-busy", "true");
      window.htmx
        .ajax("POST", tab.dataset.load, { target: panelBox, swap: "innerHTML", values: { body: words.value } })
        .then(() => panelBox.removeAttribute("aria-busy"));
    }
  }

  words.addEventListener("input", typed);
  words.addEventListener("select", () => {
    const box = document.querySelector("[data-comment-form]");
    const marked = words.value.slice(words.selectionStart, words.selectionEnd);
    if (!box || !marked.trim() || marked.length > 500) return;
    box.elements.quote.value = marked;
    box.elements.starts.value = characters(words.value.slice(0, words.selectionStart));
  });
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed?.matches("[data-fix]")) event.preventDefault();
    else if (pressed?.name === "how") {
      event.preventDefault();
      settle(pressed.value);
    } else if (!isStopped && pressed?.matches("[data-save-button]")) {
      event.preventDefault();
      save();
    } else if (!isStopped && pressed?.matches("[data-keep-button]")) {
      event.preventDefault();
      keep();
    } else if (!isStopped && words.value !== saved) {
      event.preventDefault();
      saveThen(() => form.requestSubmit(pressed));
    }
  });

  document.addEventListener("click", (event) => {
    const found = event.target.closest("[data-fix], [data-insert], [data-show], [data-select], [data-panel]");
    if (!found) return;
    if (found.matches("[data-fix]")) makeFix(found);
    else if (found.matches("[data-insert]")) insert(found.dataset.insert);
    else if (found.matches("[data-select]")) select(...found.dataset.select.split("-").map(Number));
    else if (found.matches("[data-show]")) {
      const line = found.closest("[data-remark]");
      select(Number(line.dataset.start), Number(line.dataset.end));
    } else {
      event.preventDefault();
      openPanel(found);
      return;
    }
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      keep();
    } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
      const tab = tabs.find((one) => one.dataset.key === event.code.slice(5));
      if (!tab) return;
      event.preventDefault();
      openPanel(tab);
    } else if (event.key === "F8") {
      event.preventDefault();
      walkRemarks(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && page.querySelector(".writing__said").contains(document.activeElement)) {
      view("words");
      words.focus();
    }
  });

  function showFindings() {
    const list = document.querySelector("[data-findings]");
    if (list) document.getElementById("n-remarks").textContent = list.dataset.count;
    for (const button of document.querySelectorAll("[data-show]")) button.disabled = false;
    shown = -1;
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "findings") showFindings();
  });
  /* an answer about words that have changed since is not shown: the next one is under way */
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  narrow.addEventListener("change", () => view("words"));

  /* words that this browser has and the server has not */
  function restoreLocal() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(page.dataset.key));
    } catch {
      kept = null;
    }
    if (!kept || words.readOnly || isStopped) return;
    if (typeof kept.body !== "string" || kept.body === words.value) return dropLocal();
    words.value = kept.body;
    version = Number(kept.seen);
    form.elements.seen.value = String(version);
    document.getElementById("local").hidden = false;
    words.dispatchEvent(new Event("input", { bubbles: true }));
  }

  showFindings();
  showCount();
  view("words");
  if (!words.readOnly) restoreLocal();
})();
