"use strict";

// Draws every figure in the colours of the style sheet, and again when these change.

const DATA = new Set(["x", "y", "z", "text", "customdata", "error_x", "error_y"]);
const FAMILY = "system-ui, sans-serif";
// Buttons are named one by one: among the library's own is one that uploads the plot.
const CONFIG = {
  displaylogo: false,
  responsive: true,
  displayModeBar: "hover",
  modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
  plotlyServerURL: "",
};
const TITLE_SIZE = 13; // pixels

const figures = JSON.parse(document.getElementById("figures").textContent);

/** A copy in which var(--name) is the colour of that name; the data is left as it is. */
function coloured(value, style) {
  if (typeof value === "string") {
    const name = /^var\((--[a-z-]+)\)$/.exec(value);
    return name ? style.getPropertyValue(name[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map((each) => coloured(each, style));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    DATA.has(key) && Array.isArray(each) ? each : coloured(each, style),
  ]);
  return Object.fromEntries(entries);
}

/** What all plots share; a figure's own layout goes over it. */
function common(style) {
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    font: { family: FAMILY, size: 13, color: colour("--text") },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: ["--own", "--other", "--good", "--soft"].map(colour),
    margin: { l: 64, r: 24, t: 24, b: 56 },
    bargap: 0.35,
    hoverlabel: {
      bgcolor: colour("--panel"),
      bordercolor: colour("--line"),
      font: { family: FAMILY, color: colour("--text") },
    },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("--quiet"), activecolor: colour("--own") },
  };
}

function axes(layout, style) {
  const line = style.getPropertyValue("--line").trim();
  const lines = { gridcolor: line, linecolor: line, zeroline: false, automargin: true };
  const named = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const titled = ({ title }) => ({ title: { font: { size: TITLE_SIZE }, standoff: 10, ...title } });
  return Object.fromEntries(
    named.map((key) => [key, { ...lines, ...layout[key], ...titled(layout[key]) }]),
  );
}

function draw(place, style) {
  const figure = coloured(figures[Number(place.dataset.figure)], style);
  const layout = { ...common(style), ...figure.layout, ...axes(figure.layout, style) };
  Plotly.react(place, figure.data, layout, CONFIG);
}

/** One after the other, so that the page can be read and scrolled meanwhile. */
async function drawAll() {
  const style = getComputedStyle(document.documentElement);
  for (const place of document.querySelectorAll(".plot")) {
    await new Promise((resume) => setTimeout(resume));
    draw(place, style);
  }
  document.body.dataset.drawn = "all";
}

drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
