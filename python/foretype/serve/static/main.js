// Joins the parts: field, ghost text, engine, panel, thread, typist.

import { Announcer } from "./announcer.js";
import { Editor } from "./editor.js";
import { Meter } from "./meter.js";
import { Mirror } from "./mirror.js";
import { cost, showEngine, showOrigin, showProfile, showSaved, showTimes } from "./panel.js";
import { SAMPLES } from "./samples.js";
import { Service } from "./service.js";
import { offerThemes } from "./theme.js";
import { Thread } from "./thread.js";
import { takeToken } from "./token.js";
import { Typist } from "./typist.js";

const NOTICES = {
  open: "",
  lost: "Foretype is not answering. Type on; suggestions return by themselves when it does.",
  refused: "Foretype was started anew. Open the address that it printed to connect again.",
  trouble: "The engine had trouble with the last key. Type on; the next key starts afresh.",
};

/** @param {string} id */
const part = (id) => /** @type {any} */ (document.getElementById(id));

const meter = new Meter();
const announcer = new Announcer(part("status"));
const thread = new Thread(part("thread"), part("sent"), part("welcome"));
const mirror = new Mirror({ page: part("page"), mirror: part("mirror"), float: part("float") });
const service = new Service(takeToken(), {
  answer: (answer) => editor.answered(answer),
  learned: showProfile,
  line: showLine,
});
const editor = new Editor(part("field"), mirror, service, {
  key: () => {
    meter.key();
    showSaved(meter.saved(editor.written.length));
  },
  answered: afterPaint,
  shown: (text) => announcer.suggestion(text),
});
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
  const characters = editor.written.length;
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
  if (!state) return;
  showEngine(state);
  showProfile(state.profile);
}

/** Tells the engine of a change, and shows what holds now. */
async function change(what) {
  const state = await service.change(what);
  if (!state) return false;
  showEngine(state);
  showProfile(state.profile);
  return true;
}

async function forget() {
  if (!(await change({ forget: true }))) return;
  thread.clear();
  announcer.say("Everything is forgotten.");
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
});
part("forget").addEventListener("click", () => part("ask").showModal());
part("ask").addEventListener("close", () => part("ask").returnValue === "forget" && forget());
offerThemes(part("theme"), part("theme-name"));
service.connect();
