// The rules of ghost text in one field: when it is asked for, shown, taken and taken away.
//
// Invariants: the ghost text is never in the field's value; it changes only by what the user does,
// except that an answer to the last key may bring or extend it; Tab is ours only while it is shown.

import { contextAt, hasLetter, insideWord } from "./context.js";
import { MAX_MIRRORED } from "./mirror.js";
import { Untyped, editBetween, inCodePoints } from "./untyped.js";

/** @typedef {import("./service.js").Answer} Answer */
/** @typedef {"typed" | "deleted" | "accepted" | "pasted" | "undone" | "other"} Kind */
/**
 * @typedef {object} Offer what was shown last
 * @property {string} typed what stood before it of the same word
 * @property {string[]} words
 * @property {import("./service.js").Suggestion | null} suggestion the answer that brought it
 */

/** An answer later than this may extend what is shown, but no longer replace it. */
const LATE_MS = 100;
/** Of a longer word the panel shows the end. */
const LONGEST_WORD = 40;
/** A mark that stands at the word before it. */
const CLOSING = /^[,.;:!?…)\]}”’]$/u;

/**
 * @typedef {object} EditorListener
 * @property {(kind: Kind) => void} key
 * @property {(answer: Answer, keyTime: number) => void} answered after the ghost text is drawn
 * @property {(text: string) => void} shown what is on screen now; "" for nothing
 * @property {() => void} why the user asks why this is shown
 */

export class Editor {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {import("./mirror.js").Mirror} mirror
   * @param {import("./service.js").Service} service
   * @param {EditorListener} listener
   */
  constructor(field, mirror, service, listener) {
    this.field = field;
    this.mirror = mirror;
    this.service = service;
    this.listener = listener;
    /** What is on screen, in pieces that Tab takes. @type {string[]} */
    this.words = [];
    /** The question that waits for an answer. @type {{turn: number, time: number} | null} */
    this.asked = null;
    /** The last question of all. */
    this.turn = 0;
    /** @type {import("./service.js").Accepted | null} */
    this.accepting = null;
    /** Silent until a letter is typed: after a deletion, an undo, a paste, a selection. */
    this.quiet = false;
    /** The caret behind a space that an accept brought along; -1 elsewhere. */
    this.spaceAt = -1;
    /** The sample typist drives the field; it may lie outside the focus. */
    this.driven = false;
    /** An input method composes: what stands there is not final, and its caret not ours. */
    this.composing = false;
    /** While true, what is typed is not to be learned. */
    this.paused = false;
    /** @type {Offer | null} */
    this.offer = null;
    /** @type {import("./service.js").Suggestion | null} */
    this.suggestion = null;
    this.untyped = new Untyped();
    this.keyTime = 0;
    /** Field and caret as they were after the last change. */
    this.value = "";
    this.caret = 0;
    this.listen();
  }

  listen() {
    this.field.addEventListener("keydown", (event) => this.keyDown(event));
    this.field.addEventListener("input", (event) => this.input(/** @type {InputEvent} */ (event)));
    this.field.addEventListener("compositionstart", () => this.compose(true));
    this.field.addEventListener("compositionend", () => this.compose(false));
    this.field.addEventListener("blur", () => this.driven || this.silence());
    document.addEventListener("selectionchange", () => this.selected());
  }

  /** The ghost text. */
  get shown() {
    return this.words.join("");
  }

  /** What stands before the caret of the word at it. */
  get typedWord() {
    const near = this.field.value.slice(Math.max(0, this.caret - LONGEST_WORD), this.caret);
    return near.split(/\s/).at(-1) ?? "";
  }

  /** How many characters of the message were typed or accepted. */
  get written() {
    return this.field.value.length - this.untyped.length;
  }

