// The panel beside the editor. It is written after the ghost text is on screen, never before.

import { drawSparkline } from "./sparkline.js";
import { SOURCES, count, part, percent, sentence, write } from "./write.js";

/** @typedef {import("./service.js").Answer} Answer */
/** @typedef {import("./meter.js").Meter} Meter */

const SILENCE = "Nothing good enough to show here.";
const CANDIDATES = 4;
/** Less would be written as 0 %. */
const LEAST_SHARE = 0.005;
const SPARKLINE_KEYS = 60;

/**
 * @param {Answer} answer
 * @param {string} typed what stands of the word at the caret
 */
export function showOrigin({ suggestion }, typed) {
  const source = suggestion?.source ?? "none";
  part("origin").dataset.source = source;
  write("source", SOURCES[source]);
  write("sure", suggestion ? `${percent(suggestion.probability)} sure of the next word` : "");
  write("why", suggestion ? sentence(suggestion.why) : SILENCE);
  part("why-this").disabled = !suggestion;
  const likely = suggestion?.candidates.filter((one) => one.probability >= LEAST_SHARE) ?? [];
  const candidates = likely.slice(0, CANDIDATES);
  part("candidates").replaceChildren(...candidates.map((one) => candidateLine(one, typed)));
}

/**
 * @param {Answer} answer
 * @param {Meter} meter
 * @param {number} screenMs from the key to the frame with its ghost text
 */
export function showTimes({ timing }, meter, screenMs) {
  write("total", milliseconds(timing.total_ms));
  write("trie", microseconds(timing.trie_us));
  write("lm", languageModelTime(timing));
  write("screen", `${milliseconds(screenMs)} ms`);
  const [median, high] = [meter.quantile(0.5), meter.quantile(0.95)];
  write("quantiles", `${milliseconds(median)}, ${milliseconds(high)} ms`);
  drawSparkline(part("spark"), meter.times.slice(-SPARKLINE_KEYS));
}

/** @param {number} share */
export function showSaved(share) {
  write("saved", String(Math.round(100 * share)));
  part("saved-bar").style.width = `${100 * share}%`;
}

/** @param {number} keys @param {number} characters */
export const cost = (keys, characters) =>
  `${count(keys, "key")} for ${count(characters, "character")}`;

/** @param {any} state */
export function showEngine({ kernel, model, wrong_per_100_words }) {
  /** @type {HTMLSelectElement} */ (part("dial")).value = String(wrong_per_100_words ?? "");
  write("engine", model ? `${model}, ${kernel} kernel.` : "Without a language model.");
}

/**
 * @param {import("./service.js").Candidate} candidate
 * @param {string} typed
 */
function candidateLine(candidate, typed) {
  const line = document.createElement("li");
  line.dataset.source = candidate.source;
  line.style.setProperty("--share", String(100 * candidate.probability));
  const begun = /^\s/.test(candidate.text) ? "" : typed;
  const [word, sure] = [document.createElement("span"), document.createElement("span")];
  word.append(bold(begun), candidate.text.trim());
  sure.textContent = percent(candidate.probability);
  line.append(word, sure);
  return line;
}

/** @param {string} text */
function bold(text) {
  const node = document.createElement("b");
  node.textContent = text;
  return node;
}

/** @param {{lm_ms: number, lm_tokens: number}} timing */
function languageModelTime({ lm_ms, lm_tokens }) {
  if (lm_tokens === 0) return lm_ms > 0 ? `${milliseconds(lm_ms)} ms, from cache` : "not needed";
  return `${milliseconds(lm_ms)} ms, ${count(lm_tokens, "token")}`;
}

/** @param {number} ms */
const milliseconds = (ms) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

/** @param {number} us */
const microseconds = (us) => (us < 1000 ? `${us.toFixed(0)} µs` : `${milliseconds(us / 1000)} ms`);
