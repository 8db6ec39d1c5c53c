/* The list of customers: filters that send themselves, ticks that survive paging and new scores. */

const form = () => document.getElementById("bulk");
const results = () => document.getElementById("results");
const boxes = () => [...document.querySelectorAll("[data-pick]")];

/* Who is ticked, on this page and on others; "all" means everybody who matches. */
const ticked = new Set();
let all = false;
let filters = currentFilters();
let last = null;

function currentFilters() {
  return document.getElementById("live-list")?.dataset.filters ?? "";
}

function total() {
  return document.getElementById("list-total")?.textContent.trim() ?? "";
}

function words() {
  if (all) return `All that match are selected: ${total().toLowerCase()}.`;
  return ticked.size === 1 ? "1 customer selected." : `${ticked.size.toLocaleString("en")} customers selected.`;
}

/* Show what is ticked: on the boxes, in the bar, and in the fields that are sent. */
function show() {
  const here = boxes();
  for (const box of here) box.checked = all || ticked.has(box.value);
  const page = document.getElementById("pick-page");
  const count = here.filter((box) => box.checked).length;
  if (page) {
    page.checked = here.length > 0 && count === here.length;
    page.indeterminate = count > 0 && count < here.length;
  }
  const bar = form();
  if (!bar) return;
  const any = all || ticked.size > 0;
  if (any) bar.dataset.any = "";
  else delete bar.dataset.any;
  bar.querySelector("[data-bulk-words]").textContent = any ? words() : "";
  const everybody = bar.querySelector("[data-bulk-all]");
  const more = document.getElementById("page-next") || document.getElementById("page-previous");
  everybody.hidden = all || !any || !more || count < here.length;
  everybody.textContent = `Select all that match (${total().toLowerCase()})`;
  bar.elements.scope.value = all ? "all" : "";
  const shown = new Set(here.map((box) => box.value));
  bar.elements.also.value = all ? "" : [...ticked].filter((id) => !shown.has(id)).join(",");
}

function tick(box, on) {
  if (all) {
    /* Taking one away from everybody leaves this page ticked, without that one. */
    all = false;
    for (const one of boxes()) ticked.add(one.value);
  }
  if (on) ticked.add(box.value);
  else ticked.delete(box.value);
}

function clear() {
  ticked.clear();
  all = false;
  last = null;
  show();
}

document.addEventListener("click", (event) => {
  const box = event.target instanceof Element ? event.target.closest("[data-pick]") : null;
  if (!box) return;
  const here = boxes();
  const from = here.findIndex((one) => one.value === last);
  const to = here.indexOf(box);
  const range = event.shiftKey && from >= 0 ? here.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
  for (const one of range) tick(one, box.checked);
  last = box.value;
  show();
});

document.addEventListener("change", (event) => {
  if (!(event.target instanceof Element)) return;
  if (event.target.id === "pick-page") {
    for (const box of boxes()) tick(box, event.target.checked);
    show();
    return;
  }
  const filter = event.target.closest("[data-list-form]");
  if (filter && event.target.name !== "search") {
    filter.dispatchEvent(new CustomEvent("list:narrowed", { bubbles: true }));
  }
});

document.addEventListener("click", async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  if (target.closest("[data-bulk-clear]")) clear();
  if (target.closest("[data-bulk-all]")) {
    all = true;
    show();
  }
  if (target.closest("[data-list-retry]")) {
    document.getElementById("customer-filters")?.dispatchEvent(new CustomEvent("list:narrowed", { bubbles: true }));
  }
  const copying = target.closest("[data-bulk-emails]");
  if (copying && navigator.clipboard) {
    event.preventDefault();
    await copyAddresses(copying);
  }
});

/* The addresses come from the server, since ticks may be on other pages; the copy is audited. */
async function copyAddresses(button) {
  const said = form().querySelector("[data-bulk-words]");
  const body = new FormData(form(), button);
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form().getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) {
      said.textContent = told.trouble;
      return;
    }
    await navigator.clipboard.writeText(told.addresses.join(", "));
    const count = told.addresses.length;
    said.textContent = count === 1 ? "1 e-mail address copied." : `${count.toLocaleString("en")} e-mail addresses copied.`;
  } catch (error) {
    console.warn(error);
    said.textContent = "The addresses could not be copied. Try again.";
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function typing(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!(event.target instanceof Element) || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const box = event.target.closest("tr")?.querySelector("[data-pick]");
  if (!box) return;
  event.preventDefault();
  tick(box, !box.checked);
  last = box.value;
  show();
});

/* While rows are fetched the list says so; when they cannot be, that too. */
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "results") results()?.setAttribute("aria-busy", "true");
});

function isOurs(event) {
  return ["results", "customers"].includes(event.detail.target?.id);
}

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (isOurs(event)) results()?.setAttribute("aria-busy", "false");
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(failure, (event) => {
    if (isOurs(event)) document.getElementById("results-trouble").hidden = false;
  });
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (!isOurs(event)) return;
  document.getElementById("results-trouble").hidden = true;
  if (event.detail.target.id === "customers" && document.activeElement === document.body) {
    document.getElementById("customer-search")?.focus();
  }
  if (currentFilters() !== filters) {
    filters = currentFilters();
    clear();
  } else show();
});

document.body.addEventListener("htmx:historyRestore", () => {
  filters = currentFilters();
  clear();
});

/* A browser that comes back to the page may keep boxes ticked; so do we. */
for (const box of boxes()) if (box.checked) ticked.add(box.value);
show();
