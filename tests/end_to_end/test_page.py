"""The page in a real browser, with real keys, over a scripted engine."""

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select
from tests.end_to_end import browser, pixels
from tests.end_to_end.scripted_engine import ScriptedEngine, ScriptedProfile

from foretype import Engine
from foretype.serve import address, bind, create_app, new_token, server

PATIENCE_SECONDS = 10
# Long enough for an answer that should not come to come.
SHOULD_STAY_SECONDS = 0.25

pytestmark = pytest.mark.skipif(
    bool(browser.missing()) and not os.environ.get("CI"),
    reason=f"needs {browser.missing()}: apt-get install chromium chromium-driver",
)


class Service:
    """The page's server in a thread, over an engine that the test speaks for."""

    def __init__(self, engine: Any = None) -> None:
        self.token = new_token()
        self.port = 0
        self.engine = engine or ScriptedEngine()
        self.profile = self.engine.profile()

    def start(self) -> None:
        listener = bind(self.port)
        self.port = listener.getsockname()[1]
        self.address = address(listener, self.token)
        app = create_app(self.engine, self.profile, port=self.port, token=self.token)
        self._server = server(app)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    def reset(self) -> None:
        self.engine.__dict__.update(ScriptedEngine().__dict__)
        self.profile.__dict__.update(ScriptedProfile().__dict__)


