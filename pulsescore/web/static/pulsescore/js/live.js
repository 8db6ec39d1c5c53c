/* Learns of changes. While somebody can see the page it asks the server every few seconds whether
   anything is different from what the page shows, and tells the parts of the page that it is:
   `pulse:scores` (customers, conversations, scores), `pulse:runs` (syncs, rescoring) and
   `pulse:notifications` (the reader's own) on the body. The server says how long to wait; when it is away, the questions become rare and random,
   so that a restart is not greeted by every page at once. */

const FIRST_SECS = 5;
const MOST_SECS = 60;
const PATIENCE_MS = 15000;
/* A page whose figures move all the time is read anew this often, and no more. */
const CALM_MS = 10000;
/* From so many failures in a row on, the reader is told. */
const WORTH_TELLING = 3;

const body = document.body;
let seen = body.dataset.live ?? "";
let waitSecs = Number(body.dataset.liveNext) || FIRST_SECS;
let failures = 0;
let timer = 0;
let calmTimer = 0;
let toldScoresAt = -Infinity;
let asking = false;
let stopped = false;

function tell(name, detail) {
  body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

function tellScores() {
  clearTimeout(calmTimer);
  calmTimer = 0;
  toldScoresAt = Date.now();
  tell("pulse:scores");
}

function scoresChanged() {
  if (calmTimer) return;
  const rest = toldScoresAt + CALM_MS - Date.now();
  if (rest > 0) calmTimer = setTimeout(tellScores, rest);
  else tellScores();
}

function later() {
  clearTimeout(timer);
  if (stopped || document.hidden) return;
  const strained = Math.min(waitSecs * 2 ** failures, MOST_SECS);
  const spread = failures ? 0.5 + Math.random() : 0.95 + Math.random() / 10;
  timer = setTimeout(ask, strained * spread * 1000);
}

function stop(answer) {
  stopped = true;
  clearTimeout(calmTimer);
  const here = encodeURIComponent(location.pathname + location.search);
  const reasons = {
    logged_out: {
      text: "You were logged out. What you see no longer changes.",
      href: `/login?next=${here}`,
      link: "Log in again",
    },
    other_organization: {
      text: `This browser now looks at ${answer.organization ?? "another organization"}.`,
      href: "/",
      link: "Show it here, too",
    },
    no_organization: {
      text: "You no longer belong to this organization.",
      href: "/",
      link: "Go on",
    },
  };
  const reason = reasons[answer.stop] ?? reasons.logged_out;
  tell("pulse:toast", { ...reason, key: "live", trouble: true, lasting: true });
}

function failed() {
  failures += 1;
  if (failures === WORTH_TELLING) {
    const text = "PulseScore does not answer at the moment. This page goes on by itself when it does.";
    tell("pulse:toast", { text, key: "live", trouble: true, lasting: true });
  }
}

function answered() {
  if (failures >= WORTH_TELLING) tell("pulse:toast", { text: "PulseScore answers again.", key: "live" });
  failures = 0;
}

async function look() {
  const query = seen ? `?seen=${encodeURIComponent(seen)}` : "";
  const response = await fetch(`/live${query}`, {
    headers: { Accept: "application/json" },
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status >= 500 || response.status === 429) throw new Error("later");
  if (response.status >= 400) {
    stop(await response.json().catch(() => ({})));
    return;
  }
  answered();
  waitSecs = Number(response.headers.get("Pulse-Next")) || FIRST_SECS;
  if (response.status === 204) return;
  const answer = await response.json();
  seen = answer.seen;
  if (answer.changed.includes("scores")) scoresChanged();
  if (answer.changed.includes("runs")) tell("pulse:runs");
  if (answer.changed.includes("notifications")) tell("pulse:notifications");
}

async function ask() {
  if (asking || stopped) return;
  asking = true;
  clearTimeout(timer);
  try {
    await look();
  } catch {
    failed();
  } finally {
    asking = false;
    later();
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else ask();
});
window.addEventListener("online", ask);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) ask();
});
later();
