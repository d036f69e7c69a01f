// Names the search boxes that Django's autocomplete makes of selects, which have none of their own:
// each is called what its select's label says, and the single ones say what is chosen, too.
"use strict";

// Django makes the boxes once jQuery is ready; what is asked of jQuery now comes after that.
window.addEventListener("load", () => (window.django?.jQuery || setTimeout)(nameChoosers));
document.addEventListener("formset:added", () => setTimeout(nameChoosers));

function nameChoosers() {
  for (const chooser of document.querySelectorAll(".select2-container")) {
    const select = chooser.previousElementSibling;
    const label = select && select.labels && select.labels[0];
    if (!label) continue;
    label.id = label.id || `${select.id}-label`;
    const chosen = chooser.querySelector(".select2-selection__rendered");
    for (const part of chooser.querySelectorAll('[role="combobox"], [role="textbox"], .select2-search__field')) {
      const names = select.multiple || part === chosen ? [label.id] : [label.id, chosen.id];
      part.setAttribute("aria-labelledby", names.join(" "));
    }
  }
}
