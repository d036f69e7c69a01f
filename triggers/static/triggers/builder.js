// A form of cards, such as a workflow's, with less waiting: the same buttons that submit the form ask for the cards alone, and the
// sentence, the problems and the previews follow what is typed. The server lays out every card; this only puts
// its answer in place. Without it the form works by submitting.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const address = document.querySelector("form [data-builder]");
  const form = address && address.closest("form");
  if (!form || form.querySelector("fieldset.plain:disabled")) return;
  new Builder(form, address.dataset.builder);
});

const REST = 600;
const TOAST = 8000;

class Builder {
  constructor(form, address) {
    this.form = form;
    this.address = address;
    this.asked = this.pressing = 0;
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
    this.sight = new IntersectionObserver((seen) => this.seen(seen));
    this.watch();
  }

  // What takes a while is asked for when it comes into sight.
  watch() {
    this.sight.disconnect();
    for (const each of this.cards.querySelectorAll("[data-ask]")) {
      if (!each.contains(document.activeElement)) this.sight.observe(each);
    }
  }

  seen(entries) {
    // After what was pressed the cards are others, and are watched anew.
    if (this.pressing) return;
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      this.sight.unobserve(entry.target);
      this.follow(entry.target.dataset.ask);
    }
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
    this.timer = setTimeout(() => this.follow("refresh"), REST);
  }

  // Quietly brings up to date what follows from the form, and what of it is in sight and still to be asked for.
  follow(what) {
    if (this.pressing) return this.rest();
    this.ask(what, (answer) => this.live(answer), true);
  }

  // `from` is the id of the control that asked, by which the focus is found again.
  press(what, from = "") {
    clearTimeout(this.timer);
    this.chosen = null;
    this.pressing = this.asked + 1;
    this.ask(what, (answer) => this.swap(answer, from));
  }

  async ask(what, use, quiet = false) {
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
      if (number === this.asked && !quiet) this.submit(what);
    } finally {
      if (this.pressing === number) this.pressing = 0;
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
      if (!shown || shown.innerHTML === fresh.innerHTML || shown.contains(document.activeElement)) continue;
      keepOpen(shown, fresh);
      shown.replaceChildren(...fresh.childNodes);
      shown.className = fresh.className;
      if (fresh.dataset.ask === undefined) delete shown.dataset.ask;
    }
    this.watch();
  }

  swap(answer, from) {
    const focused = this.cards.contains(document.activeElement) ? document.activeElement.id : "";
    const selection = document.activeElement && document.activeElement.selectionStart;
    const fresh = answer.getElementById("builder");
    this.picker.close(false);
    keepOpen(this.cards, fresh);
    this.cards.replaceWith(fresh);
    for (const [id, old] of this.typed) {
      const control = fresh.querySelector(`#${CSS.escape(id)}`);
      if (control && control.tagName === old.tagName) control.value = old.value;
    }
    this.live(answer);
    this.focus(fresh, from, focused, selection);
    this.voice.textContent = fresh.dataset.said;
    fade(fresh.querySelector("[data-toast]"));
    this.watch();
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

// A toast goes after a while, but not from under a pointer or a focus.
function fade(toast) {
  if (!toast) return;
  setTimeout(() => (toast.matches(":hover, :focus-within") ? fade(toast) : toast.remove()), TOAST);
}

// What was unfolded before is unfolded in what comes in its place.
function keepOpen(old, fresh) {
  const open = new Set([...old.querySelectorAll("details[id][open]")].map((each) => each.id));
  for (const each of fresh.querySelectorAll("details[id]")) each.open = each.open || open.has(each.id);
}

// The first control after the one of this id that can have the focus.
function after(fresh, id) {
  const all = [...fresh.querySelectorAll("input:not([type=hidden]), select, textarea, button, summary")];
  const start = all.findIndex((each) => each.id === id);
  return all.slice(start + 1).find((each) => each.offsetParent !== null);
}

function openAround(element) {
  const inside = element.tagName === "SUMMARY" ? element.parentElement.parentElement : element;
  for (let each = inside.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
}
