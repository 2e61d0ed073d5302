// The messages sent from this page, as one sees them in a chat.

export class Thread {
  /**
   * @param {HTMLElement} thread scrolls
   * @param {HTMLElement} list
   * @param {HTMLElement} welcome stands there while nothing is sent
   */
  constructor(thread, list, welcome) {
    this.thread = thread;
    this.list = list;
    this.welcome = welcome;
  }

  /**
   * @param {string} message
   * @param {string} note what it cost
   */
  add(message, note) {
    const [item, text, small] = ["li", "p", "small"].map((tag) => document.createElement(tag));
    text.dir = "auto";
    text.textContent = message;
    small.textContent = note;
    item.append(text, small);
    this.list.append(item);
    this.welcome.hidden = true;
    this.thread.scrollTop = this.thread.scrollHeight;
  }

  clear() {
    this.list.replaceChildren();
    this.welcome.hidden = false;
  }
}
