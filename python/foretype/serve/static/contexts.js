// Where what is written here is learned: a client, an app, a site, or what is common to all.
// Each tab has its own; a reload keeps it.

import { part } from "./write.js";

const KEY = "foretype-context";
const NEW = "new";
/** Before a name, so that no name is mistaken for something else. */
const NAMED = "=";

export class Contexts {
  /**
   * @param {{chosen: (name: string) => void, made: (name: string) => void}} hands
   */
  constructor(hands) {
    this.hands = hands;
    this.current = remembered();
    /** @type {{name: string, private: boolean}[]} */
    this.known = [];
    part("context").addEventListener("change", () => this.picked());
    part("new-context").addEventListener("close", () => this.named());
    part("leave-context").addEventListener("click", () => part("new-context").close());
  }

  /** @param {{name: string, private: boolean}[]} known */
  show(known) {
    this.known = known.filter(({ name }) => name);
    if (this.current && !this.facts) this.known.push({ name: this.current, private: false });
    const options = this.known.map((context) => new Option(label(context), NAMED + context.name));
    part("context").replaceChildren(
      new Option("learn for everywhere", NAMED),
      ...options,
      new Option("new context …", NEW),
    );
    part("context").value = NAMED + this.current;
    part("this-context").hidden = !this.current;
    part("private").checked = this.facts?.private ?? false;
    part("context-name").textContent = this.current;
  }

  get facts() {
    return this.known.find(({ name }) => name === this.current);
  }

  picked() {
    const { value } = part("context");
    if (value !== NEW) {
      this.choose(value.slice(NAMED.length));
      return;
    }
    part("context").value = NAMED + this.current;
    part("name-field").value = "";
    part("name-private").checked = false;
    part("new-context").returnValue = "";
    part("new-context").showModal();
  }

  named() {
    const name = part("name-field").value.trim();
    if (part("new-context").returnValue !== "make" || !name) return;
    this.choose(name);
    if (part("name-private").checked) this.hands.made(name);
  }

  /** @param {string} name */
  choose(name) {
    this.current = name;
    remember(name);
    this.show(this.known);
    this.hands.chosen(name);
  }
}

/** @param {{name: string, private: boolean}} context */
const label = (context) => `learn in ${context.name}${context.private ? " (private)" : ""}`;

function remembered() {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // Storage is switched off in this browser.
  }
}

/** @param {string} name */
function remember(name) {
  try {
    sessionStorage.setItem(KEY, name);
  } catch {
    // Then it holds until the page is closed.
  }
}
