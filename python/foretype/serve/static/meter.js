// Counts what was spent and what was saved: keys, characters, milliseconds.

const REMEMBERED = 200;

export class Meter {
  constructor() {
    this.keys = 0;
    /** Characters of the messages sent so far, pasted ones left out. */
    this.sent = 0;
    /** Milliseconds of the engine for the last keystrokes, oldest first. @type {number[]} */
    this.times = [];
  }

  key() {
    this.keys += 1;
  }

  /** @param {number} characters */
  messageSent(characters) {
    this.sent += characters;
  }

  /** @param {number} ms */
  time(ms) {
    this.times.push(ms);
    if (this.times.length > REMEMBERED) this.times.shift();
  }

  /**
   * Keystroke savings as docs/evaluation defines them: 1 - keys / characters.
   * Keys include deletions, so this is below the truth of an error-free typist, never above.
   * @param {number} current characters of the message being written
   */
  saved(current) {
    const characters = this.sent + current;
    const share = characters === 0 ? 0 : Math.max(0, 1 - this.keys / characters);
    return { keys: this.keys, characters, share };
  }

  /** @param {number} share 0.5 for the median */
  quantile(share) {
    const sorted = [...this.times].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }
}
