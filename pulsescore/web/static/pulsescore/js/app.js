/* What every page does beyond links and forms: menus, dialogs, copying, and keeping what the
   reader had opened when a part of the page is replaced. */

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
  const copying = target.closest("[data-copy]");
  if (copying) copy(copying);
});

/* A menu closes when the focus leaves it, so that nothing stays open behind the reader's back. */
document.addEventListener("focusin", (event) => {
  closeMenus(event.target instanceof Element ? event.target.closest("details[data-menu]") : null);
});

/* A form that filters sends itself when a choice changes; the button is for pages without script. */
document.addEventListener("change", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form[data-auto-submit]") : null;
  if (form) form.requestSubmit();
});

/* htmx puts the focus back by id; this does the same for what is unfolded or scrolled sideways. */
const KEPT = "details[id], [data-keep-scroll][id]";
const kept = new Map();

document.body.addEventListener("htmx:beforeSwap", (event) => {
  kept.clear();
  for (const one of event.detail.target?.querySelectorAll(KEPT) ?? []) {
    kept.set(one.id, { open: one.open, left: one.scrollLeft, top: one.scrollTop });
  }
});

/* On a narrow screen rows of links scroll: the current one is brought into sight. */
for (const row of document.querySelectorAll(".settings-nav, .tabs")) {
  const here = row.querySelector("[aria-current]");
  if (here) row.scrollLeft += here.getBoundingClientRect().left - row.clientWidth / 2 + here.offsetWidth / 2;
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  reveal(document);
  for (const [id, was] of kept) {
    const one = document.getElementById(id);
    if (!one) continue;
    if (one.matches("details")) one.open = was.open;
    one.scrollTo(was.left, was.top);
  }
  kept.clear();
});
reveal(document);
