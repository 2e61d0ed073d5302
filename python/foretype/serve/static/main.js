// Joins the parts: field, ghost text, engine, panel, profile, thread, typist.

import { Announcer } from "./announcer.js";
import { Carrier } from "./carrier.js";
import { Contexts } from "./contexts.js";
import { Editor } from "./editor.js";
import { Meter } from "./meter.js";
import { Mirror } from "./mirror.js";
import { cost, showEngine, showOrigin, showSaved, showTimes } from "./panel.js";
import { ProfileCard } from "./profile_card.js";
import { SAMPLES } from "./samples.js";
import { Service } from "./service.js";
import { offerThemes } from "./theme.js";
import { Thread } from "./thread.js";
import { Toast } from "./toast.js";
import { takeToken } from "./token.js";
import { Typist } from "./typist.js";
import { WhyDialog } from "./why_dialog.js";
import { count, part } from "./write.js";
import { Yours } from "./yours.js";

const NOTICES = {
  open: "",
  lost: "Foretype is not answering. Type on; suggestions return by themselves when it does.",
  refused: "Foretype was started anew. Open the address that it printed to connect again.",
  trouble: "The engine had trouble with the last key. Type on; the next key starts afresh.",
};

const meter = new Meter();
const yours = new Yours();
const announcer = new Announcer(part("status"));
const toast = new Toast(part("toast"), announcer);
const thread = new Thread(part("thread"), part("sent"), part("welcome"));
const mirror = new Mirror({ page: part("page"), mirror: part("mirror"), float: part("float") });
const service = new Service(takeToken(), {
  answer: (answer) => editor.answered(answer),
  extension: (extension) => editor.extended(extension),
  learned: showProfile,
  line: showLine,
  told: (sentence) => toast.say(sentence),
});
const editor = new Editor(part("field"), mirror, service, {
  key: () => {
    meter.key();
    showSaved(meter.saved(editor.written));
  },
  answered: afterPaint,
  shown: (text) => announcer.suggestion(text),
  why: askWhy,
});
const why = new WhyDialog(service, changeProfile);
const card = new ProfileCard(service, {
  why: (word) => why.open(word),
  forget: (word) => changeProfile({ forget: word }, `“${word}” is forgotten.`),
  block: (word) => changeProfile({ block: word }, `“${word}” is never suggested from now on.`),
  unblock: (word) => changeProfile({ unblock: word }, `“${word}” may be suggested again.`),
});
const contexts = new Contexts({
  chosen: moveTo,
  made: (name) => setPrivate(name, true),
});
const carrier = new Carrier(service, toast, refresh);
/** Troubles of the profile that the user has put away. @type {Set<string>} */
const putAway = new Set();
const typist = new Typist(editor, { send, pressed: flashKey, done: showIdle });

/** Measures when the frame with the ghost text is done, and only then writes the panel. */
function afterPaint(answer, keyTime) {
  meter.time(answer.timing.total_ms);
  const typed = editor.typedWord;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      showTimes(answer, meter, performance.now() - keyTime);
      showOrigin(answer, typed);
    };
    channel.port2.postMessage(null);
  });
}

function send() {
  if (!editor.field.value.trim()) return;
  const characters = editor.written;
  const keys = meter.messageSent(characters);
  thread.add(editor.finish(), cost(keys, characters));
  showSaved(meter.saved(0));
  announcer.say(part("pause").checked ? "Message sent, not learned." : "Message sent and learned.");
}

/** @param {keyof typeof NOTICES} state */
function showLine(state) {
  part("notice").textContent = NOTICES[state];
  part("notice").hidden = state === "open";
  if (state === "open") refresh();
}

async function refresh() {
  const state = await service.state();
  if (state) showState(state);
}

function showState(state) {
  showEngine(state);
  showProfile(state.profile);
}

function showProfile(profile) {
  editor.paused = profile.paused;
  why.readOnly = profile.read_only;
  card.show(profile);
  yours.take(profile.tally);
  contexts.show(profile.contexts);
  part("trouble-text").textContent = profile.trouble ?? "";
  part("trouble").hidden = !profile.trouble || putAway.has(profile.trouble);
}

/** Tells the engine of a change, and shows what holds now; null if it was not made. */
async function change(what) {
  const state = await service.change(what);
  if (state) showState(state);
  return state;
}

