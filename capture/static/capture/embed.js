// On a website: <script src="…/static/capture/embed.js" data-form="visit-us" async></script> puts the form where the
// script stands, in a frame of its own: neither page reads the other. It tells the form on which page it stands and
// by which campaign the visitor came; the form tells its height, and when it was sent. No cookies.
"use strict";

(() => {
  const script = document.currentScript;
  if (!script || !script.dataset.form) return;
  const home = new URL(script.src).origin;
  const here = new URL(window.location.href);
  const asked = new URLSearchParams({ embed: "1", page: here.origin + here.pathname, referrer: document.referrer });
  for (const [name, value] of here.searchParams) {
    if (name.startsWith("utm_")) asked.set(name, value);
  }
  for (const [name, value] of Object.entries(script.dataset)) {
    if (name !== "form" && name !== "title") asked.set(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value);
  }
  const frame = document.createElement("iframe");
  frame.src = `${home}/f/${encodeURIComponent(script.dataset.form)}/?${asked}`;
  frame.title = script.dataset.title || script.dataset.form;
  frame.width = "100%";
  frame.height = "480";
  frame.loading = "lazy";
  frame.setAttribute("frameborder", "0");
  frame.setAttribute("sandbox", "allow-forms allow-scripts allow-same-origin allow-top-navigation-by-user-activation allow-popups");
  script.after(frame);

  window.addEventListener("message", (event) => {
    const said = event.data && event.data.concours;
    if (event.origin !== home || event.source !== frame.contentWindow || !said) return;
    if (Number(said.height) > 0) frame.height = String(Math.ceil(said.height) + 4);
    if (said.visitor) {
      window.dispatchEvent(new CustomEvent("concours:visitor", { detail: said.visitor }));
    }
    if (said.done) {
      frame.scrollIntoView({ block: "nearest" });
      window.dispatchEvent(new CustomEvent("concours:sent", { detail: { form: script.dataset.form } }));
      if (/^https?:\/\//.test(said.goOn)) window.location.assign(said.goOn);
    }
  });
})();
