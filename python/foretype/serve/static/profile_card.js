// The profile, open to its owner: room, words, blocked words. What is done to it is told by main.

import { count, part, size, times, write } from "./write.js";

const NOTHING_YET = "Nothing yet. Words are learned as you write them.";
const NONE_FOUND = "No word begins so.";
const MORE = "There are more: type how the word begins.";
/** A list that changes while someone reads it helps nobody. */
const SETTLED_MS = 300;

/**
 * @typedef {object} Hands
 * @property {(word: string) => void} why
 * @property {(word: string) => void} forget
 * @property {(word: string) => void} block
 * @property {(word: string) => void} unblock
 */

export class ProfileCard {
  /**
   * @param {import("./service.js").Service} service
   * @param {Hands} hands
   */
  constructor(service, hands) {
    this.service = service;
    this.hands = hands;
    this.timer = 0;
    this.ngrams = -1;
    this.readOnly = false;
    part("find").addEventListener("input", () => this.listSoon());
    part("profile").addEventListener("toggle", () => this.list());
  }

  /** @param {any} profile */
  show(profile) {
    part("words").replaceChildren(...profile.new_words.map((/** @type {string} */ word) => this.tag(word)));
    write("known", profile.ngrams ? "" : NOTHING_YET);
    part("known").hidden = profile.ngrams > 0;
    part("pause").checked = profile.paused;
    this.showRoom(profile);
    this.showBlocked(profile.blocked);
    this.disable(profile.read_only);
    if (profile.ngrams !== this.ngrams) this.listSoon();
    this.ngrams = profile.ngrams;
  }

  /** @param {any} profile */
  showRoom({ ngrams, max_ngrams, memory_bytes, file_bytes, folder }) {
    const share = (100 * ngrams) / max_ngrams;
    write("room", count(ngrams, "sequence"));
    part("room-bar").style.width = `${share}%`;
    const room = `${share.toFixed(1)} % of the room for ${max_ngrams.toLocaleString("en")} sequences`;
    write("room-bytes", `${room}. ${size(memory_bytes)} in memory, ${size(file_bytes)} on disk.`);
    write("folder", folder ?? "It ends with the command.");
  }

  /** @param {string[]} words */
  showBlocked(words) {
    part("blocked-words").hidden = words.length === 0;
    part("blocked").replaceChildren(
      ...words.map((word) => {
        const again = this.button("word", `${word} ×`, () => this.hands.unblock(word));
        again.setAttribute("aria-label", `Suggest ${word} again`);
        return item(this.writing(again));
      }),
    );
  }

  listSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.list(), SETTLED_MS);
  }

  async list() {
    if (!part("profile").open) return;
    const prefix = part("find").value.trim();
    const found = await this.service.words(prefix);
    if (!found || prefix !== part("find").value.trim()) return;
    const place = focusWithin(part("found"));
    part("found").replaceChildren(...found.words.map((/** @type {any} */ word) => this.row(word)));
    if (place) focusAt(part("found"), place);
    const none = prefix ? NONE_FOUND : NOTHING_YET;
    write("found-note", found.words.length === 0 ? none : found.more ? MORE : "");
  }

  /** @param {{word: string, uses: number, rung: string}} known */
  row({ word, uses, rung }) {
    const name = this.button("name", word, () => this.hands.why(word));
    name.setAttribute("aria-label", `Why ${word}?`);
    const note = document.createElement("span");
    note.textContent = times(uses);
    note.title = `${word} is ${rung}`;
    const forget = this.button("link", "Forget", () => this.hands.forget(word));
    forget.setAttribute("aria-label", `Forget ${word}`);
    const block = this.button("link", "Block", () => this.hands.block(word));
    block.setAttribute("aria-label", `Never suggest ${word}`);
    return item(name, note, this.writing(forget), this.writing(block));
  }

  /** @param {boolean} readOnly */
  disable(readOnly) {
    this.readOnly = readOnly;
    const controls = document.querySelectorAll("[data-writes]");
    for (const control of controls) /** @type {HTMLButtonElement} */ (control).disabled = readOnly;
  }

  /** Marks a button that changes the profile. @param {HTMLButtonElement} button */
  writing(button) {
    button.dataset.writes = "";
    button.disabled = this.readOnly;
    return button;
  }

  /** @param {string} word */
  tag(word) {
    const button = this.button("word", word, () => this.hands.why(word));
    button.title = `Why ${word}?`;
    return item(button);
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {() => void} act
   */
  button(name, text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = name;
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }
}

/**
 * Which row and which button of it has the focus.
 * @param {HTMLElement} list
 */
function focusWithin(list) {
  const button = document.activeElement;
  if (!button || !list.contains(button)) return null;
  const row = /** @type {Element} */ (button.closest("li"));
  return [[...list.children].indexOf(row), [...row.children].indexOf(button)];
}

/**
 * Puts the focus where it was in the list that was here before, or near.
 * @param {HTMLElement} list
 * @param {number[]} place
 */
function focusAt(list, [row, button]) {
  const near = list.children[Math.min(row, list.children.length - 1)]?.children[button];
  (near instanceof HTMLElement ? near : part("find")).focus();
}

/** @param {Node[]} nodes */
function item(...nodes) {
  const made = document.createElement("li");
  made.append(...nodes);
  return made;
}
