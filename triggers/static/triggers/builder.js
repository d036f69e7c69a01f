// The workflow form with less waiting: the same buttons that submit the form ask for the cards alone, and the
// sentence, the problems and the previews follow what is typed. The server lays out every card; this only puts
// its answer in place. Without it the form works by submitting.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("workflow_form");
  const address = form && form.querySelector("[data-builder]");
  if (!address || form.querySelector("fieldset.plain:disabled")) return;
  new Builder(form, address.dataset.builder);
});

const REST = 600;

class Builder {
  constructor(form, address) {
    this.form = form;
    this.address = address;
    this.asked = 0;
    this.timer = null;
    // What is typed while an answer is under way; the select that is used by keyboard; and the one to be settled.
    this.typed = new Map();
    this.keyed = this.chosen = null;
    document.documentElement.classList.add("js");
    this.voice = document.createElement("p");
    this.voice.className = "visually-hidden";
    this.voice.setAttribute("aria-live", "polite");
    form.before(this.voice);
    this.picker = new Picker();
    this.listen();
  }

  get cards() {
    return document.getElementById("builder");
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.name !== "do") return;
      event.preventDefault();
      this.press(button.value);
    });
    this.form.addEventListener("change", (event) => {
      const choice = event.target.closest("[data-choose]");
      if (choice) this.choose(choice);
    });
    this.form.addEventListener("input", (event) => {
      if (event.target.id) this.typed.set(event.target.id, event.target);
      if (event.target.closest("#builder") && !event.target.dataset.choose) this.rest();
    });
    this.form.addEventListener("pointerdown", () => (this.keyed = null));
    this.form.addEventListener("focusout", (event) => this.chosen === event.target && this.settle());
    this.form.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("click", (event) => this.click(event));
    window.addEventListener("hashchange", () => this.open(location.hash));
    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#"]');
      if (link) this.open(link.hash);
    });
    dragging(this);
  }

  // By keyboard a select changes with every letter: it is taken at rest, or when it is left.
  choose(choice) {
    if (this.keyed !== choice) return this.press(choice.dataset.choose, choice.id);
    this.chosen = choice;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), REST);
  }

  settle() {
    const choice = this.chosen;
    this.chosen = null;
    if (choice) this.press(choice.dataset.choose, choice.id);
  }

  key(event) {
    this.keyed = event.target.tagName === "SELECT" ? event.target : null;
    if (this.chosen && event.key !== "Tab") this.choose(this.chosen);
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const card = event.target.closest(".action[data-card]");
      if (!card) return;
      event.preventDefault();
      this.press(`${event.key === "ArrowUp" ? "up" : "down"}:${card.dataset.card}`);
    }
    // Enter in a line of text looks again; it presses none of the buttons.
    if (event.key === "Enter" && event.target.matches("#builder input[type=text], #builder input[type=search]")) {
      event.preventDefault();
      this.press(event.target.dataset.choose || "refresh", event.target.id);
    }
  }

  click(event) {
    const insert = event.target.closest("[data-insert]");
    if (insert) this.picker.open(document.getElementById(insert.dataset.insert));
    const fold = event.target.closest("[data-fold]");
    if (fold) this.foldAll(fold);
  }

  foldAll(button) {
    const bodies = [...this.cards.querySelectorAll(".action > .body")];
    const open = bodies.some((body) => body.open);
    for (const body of bodies) body.open = !open;
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  }

  rest() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask("refresh", (answer) => this.live(answer)), REST);
  }

  // `from` is the id of the control that asked, by which the focus is found again.
  press(what, from = "") {
    clearTimeout(this.timer);
    this.chosen = null;
    this.ask(what, (answer) => this.swap(answer, from));
  }

  async ask(what, use) {
    const number = ++this.asked;
    const data = new FormData(this.form);
    data.set("do", what);
    // The server reads the cards; the JSON beside them is not sent twice.
    data.delete("draft");
    this.typed.clear();
    this.cards.classList.add("busy");
    try {
      const response = await fetch(this.address, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      const text = await response.text();
      // An answer that a later one has overtaken would take back what has been typed since.
      if (number === this.asked) use(new DOMParser().parseFromString(text, "text/html"));
    } catch {
      if (number === this.asked && what !== "refresh") this.submit(what);
    } finally {
      this.cards.classList.remove("busy");
    }
  }

  // What did not come by itself is asked for as a page.
  submit(what) {
    HTMLFormElement.prototype.submit.call(this.withField("do", what));
  }

  withField(name, value) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    this.form.append(field);
    return this.form;
  }

  live(answer) {
    for (const fresh of answer.querySelectorAll("[data-live]")) {
      const shown = document.getElementById(fresh.id);
      if (shown && shown.innerHTML !== fresh.innerHTML) {
        shown.replaceChildren(...fresh.childNodes);
        shown.className = fresh.className;
      }
    }
  }

  swap(answer, from) {
    const focused = this.cards.contains(document.activeElement) ? document.activeElement.id : "";
    const selection = document.activeElement && document.activeElement.selectionStart;
    const open = new Set([...this.cards.querySelectorAll("details[id][open]")].map((each) => each.id));
    const known = new Set([...this.cards.querySelectorAll("details[id]")].map((each) => each.id));
    const fresh = answer.getElementById("builder");
    this.picker.close(false);
    this.cards.replaceWith(fresh);
    for (const each of fresh.querySelectorAll("details[id]")) {
      if (known.has(each.id)) each.open = each.open || open.has(each.id);
    }
    for (const [id, old] of this.typed) {
      const control = fresh.querySelector(`#${CSS.escape(id)}`);
      if (control && control.tagName === old.tagName) control.value = old.value;
    }
    this.live(answer);
    this.focus(fresh, from, focused, selection);
    this.voice.textContent = fresh.dataset.said;
  }

  focus(fresh, from, focused, selection) {
    const id = focused || from;
    // Who has gone on with Tab meanwhile is left where they are, or goes to what follows.
    const left = from && focused !== from;
    const asked = from ? null : fresh.querySelector("[autofocus]");
    const wanted = asked || (id && document.getElementById(id)) || (left && after(fresh, from));
    if (!wanted || !fresh.contains(wanted)) return;
    openAround(wanted);
    wanted.focus();
    if (selection !== null && wanted.id === id && "selectionStart" in wanted && wanted.type !== "search") {
      wanted.setSelectionRange(selection, selection);
    }
  }

  open(hash) {
    const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target || !this.cards.contains(target)) return;
    openAround(target);
    const body = target.querySelector(":scope > .body");
    if (body) body.open = true;
    target.scrollIntoView({ block: "center" });
    const control = target.matches("input, select, textarea") ? target : target.querySelector("select, textarea, input:not([type=hidden])");
    (control || target).focus({ preventScroll: true });
  }
}

