// Comfort for those who build maps: a step's form shows what its control needs, Alt+Up and Alt+Down move an element.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const control = document.querySelector(".element-form [name=control]");
  const needs = { choices: ["dropdown", "radio", "form"], mirrors: ["mirror"] };

  function show() {
    for (const [name, controls] of Object.entries(needs)) {
      const field = document.querySelector(`[data-field=${name}]`);
      if (field) field.hidden = !controls.includes(control.value) && !field.classList.contains("errors");
    }
  }
  if (control) {
    control.addEventListener("change", show);
    show();
  }

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const row = event.target.closest(".map-steps li, .track-card");
    const button = row && row.querySelector(`.element-menu [value=${event.key === "ArrowUp" ? "up" : "down"}]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
});