@dataclass
class Page:
    driver: Chrome
    service: Service

    def open(self, address: str | None = None) -> None:
        self.driver.get("about:blank")
        self.driver.get(address or self.service.address)
        self.wait(lambda: self.text("engine") or address)

    def part(self, name: str) -> WebElement:
        return self.driver.find_element(By.ID, name)

    def text(self, name: str) -> str:
        return str(self.driver.execute_script(
            "return document.getElementById(arguments[0]).textContent", name
        ))  # fmt: skip

    def script(self, text: str, *arguments: Any) -> Any:
        return self.driver.execute_script(text, *arguments)

    def keys(self, *keys: str) -> None:
        """Real keys to whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, modifier: str, key: str) -> None:
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    @property
    def value(self) -> str:
        return str(self.script("return document.getElementById('field').value"))

    @property
    def ghost(self) -> str:
        """The ghost text on screen, in the line or below it."""
        return str(self.script(
            "const float = document.getElementById('float');"
            "return float.hidden ? (document.querySelector('.ghost')?.textContent ?? '')"
            " : float.textContent"
        ))  # fmt: skip

    @property
    def focused(self) -> str:
        return str(self.script("return document.activeElement.id"))

    def wait(self, fact: Any) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not fact():
            assert time.monotonic() < end, "this did not happen in time"
            time.sleep(0.01)

    def wait_ghost(self, text: str) -> None:
        self.wait(lambda: self.ghost == text)

    def stays_silent(self) -> None:
        time.sleep(SHOULD_STAY_SECONDS)
        assert self.ghost == ""

    def picture(self) -> Any:
        self.script("document.getElementById('field').style.caretColor = 'transparent'")
        return pixels.take(self.driver, self.part("page"))


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    running = Service()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with browser.chromium() as driver:
        yield driver


@pytest.fixture
def page(driver: Chrome, service: Service) -> Page:
    service.reset()
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page = Page(driver, service)
    page.open()
    driver.get_log("browser")
    return page


# Ghost text


def test_ghost_text_appears_outside_the_field(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    assert page.value == "Our mee"


def test_tab_takes_the_next_word_and_shift_tab_all(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.keys(Keys.TAB)
    assert page.value == "Our meeting"
    page.wait_ghost(" at noon")
    page.chord(Keys.SHIFT, Keys.TAB)
    assert page.value == "Our meeting at noon"
    assert page.ghost == ""
    page.wait(lambda: page.service.engine.accepted == ["ting", " at noon"])


def test_words_taken_in_a_row_need_no_answer_between(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.service.engine.delay_seconds = 0.3
    page.keys(Keys.TAB, Keys.TAB, Keys.TAB)
    assert page.value == "Our meeting at noon"


def test_escape_dismisses_and_then_tab_leaves(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.keys(Keys.ESCAPE)
    assert page.ghost == ""
    page.wait(lambda: page.service.engine.dismissed == 1)
    page.keys(Keys.TAB)
    assert page.focused == "send"
    assert page.value == "Our mee"


def test_tab_leaves_the_field_both_ways_when_nothing_is_shown(page: Page) -> None:
    page.keys("Zzz")
    page.stays_silent()
    page.keys(Keys.TAB)
    assert page.focused == "send"
    page.chord(Keys.SHIFT, Keys.TAB)
    assert page.focused == "field"
    page.chord(Keys.SHIFT, Keys.TAB)
    assert page.focused != "field"


def test_an_accept_is_one_step_of_undo(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.keys(Keys.TAB)
    page.keys(Keys.TAB)
    page.chord(Keys.CONTROL, "z")
    assert page.value == "Our meeting"
    page.chord(Keys.CONTROL, "z")
    assert page.value == "Our mee"
    page.stays_silent()
    page.chord(Keys.CONTROL, "y")
    assert page.value == "Our meeting"


def test_typing_along_keeps_the_rest_on_screen(page: Page) -> None:
    page.keys("mee")
    page.wait_ghost("ting at noon")
    page.service.engine.delay_seconds = 1.0
    page.keys("ti")
    assert page.ghost == "ng at noon"
    page.keys("x")
    assert page.ghost == ""


@pytest.mark.parametrize(
    ("says", "expected"),
    [("quite different", "ing at noon"), ("ing at noon tomorrow", "ing at noon tomorrow")],
)
def test_a_late_answer_may_extend_but_not_replace(page: Page, says: str, expected: str) -> None:
    page.keys("mee")
    page.wait_ghost("ting at noon")
    page.service.engine.delay_seconds = 0.3
    page.service.engine.says = says
    page.keys("t")
    time.sleep(0.6)
    assert page.ghost == expected


def test_a_late_answer_to_an_older_text_is_dropped(page: Page) -> None:
    page.service.engine.delay_seconds = 0.3
    page.keys("mee", "k", "ly")
    time.sleep(0.9)
    assert page.ghost == ""


# Silence


def test_silent_after_a_deletion_until_the_next_letter(page: Page) -> None:
    page.keys("Our meeti")
    page.wait_ghost("ng at noon")
    page.keys(Keys.BACKSPACE)
    page.stays_silent()
    page.keys("i")
    page.wait_ghost("ng at noon")


def test_silent_with_a_selection_and_after_moving_the_caret(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.chord(Keys.SHIFT, Keys.ARROW_LEFT)
    page.stays_silent()
    page.keys(Keys.ARROW_RIGHT)
    page.stays_silent()
    assert page.value == "Our mee"


def test_silent_inside_a_word_and_below_the_line_before_other_text(page: Page) -> None:
    page.keys("x and more", Keys.HOME, "mee")
    page.stays_silent()
    page.keys(Keys.BACKSPACE * 3, Keys.DELETE, "mee")
    page.wait_ghost("ting at noon")
    assert not page.part("float").get_attribute("hidden")
    page.chord(Keys.SHIFT, Keys.TAB)
    assert page.value == "meeting at noon and more"


def test_silent_while_composing(page: Page) -> None:
    page.keys("Our ")
    page.driver.execute_cdp_cmd(
        "Input.imeSetComposition", {"text": "mee", "selectionStart": 3, "selectionEnd": 3}
    )
    page.stays_silent()
    page.driver.execute_cdp_cmd("Input.insertText", {"text": "mee"})
    page.wait_ghost("ting at noon")
    assert page.value == "Our mee"


def test_silent_after_a_paste_and_not_learned(page: Page) -> None:
    paste(page, "secret mee")
    page.stays_silent()
    page.keys(" and typed")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == [" and typed"])
    assert "secret mee and typed" in page.text("sent")


def test_nothing_of_a_message_is_learned_when_its_paste_was_changed(page: Page) -> None:
    paste(page, "secret")
    page.keys(Keys.BACKSPACE, " and typed")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: "typed" in page.text("sent"))
    time.sleep(SHOULD_STAY_SECONDS)
    assert page.service.profile.messages == []


def paste(page: Page, text: str) -> None:
    """Puts `text` on the clipboard by way of the field, as nothing else may write to it."""
    page.script("document.getElementById('field').value = arguments[0]", text)
    page.chord(Keys.CONTROL, "a")
    page.chord(Keys.CONTROL, "c")
    page.script("document.getElementById('field').value = ''")
    page.chord(Keys.CONTROL, "v")
    page.wait(lambda: len(page.value) == len(text))


# Where it is drawn

LONG = "The quick notes of the planning round were sent to all who had asked for them, and "
ALIGNED = {
    "one line": "Our mee",
    "wrapped": LONG + "our mee",
    "ghost text wraps": LONG[:60] + " a phrase that goes",
    "scrolled": "one\n" * 30 + "our mee",
    "words and spaces": "Our  odd   mee",
    "right to left": "בוקר טוב, שלום ל",
    "right to left, scrolled": "שורה\n" * 20 + "שלום ל",
    "emoji": "🎉🎉 naïve 🎉",
}
RIGHT_TO_LEFT = [text for name, text in ALIGNED.items() if name.startswith("right")]


@pytest.mark.parametrize("text", ALIGNED.values(), ids=ALIGNED.keys())
def test_ghost_text_lies_where_the_typed_text_will(page: Page, text: str) -> None:
    check_alignment(page, text)


@pytest.mark.parametrize("name", ["one line", "wrapped", "scrolled", "right to left"])
def test_zoomed_ghost_text_lies_there_too(page: Page, name: str) -> None:
    set_zoom(page, 1.5)
    check_alignment(page, ALIGNED[name])


def check_alignment(page: Page, text: str) -> None:
    page.driver.execute_cdp_cmd("Input.insertText", {"text": text})
    page.wait(lambda: page.ghost)
    shown = page.picture()
    page.chord(Keys.SHIFT, Keys.TAB)
    taken = page.picture()
    page.chord(Keys.CONTROL, "z")
    bare = page.picture()
    assert page.ghost == ""
    ghost, typed = pixels.changed(shown, bare), pixels.changed(taken, bare)
    difference = np.abs(np.subtract(pixels.box(ghost), pixels.box(typed)))
    if text in RIGHT_TO_LEFT:
        difference = difference[[0, 1, 3]]  # the letters before move by parts of a pixel
    assert difference.max() <= 1
    assert (ghost & typed).sum() > 0.8 * ghost.sum()


def set_zoom(page: Page, zoom: float) -> None:
    """What Ctrl and plus does: fewer CSS pixels, each of them larger."""
    width, height = page.script("return [innerWidth, innerHeight]")
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": round(width / zoom),
            "height": round(height / zoom),
            "deviceScaleFactor": zoom,
            "mobile": False,
        },
    )


# Messages, learning, figures


def test_a_sent_message_moves_up_and_is_learned(page: Page) -> None:
    page.keys("Ask Brindlewick")
    page.chord(Keys.CONTROL, Keys.ENTER)
    assert page.value == ""
    assert "Ask Brindlewick" in page.text("sent")
    page.wait(lambda: page.text("words").startswith("Brindlewick"))
    page.keys("Brin")
    page.wait_ghost("dlewick")
    page.keys(Keys.TAB)
    assert page.text("keys-count") == "6 of 26"
    assert page.text("saved") == "23"


def test_the_panel_tells_of_the_last_key(page: Page) -> None:
    page.keys("mee")
    page.wait(lambda: page.text("source") == "Both agree")
    assert page.text("why") == "The test's script says so."
    assert page.text("total") == "1.3"
    assert page.text("trie") == "40 µs"
    assert page.text("lm") == "1.2 ms, 1 token"
    assert page.text("candidates") == "meeting80 %"
    assert page.text("screen").endswith(" ms")
    assert page.text("engine") == "scripted-model, scripted kernel."


def test_learning_is_paused_and_resumed(page: Page) -> None:
    page.script("document.getElementById('pause').click()")
    page.wait(lambda: page.service.profile.paused)
    page.keys("Hello")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.script("document.getElementById('pause').click()")
    page.wait(lambda: not page.service.profile.paused)
    assert page.service.profile.messages == []


def test_the_dial_reaches_the_session(page: Page) -> None:
    page.keys("mee")
    page.wait_ghost("ting at noon")
    for label, dial in (("show when sure", 10), ("show always", None), ("show when likely", 50)):
        Select(page.part("dial")).select_by_visible_text(label)
        time.sleep(SHOULD_STAY_SECONDS)
        page.part("field").click()
        page.keys(" mee")
        page.wait_ghost("ting at noon")
        assert page.service.engine.dial == dial


def test_everything_is_forgotten_after_a_question(page: Page) -> None:
    page.keys("Ask Brindlewick")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages)
    page.part("forget").click()
    page.keys(Keys.ENTER)  # the question opens on Keep
    assert page.service.profile.messages
    page.part("forget").click()
    page.part("forget-now").click()
    page.wait(lambda: page.service.profile.messages == [])
    page.wait(lambda: page.text("sent") == "" and page.text("words") == "")


# The demonstration


def test_a_sample_is_typed_to_its_end(page: Page) -> None:
    Select(page.part("pace")).select_by_value("4")
    Select(page.part("sample")).select_by_visible_text("A support ticket")
    page.part("play").click()
    assert page.text("play") == "Stop"
    ended = time.monotonic() + 60
    while page.text("play") == "Stop":
        assert time.monotonic() < ended
        time.sleep(0.2)
    expected = page.script(
        "return import('/samples.js').then(({ SAMPLES }) => SAMPLES[1].messages)"
    )
    sent = page.script("return [...document.querySelectorAll('#sent p')].map(p => p.textContent)")
    assert sent == expected
    assert "Farolux" in "".join(page.service.engine.asked)
    assert any(text in "Farolux" for text in page.service.engine.accepted)
    assert int(page.text("saved")) > 5


@pytest.mark.parametrize("how", ["button", "key"])
def test_a_sample_can_be_stopped(page: Page, how: str) -> None:
    page.part("play").click()
    page.wait(lambda: len(page.value) > 3)
    if how == "button":
        page.part("play").click()
    else:
        page.keys(Keys.ESCAPE)
    page.wait(lambda: page.text("play") == "Type it")
    value = page.value
    time.sleep(0.4)
    assert page.value == value


# Trouble


def test_a_dead_server_is_told_calmly_and_found_again(page: Page) -> None:
    page.keys("Our")
    page.service.stop()
    try:
        page.wait(lambda: page.part("notice").is_displayed())
        assert "not answering" in page.text("notice")
        page.keys(" mee")
        assert page.value == "Our mee"
        page.chord(Keys.CONTROL, Keys.ENTER)
        page.keys(Keys.TAB)
        assert page.focused == "send"
    finally:
        page.service.start()
    page.wait(lambda: not page.part("notice").is_displayed())
    page.wait(lambda: page.service.profile.messages == ["Our mee"])
    page.part("field").click()
    page.keys("mee")
    page.wait_ghost("ting at noon")


def test_a_token_of_another_start_is_told(page: Page) -> None:
    page.open(f"http://127.0.0.1:{page.service.port}/#not-the-token")
    page.wait(lambda: page.part("notice").is_displayed())
    assert "Open the address" in page.text("notice")


def test_the_token_leaves_the_address_and_a_reload_works(page: Page) -> None:
    assert page.driver.current_url == f"http://127.0.0.1:{page.service.port}/"
    page.driver.refresh()
    page.wait(lambda: page.text("engine"))


def test_a_failing_engine_costs_one_suggestion(page: Page) -> None:
    page.service.engine.fails = True
    page.keys("me")
    page.wait(lambda: "trouble" in page.text("notice"))
    page.service.engine.fails = False
    page.keys("e")
    page.wait_ghost("ting at noon")
    assert not page.part("notice").is_displayed()


@pytest.mark.parametrize(
    "text",
    ["🎉" * 50, "\x00nul\x00", "x" * 5_000, "a\u0301\u0302\u0303 " * 200, "\ud83c alone"],
    ids=["emoji", "NUL bytes", "one endless word", "combining marks", "a lone surrogate"],
)
def test_odd_text_is_only_text(page: Page, text: str) -> None:
    page.script(
        "const field = document.getElementById('field');"
        "field.focus(); field.setRangeText(JSON.parse(arguments[0]), 0, 0, 'end');"
        "field.dispatchEvent(new InputEvent('input', {inputType: 'insertFromPaste'}))",
        json.dumps(text),
    )
    page.keys(" mee")
    page.wait_ghost("ting at noon")


def test_a_megabyte_is_pasted_and_typed_on(page: Page) -> None:
    paste(page, ("All work and no play. " * 250 + "\n") * 180)
    page.keys("mee")
    page.stays_silent()
    assert page.value.endswith("mee")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.value == "")
    page.keys("mee")
    page.wait_ghost("ting at noon")


# The real engine


def test_the_second_use_of_a_word_is_completed(driver: Chrome) -> None:
    real = Service(Engine.open(language_model=False))
    real.start()
    try:
        page = Page(driver, real)
        page.open()
        Select(page.part("dial")).select_by_visible_text("show always")
        page.part("field").click()
        page.keys("Ask Brindlewick about the plan. Brindle")
        page.wait(lambda: page.ghost.startswith("wick"))
        page.wait(lambda: page.text("words") == "Brindlewick")
        page.keys(Keys.TAB)
        assert page.value == "Ask Brindlewick about the plan. Brindlewick"
        driver.get("about:blank")
    finally:
        real.stop()


# Everyone can use it, and nothing leaves the machine


def test_every_control_has_a_name(page: Page) -> None:
    controls = page.driver.find_elements(By.CSS_SELECTOR, "button, select, textarea, input, a")
    seen = [control for control in controls if control.is_displayed()]
    assert len(seen) > 8
    for control in seen:
        assert control.accessible_name, control.get_attribute("outerHTML")
    assert page.part("pause").aria_role == "switch"
    assert page.part("field").aria_role == "textbox"


def test_ghost_text_is_hidden_from_screen_readers_and_told_after_a_pause(page: Page) -> None:
    page.keys("mee")
    page.wait_ghost("ting at noon")
    assert page.part("mirror").get_attribute("aria-hidden") == "true"
    assert page.text("status") == ""
    page.wait(lambda: page.text("status") == "Suggestion: ting at noon. Tab takes a word.")


CONTRASTS = """
const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
  .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
