// Which parts of a message its owner did not type: what was pasted or dropped, what an undo brought
// back of it, what was written while learning was paused, what was forgotten. They are context for
// suggestions and are never learned. The ranges are kept in step with every edit.

/** More are told as one from there to the end of the last. */
const MAX_RANGES = 500;

/** @typedef {[number, number]} Range begin and end, in UTF-16 units unless it is said otherwise */
/** @typedef {{at: number, removed: number, added: number}} Edit */

export class Untyped {
  constructor() {
    /** Rising; no two touch. @type {Range[]} */
    this.ranges = [];
    /** Whether there was ever one in this message: then an undo may bring it back. */
    this.ever = false;
  }

  get length() {
    return this.ranges.reduce((sum, [begin, end]) => sum + end - begin, 0);
  }

  clear() {
    this.ranges = [];
    this.ever = false;
  }

  /**
   * Takes in one edit of the text.
   * @param {Edit} edit
   * @param {boolean} typed whether what was added was typed
   */
  edited({ at, removed, added }, typed) {
    const shift = added - removed;
    const before = this.ranges.map(([begin, end]) => [begin, Math.min(end, at)]);
    const after = this.ranges.map(([begin, end]) => [
      Math.max(begin, at + removed) + shift,
      end + shift,
    ]);
    const fresh = typed ? [] : [[at, at + added]];
    this.ranges = joined(/** @type {Range[]} */ ([...before, ...fresh, ...after]));
    this.ever ||= this.ranges.length > 0;
  }

  /**
   * The ranges within a stretch of the text, counted from its beginning.
   * @param {number} start
   * @param {number} end
   * @returns {Range[]}
   */
  within(start, end) {
    return joined(
      this.ranges.map(([begin, stop]) => [Math.max(begin, start) - start, Math.min(stop, end) - start]),
    );
  }
}

/**
 * What an edit did, found by what stayed the same at both ends. Where several places would explain
 * it, such as a letter typed beside the same letter, it is the one that ends at the caret.
 * @param {string} old
 * @param {string} now
 * @param {number} caret in `now`
 * @returns {Edit}
 */
export function editBetween(old, now, caret) {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old.charCodeAt(head) === now.charCodeAt(head)) head += 1;
  let tail = 0;
  while (tail < shorter && same(old, now, tail)) tail += 1;
  if (head + tail > shorter) {
    tail = Math.min(Math.max(now.length - caret, shorter - head), tail);
    head = shorter - tail;
  }
  return { at: head, removed: old.length - head - tail, added: now.length - head - tail };
}

/**
 * The same ranges in code points, the way the engine counts; half a pair counts as all of it.
 * @param {string} text
 * @param {Range[]} ranges
 * @returns {Range[]}
 */
export function inCodePoints(text, ranges) {
  let unit = 0;
  let point = 0;
  /** @param {number} bound @param {number} inPair */
  const count = (bound, inPair) => {
    for (; unit < bound; point += 1) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
    return unit > bound ? point - inPair : point;
  };
  return few(ranges).map(([begin, end]) => [count(begin, 1), count(end, 0)]);
}

/** @param {Range[]} ranges @returns {Range[]} */
function few(ranges) {
  if (ranges.length <= MAX_RANGES) return ranges;
  const kept = ranges.slice(0, MAX_RANGES - 1);
  return [...kept, [ranges[kept.length][0], ranges[ranges.length - 1][1]]];
}

/**
 * Drops empty ranges and joins those that touch.
 * @param {Range[]} ranges rising
 * @returns {Range[]}
 */
function joined(ranges) {
  /** @type {Range[]} */
  const result = [];
  for (const [begin, end] of ranges.filter((range) => range[0] < range[1]).sort(byBegin)) {
    const last = result.at(-1);
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([begin, end]);
  }
  return result;
}

/** @param {Range} a @param {Range} b */
const byBegin = (a, b) => a[0] - b[0];

/** @param {string} old @param {string} now @param {number} tail */
const same = (old, now, tail) =>
  old.charCodeAt(old.length - 1 - tail) === now.charCodeAt(now.length - 1 - tail);
