// Counts what was spent and what was saved: keys, characters, milliseconds.

const REMEMBERED = 200;

export class Meter {
  constructor() {
    this.keys = 0;
    /** Keys of the messages sent so far. */
    this.keysBefore = 0;
    /** Characters of the messages sent so far, pasted ones left out. */
    this.sent = 0;
    /** Milliseconds of the engine for the last keystrokes, oldest first. @type {number[]} */
    this.times = [];
  }

  key() {
    this.keys += 1;
  }

  /**
   * Ends a message; returns the keys that it took.
   * @param {number} characters
   */
  messageSent(characters) {
    const keys = this.keys - this.keysBefore;
    this.keysBefore = this.keys;
    this.sent += characters;
    return keys;
  }

  /** The message is given up: its keys count for nothing. */
  dropMessage() {
    this.keys = this.keysBefore;
  }

  /** @param {number} ms */
  time(ms) {
    this.times.push(ms);
    if (this.times.length > REMEMBERED) this.times.shift();
  }

  /**
   * Keystroke savings in the strict sense: 1 - keys / characters.
   * Keys include deletions, so this is below the truth of an error-free typist, never above.
   * @param {number} current characters of the message being written
   */
  saved(current) {
    const characters = this.sent + current;
    return characters === 0 ? 0 : Math.max(0, 1 - this.keys / characters);
  }

  /** @param {number} share 0.5 for the median */
  quantile(share) {
    const sorted = [...this.times].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }
}
