// Answers "why this?": where a suggestion comes from, why its word is known, and two ways to be rid
// of it. A dialog of the browser's own: it takes the focus, tells its content, and gives it back.

import { SOURCES, part, percent, sentence, write } from "./write.js";

/** What stands around a word and is none of it. */
const EDGES = /^[^\p{L}\p{N}@#]+|[^\p{L}\p{N}]+$/gu;
const NOT_YOURS = "It is not in your profile.";
const BLOCKED = "You asked never to suggest it.";

export class WhyDialog {
  /**
   * @param {import("./service.js").Service} service
   * @param {(change: import("./service.js").Change, said: string) => Promise<boolean>} change
   */
  constructor(service, change) {
    this.service = service;
    this.change = change;
    this.word = "";
    this.blocked = false;
    /** Whether the profile cannot be changed. */
    this.readOnly = false;
    part("why-forget").addEventListener("click", () => this.forget());
    part("why-block").addEventListener("click", () => this.block());
  }

  /** Of ghost text. @param {import("./editor.js").Offer} offer */
  async openFor({ typed, words, suggestion }) {
    const [first, ...rest] = words.map((word) => word.trim());
    const begun = /^\s/.test(words[0]) ? first : typed + first;
    part("why-origin").dataset.source = suggestion?.source ?? "none";
    write("why-source", SOURCES[suggestion?.source ?? "none"]);
    write("why-sure", suggestion ? `${percent(suggestion.probability)} sure of the next word` : "");
    write("why-reason", suggestion ? sentence(suggestion.why) : "");
    await this.show(bare(begun), [begun, ...rest].map(bare), true);
  }

  /** Of a word in the profile. @param {string} word */
  async open(word) {
    await this.show(word, [], false);
  }

  /**
   * @param {string} word
   * @param {string[]} words to choose from
   * @param {boolean} offered whether it comes from ghost text
   */
  async show(word, words, offered) {
    const answer = await this.service.why(word);
    if (!answer) return;
    part("why-offered").hidden = !offered;
    const choice = [...new Set(words)].filter((one) => one);
    part("why-words").replaceChildren(...choice.map((one) => this.choice(one, one === word, words)));
    part("why-words").hidden = choice.length < 2;
    this.fill(answer);
    if (!part("why-dialog").open) part("why-dialog").showModal();
  }

  /** @param {{word: string, reasons: string[], blocked: boolean}} answer */
  fill({ word, reasons, blocked }) {
    this.word = word;
    this.blocked = blocked;
    const known = reasons.length > 0;
    write("why-title", part("why-offered").hidden ? `“${word}”` : `Why “${word}”?`);
    const lines = [...(known ? reasons : [NOT_YOURS]), ...(blocked ? [BLOCKED] : [])];
    part("why-reasons").replaceChildren(...lines.map(line));
    part("why-forget").disabled = !known || this.readOnly;
    part("why-block").disabled = this.readOnly;
    write("why-block", blocked ? "Suggest it again" : "Never suggest it");
  }

  /**
   * @param {string} word
   * @param {boolean} chosen
   * @param {string[]} words
   */
  choice(word, chosen, words) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "word";
    button.textContent = word;
    button.setAttribute("aria-pressed", String(chosen));
    button.addEventListener("click", async () => {
      await this.show(word, words, true);
      part("why-words").querySelector("[aria-pressed=true]")?.focus();
    });
    return button;
  }

  async forget() {
    part("why-dialog").close();
    await this.change({ forget: this.word }, `“${this.word}” is forgotten.`);
  }

  async block() {
    part("why-dialog").close();
    const { word, blocked } = this;
    if (blocked) await this.change({ unblock: word }, `“${word}” may be suggested again.`);
    else await this.change({ block: word }, `“${word}” is never suggested from now on.`);
  }
}

/** @param {string} piece */
const bare = (piece) => piece.replaceAll(EDGES, "");

/** @param {string} text */
function line(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
