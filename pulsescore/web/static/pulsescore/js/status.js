/* The status page looks again by itself while somebody can see it, and says so when it changed. */

const EVERY_MS = 15000;
const news = document.getElementById("status-news");

function title() {
  return document.getElementById("status-title");
}

async function look() {
  if (document.hidden) return;
  const before = title().textContent;
  try {
    const response = await fetch(location.href, { signal: AbortSignal.timeout(EVERY_MS - 1000) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("status");
    if (!fresh) throw new Error("not the status page");
    document.getElementById("status").replaceChildren(...fresh.childNodes);
  } catch {
    title().textContent = "PulseScore does not answer";
  }
  if (title().textContent !== before) news.textContent = title().textContent;
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
