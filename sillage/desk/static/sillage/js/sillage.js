/* What HTML and htmx do not do by themselves. Everything here improves a page that works without it. */
"use strict";

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/* theme: kept in a cookie, so that the server writes it into the page and nothing flashes */
function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function switchTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  const year = 365 * 24 * 3600;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `sillage_theme=${root.dataset.theme}; Path=/; Max-Age=${year}; SameSite=Lax${secure}`;
}

/* sliders: the figure beside them and the filled part of the track */
function showSlider(input) {
  const low = Number(input.min || 0);
  const high = Number(input.max || 100);
  input.style.setProperty("--filled", `${(100 * (Number(input.value) - low)) / (high - low)}%`);
  const output = document.querySelector(`output[for="${input.id}"]`);
  const decimals = (input.step.split(".")[1] || "").length;
  const written = "percent" in input.dataset ? { style: "percent" } : { minimumFractionDigits: decimals };
  if (output) output.value = Number(input.value).toLocaleString(root.lang, written);
}

/* boxes that choose what is compared: how many are ticked, and no more than fit side by side */
function showPicks(form) {
  const boxes = [...form.elements].filter((element) => element.type === "checkbox");
  const picked = boxes.filter((box) => box.checked).length;
  const most = Number(form.dataset.picks);
  const compare = form.querySelector("[data-compare]"); // where more can be done than compare, more can be ticked
  if (compare) compare.disabled = picked > most;
  else for (const box of boxes) box.disabled = !box.checked && picked >= most;
  const count = form.querySelector("[data-picked]");
  count.hidden = picked === 0;
  count.textContent = compare ? picked : `${picked} / ${most}`;
  const everybody = document.querySelector("[data-pick-all]");
  if (everybody) everybody.checked = picked > 0 && picked === boxes.length;
}

function pickAll(everybody) {
  const boxes = all('input[name="a"]', everybody.closest("table"));
  for (const box of boxes) box.checked = everybody.checked;
  if (boxes.length) showPicks(boxes[0].form);
}

/* a button whose answer takes a while says so, and is not pressed twice */
function showBusy(button) {
  if (!button?.dataset.busy || button.ariaBusy === "true") return;
  button.dataset.idle = button.lastChild.textContent;
  button.lastChild.textContent = button.dataset.busy;
  button.ariaBusy = "true";
}

function showIdle(button) {
  button.lastChild.textContent = button.dataset.idle;
  button.ariaBusy = null;
}

/* tables that become cards keep their meaning for screen readers */
function keepTableRoles(table) {
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
  for (const element of [table, ...all("thead, tbody, tr, td", table)]) {
    element.setAttribute("role", roles[element.localName]);
  }
  for (const th of all("th", table)) th.setAttribute("role", th.scope === "row" ? "rowheader" : "columnheader");
}

function prepare(within) {
  for (const hidden of all("[data-copy], [data-theme-switch], [data-open], [data-pick-all]", within)) hidden.hidden = false;
  for (const button of all(".toasts [data-dismiss]")) button.hidden = false;
  for (const input of all('input[type="range"]', within)) showSlider(input);
  for (const form of all("form[data-picks]")) showPicks(form);
  for (const table of all("table.table--stack", within)) keepTableRoles(table);
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.querySelector("span").textContent = button.dataset.copied;
}

function closeMenus(except) {
  for (const menu of all("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
}

/* keyboard: g and a letter goes somewhere, / searches, j and k walk along a list, ? explains. Can be switched off. */
const shortcutsKey = "sillage.shortcuts";
const shortcutsAreOn = () => localStorage.getItem(shortcutsKey) !== "off";
let goPressedAt = -Infinity;

function walk(step) {
  const lines = all("[data-line] a[href], tr[data-line] a[href]").filter(
    (link, at, links) => links.findIndex((other) => other.closest("[data-line]") === link.closest("[data-line]")) === at
  );
  if (!lines.length) return;
  const here = lines.findIndex((link) => link.closest("[data-line]").contains(document.activeElement));
  lines[Math.min(lines.length - 1, Math.max(0, here + step))].focus();
}

function pressed(event) {
  const typing = event.target.closest("input:not([type=checkbox], [type=range]), textarea, select, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !shortcutsAreOn()) return;
  const afterGo = event.timeStamp - goPressedAt < 1200;
  goPressedAt = -Infinity;
  if (afterGo) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) link.click();
  } else if (event.key === "g") {
    goPressedAt = event.timeStamp;
  } else if (event.key === "/") {
    const box = document.querySelector('input[type="search"]');
    if (box) {
      event.preventDefault();
      box.focus();
    }
  } else if (event.key === "?") {
    document.getElementById("shortcuts").showModal();
  } else if (event.key === "j" || event.key === "k") {
    walk(event.key === "j" ? 1 : -1);
  }
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.closest("[data-theme-switch]")) switchTheme();
  const copied = target.closest("[data-copy]");
  if (copied) copy(copied);
  const dismissed = target.closest("[data-dismiss]");
  if (dismissed) dismissed.closest(".notice").remove();
  const opener = target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  if (target.localName === "dialog") target.close();
  closeMenus(target);
});

document.addEventListener("input", (event) => {
  if (event.target.matches('input[type="range"]')) showSlider(event.target);
});

document.addEventListener("change", (event) => {
  if (event.target.form?.dataset.picks) showPicks(event.target.form);
  if (event.target.matches("[data-pick-all]")) pickAll(event.target);
  if (event.target.matches("[data-shortcuts-switch]")) {
    localStorage.setItem(shortcutsKey, event.target.checked ? "on" : "off");
  }
});

document.addEventListener("submit", (event) => {
  if (event.submitter?.ariaBusy === "true") event.preventDefault();
  else if (!event.defaultPrevented) showBusy(event.submitter);
});

/* a page that the browser kept, and shows again when one goes back */
window.addEventListener("pageshow", () => {
  for (const button of all("[aria-busy='true'][data-busy]")) showIdle(button);
  for (const form of all("form[data-picks]")) showPicks(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  } else {
    pressed(event);
  }
});

/* a region that is fetched anew stays scrolled as it was */
let scrolled = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const region = detail.target?.querySelector("[data-stays]");
  scrolled = region ? [region.scrollLeft, region.scrollTop] : null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const region = document.querySelector("[data-stays]");
  if (region && scrolled) region.scrollTo(...scrolled);
  const target = event.detail.target;
  if (target?.id === "dialog-body" && !target.closest("dialog").open) target.closest("dialog").showModal();
});
/* a form that asks leaves out what is empty, so that addresses stay short */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  const given = [...detail.formData].filter(([, value]) => value !== "");
  for (const name of [...detail.formData.keys()]) detail.formData.delete(name);
  for (const [name, value] of given) detail.formData.append(name, value);
});

document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

document.addEventListener("DOMContentLoaded", () => {
  const choice = document.querySelector("[data-shortcuts-switch]");
  if (choice) choice.checked = shortcutsAreOn();
  prepare(document);
});