const ground = (node) => {
  const colour = parse(getComputedStyle(node).backgroundColor);
  return colour.length === 4 && colour[3] === 0 ? ground(node.parentElement) : colour;
};
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode.parentElement;
  const seen = node.checkVisibility({visibilityProperty: true});
  if (!seen || !walker.currentNode.data.trim()) continue;
  const colours = [light(parse(getComputedStyle(node).color)), light(ground(node))];
  const pair = colours.sort((a, b) => b - a);
  found.push([(pair[0] + 0.05) / (pair[1] + 0.05), walker.currentNode.data.trim()]);
}
return found;
"""


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_text_has_contrast(page: Page, theme: str) -> None:
    page.keys("One")
    page.chord(Keys.CONTROL, Keys.ENTER)
    while page.text("theme-name") != theme:
        page.part("theme").click()
    page.part("field").click()
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    time.sleep(SHOULD_STAY_SECONDS)  # colours fade over
    contrasts = page.script(CONTRASTS)
    assert "ting at noon" in [text for _, text in contrasts]
    assert [pair for pair in contrasts if pair[0] < 4.5] == []
    page.script("localStorage.clear()")


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
def test_no_width_scrolls_sideways(page: Page, width: int) -> None:
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True},
    )
    assert page.script("return document.documentElement.scrollWidth") == width


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_blocked(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    urls = page.script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    origin = f"http://127.0.0.1:{page.service.port}/"
    assert urls
    assert all(url.startswith(origin) for url in urls)
    assert page.driver.get_log("browser") == []


def test_two_tabs_have_texts_of_their_own(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    with second_tab(page):
        page.keys("Kind")
        page.wait_ghost(" regards, Isaura")
    assert (page.value, page.ghost) == ("Our mee", "")  # the focus was elsewhere
    page.keys("t")
    page.wait_ghost("ing at noon")


@contextmanager
def second_tab(page: Page) -> Iterator[None]:
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.open()
    yield
    page.driver.close()
    page.driver.switch_to.window(first)
