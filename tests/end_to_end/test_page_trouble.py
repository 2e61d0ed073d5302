"""The page when something is wrong, and over the real engine."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from tests.end_to_end import browser
from tests.end_to_end.page_driver import Page, Service

from foretype import Engine

pytestmark = pytest.mark.skipif(
    bool(browser.missing()) and not os.environ.get("CI"),
    reason=f"needs {browser.missing()}: apt-get install chromium chromium-driver",
)


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
    page.paste(("All work and no play. " * 250 + "\n") * 180)
    page.keys("mee")
    page.stays_silent()
    assert page.value.endswith("mee")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.value == "")
    page.keys("mee")
    page.wait_ghost("ting at noon")


# The real engine


@contextmanager
def real_page(driver: Chrome, folder: Path) -> Iterator[Page]:
    """The page over the engine and a profile in files; shows always."""
    engine = Engine.open(language_model=False)
    with engine.open_profile(folder) as profile:
        real = Service(engine, profile)
        real.start()
        try:
            page = Page(driver, real)
            page.open()
            Select(page.part("dial")).select_by_visible_text("no limit")
            page.part("field").click()
            yield page
            driver.get("about:blank")
        finally:
            real.stop()


def test_the_second_use_of_a_word_is_completed(driver: Chrome, tmp_path: Path) -> None:
    with real_page(driver, tmp_path) as page:
        page.keys("Ask Brindlewick about the plan. Brindle")
        page.wait(lambda: page.ghost.startswith("wick"))
        page.wait(lambda: page.text("words") == "Brindlewick")
        page.keys(Keys.TAB)
        assert page.value == "Ask Brindlewick about the plan. Brindlewick"


def test_what_is_pasted_is_not_learned_and_what_is_forgotten_not_known(
    driver: Chrome, tmp_path: Path
) -> None:
    with real_page(driver, tmp_path) as page:
        profile = page.service.profile
        page.keys("Ask Brindlewick about ")
        page.paste_at_caret("Farolux and Quenby")
        page.keys(Keys.BACKSPACE * 4, " in Tavenport.")
        page.chord(Keys.CONTROL, Keys.ENTER)
        page.wait(lambda: page.text("words") == "TavenportBrindlewick")
        assert profile.show("Farolux") is None
        page.keys("Brin")
        page.wait(lambda: page.ghost.startswith("dlewick"))
        page.keys(Keys.F1)
        page.wait(lambda: page.part("why-dialog").is_displayed())
        assert "You wrote it once, today." in page.text("why-reasons")
        page.part("why-forget").click()
        page.wait(lambda: "is forgotten" in page.text("toast"))
        assert profile.show("Brindlewick") is None
        page.wait(lambda: not page.ghost.startswith("dlewick"))
    with Engine.open(language_model=False).open_profile(tmp_path) as profile:
        assert [facts.word for facts in profile.words()] == ["Tavenport"]
