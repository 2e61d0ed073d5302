"""Ghost text on the page changes by keys only, but that it may become longer."""

import os
import random
import re
import time
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys
from tests.end_to_end import browser
from tests.end_to_end.page_driver import SHOULD_STAY_SECONDS, Page

pytestmark = pytest.mark.skipif(
    bool(browser.missing()) and not os.environ.get("CI"),
    reason=f"needs {browser.missing()}: apt-get install chromium chromium-driver",
)

# An answer may replace the rest of what was shown before its key for so long; the rest is for a
# busy machine between the clock's look and ours.
IN_TIME_MS = 100 + 180

# Notes each change of the ghost text: when, after how many keys, how long after the last of them.
WATCH = """
const [page, float] = [document.getElementById("mirror"), document.getElementById("float")];
const shown = () => float.hidden ? (page.querySelector(".ghost")?.textContent ?? "")
  : float.textContent;
window.seen = [];
let [last, keys, pressed] = [shown(), 0, performance.now()];
document.addEventListener("keydown", () => { keys += 1; pressed = performance.now(); }, true);
new MutationObserver(() => {
  if (shown() === last) return;
  seen.push([last, shown(), keys, performance.now() - pressed]);
  last = shown();
}).observe(page.parentElement, { subtree: true, childList: true, attributes: true });
"""


def test_ghost_text_grows_between_keys(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.service.engine.grows = " in room five"
    page.keys("t")
    page.wait_ghost("ing at noon in room five")
    page.chord(Keys.SHIFT, Keys.TAB)
    assert page.value == "Our meeting at noon in room five"
    page.wait(lambda: page.service.engine.accepted == ["ing at noon in room five"])


@pytest.mark.parametrize(
    ("keys", "text"),
    [("a", "meeting a"), (" a", "meeting a"), ("  a", "meeting  a"), (", a", "meeting, a")],
)
def test_a_space_that_came_along_is_not_doubled(page: Page, keys: str, text: str) -> None:
    page.service.engine.says = "ting "
    page.keys("mee")
    page.wait_ghost("ting ")
    page.keys(Keys.TAB)
    page.service.engine.says = None
    page.keys(keys)
    assert page.value == text
    page.wait(lambda: page.service.engine.asked[-1] == text)


def test_nothing_grows_that_is_not_shown(page: Page) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.keys(Keys.ESCAPE)
    page.service.engine.grows = " tomorrow"
    page.stays_silent()
    page.keys("t", Keys.BACKSPACE)
    page.stays_silent()


def whims(seed: int) -> Iterator[tuple[str, str, float, float]]:
    """Keys of a hasty writer; what the engine then says and adds, how late, and a pause."""
    chance = random.Random(seed)
    for letter in "Our meeting at noon is our meeting at noon again":
        says = chance.choice(["", "", "", "quite different", " at noon"])
        grows = chance.choice(["", "", " tomorrow", " and on"])
        key = chance.choice([letter] * 12 + [Keys.TAB, Keys.BACKSPACE, Keys.ESCAPE])
        late = chance.choice([0, 0, 0.05, 0.35])
        yield key, says + "\0" + grows, late, late + chance.random() / 5


@pytest.mark.parametrize("seed", [1, 2])
def test_only_a_key_changes_ghost_text(page: Page, seed: int) -> None:
    page.script(WATCH)
    engine = page.service.engine
    for key, answer, late, pause in whims(seed):
        says, engine.grows = answer.split("\0")
        engine.says, engine.delay_seconds = says or None, late
        if page.focused == "field":
            page.keys(key)
        else:
            page.part("field").click()
        time.sleep(pause)
    time.sleep(SHOULD_STAY_SECONDS)
    seen = page.script("return seen")
    assert len(seen) > 20
    for before, after, keys, after_ms in seen:
        grew = re.match(re.escape(before), after)
        assert grew or after_ms < IN_TIME_MS, (before, after, keys, after_ms)
