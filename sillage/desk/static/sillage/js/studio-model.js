/* A language model's answer as it comes, and a button that stops it. Without this, the form is sent and the page waits. */
"use strict";

(() => {
  let running = null;

  const parts = (form) => {
    const around = form.closest("[data-model]");
    const find = (name) => around.querySelector(`[data-model-${name}]`);
    return { go: find("go"), stop: find("stop"), answer: find("answer"), state: find("state"), words: find("words"), unchecked: find("unchecked") };
  };

  function show(form, isRunning) {
    const { go, stop, answer } = parts(form);
    go.disabled = isRunning;
    stop.hidden = !isRunning;
    answer.hidden = false;
    answer.setAttribute("aria-busy", String(isRunning));
    if (isRunning) stop.focus();
  }

  /* one JSON object per line, however the network cuts them */
  async function* linesOf(stream) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const cut = (rest + value).split("\n");
      rest = cut.pop();
      for (const one of cut) if (one) yield JSON.parse(one);
    }
  }

  function finish(form, told) {
    if (form.dataset.panelAddress) {
      const words = document.getElementById("words");
      window.htmx
        .ajax("POST", form.dataset.panelAddress, { target: "#panel", swap: "innerHTML", values: { body: words ? words.value : "" } })
        .then(() => {
          const panel = document.querySelector("[data-model]");
          const note = document.createElement("p");
          note.className = "small";
          note.setAttribute("role", "status");
          note.textContent = told.said;
          panel?.prepend(note);
          document.getElementById("panel")?.focus();
        });
    } else {
      window.location.assign(told.next);
    }
  }

  async function ask(form) {
    const { state, words, unchecked } = parts(form);
    const fields = new URLSearchParams(new FormData(form));
    const typed = document.getElementById("words");
    if (form.dataset.panelAddress && typed) fields.set("body", typed.value);
    running = new AbortController();
    words.textContent = "";
    unchecked.hidden = true;
    state.textContent = form.dataset.waiting;
    show(form, true);
    let end = null;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/x-ndjson", "X-CSRFToken": fields.get("csrfmiddlewaretoken") },
        body: fields,
        redirect: "error",
        signal: running.signal,
      });
      for await (const told of linesOf(answer.body)) {
        if (told.kind === "texts") {
          words.textContent = told.texts.join("\n\n");
          unchecked.hidden = false;
        } else if (told.kind !== "waiting") end = told;
      }
      if (end === null) throw new Error("no end");
      state.textContent = end.kind === "failed" ? `${end.message} ${end.hint}` : end.said;
    } catch {
      state.textContent = running.signal.aborted ? form.dataset.stopped : form.dataset.failed;
      words.textContent = "";
    }
    running = null;
    unchecked.hidden = true;
    if (end?.kind === "failed") words.textContent = "";
    show(form, false);
    if (end?.kind === "ended") finish(form, end);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-model-ask]");
    if (!form || !window.TextDecoderStream) return;
    event.preventDefault();
    if (running === null) ask(form);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-model-stop]")) running?.abort();
  });
  window.addEventListener("pagehide", () => running?.abort());
})();
