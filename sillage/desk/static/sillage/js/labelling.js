/* Labelling by keyboard: a button names its keys in data-label-key. Without this file the buttons do the same. */
"use strict";

const shortcutsOff = () => localStorage.getItem("sillage.shortcuts") === "off";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || shortcutsOff()) return;
  if (event.target.closest("input:not([type=hidden]), textarea, select, dialog[open]")) return;
  const buttons = [...document.querySelectorAll("[data-label-key]")];
  const button = buttons.find((one) => one.dataset.labelKey.split(" ").includes(event.key));
  if (!button) return;
  event.preventDefault();
  button.click();
});

function prepareLabelling(isNext) {
  for (const hint of document.querySelectorAll("[data-label-hint]")) hint.hidden = shortcutsOff();
  const post = document.querySelector("[data-label-post]");
  if (isNext && post) post.focus();
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "labelling") prepareLabelling(true);
});
document.addEventListener("DOMContentLoaded", () => prepareLabelling(false));
