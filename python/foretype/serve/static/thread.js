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
    item.scrollIntoView({ block: "nearest" });
  }

  clear() {
    this.list.replaceChildren();
    this.welcome.hidden = false;
  }
}
