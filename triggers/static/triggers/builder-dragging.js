// A card is taken by its grip and let go between others; its marks move with it, and so its place in the workflow.
"use strict";

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
