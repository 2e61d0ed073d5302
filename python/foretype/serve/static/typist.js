// Types a sample the way a person does: key by key, never quite in time, with an eye on the ghost
// text. It takes a word when exactly that word comes next, and all when all of it does.

const LEAST_MS = 60;
const MOST_MS = 180;
/** A person needs a moment to see that the ghost text is right. */
const LOOK_MS = 140;
const PRESSED_MS = 260;
const SEND_MS = 700;
const SEED = 20261;

export class Typist {
  /**
   * @param {import("./editor.js").Editor} editor
   * @param {{send: () => void, pressed: (all: boolean, ms: number) => void, done: () => void}} hands
   */
  constructor(editor, hands) {
    this.editor = editor;
    this.hands = hands;
    this.running = false;
  }

  /**
   * @param {import("./samples.js").Sample} sample
   * @param {number} pace 1 for a person's, 4 for four times as fast
   */
  async play(sample, pace) {
    this.running = true;
    this.editor.driven = true;
    this.pace = pace;
    this.random = rhythm(SEED);
    for (const message of sample.messages) await this.write(message);
    this.stop();
  }

  stop() {
    if (!this.running) return;
    this.running = false;
    this.editor.driven = false;
    this.hands.done();
  }

  /** @param {string} message */
  async write(message) {
    let at = 0;
    while (at < message.length && this.running) {
      await this.wait(LEAST_MS + this.random() * (MOST_MS - LEAST_MS));
      if (this.running) at += await this.key(message.slice(at));
    }
    await this.wait(SEND_MS);
    if (this.running) this.hands.send();
  }

  /**
   * One key towards `rest`. Returns how many of its characters stand in the field now.
   * @param {string} rest
   */
  async key(rest) {
    const { words, shown } = this.editor;
    const all = words.length > 1 && comesNext(shown, rest);
    if (all || (words.length > 0 && comesNext(words[0], rest))) {
      await this.wait(LOOK_MS);
      // The ghost text may have been extended meanwhile, or taken away by the user.
      const taken = all ? this.editor.shown : this.editor.words[0];
      if (this.running && taken && comesNext(taken, rest)) {
        this.hands.pressed(all, PRESSED_MS / this.pace);
        this.editor.accept(all);
        return taken.length;
      }
    }
    if (!this.running) return 0;
    const character = String.fromCodePoint(rest.codePointAt(0));
    this.editor.type(character);
    return character.length;
  }

  /** @param {number} ms */
  wait(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms / this.pace));
  }
}

/**
 * Whether `text`, to the end of its last word, is what comes next, and worth a key.
 * @param {string} text
 * @param {string} rest
 */
function comesNext(text, rest) {
  const wordGoesOn = /[\p{L}\p{N}]$/u.test(text) && /^[\p{L}\p{N}]/u.test(rest.slice(text.length));
  return text.length > 1 && rest.startsWith(text) && !wordGoesOn;
}

/**
 * Numbers from 0 to 1 by Marsaglia's xorshift: the same rhythm at every start.
 * @param {number} seed not 0
 */
function rhythm(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