/** Changes what is known, says so, and lets the ghost text follow. */
async function changeProfile(what, said) {
  const state = await change(what);
  if (!state) return;
  if (state.forgotten) editor.disown();
  toast.say(state.forgotten ? `${said} ${gone(state.forgotten)}` : said);
  editor.askAgain();
}

/** What went, as a sentence. */
function gone({ ngrams, messages, note }) {
  if (!ngrams && !messages) return `Nothing of it was known. ${note}`.trim();
  return `${count(ngrams, "sequence")} and ${count(messages, "message")} are gone. ${note}`.trim();
}

async function forgetEverything() {
  await changeProfile({ forget_everything: true }, "Everything is forgotten.");
  thread.clear();
}

async function forgetContext() {
  const name = contexts.current;
  const said = `What was learned in “${name}” is forgotten.`;
  contexts.choose("");
  await changeProfile({ forget_context: name }, said);
}

/** From here on this tab learns elsewhere. */
function moveTo(name) {
  service.context = name;
  editor.askAgain();
  refresh();
}

function setPrivate(name, isPrivate) {
  const where = isPrivate ? "nowhere else" : "elsewhere too";
  const said = `What is learned in “${name}” is offered ${where}.`;
  return changeProfile({ context: name, private: isPrivate }, said);
}

/** Why the ghost text, or what was shown last, is suggested. */
function askWhy() {
  if (!editor.offer) return;
  const { caret } = editor;
  part("why-dialog").onclose = () => editor.returned(caret);
  why.openFor(editor.offer);
}

/** Asks before it does what cannot be taken back. */
function askFirst(title, sentence, act) {
  part("ask-title").textContent = title;
  part("ask-text").textContent = sentence;
  part("ask").returnValue = "";
  part("ask").onclose = () => part("ask").returnValue === "forget" && act();
  part("ask").showModal();
}

function flashKey(all, ms) {
  const key = part(all ? "take-all" : "take-word").querySelector("kbd");
  key.classList.add("pressed");
  setTimeout(() => key.classList.remove("pressed"), ms);
}

function playOrStop() {
  if (typist.running) {
    typist.stop();
    return;
  }
  editor.clear();
  meter.dropMessage();
  editor.field.focus({ preventScroll: true });
  part("play").textContent = "Stop";
  typist.play(SAMPLES[part("sample").selectedIndex], Number(part("pace").value));
}

function showIdle() {
  part("play").textContent = "Type it";
}

part("sample").append(...SAMPLES.map((sample) => new Option(sample.name)));
part("play").addEventListener("click", playOrStop);
part("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  typist.stop();
  send();
  editor.field.focus();
});
// The hints are buttons for those without the keys; they leave the focus in the field.
part("keys").addEventListener("pointerdown", (event) => event.preventDefault());
part("take-word").addEventListener("click", () => editor.accept(false));
part("take-all").addEventListener("click", () => editor.accept(true));
part("dismiss").addEventListener("click", () => editor.dismiss());
part("field").addEventListener("keydown", (event) => {
  if (!event.isTrusted) return;
  typist.stop();
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  send();
});
part("pause").addEventListener("change", () => change({ paused: part("pause").checked }));
part("dial").addEventListener("change", () => {
  const { value } = part("dial");
  change({ wrong_per_100_words: value ? Number(value) : null });
  yours.dialTurned();
});
part("forget").addEventListener("click", () =>
  askFirst(
    "Forget everything?",
    "All words and messages that were learned are gone for good, and the sent messages leave the page.",
    forgetEverything,
  ),
);
part("forget-context").addEventListener("click", () =>
  askFirst(
    `Forget “${contexts.current}”?`,
    "All words and messages that were learned there are gone for good.",
    forgetContext,
  ),
);
part("forget-minutes").addEventListener("click", () =>
  changeProfile({ forget_minutes: 10 }, "The last 10 minutes are forgotten."),
);
part("private").addEventListener("change", () =>
  setPrivate(contexts.current, part("private").checked),
);
part("export").addEventListener("click", () => carrier.carryAway());
part("import").addEventListener("click", () => part("import-file").click());
part("import-file").addEventListener("change", () => carrier.bring(part("import-file")));
part("why-this").addEventListener("click", askWhy);
part("ask-why").addEventListener("click", () => editor.words.length > 0 && askWhy());
part("put-away").addEventListener("click", () => {
  putAway.add(part("trouble-text").textContent);
  part("trouble").hidden = true;
});
offerThemes(part("theme"), part("theme-name"));
service.context = contexts.current;
service.connect();
