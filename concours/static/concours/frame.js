// The frame's few moves: the menu on a phone, the navigation at the page's own entry, its filter, "/" for the search,
// folded filters on small screens, and closing menus with Escape. Every page reads and works without it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const nav = document.getElementById("nav");
  const button = document.getElementById("menu-button");
  const find = document.getElementById("find");

  if (nav && button) {
    button.addEventListener("click", () => {
      const open = nav.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    });
    filterAsTyped(nav, document.getElementById("nav-filter"));
    showCurrent(nav);
  }

  if (window.matchMedia("(max-width: 999px)").matches) {
    for (const filter of document.querySelectorAll("#changelist-filter details")) filter.open = false;
  }
  if (window.matchMedia("(max-width: 699px)").matches) {
    for (const folded of document.querySelectorAll("details.folds-small")) folded.open = false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
    if (event.key === "/" && find && !isTyping(event.target)) {
      event.preventDefault();
      find.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  function closeMenus() {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (nav && nav.classList.contains("open")) {
      nav.classList.remove("open");
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }
  }
});

function isTyping(element) {
  return element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

// The page itself stays where it is: only the navigation scrolls, and only where the entry is out of sight.
function showCurrent(nav) {
  const current = nav.querySelector("[aria-current=page]");
  const inside = nav.querySelector(".inside");
  if (!current || !inside) return;
  for (const box of [nav, inside]) {
    const below = current.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
    if (box.scrollHeight > box.clientHeight && below > 0) box.scrollTop += below + box.clientHeight / 3;
  }
}

function filterAsTyped(nav, input) {
  const groups = [...nav.querySelectorAll("details")];
  const wasOpen = new Map(groups.map((group) => [group, group.open]));

  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const group of groups) {
      const rows = [...group.querySelectorAll("li")];
      for (const row of rows) {
        row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
      }
      group.hidden = rows.every((row) => row.hidden);
      group.open = wanted ? true : wasOpen.get(group);
    }
  });
}

// What Django's own choice of several rows makes has no name of its own: it takes that of its field.
window.addEventListener("load", () => {
  for (const input of document.querySelectorAll(".select2-search__field")) {
    const select = input.closest(".select2-container").previousElementSibling;
    if (select && select.labels && select.labels[0]) input.setAttribute("aria-label", select.labels[0].textContent.trim());
  }
  // A sign that has a name is a picture.
  for (const sign of document.querySelectorAll("span.help-tooltip[aria-label]")) sign.setAttribute("role", "img");
});
