// Tells screen readers, rarely: a suggestion is spoken only after a pause in typing, and once.

const PAUSE_MS = 1500;

export class Announcer {
  /** @param {HTMLElement} status */
  constructor(status) {
    this.status = status;
    this.timer = 0;
    this.last = "";
  }

  /** @param {string} text the ghost text now on screen; "" for nothing */
  suggestion(text) {
    clearTimeout(this.timer);
    if (!text || text === this.last) return;
    this.timer = setTimeout(() => {
      this.last = text;
      this.say(`Suggestion: ${text.trim()}. Tab takes a word.`);
    }, PAUSE_MS);
  }

  /** @param {string} sentence */
  say(sentence) {
    this.status.textContent = sentence;
  }
}
