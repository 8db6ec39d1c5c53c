/* What every page does beyond links and forms: menus, dialogs, toasts, copying, the keyboard. */

const GOTO = { d: "/", c: "/customers", s: "/settings" };
const CHORD_MS = 900;
let chordUntil = 0;

function reveal(root) {
  for (const button of root.querySelectorAll("[data-copy], [data-dismiss], button[data-dialog]")) {
    button.hidden = false;
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  closeMenus();
  dialog.showModal();
  return true;
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.title;
  button.title = "Copied";
  button.setAttribute("aria-label", "Copied");
  setTimeout(() => {
    button.title = before;
    button.setAttribute("aria-label", before);
  }, 2000);
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  closeMenus(target.closest("details[data-menu]"));
  const opener = target.closest("[data-dialog]");
  if (opener && openDialog(opener.dataset.dialog)) event.preventDefault();
  if (target.closest("[data-close]")) {
    const dialog = target.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  }
  if (target instanceof HTMLDialogElement) target.close();
  const dismiss = target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest("[data-toast]").remove();
  const copying = target.closest("[data-copy]");
  if (copying) copy(copying);
});

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function moveRow(step) {
  const rows = [...document.querySelectorAll("[data-row-link]")];
  if (rows.length === 0) return;
  const here = rows.indexOf(document.activeElement);
  const next = here === -1 ? (step > 0 ? 0 : rows.length - 1) : here + step;
  rows[Math.max(0, Math.min(rows.length - 1, next))].focus();
}

function searchField() {
  return document.querySelector("[data-page-search]") ?? document.querySelector("[data-global-search]");
}

const KEYS = {
  "/": () => {
    const field = searchField();
    field?.focus();
    field?.select();
  },
  "?": () => openDialog("shortcuts"),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  g: () => {
    chordUntil = Date.now() + CHORD_MS;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof Element) || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (Date.now() < chordUntil && GOTO[event.key]) {
    chordUntil = 0;
    location.assign(GOTO[event.key]);
    return;
  }
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

/* A form that filters sends itself when a choice changes; the button is for pages without script. */
document.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-auto-submit]") : null;
  if (form) form.requestSubmit();
});

document.body.addEventListener("htmx:afterSwap", (event) => reveal(event.target));
reveal(document);
