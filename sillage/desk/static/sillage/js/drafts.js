/* Drafts: words marked with the pointer go into the form of a new thread; a file that is too large is told before it is sent. */
"use strict";

/* Characters as the server counts them: an emoji is one. */
const counted = (text) => Array.from(text).length;

function offsetIn(container, node, offset) {
  const range = document.createRange();
  range.setStart(container, 0);
  range.setEnd(node, offset);
  return counted(range.toString());
}

function formOf(container) {
  const around = container.closest(".guest-card") || document;
  return around.querySelector("[data-thread-form]");
}

document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const from = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer;
  const container = from.closest?.("[data-draft-text]");
  const form = container && container.contains(range.endContainer) && formOf(container);
  if (!form || !range.toString().trim()) return;
  form.elements.quote.value = range.toString();
  form.elements.starts.value = offsetIn(container, range.startContainer, range.startOffset);
  form.elements.ends.value = offsetIn(container, range.endContainer, range.endOffset);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-thread-form]");
  if (form && event.target.name === "quote") form.elements.starts.value = form.elements.ends.value = "";
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form || event.target.type !== "file") return;
  const large = [...event.target.files].some((file) => file.size > Number(form.dataset.most));
  event.target.setCustomValidity(large ? form.dataset.tooLarge : "");
  event.target.reportValidity();
});
