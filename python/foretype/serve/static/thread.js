// The messages sent from this page, as one sees them in a chat.

export class Thread {
  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} welcome
   */
  constructor(list, welcome) {
    this.list = list;
    this.welcome = welcome;
  }

  /** @param {string} message */
  add(message) {
    const item = document.createElement("li");
    item.dir = "auto";
    item.textContent = message;
    this.list.append(item);
    this.welcome.hidden = true;
  }

  clear() {
    this.list.replaceChildren();
    this.welcome.hidden = false;
  }
}
