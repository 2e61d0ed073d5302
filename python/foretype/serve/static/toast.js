// One sentence that comes by itself and goes by itself: what was done, or why it was not.

const SHOWN_MS = 6000;

export class Toast {
  /**
   * @param {HTMLElement} box
   * @param {import("./announcer.js").Announcer} announcer
   */
  constructor(box, announcer) {
    this.box = box;
    this.announcer = announcer;
    this.timer = 0;
  }

  /** @param {string} text */
  say(text) {
    clearTimeout(this.timer);
    this.announcer.say(text);
    this.box.textContent = text;
    this.box.hidden = false;
    this.timer = setTimeout(() => (this.box.hidden = true), SHOWN_MS);
  }
}
