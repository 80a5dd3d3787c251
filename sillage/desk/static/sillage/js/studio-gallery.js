/* The gallery of variants by keyboard, and rows for facts without a new page. Without this file all works by its buttons. */
"use strict";

const galleryKeys = { f: "[data-favourite]", c: "[data-compare]", w: "[data-write]", "+": "[data-more]", "-": "[data-less]" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("sillage.shortcuts") === "off") return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  const card = document.activeElement.closest(".variant");
  const wanted = card && galleryKeys[event.key] && card.querySelector(galleryKeys[event.key]);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
});

/* a card that was exchanged keeps the place of whoever walks by keyboard */
document.addEventListener("htmx:afterSwap", (event) => {
  const card = event.detail.elt.closest?.(".variant");
  if (card) card.querySelector("[data-favourite]")?.focus();
});

function countCompared() {
  const told = document.querySelector("[data-compared]");
  if (!told) return;
  const ticked = new Set([...document.querySelectorAll("[data-compare]:checked")].map((box) => box.value));
  if (!told.dataset.plain) told.dataset.plain = told.textContent;
  told.textContent = ticked.size ? `${told.dataset.plain} ${ticked.size} / 4` : told.dataset.plain;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-compare]")) countCompared();
});

document.addEventListener("click", (event) => {
  const more = event.target.closest("[data-more-facts]");
  const rows = document.querySelector("[data-fact-rows]");
  if (!more || !rows || rows.children.length >= 20) return;
  event.preventDefault();
  const row = rows.lastElementChild.cloneNode(true);
  for (const field of row.querySelectorAll("textarea, input")) field.value = "";
  const label = row.querySelector(".field__label");
  label.textContent = label.textContent.replace(/\d+/, String(rows.children.length + 1));
  rows.append(row);
  row.querySelector("textarea").focus();
});

document.addEventListener("DOMContentLoaded", () => {
  for (const keys of document.querySelectorAll("[data-keys]")) {
    keys.hidden = localStorage.getItem("sillage.shortcuts") === "off";
  }
  countCompared();
});
