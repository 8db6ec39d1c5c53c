/* The keyboard: every key here stands in the list that `?` opens, and the other way round. A page
   adds keys of its own by elements with data-key: pressing it clicks or focuses them. */

const GOTO = { a: "/alerts", d: "/", c: "/customers", o: "/companies", s: "/settings" };
const CHORD_MS = 1500;
let chordUntil = 0;

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function rows() {
  return [...document.querySelectorAll("[data-row-link]")].filter((row) => row.checkVisibility());
}

function moveRow(step) {
  const all = rows();
  if (all.length === 0) return;
  const here = all.findIndex((row) => row === document.activeElement);
  const next = here === -1 ? (step > 0 ? 0 : all.length - 1) : here + step;
  const row = all[Math.max(0, Math.min(all.length - 1, next))];
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function search() {
  const field =
    document.querySelector("[data-page-search]") ?? document.querySelector("[data-global-search]");
  field?.focus();
  field?.select();
}

function shortcuts() {
  const dialog = document.getElementById("shortcuts");
  if (dialog && !dialog.open) dialog.showModal();
}

const KEYS = {
  "/": search,
  "?": shortcuts,
  j: () => moveRow(1),
  k: () => moveRow(-1),
  g: () => {
    chordUntil = Date.now() + CHORD_MS;
  },
};

function ofPage(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return null;
  return () => (target.matches("input, select, textarea") ? target.focus() : target.click());
}

function closeMenu() {
  const open = document.querySelector("details[data-menu][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenu();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(event.target instanceof Element) || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (Date.now() < chordUntil) {
    chordUntil = 0;
    if (GOTO[event.key]) {
      event.preventDefault();
      location.assign(GOTO[event.key]);
      return;
    }
  }
  const act = KEYS[event.key] ?? ofPage(event.key);
  if (!act) return;
  event.preventDefault();
  act();
});

/* Up and down go through an open menu, as in every other program. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = event.target instanceof Element ? event.target.closest("details[data-menu]") : null;
  if (!menu?.open) return;
  const items = [...menu.querySelectorAll(".menu-panel a, .menu-panel button:not([hidden])")];
  const here = items.indexOf(document.activeElement);
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = here === -1 ? (step > 0 ? 0 : items.length - 1) : (here + step + items.length) % items.length;
  event.preventDefault();
  items[next]?.focus();
});
