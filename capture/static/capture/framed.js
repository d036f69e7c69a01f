// Within a website's frame: tells the page around how high the form is, and when it was sent. Only the websites that
// the form allows hear of it.
"use strict";

const origins = (document.body.dataset.origins || "").split(" ").filter(Boolean);

function tell(what) {
  if (window.parent === window) return;
  for (const origin of origins) window.parent.postMessage({ concours: what }, origin);
}

function height() {
  tell({ height: document.documentElement.scrollHeight });
}

new ResizeObserver(height).observe(document.body);
window.addEventListener("load", height);

const done = document.getElementById("done");
if (done) tell({ done: true, goOn: done.dataset.goOn || "", visitor: done.dataset.visitor || "" });
