// The panel beside the editor. It is written after the ghost text is on screen, never before.

import { drawSparkline } from "./sparkline.js";

/** @typedef {import("./service.js").Answer} Answer */
/** @typedef {import("./meter.js").Meter} Meter */

const SOURCES = { trie: "Your words", lm: "Language model", both: "Both agree", none: "Silent" };
const SILENCE = "Nothing good enough to show here.";
const SPARKLINE_KEYS = 60;

/** @param {string} id */
const part = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id @param {string} text */
function write(id, text) {
  if (part(id).textContent !== text) part(id).textContent = text;
}

/** @param {Answer} answer */
export function showOrigin({ suggestion }) {
  const source = suggestion?.source ?? "none";
  part("origin").dataset.source = source;
  write("source", SOURCES[source]);
  write("sure", suggestion ? `${percent(suggestion.probability)} sure of the next word` : "");
  write("why", suggestion ? suggestion.why : SILENCE);
  part("candidates").replaceChildren(...(suggestion?.candidates ?? []).map(candidateLine));
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
  write("quantiles", `${milliseconds(median)} and ${milliseconds(high)} ms`);
  drawSparkline(part("spark"), meter.times.slice(-SPARKLINE_KEYS));
}

/** @param {{keys: number, characters: number, share: number}} saved */
export function showSaved({ keys, characters, share }) {
  write("saved", String(Math.round(100 * share)));
  part("saved-bar").style.width = `${100 * share}%`;
  write("keys-count", `${count(keys, "key")} for ${count(characters, "character")}`);
}

/** @param {any} profile */
export function showProfile(profile) {
  part("words").replaceChildren(...profile.recent_words.map(wordTag));
  const memory = `${(profile.memory_bytes / 1e6).toFixed(1)} MB`;
  const known = `${count(profile.ngrams, "word sequence")} known, ${memory} in memory only.`;
  write("known", profile.ngrams ? known : "Nothing yet. A message is learned when it is sent.");
  /** @type {HTMLInputElement} */ (part("pause")).checked = profile.paused;
}

/** @param {any} state */
export function showEngine({ kernel, model }) {
  write("engine", `${model ?? "No language model"}, ${kernel} kernel, on 127.0.0.1.`);
}

/** @param {import("./service.js").Candidate} candidate */
function candidateLine(candidate) {
  const line = document.createElement("li");
  line.style.setProperty("--share", String(100 * candidate.probability));
  const [word, sure] = [document.createElement("span"), document.createElement("span")];
  word.textContent = candidate.text.trim() || "␣";
  sure.textContent = percent(candidate.probability);
  line.append(word, sure);
  return line;
}

/** @param {string} word */
function wordTag(word) {
  const tag = document.createElement("li");
  tag.textContent = word;
  return tag;
}

/** @param {{lm_ms: number, lm_tokens: number}} timing */
function languageModelTime({ lm_ms, lm_tokens }) {
  if (lm_tokens === 0) return lm_ms > 0 ? `${milliseconds(lm_ms)} ms, from cache` : "not needed";
  return `${milliseconds(lm_ms)} ms, ${count(lm_tokens, "token")}`;
}

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {number} ms */
const milliseconds = (ms) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

/** @param {number} us */
const microseconds = (us) => (us < 1000 ? `${us.toFixed(0)} µs` : `${milliseconds(us / 1000)} ms`);

/** @param {number} number @param {string} noun */
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
