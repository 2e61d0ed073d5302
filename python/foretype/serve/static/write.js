// Words, numbers and sentences, as all parts of the panel write them.

export const SOURCES = {
  trie: "Your words",
  lm: "Language model",
  both: "Both agree",
  none: "Silent",
};

/** @param {string} id */
export const part = (id) => /** @type {any} */ (document.getElementById(id));

/** @param {string} id @param {string} text */
export function write(id, text) {
  if (part(id).textContent !== text) part(id).textContent = text;
}

/** @param {string} words */
export const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** @param {number} share */
export const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {number} number @param {string} noun */
export const count = (number, noun) =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** @param {number} number */
export const times = (number) => ["never", "once", "twice"][number] ?? count(number, "time");

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3).toLocaleString("en")} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
