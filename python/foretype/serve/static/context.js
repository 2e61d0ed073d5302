// The text around the caret: what is sent of it, and where ghost text has no place.

import { inCodePoints } from "./untyped.js";

// The window's start moves in steps, so that the engine's cache of the text before the caret
// stays good for thousands of keys.
const STEP = 4096;
const AFTER = 1024;

/**
 * @param {string} value
 * @param {number} caret
 * @param {import("./untyped.js").Untyped} untyped
 */
export function contextAt(value, caret, untyped) {
  let start = caret < 2 * STEP ? 0 : Math.floor((caret - STEP) / STEP) * STEP;
  if (isLowSurrogate(value.charCodeAt(start))) start += 1;
  const text = value.slice(start, caret + AFTER);
  return {
    before: text.slice(0, caret - start),
    after: text.slice(caret - start),
    untyped: inCodePoints(text, untyped.within(start, start + text.length)),
  };
}

/**
 * Whether a word goes on to the right of the caret.
 * @param {string} value
 * @param {number} caret
 */
export function insideWord(value, caret) {
  return /^[\p{L}\p{N}\p{M}_]/u.test(value.slice(caret, caret + 2));
}

/** @param {string} text */
export function hasLetter(text) {
  return /[\p{L}\p{N}]/u.test(text);
}

/** @param {number} unit */
function isLowSurrogate(unit) {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
