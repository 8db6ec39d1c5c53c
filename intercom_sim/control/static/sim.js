// Keeps the reader's place: coming back from a button, the page stands where it stood.
const place = `place:${location.pathname}`;
document.addEventListener("submit", () => sessionStorage.setItem(place, String(scrollY)));
const kept = sessionStorage.getItem(place);
if (kept !== null && new URLSearchParams(location.search).has("said")) {
  scrollTo(0, Number(kept));
}
sessionStorage.removeItem(place);
