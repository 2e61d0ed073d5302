"""The page in a real browser, with real keys, over a scripted engine."""

import os
import time

import numpy as np
import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.end_to_end import browser, pixels
from tests.end_to_end.page_driver import SHOULD_STAY_SECONDS, Page

from foretype.profile.facts import Tally

pytestmark = pytest.mark.skipif(
    bool(browser.missing()) and not os.environ.get("CI"),
    reason=f"needs {browser.missing()}: apt-get install chromium chromium-driver",
)


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
    page.wait(lambda: page.service.engine.hushes[-1:] == ["Our meet"])
    page.keys(" ")
    page.stays_silent()
    page.keys("mee")
    page.wait_ghost("ting at noon")


def test_silent_with_a_selection_and_after_moving_the_caret(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.chord(Keys.SHIFT, Keys.ARROW_LEFT)
    page.stays_silent()
    assert page.service.engine.hushes == ["Our mee"]
    page.keys(Keys.ARROW_RIGHT)
    page.stays_silent()
    assert page.value == "Our mee"
    page.keys(" ")
    page.stays_silent()
    page.keys("mee")
    page.wait_ghost("ting at noon")


def test_a_letter_in_place_of_a_selection_ends_the_silence(page: Page) -> None:
    page.keys("Our mex")
    page.chord(Keys.SHIFT, Keys.ARROW_LEFT)
    page.keys("e")
    page.wait_ghost("ting at noon")


def test_silent_after_undo_and_redo(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.keys(Keys.TAB)
    page.wait_ghost(" at noon")
    page.chord(Keys.CONTROL, "z")
    page.stays_silent()
    page.wait(lambda: page.service.engine.hushes[-1:] == ["Our mee"])
    page.chord(Keys.CONTROL, "y")
    page.stays_silent()
    page.wait(lambda: page.service.engine.hushes[-1:] == ["Our meeting"])
    page.keys(".")
    page.stays_silent()


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
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == ["Our mee"])


def test_silent_after_a_paste_and_not_learned(page: Page) -> None:
    page.paste("secret mee")
    page.stays_silent()
    assert page.service.engine.hushes[-1] == "secret mee"
    page.keys(" and typed")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == [" and typed"])
    assert "secret mee and typed" in page.text("sent")


def test_what_was_typed_is_learned_when_a_paste_beside_it_was_changed(page: Page) -> None:
    page.paste("secret secret")
    page.keys(Keys.BACKSPACE * 3, " and typed", Keys.HOME, Keys.DELETE * 2, "so ")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == ["so  and typed"])
    assert page.text("sent").startswith("so cret sec and typed")


def test_a_paste_in_the_middle_is_told_with_each_key(page: Page) -> None:
    page.keys("One 🎉 two")
    page.keys(Keys.ARROW_LEFT * 3)
    page.chord(Keys.CONTROL, "z")  # typed text that comes back is typed
    page.chord(Keys.CONTROL, "y")
    page.paste_at_caret("secret 🎉 words ")
    page.keys("m")
    page.wait(lambda: page.service.engine.asked[-1].endswith("secret 🎉 words m"))
    assert page.service.engine.untyped == ["secret 🎉 words "]


def test_a_paste_that_undo_brings_back_is_still_not_typed(page: Page) -> None:
    page.keys("Hi ")
    page.paste_at_caret("secret")
    page.chord(Keys.CONTROL, "z")
    assert page.value == "Hi "
    page.chord(Keys.CONTROL, "y")
    assert page.value == "Hi secret"
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == ["Hi "])


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
    page.keys("One ")
    page.script("document.getElementById('pause').click()")
    page.wait(lambda: not page.service.profile.paused)
    assert page.service.profile.messages == []
    time.sleep(SHOULD_STAY_SECONDS)
    page.keys("two")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == ["two"])


def test_the_dial_reaches_the_session(page: Page) -> None:
    page.keys("mee")
    page.wait_ghost("ting at noon")
    for label, dial in (("at most 10", 10), ("no limit", None), ("at most 2", 2)):
        Select(page.part("dial")).select_by_visible_text(label)
        time.sleep(SHOULD_STAY_SECONDS)
        page.part("field").click()
        page.keys(" mee")
        page.wait_ghost("ting at noon")
        assert page.service.engine.dial == dial


def tally(words: int, shown: int, taken: int, written: int) -> Tally:
    return Tally(words, shown, taken, written, missed=0, retained=taken, keys_saved=3 * taken)


def test_the_user_sees_what_suggestions_are_worth(page: Page) -> None:
    page.service.profile.counted = tally(1000, 400, 300, 40)
    page.open()
    page.wait(lambda: page.text("taken-ever") == "300")
    assert (page.text("right"), page.text("taken"), page.text("keys-ever")) == ("–", "0", "900")
    assert page.text("rate") == "too few words yet to say"
    page.service.profile.counted = tally(1040, 410, 306, 41)
    page.keys("m")
    page.wait(lambda: page.text("taken") == "6")
    assert (page.text("written"), page.text("wrong"), page.text("right")) == ("1", "3", "70")
    assert (page.text("wrong-ever"), page.text("keys-here"), page.text("keys-ever")) == (
        "63", "18", "918",
    )  # fmt: skip
    assert page.text("rate") == "7.5 in the last 40 words"
    assert page.part("dial").accessible_name == "Wrong in 100 words"
    Select(page.part("dial")).select_by_visible_text("at most 5")
    page.wait(lambda: page.text("rate") == "too few words yet to say")  # with the new limit
    page.part("field").click()
    for words in (1100, 1200, 1300, 1400):
        page.service.profile.counted = tally(words, words - 600, words - 700, 41)
        page.keys("m")
        page.wait(lambda taken=words - 700: page.text("taken-ever") == str(taken))
    assert page.text("rate") == "0.0 in the last 200 words"


def test_what_was_forgotten_is_no_longer_counted(page: Page) -> None:
    page.service.profile.counted = tally(1000, 400, 300, 40)
    page.open()
    page.wait(lambda: page.text("taken-ever") == "300")
    page.service.profile.counted = tally(0, 0, 0, 0)
    page.keys("m")
    page.wait(lambda: page.text("taken-ever") == "0")
    assert (page.text("taken"), page.text("right")) == ("0", "–")


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
