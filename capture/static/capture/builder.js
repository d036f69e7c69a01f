// Moves questions up and down, by button or Alt and the arrow keys; a live region says where they are. Shows of each
// question only what its kind needs. Without this script everything is shown, and the position's number does the same.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const group = document.getElementById("fields-group");
  const said = document.getElementById("moved");
  if (!group || !said) return;
  group.classList.add("has-moves");

  function rows() {
    return [...group.querySelectorAll(".inline-related:not(.empty-form)")];
  }

  function number() {
    rows().forEach((row, index) => {
      const position = row.querySelector('input[name$="-position"]');
      if (position) position.value = index + 1;
    });
  }

  function move(row, by, focus) {
    const all = rows();
    const at = all.indexOf(row);
    const other = all[at + by];
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    number();
    focus.focus();
    const label = row.querySelector('input[name$="-label"]');
    said.textContent = said.dataset.said
      .replace("%(name)s", label ? label.value : "")
      .replace("%(place)s", at + by + 1)
      .replace("%(all)s", all.length);
  }

  const formKind = document.getElementById("id_kind");

  function show(row, field, wanted) {
    const input = row.querySelector(`[name$="-${field}"]`);
    const part = input && (input.closest(".form-row:not(.form-multiline)") || input.closest(".field"));
    // What is filled in, or wrong, is never hidden.
    if (part) part.hidden = !wanted && (field === "page" || !input.value) && !part.querySelector(".errorlist");
  }

  function fit(row) {
    const kind = row.querySelector('select[name$="-kind"]').value;
    show(row, "choices", ["choice", "multi_choice"].includes(kind));
    show(row, "page", formKind && formKind.value === "survey");
    show(row, "default", kind === "hidden");
    show(row, "maps_to", kind !== "file");
  }

  function equip(row) {
    const heading = row.querySelector("h3");
    if (!heading || row.querySelector(".moves")) return;
    const moves = document.createElement("span");
    moves.className = "moves";
    for (const [by, words] of [[-1, said.dataset.up], [1, said.dataset.down]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = words;
      button.addEventListener("click", () => move(row, by, button));
      moves.append(button);
    }
    heading.append(moves);
    fit(row);
    row.addEventListener("change", () => fit(row));
    row.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1, event.target);
    });
  }

  rows().forEach(equip);
  number();
  if (formKind) formKind.addEventListener("change", () => rows().forEach(fit));
  document.addEventListener("formset:added", (event) => {
    equip(event.target);
    number();
  });
});
