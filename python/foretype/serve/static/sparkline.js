// A line of the last keystrokes' times. Drawn in a box of 120 by 28, which the page stretches.

const WIDTH = 120;
const HEIGHT = 28;
/** Below this the line would show noise as mountains. */
const LEAST_TOP_MS = 2;

/**
 * @param {Element} svg with a .spark-line and a .spark-area
 * @param {number[]} times milliseconds, oldest first
 */
export function drawSparkline(svg, times) {
  const top = Math.max(LEAST_TOP_MS, ...times);
  const step = WIDTH / Math.max(1, times.length - 1);
  const points = times.map((ms, at) => {
    return `${(at * step).toFixed(1)},${(HEIGHT - 1 - (ms / top) * (HEIGHT - 3)).toFixed(1)}`;
  });
  const line = points.length > 1 ? `M${points.join("L")}` : "";
  svg.querySelector(".spark-line")?.setAttribute("d", line);
  svg.querySelector(".spark-area")?.setAttribute("d", line && `${line}V${HEIGHT}H0Z`);
}
