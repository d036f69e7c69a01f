// Offers the browser's own time zone where the page shows another. Without script, the list does the same.
"use strict";

const list = document.getElementById("zone");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const asked = new URLSearchParams(location.search).has("zone");

if (list && own && !asked && own !== list.value && [...list.options].some((each) => each.value === own)) {
  list.value = own;
  list.form.requestSubmit();
}
