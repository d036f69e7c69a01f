// Tells how much of each video was really played. Without it a button below the video says so.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const video of document.querySelectorAll("video[data-step]")) follow(video);
});

function follow(video) {
  const before = Number(video.dataset.percent);
  let told = before;

  // What was watched on an earlier visit is taken to lie at the beginning.
  function played() {
    let until = (before / 100) * video.duration;
    let seconds = until;
    for (let n = 0; n < video.played.length; n += 1) {
      seconds += Math.max(0, video.played.end(n) - Math.max(until, video.played.start(n)));
      until = Math.max(until, video.played.end(n));
    }
    return video.duration ? Math.min(100, Math.round((100 * seconds) / video.duration)) : 0;
  }

  async function tell() {
    const percent = played();
    if (percent < told + 5 && percent < 100) return;
    if (percent <= told) return;
    told = percent;
    const body = new URLSearchParams({ act: "watch", step: video.dataset.step, percent });
    try {
      const answer = await fetch(window.location.pathname, { method: "POST", body, headers: { Accept: "application/json" } });
      const now = answer.ok ? await answer.json() : {};
      const words = document.querySelector(`[data-watched="${video.dataset.step}"]`);
      if (words && !now.done) words.textContent = `${percent} %`;
      if (now.done) window.location.reload();
    } catch {
      told = before; // the network is away for a moment; the next look will tell
    }
  }

  let last = 0;
  video.addEventListener("timeupdate", () => {
    if (video.currentTime - last > 10 || video.currentTime < last) {
      last = video.currentTime;
      tell();
    }
  });
  video.addEventListener("pause", tell);
  video.addEventListener("ended", tell);
}
