// The text around the caret: what is sent of it, and where ghost text has no place.

// The window's start moves in steps, so that the engine's cache of the text before the caret
// stays good for thousands of keys.
const STEP = 4096;
const AFTER = 1024;

/**
 * @param {string} value
 * @param {number} caret
 */
export function contextAt(value, caret) {
  let start = caret < 2 * STEP ? 0 : Math.floor((caret - STEP) / STEP) * STEP;
  if (isLowSurrogate(value.charCodeAt(start))) start += 1;
  return { before: value.slice(start, caret), after: value.slice(caret, caret + AFTER) };
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

/**
 * The message without its pasted passages; empty when one of them was changed since, because then
 * nobody can say any more what was typed.
 * @param {string} value
 * @param {string[]} pasted
 */
export function typedPart(value, pasted) {
  let rest = value;
  for (const passage of pasted) {
    const at = rest.indexOf(passage);
    if (at < 0) return "";
    rest = rest.slice(0, at) + rest.slice(at + passage.length);
  }
  return rest;
}

/** @param {number} unit */
function isLowSurrogate(unit) {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
