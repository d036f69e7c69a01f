// The merge fields with the example contact's values, at the text into which one is put.
"use strict";

class Picker {
  constructor() {
    this.text = null;
    // Where the cursor was in a text that had the focus; in others a field goes to the end.
    this.cursors = new WeakMap();
    document.addEventListener("focusout", (event) => {
      if (event.target.matches("[data-text]")) this.cursors.set(event.target, event.target.selectionEnd);
    });
    document.addEventListener("click", (event) => {
      const panel = this.panel;
      if (this.text && !panel.contains(event.target) && !event.target.closest("[data-insert]")) this.close(false);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("input", (event) => {
      if (event.target.matches("[data-picker-search]")) this.filter(event.target.value);
    });
  }

  get panel() {
    return document.getElementById("picker");
  }

  open(text) {
    this.text = text;
    const panel = this.panel;
    this.home = panel.parentElement;
    document.body.append(panel);
    const box = text.getBoundingClientRect();
    if (window.innerWidth >= 700) {
      panel.style.left = `${Math.max(16, Math.min(box.right - 340, window.innerWidth - 356))}px`;
      panel.style.top = `${Math.max(16, Math.min(box.bottom + 4, window.innerHeight - 420))}px`;
    }
    panel.onclick = (event) => {
      const field = event.target.closest("[data-field]");
      if (field) this.insert(field.dataset.field);
    };
    const search = panel.querySelector("[data-picker-search]");
    search.value = "";
    this.filter("");
    search.focus();
  }

  close(back = true) {
    if (!this.text) return;
    const text = this.text;
    this.text = null;
    this.home.append(this.panel);
    if (back) text.focus();
  }

  get shown() {
    return [...this.panel.querySelectorAll("[data-field]")].filter((each) => !each.hidden);
  }

  filter(words) {
    const wanted = words.trim().toLowerCase();
    for (const part of this.panel.querySelectorAll(".part")) {
      const fields = [...part.querySelectorAll("[data-field]")];
      for (const each of fields) {
        each.hidden = !`${each.textContent} ${each.dataset.field}`.toLowerCase().includes(wanted);
      }
      part.hidden = fields.every((each) => each.hidden);
    }
  }

  key(event) {
    if (!this.text) return;
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const shown = this.shown;
      const next = shown[shown.indexOf(document.activeElement) + step];
      (next || this.panel.querySelector("[data-picker-search]")).focus();
    }
    if (event.key === "Enter" && event.target.matches("[data-picker-search]")) {
      event.preventDefault();
      if (this.shown[0]) this.insert(this.shown[0].dataset.field);
    }
  }

  insert(name) {
    const text = this.text;
    const at = this.cursors.get(text) ?? text.value.length;
    text.setRangeText(`{{ ${name} }}`, at, at, "end");
    this.close();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
