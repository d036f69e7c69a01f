// The board's moves: dragging a card with the pointer (by touch after holding it a moment, so that a swipe still scrolls),
// Alt and the arrows, and the card's menu without a new page. On a phone a card is dropped on a stage of the switch.
// After each move the server sends the lanes anew. Without this file the menus and the filters' button do the same.
"use strict";

// Milliseconds.
const HOLD = 350;

document.addEventListener("DOMContentLoaded", () => {
  const board = document.getElementById("board");
  const filters = document.getElementById("board-filters");
  if (filters) {
    filters.querySelector("button").remove();
    for (const select of filters.querySelectorAll("select")) select.addEventListener("change", () => filters.submit());
  }
  if (!board || !("moves" in board.dataset)) return;
  let drag = null;
  let busy = false;
  let dropped = false;

  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".deal");
    if (!card || busy || event.button !== 0 || event.target.closest("details, form")) return;
    const held = event.pointerType !== "touch";
    drag = { card, x: event.clientX, y: event.clientY, held, lane: null, place: null };
    if (!held) hold(drag);
  });

  // A finger that rests takes the card; one that moves before scrolls, which the browser tells by pointercancel.
  function hold(taken) {
    setTimeout(() => {
      if (drag !== taken) return;
      taken.held = true;
      lift();
    }, HOLD);
  }

  function lift() {
    drag.card.classList.add("lifted");
    drag.place = document.createElement("li");
    drag.place.className = "drop-here";
    drag.place.textContent = board.dataset.here.replace("%(deal)s", drag.card.dataset.name);
  }

  board.addEventListener("touchmove", (event) => { if (drag && drag.held) event.preventDefault(); }, { passive: false });
  board.addEventListener("contextmenu", (event) => { if (drag && drag.place) event.preventDefault(); });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.place) {
      if (Math.hypot(dx, dy) < 6) return;
      if (!drag.held) {
        drag = null;
        return;
      }
      lift();
    }
    event.preventDefault();
    drag.card.style.transform = `translate(${dx}px, ${dy}px)`;
    const under = document.elementFromPoint(event.clientX, event.clientY);
    const lane = under ? under.closest(".lane, .lane-switch [data-lane]") : null;
    if (drag.lane) drag.lane.classList.remove("over");
    drag.lane = lane && lane.dataset.lane !== drag.card.closest(".lane").dataset.lane ? lane : null;
    if (drag.lane) drag.lane.classList.add("over");
    const cards = drag.lane && drag.lane.querySelector(".cards");
    if (cards) cards.prepend(drag.place);
    else drag.place.remove();
    edge(event.clientX);
  });

  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { card, lane, place } = drag;
    dropped = Boolean(place);
    drag = null;
    if (lane) move(card, lane.dataset.lane).finally(() => place.remove());
    else settle(card);
    if (dropped) setTimeout(() => { dropped = false; }, 0);
  });

  document.addEventListener("pointercancel", cancel);
  board.addEventListener("dragstart", (event) => event.preventDefault());
  // A card that was dragged by its link does not open.
  board.addEventListener("click", (event) => { if (dropped) event.preventDefault(); }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
    const card = event.altKey && ["ArrowLeft", "ArrowRight"].includes(event.key) && event.target.closest(".deal");
    if (!card || busy) return;
    event.preventDefault();
    const lanes = [...board.querySelectorAll(".lane")];
    const next = lanes[lanes.indexOf(card.closest(".lane")) + (event.key === "ArrowRight" ? 1 : -1)];
    if (next) move(card, next.dataset.lane);
  });

  board.addEventListener("submit", (event) => {
    const to = event.submitter;
    const card = event.target.closest(".deal");
    if (!card || !to || to.name !== "to" || busy) return;
    event.preventDefault();
    move(card, to.value);
  });

  function cancel() {
    if (!drag) return;
    if (drag.place) drag.place.remove();
    if (drag.lane) drag.lane.classList.remove("over");
    settle(drag.card);
    drag = null;
  }

  function settle(card) {
    card.classList.add("settling");
    card.style.transform = "";
    card.classList.remove("lifted");
    setTimeout(() => card.classList.remove("settling"), 220);
  }

  function edge(x) {
    const lanes = board.querySelector(".lanes");
    const box = lanes.getBoundingClientRect();
    if (x > box.right - 40) lanes.scrollLeft += 16;
    if (x < box.left + 40) lanes.scrollLeft -= 16;
  }

  async function move(card, to) {
    busy = true;
    const form = card.querySelector("form");
    const body = new FormData(form);
    body.set("to", to);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      const text = await answer.text();
      if (!answer.ok) {
        refuse(answer.status === 409 ? text : "");
        settle(card);
        return;
      }
      show(text);
    } catch {
      refuse("");
      settle(card);
    } finally {
      busy = false;
    }
  }

  function show(html) {
    const left = board.querySelector(".lanes").scrollLeft;
    board.innerHTML = html;
    board.querySelector(".lanes").scrollLeft = left;
    const strip = board.querySelector(".board-strip");
    document.getElementById("board-refused").hidden = true;
    document.getElementById("board-count").textContent = strip.dataset.count;
    document.getElementById("board-said").textContent = strip.dataset.announce;
    const moved = document.getElementById(`deal-${strip.dataset.moved}`);
    const focus = moved ? moved.querySelector(".top > a") : board.querySelector(".deal .top > a");
    if (focus) focus.focus({ preventScroll: !moved });
  }

  // Said where everybody sees it; without words of the server's, the page is loaded anew, which tells what is wrong.
  function refuse(words) {
    if (!words) {
      window.location.reload();
      return;
    }
    const place = document.getElementById("board-refused");
    place.textContent = words;
    place.hidden = false;
  }
});