// The first control after the one of this id that can have the focus.
function after(fresh, id) {
  const all = [...fresh.querySelectorAll("input:not([type=hidden]), select, textarea, button, summary")];
  const start = all.findIndex((each) => each.id === id);
  return all.slice(start + 1).find((each) => each.offsetParent !== null);
}

function openAround(element) {
  for (let each = element.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
}

// The merge fields with the example contact's values, at the text into which one is put.
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

// A card is taken by its grip and let go between others; its marks move with it, and so its place in the workflow.
function dragging(builder) {
  let card = null;
  builder.form.addEventListener("dragstart", (event) => {
    if (!event.target.closest || !event.target.closest(".grip")) return;
    card = event.target.closest(".action");
    card.classList.add("lifted");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
  });
  builder.form.addEventListener("dragover", (event) => {
    const list = card && event.target.closest("[data-list]");
    if (!list || card.contains(list)) return;
    event.preventDefault();
    const over = [...list.children].filter((each) => each !== card);
    const next = over.find((each) => event.clientY < each.getBoundingClientRect().top + each.offsetHeight / 2);
    list.insertBefore(card, next || null);
  });
  builder.form.addEventListener("drop", (event) => card && event.preventDefault());
  builder.form.addEventListener("dragend", () => {
    if (!card) return;
    card.classList.remove("lifted");
    card = null;
    builder.press("refresh");
  });
}