  /** @param {KeyboardEvent} event */
  keyDown(event) {
    this.keyTime = event.timeStamp;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
    if (plain && this.spaceAt === this.caret && this.afterSpace(event.key)) event.preventDefault();
    if (!plain || this.words.length === 0) return;
    if (event.key === "Tab") this.accept(event.shiftKey);
    else if (event.key === "Escape") this.dismiss();
    else if (event.key === "F1") this.listener.why();
    else return;
    event.preventDefault();
  }

  /** @param {InputEvent} event */
  input(event) {
    if (!event.isComposing) this.changed(kindOf(event.inputType));
  }

  /** @param {boolean} begun or else done */
  compose(begun) {
    this.composing = begun;
    if (begun) this.silence();
    else this.changed("typed");
  }

  /**
   * A key right behind a space that came with an accept: the space is not doubled, and gives way to
   * a mark that stands at the word. Returns whether the key is done.
   * @param {string} key
   */
  afterSpace(key) {
    if (key === " ") {
      this.spaceAt = -1;
      return true;
    }
    if (!CLOSING.test(key)) return false;
    this.field.setSelectionRange(this.caret - 1, this.caret);
    insert(this.field, key);
    return true;
  }

  /** Takes the next word of the ghost text, or all of it, as one step of undo. @param {boolean} all */
  accept(all) {
    const taken = all ? this.words : this.words.slice(0, 1);
    if (taken.length === 0) return;
    this.accepting = { text: taken.join(""), words: all ? null : 1 };
    insertAsOneStep(this.field, this.accepting.text);
  }

  dismiss() {
    this.silence();
    this.service.dismiss();
  }

  /** Types for the sample typist. @param {string} text */
  type(text) {
    this.keyTime = performance.now();
    insert(this.field, text);
  }

  /** Ends the message: the field is empty afterwards. Returns the message as it was. */
  finish() {
    const message = this.field.value;
    const text = message.slice(0, MAX_MIRRORED);
    this.service.finish(text, inCodePoints(text, this.untyped.within(0, text.length)));
    this.clear();
    return message;
  }

  clear() {
    this.field.value = "";
    this.untyped.clear();
    this.quiet = false;
    this.silence();
    this.mirror.sync("");
    this.remember();
  }

  /** Nothing of what stands here now is to be learned: it was forgotten. */
  disown() {
    const length = this.field.value.length;
    this.untyped.edited({ at: 0, removed: length, added: length }, false);
  }

  /** @param {Kind} kind */
  changed(kind) {
    const { added, inserted } = this.takeIn(kind);
    const accepted = this.accepting;
    this.accepting = null;
    this.remember();
    this.spaceAt = accepted?.text.endsWith(" ") ? this.caret : -1;
    this.mirror.sync(this.field.value);
    if (kind === "typed") this.quiet = this.quiet && !hasLetter(added);
    else this.quiet = true;
    this.draw(this.maySuggest() ? without(this.words, inserted) : []);
    this.ask(accepted);
    this.mirror.reveal(this.caret);
    this.listener.key(accepted ? "accepted" : kind);
  }

  /** @param {Answer} answer */
  answered(answer) {
    if (this.asked?.turn !== answer.turn) return;
    const late = performance.now() - this.asked.time > LATE_MS;
    this.asked = null;
    const words = answer.suggestion?.words ?? [];
    this.suggestion = answer.suggestion;
    if (!late || words.join("").startsWith(this.shown)) this.draw(words);
    this.listener.answered(answer, this.keyTime);
  }

  /**
   * More words are known by now: what is shown goes on with them, and changes in nothing else.
   * @param {import("./service.js").Extension} extension
   */
  extended({ turn, suggestion }) {
    if (turn !== this.turn || !this.shown || !suggestion.text.startsWith(this.shown)) return;
    this.suggestion = suggestion;
    this.draw(suggestion.words);
  }

  /**
   * Tells the engine the text as it is now, and awaits an answer unless there is to be silence.
   * @param {import("./service.js").Accepted | null} accepted
   */
  ask(accepted) {
    this.asked = null;
    if (this.field.value.length > MAX_MIRRORED) return;
    const context = contextAt(this.field.value, this.caret, this.untyped);
    this.turn = this.service.ask(context, accepted, this.quiet);
    if (this.maySuggest()) this.asked = { turn: this.turn, time: performance.now() };
  }

