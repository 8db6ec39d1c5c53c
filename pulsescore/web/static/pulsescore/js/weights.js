/* Five weights that always add up to 100: dragging one takes from, or gives to, the others in
   proportion. The numbers beside the sliders are the fields that are sent. */

const form = document.querySelector("[data-weights]");
const sliders = [...form.querySelectorAll("[data-weight]")];
const fields = sliders.map((slider) => document.getElementById(slider.dataset.field));
const TOTAL = 100;

function shareOut(moved, wanted) {
  const values = fields.map((field) => Number(field.value) || 0);
  const target = Math.max(0, Math.min(TOTAL, Math.round(wanted)));
  const rest = TOTAL - target;
  const others = values.map((value, at) => (at === moved ? 0 : value));
  const before = others.reduce((sum, value) => sum + value, 0);
  const exact = others.map((value, at) => {
    if (at === moved) return 0;
    return before ? (value / before) * rest : rest / (values.length - 1);
  });
  const result = exact.map(Math.floor);
  let missing = rest - result.reduce((sum, value) => sum + value, 0);
  const order = exact
    .map((value, at) => [value - Math.floor(value), at])
    .filter(([, at]) => at !== moved)
    .sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (let turn = 0; missing > 0; turn = (turn + 1) % order.length, missing -= 1) {
    result[order[turn][1]] += 1;
  }
  result[moved] = target;
  return result;
}

function show(values) {
  values.forEach((value, at) => {
    fields[at].value = String(value);
    sliders[at].value = String(value);
    sliders[at].setAttribute("aria-valuetext", `${value} per cent`);
  });
  const total = form.querySelector("[data-weights-total]");
  if (total) total.textContent = `${values.reduce((sum, value) => sum + value, 0)} %`;
}

sliders.forEach((slider, at) => {
  slider.hidden = false;
  slider.addEventListener("input", () => {
    show(shareOut(at, Number(slider.value)));
    form.dispatchEvent(new CustomEvent("dragged"));
  });
});
fields.forEach((field, at) => {
  field.addEventListener("change", () => {
    const typed = Number(field.value.replace(",", "."));
    if (Number.isFinite(typed)) show(shareOut(at, typed));
  });
});

/* "1 open ticket", "2 open tickets". */
for (const field of form.querySelectorAll("[data-half]")) {
  const unit = field.nextElementSibling;
  field.addEventListener("input", () => {
    unit.textContent = field.value.trim() === "1" ? unit.dataset.one : unit.dataset.many;
  });
}
