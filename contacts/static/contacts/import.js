// Keeps an import's progress up to date. Without it the page reloads by itself.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const card = document.querySelector("[data-progress]");
  if (!card) return;
  const bar = card.querySelector("progress");
  const words = card.querySelector("[role=status]");

  async function look() {
    try {
      const answer = await fetch(card.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const now = await answer.json();
      if (now.status !== card.dataset.status) {
        window.location.reload();
        return;
      }
      if (now.total) {
        bar.max = now.total;
        bar.value = now.done;
      }
      words.textContent = now.words;
    } catch {
      // The network or the server is away for a moment; the next look will tell.
    }
    window.setTimeout(look, 1500);
  }

  window.setTimeout(look, 800);
});
