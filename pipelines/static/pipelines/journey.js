// Copies the lead's link. Without it the address can be marked and copied by hand.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const input = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(input.value);
      const said = document.querySelector("[data-copied]");
      said.textContent = said.dataset.copied;
      said.classList.remove("visually-hidden");
    });
  }
  const refused = document.querySelector(".errors [aria-invalid], .errors input:not([type=hidden]), .errors select");
  if (refused) refused.focus();
});
