/* The two thresholds, dragged on a band or moved by keys; neither passes the other. The numbers
   beneath are the fields that are sent, and may be typed instead. */

const band = document.querySelector("[data-band]");
const form = band.closest("form");
const [yellow, green] = band.querySelectorAll("input[type=range]");
const LEAST = 1;
const MOST = 100;

function fieldOf(slider) {
  return document.getElementById(slider.dataset.field);
}

function draw() {
  const [low, high] = [Number(yellow.value), Number(green.value)];
  const parts = { red: [0, low], yellow: [low, high], green: [high, MOST] };
  for (const [level, [from, to]] of Object.entries(parts)) {
    const shape = band.querySelector(`[data-level=${level}]`);
    shape.setAttribute("x", from);
    shape.setAttribute("width", Math.max(0, to - from));
  }
  for (const slider of [yellow, green]) {
    slider.setAttribute("aria-valuetext", `${slider.dataset.says} from ${slider.value} on`);
  }
}

function clamp(slider) {
  const value = Number(slider.value);
  const low = slider === green ? Number(yellow.value) + 1 : LEAST;
  const high = slider === green ? MOST : Number(green.value) - 1;
  slider.value = String(Math.max(low, Math.min(high, value)));
}

for (const slider of [yellow, green]) {
  slider.hidden = false;
  slider.addEventListener("input", () => {
    clamp(slider);
    fieldOf(slider).value = slider.value;
    draw();
    form.dispatchEvent(new CustomEvent("dragged"));
  });
  fieldOf(slider).addEventListener("change", () => {
    const typed = Number(fieldOf(slider).value.replace(",", "."));
    if (!(typed >= 0 && typed <= MOST)) return;
    slider.value = String(typed);
    draw();
  });
}
draw();
