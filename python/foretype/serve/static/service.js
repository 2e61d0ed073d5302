// The line to the engine on this machine: a WebSocket for typing, two requests beside it.
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
/**
 * @typedef {object} Listener
 * @property {(answer: Answer) => void} answer
 * @property {(profile: object) => void} learned
 * @property {(state: "open" | "lost" | "refused" | "trouble") => void} line
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
   * @param {{before: string, after: string}} context
   * @param {Accepted | null} accepted
   * @returns {number} the turn that the answer will carry
   */
  ask(context, accepted) {
    if (this.resting) this.connect();
    this.turn += 1;
    this.send({ kind: "ask", turn: this.turn, ...context, ...(accepted ? { accepted } : {}) });
    return this.turn;
  }

  dismiss() {
    this.send({ kind: "dismiss", turn: this.turn });
  }

  /** @param {string} text what may be learned of the message */
  finish(text) {
    this.turn += 1;
    const message = { kind: "finish", turn: this.turn, text };
    this.unconfirmed = [...this.unconfirmed, message].slice(-MAX_UNSENT);
    this.send(message);
  }

  /** Engine, model and profile. @returns {Promise<any>} null when there is no answer */
  state() {
    return this.post("/api/state", {});
  }

  /** @param {{paused: boolean} | {forget: true} | {wrong_per_100_words: number | null}} change */
  change(change) {
    return this.post("/api/change", change);
  }

  /**
   * @param {string} path
   * @param {object} fields
   */
  async post(path, fields) {
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Foretype-Token": this.token },
        body: JSON.stringify(fields),
      });
      if (response.status === 401) this.listener.line("refused");
      return response.ok ? await response.json() : null;
    } catch {
      this.listener.line("lost");
      return null;
    }
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
