// The line to the engine on this machine: a WebSocket for typing, requests beside it.
// Every ask carries the whole text around the caret, so a lost line costs nothing but answers.

const TOO_MANY_TABS = 4001;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 4000;
const MAX_UNSENT = 20;

/** @typedef {{text: string, words: number | null}} Accepted */
/** @typedef {{text: string, source: string, probability: number}} Candidate */
/**
 * @typedef {object} Suggestion
 * @property {string} text
 * @property {string[]} words pieces that an accept of one word takes; joined they are `text`
 * @property {"trie" | "lm" | "both"} source
 * @property {number} probability
 * @property {string} why
 * @property {Candidate[]} candidates
 */
/** @typedef {{total_ms: number, trie_us: number, lm_ms: number, lm_tokens: number}} Timing */
/** @typedef {{turn: number, suggestion: Suggestion | null, timing: Timing}} Answer */
/** @typedef {{turn: number, suggestion: Suggestion}} Extension of the answer with this turn */
/**
 * @typedef {object} Listener
 * @property {(answer: Answer) => void} answer
 * @property {(extension: Extension) => void} extension
 * @property {(profile: object) => void} learned
 * @property {(state: "open" | "lost" | "refused" | "trouble") => void} line
 * @property {(sentence: string) => void} told why something that was asked for is not done
 */
/** @typedef {import("./untyped.js").Range} Range */
/** @typedef {{ngrams: number, messages: number, note: string}} Forgotten */
/**
 * @typedef {{paused: boolean} | {wrong_per_100_words: number | null} | {block: string}
 *   | {unblock: string} | {context: string, private: boolean} | {forget: string}
 *   | {forget_minutes: number} | {forget_context: string} | {forget_everything: true}} Change
 */

export class Service {
  /**
   * @param {string} token
   * @param {Listener} listener
   */
  constructor(token, listener) {
    this.token = token;
    this.listener = listener;
    this.turn = 0;
    /** Where what is written is learned: a client, an app, a site; "" for what is common. */
    this.context = "";
    this.retry = FIRST_RETRY_MS;
    /** Finished messages that the engine has not confirmed. @type {{turn: number}[]} */
    this.unconfirmed = [];
    /** @type {WebSocket | null} */
    this.socket = null;
    this.resting = false;
    this.troubled = false;
  }

  connect() {
    this.resting = false;
    this.socket = new WebSocket(`ws://${location.host}/api/typing`, [
      "foretype",
      `foretype.token.${this.token}`,
    ]);
    this.socket.onopen = () => this.opened();
    this.socket.onmessage = (event) => this.received(JSON.parse(event.data));
    this.socket.onclose = (event) => this.closed(event.code);
  }

  /**
   * @param {{before: string, after: string, untyped: Range[]}} text ranges in code points
   * @param {Accepted | null} accepted
   * @param {boolean} hush whether nothing is to be suggested for it
   * @returns {number} the turn that the answer will carry
   */
  ask(text, accepted, hush) {
    if (this.resting) this.connect();
    const { turn, context } = { turn: (this.turn += 1), context: this.context };
    this.send({ kind: "ask", turn, ...text, context, hush, ...(accepted ? { accepted } : {}) });
    return turn;
  }

  dismiss() {
    this.send({ kind: "dismiss", turn: this.turn });
  }

  /** Nothing is shown until the next letter, though no text came or went. */
  hush() {
    this.send({ kind: "hush", turn: this.turn });
  }

  /**
   * @param {string} text
   * @param {Range[]} untyped in code points
   */
  finish(text, untyped) {
    this.turn += 1;
    const message = { kind: "finish", turn: this.turn, text, untyped, context: this.context };
    this.unconfirmed = [...this.unconfirmed, message].slice(-MAX_UNSENT);
    this.send(message);
  }

  /** Engine, model and profile. @returns {Promise<any>} null when there is no answer */
  state() {
    return this.post("/api/state", { here: this.context });
  }

  /** @param {Change} change @returns {Promise<any>} what holds now; null if it was not made */
  change(change) {
    return this.post("/api/change", { ...change, here: this.context });
  }

  /** The newest words that begin so. @param {string} prefix @returns {Promise<any>} */
  words(prefix) {
    return this.post("/api/words", { prefix });
  }

  /** Why a word is known. @param {string} word @returns {Promise<any>} */
  why(word) {
    return this.post("/api/why", { word });
  }

  /** The whole profile as a file. @returns {Promise<Blob | null>} */
  async exported() {
    const response = await this.request("/api/export", "application/json", "{}");
    return response && response.blob();
  }

  /** Adds what an exported file holds. @param {Blob} file @returns {Promise<any>} */
  async bring(file) {
    const response = await this.request("/api/import", "application/jsonl", file);
    return response && response.json();
  }

  /**
   * @param {string} path
   * @param {object} fields
   */
  async post(path, fields) {
    const response = await this.request(path, "application/json", JSON.stringify(fields));
    return response && response.json();
  }

  /**
   * @param {string} path
   * @param {string} type
   * @param {string | Blob} body
   * @returns {Promise<Response | null>} null for a refusal, which the listener is told
   */
  async request(path, type, body) {
    const headers = { "Content-Type": type, "X-Foretype-Token": this.token };
    try {
      const response = await fetch(path, { method: "POST", headers, body });
      if (response.ok) return response;
      if (response.status === 401) this.listener.line("refused");
      else this.listener.told((await response.json()).error);
    } catch {
      this.listener.line("lost");
    }
    return null;
  }

  /** @param {object} message */
  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  opened() {
    this.retry = FIRST_RETRY_MS;
    this.listener.line("open");
    for (const message of this.unconfirmed) this.send(message);
  }

  /** @param {any} message */
  received(message) {
    if (message.kind === "answer") this.listener.answer(message);
    if (message.kind === "extension") this.listener.extension(message);
    if (message.kind === "trouble") this.listener.line("trouble");
    else if (this.troubled) this.listener.line("open");
    this.troubled = message.kind === "trouble";
    if (message.kind === "profile") this.listener.learned(message.profile);
    if (message.kind === "finished") this.confirmed(message.turn);
  }

  /** @param {number} turn of a finished message that is learned now */
  confirmed(turn) {
    this.unconfirmed = this.unconfirmed.filter((message) => message.turn > turn);
  }

  /** @param {number} code */
  closed(code) {
    if (code === TOO_MANY_TABS) {
      this.resting = true;
      return;
    }
    setTimeout(() => this.reconnect(), this.retry);
    this.retry = Math.min(2 * this.retry, LAST_RETRY_MS);
  }

  async reconnect() {
    // A refused handshake looks like a dead server to a WebSocket; a request tells them apart.
    const state = await this.state();
    if (state) this.connect();
    else this.closed(0);
  }
}
