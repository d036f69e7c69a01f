// Comfort for those who build maps: a step's form shows what its control needs; Alt+Up and Alt+Down move an element,
// and so does dragging it by its handle. Moves are posted by the form of its menu.
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

  let drag = null;
  for (const grip of document.querySelectorAll("[data-grip]")) grip.hidden = false;

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const row = grip.closest(".map-steps li, .track-card");
    const rows = row.matches("li") ? [...row.parentElement.children] : [...document.querySelectorAll(".track-card")];
    drag = { row, rows, from: event.clientY + window.scrollY, place: rows.indexOf(row) };
    row.classList.add("lifted");
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    event.preventDefault();
    if (event.clientY < 60) window.scrollBy(0, -12);
    if (event.clientY > window.innerHeight - 60) window.scrollBy(0, 12);
    drag.row.style.transform = `translateY(${event.clientY + window.scrollY - drag.from}px)`;
    const others = drag.rows.filter((row) => row !== drag.row);
    const above = others.filter((row) => middle(row) < event.clientY);
    drag.place = above.length;
    for (const row of others) row.classList.remove("drop-after", "drop-before");
    if (drag.place === drag.rows.indexOf(drag.row)) return;
    if (above.length) above[above.length - 1].classList.add("drop-after");
    else others[0].classList.add("drop-before");
  });

  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { row, rows, place } = drag;
    drop();
    if (place === rows.indexOf(row)) return;
    const form = row.querySelector(".element-menu form");
    for (const [name, value] of [["act", "place"], ["place", place + 1]]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    form.submit();
  });

  document.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") drop(); });

  function drop() {
    if (!drag) return;
    drag.row.style.transform = "";
    drag.row.classList.remove("lifted");
    for (const row of drag.rows) row.classList.remove("drop-after", "drop-before");
    drag = null;
  }

  function middle(row) {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  }
});
