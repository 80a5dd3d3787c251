// A time in the words plays the sound from there. Without this script the link opens the sound at that time.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-play]");
  const player = document.querySelector("[data-player]");
  if (!link || !player || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  player.currentTime = Number(link.dataset.play);
  player.play().catch(() => player.focus());
});
