// What suggestions are worth to their user: how many were right, how many keys they saved, and how
// often they are wrong beside what the dial allows. On this page, and in all.

import { part, write } from "./write.js";

/** Of fewer words no rate is told: it would jump with each of them. */
const LEAST_WORDS = 20;
/** The rate is of the last so many words. */
const RECENT_WORDS = 200;

/**
 * @typedef {object} Tally as the profile counts, over all its time
 * @property {number} words
 * @property {number} shown
 * @property {number} taken
 * @property {number} written right, and all the same written by hand
 * @property {number} wrong
 * @property {number} keys_saved
 */

export class Yours {
  constructor() {
    /** When the page was opened. @type {Tally | null} */
    this.first = null;
    /** The last words, oldest first, since the dial was turned. @type {Tally[]} */
    this.recent = [];
  }

  /** @param {Tally} tally */
  take(tally) {
    const last = this.recent.at(-1);
    if (!this.first || !last || tally.words < last.words) {
      this.first = tally; // It was opened just now, or everything was forgotten.
      this.recent = [tally];
    } else if (tally.words > last.words) {
      this.recent.push(tally);
      while (this.recent[1].words <= tally.words - RECENT_WORDS) this.recent.shift();
    }
    this.show(tally, since(this.first, tally));
  }

  /** What was wrong before says nothing of the new limit. */
  dialTurned() {
    this.recent = this.recent.slice(-1);
    this.showRate();
  }

  /** @param {Tally} all @param {Tally} here */
  show(all, here) {
    write("right", here.shown ? String(Math.round(100 * right(here))) : "–");
    part("right-unit").hidden = !here.shown;
    for (const what of /** @type {const} */ (["taken", "written", "wrong"])) {
      part(`${what}-bar`).style.width = width(here[what], here);
      write(what, whole(here[what]));
      write(`${what}-ever`, whole(all[what]));
    }
    write("keys-here", whole(here.keys_saved));
    write("keys-ever", whole(all.keys_saved));
    this.showRate();
  }

  showRate() {
    const now = this.recent.at(-1);
    if (!now) return;
    const { words, wrong } = since(this.recent[0], now);
    const rate = ((100 * wrong) / words).toFixed(1);
    const known = words >= LEAST_WORDS;
    write("rate", known ? `${rate} in the last ${words} words` : "too few words yet to say");
  }
}

/**
 * @param {Tally} before
 * @param {Tally} now
 * @returns {Tally}
 */
function since(before, now) {
  const keys = /** @type {(keyof Tally)[]} */ (Object.keys(now));
  return /** @type {Tally} */ (Object.fromEntries(keys.map((key) => [key, now[key] - before[key]])));
}

/** @param {Tally} tally */
const right = ({ shown, wrong }) => (shown - wrong) / shown;

/** @param {number} some @param {Tally} tally */
const width = (some, { shown }) => `${shown ? (100 * some) / shown : 0}%`;

/** @param {number} number */
const whole = (number) => number.toLocaleString("en");