  /** Asks once more for the same text: what is known, or where, has changed. */
  askAgain() {
    this.silence();
    this.keyTime = performance.now();
    if (document.activeElement === this.field && this.maySuggest()) this.ask(null);
  }

  /**
   * The field has the focus again after a dialog, whose clicks may have taken its selection.
   * @param {number} caret where it was
   */
  returned(caret) {
    if (document.activeElement !== this.field) return;
    this.field.blur();
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(caret, caret);
    this.remember();
    this.askAgain();
  }

  maySuggest() {
    const { value, selectionStart, selectionEnd } = this.field;
    if (this.quiet || selectionStart !== selectionEnd) return false;
    return value.length <= MAX_MIRRORED && !insideWord(value, selectionEnd);
  }

  /** The caret moved without a change of the text, or something is selected. */
  selected() {
    if (this.composing || document.activeElement !== this.field) return;
    const { selectionStart, selectionEnd } = this.field;
    if (selectionStart === this.caret && selectionEnd === this.caret) return;
    this.takeIn("other"); // Where a program changed the text, nobody typed it.
    this.remember();
    this.silence();
    if (!this.quiet) this.service.hush();
    this.quiet = true;
  }

  /** Shows nothing, and awaits no answer. */
  silence() {
    this.asked = null;
    this.draw([]);
  }

  /** @param {string[]} words */
  draw(words) {
    const text = words.join("");
    this.words = text ? words : [];
    if (text) this.offer = { typed: this.typedWord, words, suggestion: this.suggestion };
    if (text) this.mirror.show(this.caret, text);
    else this.mirror.hide();
    this.listener.shown(text);
  }

  /**
   * Takes in what the last change did to the text. Returns what was added by it, and that again as
   * `inserted` if it did nothing but insert it before the caret.
   * @param {Kind} kind
   */
  takeIn(kind) {
    const { value, selectionEnd } = this.field;
    const edit = editBetween(this.value, value, selectionEnd);
    const typed = kind === "typed" || (kind === "undone" && !this.untyped.ever);
    this.untyped.edited(edit, typed && !this.paused);
    const added = value.slice(edit.at, edit.at + edit.added);
    const atCaret = edit.removed === 0 && edit.at + edit.added === selectionEnd;
    return { added, inserted: atCaret ? added : "" };
  }

  remember() {
    this.caret = this.field.selectionEnd;
    this.value = this.field.value;
  }
}

/** @param {string} inputType @returns {Kind} */
function kindOf(inputType) {
  if (inputType === "insertText" || inputType === "insertLineBreak") return "typed";
  if (inputType.startsWith("delete")) return "deleted";
  if (inputType.startsWith("history")) return "undone";
  return inputType === "insertFromPaste" ? "pasted" : "other";
}

/**
 * What remains of the pieces after their beginning was typed; nothing if something else was.
 * @param {string[]} words
 * @param {string} typed
 */
function without(words, typed) {
  const text = words.join("");
  if (!typed || !text.startsWith(typed)) return [];
  let left = typed.length;
  const rest = [];
  for (const word of words) {
    if (word.length > left) rest.push(word.slice(left));
    left = Math.max(0, left - word.length);
  }
  return rest;
}

/**
 * Inserts at the caret as one step of undo of its own.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function insertAsOneStep(field, text) {
  const caret = field.selectionEnd;
  // Moving the caret there and back ends the browser's run of typing, which would be undone too.
  field.setSelectionRange(0, 0);
  field.setSelectionRange(caret, caret);
  insert(field, text);
}

/**
 * Inserts at the caret the way a key does: with an input event, and undoable if in focus.
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function insert(field, text) {
  if (document.activeElement === field && document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { inputType: "insertText", data: text }));
}
