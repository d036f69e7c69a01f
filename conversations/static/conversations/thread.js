// Keys in a thread, and the subject only where the answer is a mail. Without it the form works as it stands.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("[data-reply]");
  const next = document.querySelector("[data-next]");
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && event.code === "KeyN" && next) {
      event.preventDefault();
      next.click();
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form && form.contains(document.activeElement)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  if (!form) return;
  const channel = form.querySelector("select");
  const subject = form.querySelector("[data-mail-only]");
  const show = () => {
    subject.hidden = channel.value !== "email";
  };
  channel.addEventListener("change", show);
  show();
});
