/* The board: cards are dragged by mouse, or lifted and carried by keyboard. Without this file their forms do the same. */
"use strict";

(() => {
  const board = () => document.querySelector("[data-board]");
  const columns = () => [...board().querySelectorAll("[data-stage]:not([data-card])")];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  let lifted = null; // the card that the keyboard carries
  let over = null; // the column it is over
  let dragged = null; // the card that the mouse carries

  const say = (text) => {
    const line = document.getElementById("board-said");
    if (line) line.textContent = text;
  };
  const lawful = (card, column) => card.dataset.moves.split(" ").includes(column.dataset.stage);

  function prepare(within) {
    countTicked();
    if (!board()) return;
    for (const card of within.querySelectorAll("[data-card]")) {
      if (!card.closest("[data-board]")) continue;
      card.draggable = true;
      const grip = card.querySelector("[data-grip]");
      if (grip) grip.hidden = false;
    }
  }

  function showTargets(card) {
    board().dataset.moving = "";
    for (const column of columns()) column.classList.toggle("may-drop", lawful(card, column));
  }

  function hideTargets() {
    if (!board()) return;
    delete board().dataset.moving;
    for (const column of columns()) column.classList.remove("may-drop", "is-over");
  }

  /* the server decides: an unlawful move comes back as a refusal in words */
  function move(card, column) {
    if (card.dataset.stage === column.dataset.stage) return;
    if (column.dataset.stage === "closed" && card.dataset.stage !== "reported" && lawful(card, column)) {
      askWhy(card, column);
    } else {
      send(card, column, "");
    }
  }

  function send(card, column, reason) {
    const form = card.querySelector("[data-move]");
    const values = { to: column.dataset.stage, version: card.dataset.version, reason };
    htmx.ajax("POST", form.getAttribute("hx-post"), { source: form, values });
  }

  function askWhy(card, column) {
    const dialog = document.getElementById("closing");
    const form = dialog.querySelector("form");
    form.reset();
    dialog.addEventListener(
      "close",
      () => {
        const reason = form.elements.reason.value.trim();
        if (dialog.returnValue === "close" && reason) send(card, column, reason);
        else card.querySelector("[data-grip]")?.focus();
      },
      { once: true }
    );
    dialog.returnValue = "";
    dialog.showModal();
  }

  /* -- by mouse ---------------------------------------------------------------------------------------------------- */

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-board] [data-card]");
    if (!card) return;
    putDown();
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.called);
    card.classList.add("is-dragged");
    showTargets(card);
  });

  document.addEventListener("dragover", (event) => {
    const column = dragged && event.target.closest?.("[data-board] [data-stage]:not([data-card])");
    if (!column) return;
    event.preventDefault();
    for (const other of columns()) other.classList.toggle("is-over", other === column);
  });

  document.addEventListener("drop", (event) => {
    const column = dragged && event.target.closest?.("[data-board] [data-stage]:not([data-card])");
    if (!column) return;
    event.preventDefault();
    move(dragged, column);
  });

  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    hideTargets();
  });

  /* -- by keyboard ------------------------------------------------------------------------------------------------- */

  function lift(card) {
    lifted = card;
    over = card.closest("[data-stage]:not([data-card])");
    card.classList.add("is-lifted");
    card.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
    showTargets(card);
    say(fill(board().dataset.lifted, { name: card.dataset.called, stage: over.dataset.name }));
  }

  function putDown() {
    if (!lifted) return;
    lifted.classList.remove("is-lifted");
    lifted.querySelector("[data-grip]").removeAttribute("aria-pressed");
    lifted = over = null;
    hideTargets();
  }

  function carry(step) {
    const all = columns();
    over = all[Math.min(all.length - 1, Math.max(0, all.indexOf(over) + step))];
    for (const column of all) column.classList.toggle("is-over", column === over);
    over.scrollIntoView({ block: "nearest", inline: "nearest" });
    const may = lawful(lifted, over) || over.dataset.stage === lifted.dataset.stage;
    say(fill(may ? board().dataset.over : board().dataset.overNot, { stage: over.dataset.name }));
  }

  function drop() {
    const [card, column] = [lifted, over];
    putDown();
    if (card.dataset.stage === column.dataset.stage) say(fill(board().dataset.dropped, { name: card.dataset.called }));
    else move(card, column);
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const grip = event.target.closest?.("[data-board] [data-grip]");
      if (!grip) return;
      const card = grip.closest("[data-card]");
      const keys = {
        " ": () => (lifted === card ? drop() : (putDown(), lift(card))),
        Enter: () => (lifted === card ? drop() : (putDown(), lift(card))),
        ArrowLeft: () => lifted === card && carry(-1),
        ArrowRight: () => lifted === card && carry(1),
        Escape: () => {
          if (lifted !== card) return;
          say(fill(board().dataset.dropped, { name: card.dataset.called }));
          putDown();
        },
      };
      if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.startsWith("Arrow") && lifted !== card) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    },
    true
  );

  document.addEventListener("focusout", (event) => {
    if (lifted && event.target.closest?.("[data-grip]") && document.hasFocus()) putDown();
  });

  /* -- after an answer --------------------------------------------------------------------------------------------- */

  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement ?? document));

  document.addEventListener("htmx:afterRequest", () => {
    const line = document.querySelector("#board-said[data-focus]");
    if (!line) return;
    prepare(document);
    const card = document.getElementById(`card-${line.dataset.focus}`);
    delete line.dataset.focus;
    const grip = card?.querySelector("[data-grip]");
    if (grip && !grip.hidden && grip.offsetParent) grip.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  /* -- ticked cards ------------------------------------------------------------------------------------------------ */

  function countTicked() {
    const form = document.querySelector("[data-bulk]");
    if (!form) return;
    const n = document.querySelectorAll('input[name="c"][form="bulk"]:checked').length;
    const line = form.querySelector("[data-bulk-count]");
    form.hidden = n === 0;
    line.textContent = n === 1 ? line.dataset.one : fill(line.dataset.many, { n });
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches?.('input[name="c"][form="bulk"]')) countTicked();
  });

  document.addEventListener("DOMContentLoaded", () => prepare(document));
})();
