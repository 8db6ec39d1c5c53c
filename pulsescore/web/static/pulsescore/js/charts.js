/* Charts come drawn from the server. This adds what needs a script: a tooltip under pointer and
   focus, and walking along a plot by keys. Without it each point still tells itself by its title. */

const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 7, PageDown: -7 };
let shown = null;
let byKey = false;

/* The browser's own tooltip would come on top of ours. */
function told(point) {
  const title = point.querySelector("title");
  if (title) {
    point.dataset.tip = title.textContent;
    title.remove();
  }
  return point.dataset.tip.split("\n").map((line) => line.trim()).filter(Boolean);
}

function tipOf(box) {
  let tip = box.querySelector(":scope > .tip");
  if (!tip) {
    tip = document.createElement("div");
    tip.className = "tip";
    tip.setAttribute("aria-hidden", "true");
    box.append(tip);
  }
  return tip;
}

function fill(tip, [heading, ...lines]) {
  const title = document.createElement("strong");
  title.textContent = heading;
  tip.replaceChildren(
    title,
    ...lines.map((text) => {
      const line = document.createElement("span");
      line.textContent = text;
      return line;
    }),
  );
}

function place(tip, box, point) {
  const room = box.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  if (point.dataset.x) {
    const x = (room.width * Number(point.dataset.x)) / 100;
    const beside = x + 12 + width <= room.width ? x + 12 : x - 12 - width;
    tip.style.transform = `translate(${Math.max(0, beside)}px, 0)`;
    return;
  }
  const shape = (point.querySelector("rect:last-of-type, circle") ?? point).getBoundingClientRect();
  const left = shape.left - room.left + shape.width / 2 - width / 2;
  const top = shape.top - room.top - height - 8;
  const kept = Math.max(0, Math.min(room.width - width, left));
  tip.style.transform = `translate(${kept}px, ${Math.max(-height, top)}px)`;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function mark(box, point) {
  const marks = box.querySelector("[data-plot-marks]");
  if (!marks) return;
  const x = `${point.dataset.x}%`;
  const heights = point.dataset.ys.split(" ").filter(Boolean);
  marks.replaceChildren(
    element("line", { class: "plot-cross", x1: x, x2: x, y1: 0, y2: 184 }),
    ...heights.map((cy) => element("circle", { class: "plot-mark", cx: x, cy, r: 4 })),
  );
}

function show(point, keyed) {
  byKey = keyed;
  if (shown === point) return;
  hide();
  const box = point.closest("[data-plot], [data-tips]");
  if (!box) return;
  shown = point;
  const tip = tipOf(box);
  fill(tip, told(point));
  mark(box, point);
  tip.hidden = false;
  place(tip, box, point);
}

function hide() {
  if (!shown) return;
  const box = shown.closest("[data-plot], [data-tips]");
  shown = null;
  if (!box) return;
  tipOf(box).hidden = true;
  box.querySelector("[data-plot-marks]")?.replaceChildren();
}

function walk(plot, key) {
  const points = [...plot.querySelectorAll("[data-point]")];
  const here = points.indexOf(shown);
  const from = here === -1 ? points.length - (key === "ArrowRight" ? 1 : 0) : here;
  const to = { Home: 0, End: points.length - 1 }[key] ?? from + STEPS[key];
  const point = points[Math.max(0, Math.min(points.length - 1, to))];
  show(point, true);
  plot.querySelector("[data-plot-live]").textContent = told(point).join(", ");
}

function pointAt(event) {
  return event.target instanceof Element ? event.target.closest("[data-point]") : null;
}

document.addEventListener("pointerover", (event) => {
  const point = pointAt(event);
  if (point) show(point, false);
  else if (!byKey) hide();
});
document.addEventListener("focusin", (event) => {
  const point = pointAt(event);
  if (point) show(point, true);
});
document.addEventListener("focusout", hide);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  const plot = event.target instanceof Element ? event.target.closest("[data-plot]") : null;
  if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in STEPS || event.key === "Home" || event.key === "End") {
    event.preventDefault();
    walk(plot, event.key);
  }
});

/* Only now do the arrow keys mean something. */
function enliven() {
  for (const plot of document.querySelectorAll("[data-plot]")) {
    plot.setAttribute("role", "application");
    plot.setAttribute("aria-roledescription", "chart");
    plot.setAttribute("aria-description", "Arrow keys move from day to day");
  }
}

document.body.addEventListener("htmx:afterSwap", enliven);
enliven();
