/* Time charts: reads the data beside each canvas, draws with the tokens of the page, and draws
   again when the theme changes. The library stands on the page as `Chart`. */

const LEVELS = ["red", "yellow", "green"];
const NAMES = { red: "Critical", yellow: "At risk", green: "Healthy" };
const drawn = new Map();

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function faded(colour, share) {
  const strength = Math.round(share * 255).toString(16).padStart(2, "0");
  return colour + strength;
}

function shortDate(text) {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day)).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
}

function frame(extra) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const text = token("text-2");
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: still ? false : { duration: 250 },
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: token("ink"),
        titleColor: token("on-ink"),
        bodyColor: token("on-ink"),
        padding: 10,
        cornerRadius: 6,
        boxPadding: 4,
        ...extra.tooltip,
      },
    },
    scales: {
      x: {
        grid: { display: false },
        border: { color: token("line-strong") },
        ticks: { color: text, maxRotation: 0, autoSkipPadding: 24, font: { size: 12 } },
      },
      y: {
        beginAtZero: true,
        grid: { color: token("line") },
        border: { display: false },
        ticks: { color: text, maxTicksLimit: 5, precision: 0, font: { size: 12 } },
        ...extra.y,
      },
    },
  };
}

function levels(data) {
  return {
    type: "line",
    data: {
      labels: data.days.map(shortDate),
      datasets: LEVELS.map((level, place) => ({
        label: NAMES[level],
        data: data[level],
        borderColor: token(level),
        backgroundColor: faded(token(level), 0.55),
        borderWidth: 1,
        fill: place === 0 ? "origin" : "-1",
        pointRadius: 0,
        pointHitRadius: 8,
        tension: 0.2,
      })),
    },
    options: frame({ y: { stacked: true } }),
  };
}

const bands = {
  id: "bands",
  beforeDatasetsDraw(chart) {
    const limits = chart.options.plugins.bands;
    if (!limits?.edges) return;
    const { ctx, chartArea, scales } = chart;
    limits.edges.forEach(({ from, to, level }) => {
      const top = scales.y.getPixelForValue(to);
      const bottom = scales.y.getPixelForValue(from);
      ctx.fillStyle = faded(token(level), 0.1);
      ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
    });
  },
};

function levelOf(score, data) {
  if (score >= data.green) return "green";
  return score >= data.yellow ? "yellow" : "red";
}

function history(data) {
  const options = frame({
    y: { min: 0, max: 100 },
    tooltip: {
      displayColors: false,
      callbacks: { label: (item) => `Score ${item.raw} · ${NAMES[levelOf(item.raw, data)]}` },
    },
  });
  options.plugins.bands = {
    edges: [
      { from: 0, to: data.yellow, level: "red" },
      { from: data.yellow, to: data.green, level: "yellow" },
      { from: data.green, to: 100, level: "green" },
    ],
  };
  const moved = data.scores.map((score, at) => {
    const before = data.scores[at - 1];
    if (score === null || before === undefined || before === null) return 0;
    return levelOf(score, data) === levelOf(before, data) ? 0 : 4;
  });
  return {
    type: "line",
    plugins: [bands],
    data: {
      labels: data.days.map(shortDate),
      datasets: [
        {
          label: "Score",
          data: data.scores,
          borderColor: token("text"),
          borderWidth: 2,
          pointRadius: moved,
          pointHoverRadius: 5,
          pointBackgroundColor: data.scores.map((score) => token(levelOf(score, data))),
          pointBorderColor: token("surface"),
          segment: {
            borderDash: (part) => (data.reconstructed[part.p1DataIndex] ? [4, 3] : undefined),
          },
          spanGaps: true,
          tension: 0.15,
        },
      ],
    },
    options,
  };
}

function average(data) {
  return {
    type: "line",
    data: {
      labels: data.days.map(shortDate),
      datasets: [
        {
          label: "Average score",
          data: data.scores,
          borderColor: token("accent"),
          backgroundColor: faded(token("accent"), 0.1),
          borderWidth: 2,
          fill: true,
          pointRadius: 0,
          pointHitRadius: 8,
          spanGaps: true,
          tension: 0.2,
        },
      ],
    },
    options: frame({ y: { min: 0, max: 100 }, tooltip: { displayColors: false } }),
  };
}

const KINDS = { levels, history, average };

function draw(canvas) {
  drawn.get(canvas)?.destroy();
  const data = JSON.parse(document.getElementById(canvas.dataset.source).textContent);
  drawn.set(canvas, new window.Chart(canvas, KINDS[canvas.dataset.chart](data)));
}

function drawAll(root) {
  for (const canvas of root.querySelectorAll("canvas[data-chart]")) draw(canvas);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
document.body.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
drawAll(document);
