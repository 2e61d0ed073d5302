// Draws ghost text at the caret of a textarea, outside the textarea. The mirror repeats the
// field's text, hidden, one block a line, in the same font and width; so the ghost text after the
// caret's place in it lies where the typed text would. Only changed lines are laid out again.

/** Beyond this the field scrolls by itself and ghost text rests. */
export const MAX_MIRRORED = 200_000;

export class Mirror {
  /**
   * @param {{page: HTMLElement, mirror: HTMLElement, float: HTMLElement}} parts
   */
  constructor({ page, mirror, float }) {
    this.page = page;
    this.mirror = mirror;
    this.float = float;
    /** @type {string[]} */
    this.lines = [];
    /** The line that holds the ghost text now. @type {number | null} */
    this.ghostLine = null;
    this.sync("");
  }

  /** Makes the mirror's lines those of `value`. @param {string} value */
  sync(value) {
    const long = value.length > MAX_MIRRORED;
    this.page.classList.toggle("long", long);
    this.hide();
    const lines = long ? [""] : value.split("\n");
    const [kept, tail] = unchanged(this.lines, lines);
    const old = this.mirror.children;
    while (old.length > kept + tail) old[kept].remove();
    const fresh = lines.slice(kept, lines.length - tail).map(block);
    this.mirror.insertBefore(fragment(fresh), old[kept] ?? null);
    this.lines = lines;
  }

  /**
   * Draws `text` at `caret`, an offset into the mirrored value.
   * In the line where it is the end of what is written, below the caret where text follows.
   * @param {number} caret
   * @param {string} text
   */
  show(caret, text) {
    this.hide();
    const { line, column } = this.place(caret);
    const before = this.lines[line].slice(0, column);
    const after = this.lines[line].slice(column);
    const ghost = element("span", "ghost", text);
    // Where a word is cut by the caret, its typed part must stay where the field has it.
    const seam = element("wbr", "", "");
    this.mirror.children[line].replaceChildren(before, seam, ghost, after);
    this.ghostLine = line;
    const last = line === this.lines.length - 1;
    const fits = last || ghost.getClientRects().length <= 1;
    if (after.trim() !== "" || !fits) this.floatBelow(line, before, text);
  }

  hide() {
    this.float.hidden = true;
    if (this.ghostLine === null) return;
    this.mirror.children[this.ghostLine].textContent = this.lines[this.ghostLine];
    this.ghostLine = null;
  }

  /**
   * Scrolls the page so that the caret's line is seen, and one more, where ghost text may go on.
   * The browser cannot: the field grows only after it has looked.
   * @param {number} caret
   */
  reveal(caret) {
    if (this.page.scrollHeight <= this.page.clientHeight) return;
    const { line, column } = this.place(caret);
    const box = caretBox(this.mirror.children[line], column);
    const view = this.page.getBoundingClientRect();
    if (box.top < view.top) this.page.scrollTop -= view.top - box.top + box.height;
    const below = box.bottom + box.height - view.bottom;
    if (below > 0) this.page.scrollTop += below;
  }

  /**
   * @param {number} line
   * @param {string} before
   * @param {string} text
   */
  floatBelow(line, before, text) {
    const after = this.lines[line].slice(before.length);
    const caret = element("span", "", "");
    this.mirror.children[line].replaceChildren(before, caret, after);
    const stack = this.mirror.getBoundingClientRect();
    const box = caret.getBoundingClientRect();
    this.float.textContent = text.trimStart();
    this.float.hidden = false;
    const room = Math.max(0, stack.width - this.float.offsetWidth - 8);
    this.float.style.left = `${Math.min(box.left - stack.left, room)}px`;
    this.float.style.top = `${box.bottom - stack.top + 4}px`;
  }

  /** @param {number} caret */
  place(caret) {
    let line = 0;
    let column = caret;
    while (line < this.lines.length - 1 && column > this.lines[line].length) {
      column -= this.lines[line].length + 1;
      line += 1;
    }
    return { line, column };
  }
}

/**
 * How many lines stayed the same at the beginning and at the end.
 * @param {string[]} old
 * @param {string[]} now
 */
function unchanged(old, now) {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return [head, tail];
}

/**
 * Where the caret stands before `column` of a line's block.
 * @param {Element} line
 * @param {number} column
 */
function caretBox(line, column) {
  const text = line.firstChild;
  if (!(text instanceof Text)) return line.getBoundingClientRect();
  const range = document.createRange();
  range.setStart(text, Math.min(column, text.length));
  const box = range.getBoundingClientRect();
  return box.height > 0 ? box : line.getBoundingClientRect();
}

/** @param {string} text */
function block(text) {
  return element("div", "typed", text);
}

/** @param {Node[]} nodes */
function fragment(nodes) {
  const all = document.createDocumentFragment();
  all.append(...nodes);
  return all;
}

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} text
 */
function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
