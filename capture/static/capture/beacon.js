// On a website: <script src="…/static/capture/beacon.js" data-site="our-shop" async></script> reports which pages are
// looked at and how far videos are watched. No cookies. Who it is, the website knows only after a form or a link of
// ours handed over a token, in the part of the address behind the #, or from a form's frame; it is kept in the
// browser's storage for this website. With Do Not Track or Global Privacy Control nothing is sent.
//
// data-consent="ask" waits for window.dispatchEvent(new Event("concours:consent")).
// A page that changes without loading tells so with window.dispatchEvent(new Event("concours:page")).
// A video is called by its data-video, its title, or its file.
"use strict";

(() => {
  const script = document.currentScript;
  if (!script || !script.dataset.site || navigator.doNotTrack === "1" || navigator.globalPrivacyControl) return;
  const home = `${new URL(script.src).origin}/b/`;
  const kept = "concours_visitor";
  const shares = [25, 50, 75, 95, 100];
  let allowed = script.dataset.consent !== "ask";
  let handed = "";
  let view = "";
  const followed = new WeakSet();

  function visitor() {
    try {
      return handed || window.localStorage.getItem(kept) || "";
    } catch {
      return handed; // storage is switched off: known for this page only
    }
  }

  function keep(token) {
    if (typeof token !== "string" || !token || token.length > 300) return;
    handed = token;
    if (!allowed) return;
    try {
      window.localStorage.setItem(kept, token);
    } catch {
      // as above
    }
  }

  function send(what) {
    if (!allowed) return;
    const report = { site: script.dataset.site, view, url: window.location.href.split("#")[0], visitor: visitor(), ...what };
    navigator.sendBeacon(home, JSON.stringify(report));
  }

  function look() {
    view = crypto.randomUUID();
    send({ title: document.title.slice(0, 200), referrer: document.referrer.split(/[?#]/)[0] });
    document.querySelectorAll("video").forEach(follow);
  }

  function follow(video) {
    if (followed.has(video)) return;
    followed.add(video);
    let within = view;
    let told = 0;
    const name = () => video.dataset.video || video.title || video.currentSrc.split(/[?#]/)[0].split("/").pop() || "video";

    function tell() {
      if (within !== view) [within, told] = [view, 0];
      let seconds = 0;
      for (let n = 0; n < video.played.length; n += 1) seconds += video.played.end(n) - video.played.start(n);
      const percent = video.duration ? (100 * seconds) / video.duration : 0;
      for (const share of shares) {
        // The last frames of a video are hardly ever played to the end.
        if (share > told && percent >= Math.min(share, 99.5)) {
          told = share;
          send({ video: name().slice(0, 200), percent: share, seconds: Math.round(seconds) });
        }
      }
    }
    for (const when of ["timeupdate", "pause", "ended"]) video.addEventListener(when, tell);
  }

  function begin() {
    const found = window.location.hash.match(/[#&]concours_visitor=([^&]+)/);
    if (found) {
      keep(decodeURIComponent(found[1]));
      const rest = window.location.hash.replace(/[#&]concours_visitor=[^&]+/, "").replace(/^&/, "#");
      window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search + rest);
    }
    if (allowed) look();
  }

  window.addEventListener("concours:visitor", (event) => keep(event.detail));
  window.addEventListener("concours:page", () => allowed && look());
  window.addEventListener("concours:consent", () => {
    if (allowed) return;
    allowed = true;
    keep(handed);
    look();
  });
  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
