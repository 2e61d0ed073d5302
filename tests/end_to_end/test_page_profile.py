"""The profile on the page: why, forget, block, find, contexts, carry away; in a real browser."""

import json
import os
import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from tests.end_to_end import browser
from tests.end_to_end.page_driver import SHOULD_STAY_SECONDS, Page

from foretype.serve import carrying

pytestmark = pytest.mark.skipif(
    bool(browser.missing()) and not os.environ.get("CI"),
    reason=f"needs {browser.missing()}: apt-get install chromium chromium-driver",
)


def send(page: Page, text: str) -> None:
    page.keys(text)
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages[-1:] == [text])


def open_profile(page: Page) -> None:
    page.part("profile").find_element(By.TAG_NAME, "summary").click()


def click(page: Page, label: str) -> None:
    """Clicks the button of this accessible name."""
    page.script(
        "const button = document.querySelector(arguments[0]); button.focus(); button.click()",
        f'button[aria-label="{label}"]',
    )


def listed(page: Page) -> list[str]:
    return list(
        page.script("return [...document.querySelectorAll('#found .name')].map(n => n.textContent)")
    )


# Why this?


def test_a_key_asks_why_and_the_focus_comes_back(page: Page) -> None:
    send(page, "Ask Brindlewick")
    page.keys("Brin")
    page.wait_ghost("dlewick")
    page.keys(Keys.F1)
    page.wait(lambda: page.part("why-dialog").is_displayed())
    assert page.text("why-title") == "Why “Brindlewick”?"
    assert page.text("why-reason") == "The test's script says so."
    assert "You wrote it once" in page.text("why-reasons")
    assert page.focused == "why-close"
    assert page.part("why-dialog").accessible_name == "Why “Brindlewick”?"
    page.keys(Keys.ESCAPE)
    assert page.focused == "field"
    page.wait_ghost("dlewick")  # as it was
    page.keys(Keys.TAB)
    assert page.value == "Brindlewick"


def test_the_key_is_the_browser_s_when_nothing_is_shown(page: Page) -> None:
    page.keys("Zzz", Keys.F1)
    time.sleep(SHOULD_STAY_SECONDS)
    assert not page.part("why-dialog").is_displayed()


@pytest.mark.parametrize("button", ["ask-why", "why-this"])
def test_a_button_asks_why(page: Page, button: str) -> None:
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.wait(lambda: page.text("source") == "Both agree")
    page.part(button).click()
    page.wait(lambda: page.part("why-dialog").is_displayed())
    assert page.text("why-reasons") == "It is not in your profile."
    assert not page.part("why-forget").is_enabled()


def test_each_word_of_a_phrase_can_be_asked_about(page: Page) -> None:
    send(page, "noon")
    page.keys("Our mee")
    page.wait_ghost("ting at noon")
    page.keys(Keys.F1)
    page.wait(lambda: page.text("why-words") == "meetingatnoon")
    page.part("why-words").find_elements(By.TAG_NAME, "button")[2].click()
    page.wait(lambda: page.text("why-title") == "Why “noon”?")
    assert "You wrote it once" in page.text("why-reasons")
    pressed = page.script("return document.activeElement.getAttribute('aria-pressed')")
    assert pressed == "true"


def test_a_suggested_word_is_forgotten(page: Page) -> None:
    send(page, "Ask Brindlewick")
    page.keys("Brin")
    page.wait_ghost("dlewick")
    page.keys(Keys.F1)
    page.wait(lambda: page.part("why-dialog").is_displayed())
    page.part("why-forget").click()
    page.wait(lambda: page.service.profile.forgotten == ["Brindlewick"])
    page.wait(lambda: page.text("toast").startswith("“Brindlewick” is forgotten. 2 sequences"))
    assert page.text("status") == page.text("toast")
    assert page.focused == "field"
    page.wait(lambda: page.ghost == "")
    page.keys("dlewick")
    page.chord(Keys.CONTROL, Keys.ENTER)
    page.wait(lambda: page.service.profile.messages == ["dlewick"])  # what stood there is not


def test_a_suggested_word_is_blocked_and_allowed_again(page: Page) -> None:
    send(page, "Ask Brindlewick")
    page.keys("Brin")
    page.wait_ghost("dlewick")
    page.keys(Keys.F1)
    page.wait(lambda: page.part("why-dialog").is_displayed())
    page.part("why-block").click()
    page.wait(lambda: page.service.profile.blocked == ("Brindlewick",))
    page.wait(lambda: page.ghost == "")
    open_profile(page)
    page.wait(lambda: page.text("blocked") == "Brindlewick ×")
    click(page, "Suggest Brindlewick again")
    page.wait(lambda: page.service.profile.blocked == ())
    page.part("field").click()
    page.keys("d")
    page.wait_ghost("lewick")


# The words


def test_the_profile_tells_its_room_and_its_words(page: Page) -> None:
    send(page, "Ask Brindlewick and Tavenport")
    assert not page.part("find").is_displayed()
    open_profile(page)
    page.wait(lambda: listed(page) == ["Tavenport", "Brindlewick"])
    assert page.text("room") == "4 sequences"
    assert "1,000,000" in page.text("room-bytes")
    assert page.text("folder") == "scripted-folder"
    page.part("find").send_keys("as")
    page.wait(lambda: listed(page) == ["Ask"])
    page.part("find").send_keys("zz")
    page.wait(lambda: page.text("found-note") == "No word begins so.")


def test_a_listed_word_is_explained_forgotten_or_blocked(page: Page) -> None:
    send(page, "Brindlewick")
    send(page, "Tavenport")
    open_profile(page)
    page.wait(lambda: len(listed(page)) == 2)
    click(page, "Why Tavenport?")
    page.wait(lambda: page.text("why-title") == "“Tavenport”")
    page.keys(Keys.ESCAPE)
    click(page, "Forget Tavenport")
    page.wait(lambda: listed(page) == ["Brindlewick"])
    focused = page.script("return document.activeElement.getAttribute('aria-label')")
    assert focused == "Forget Brindlewick"
    click(page, "Never suggest Brindlewick")
    page.wait(lambda: page.service.profile.blocked == ("Brindlewick",))


def test_a_word_just_learned_is_explained(page: Page) -> None:
    send(page, "Ask Brindlewick")
    page.wait(lambda: page.text("words") == "Brindlewick")
    page.part("words").find_element(By.TAG_NAME, "button").click()
    page.wait(lambda: page.text("why-title") == "“Brindlewick”")


# Forgetting more


def test_everything_is_forgotten_after_a_question(page: Page) -> None:
    send(page, "Ask Brindlewick")
    open_profile(page)
    page.part("forget").click()
    page.keys(Keys.ENTER)  # the question opens on Keep
    assert page.service.profile.messages
    page.part("forget").click()
    page.part("forget-now").click()
    page.wait(lambda: page.service.profile.forgotten == ["everything"])
    page.wait(lambda: page.text("sent") == "" and page.text("words") == "")


def test_the_last_minutes_are_forgotten(page: Page) -> None:
    send(page, "Ask Brindlewick")
    open_profile(page)
    page.part("forget-minutes").click()
    page.wait(lambda: page.service.profile.forgotten == [timedelta(minutes=10)])
    page.wait(lambda: "2 sequences and 1 message are gone" in page.text("toast"))


def test_what_cannot_be_done_is_told_in_a_sentence(page: Page) -> None:
    page.script(
        "fetch = async () => new Response(JSON.stringify({error: 'The disk is full.'}),"
        " {status: 409})"
    )
    open_profile(page)
    page.part("forget-minutes").click()
    page.wait(lambda: page.text("toast") == "The disk is full.")


# Contexts


def choose_context(page: Page, name: str, *, private: bool = False) -> None:
    page.script(
        "const context = document.getElementById('context'); context.value = 'new';"
        "context.dispatchEvent(new Event('change'))"
    )
    page.part("name-field").send_keys(name)
    if private:
        page.script("document.getElementById('name-private').click()")
    page.keys(Keys.ENTER)
    page.wait(lambda: not page.part("new-context").is_displayed())
    page.part("field").click()


def test_a_tab_learns_in_the_context_that_is_chosen(page: Page) -> None:
    choose_context(page, "Acme")
    send(page, "Ask Brindlewick")
    assert page.service.profile.learned_in == ["Acme"]
    page.driver.refresh()
    page.wait(lambda: page.text("context-name") == "Acme")
    page.part("field").click()
    send(page, "Ask Tavenport")
    assert page.service.profile.learned_in == ["Acme", "Acme"]


def test_a_context_is_private_from_its_beginning(page: Page) -> None:
    choose_context(page, "Acme", private=True)
    page.wait(lambda: page.service.profile.private.get("Acme"))
    page.wait(lambda: page.part("private").is_selected())
    page.script("document.getElementById('private').click()")
    page.wait(lambda: not page.service.profile.private["Acme"])


def test_a_context_is_forgotten_after_a_question(page: Page) -> None:
    choose_context(page, "Acme")
    send(page, "Ask Brindlewick")
    page.part("forget-context").click()
    assert page.text("ask-title") == "Forget “Acme”?"
    page.part("forget-now").click()
    page.wait(lambda: page.service.profile.forgotten == ["context Acme"])
    page.part("field").click()
    send(page, "Tavenport")
    assert page.service.profile.learned_in == [""]


def test_no_context_is_made_by_leaving(page: Page) -> None:
    page.script(
        "const context = document.getElementById('context'); context.value = 'new';"
        "context.dispatchEvent(new Event('change'))"
    )
    page.part("name-field").send_keys("Acme")
    page.keys(Keys.ESCAPE)
    page.part("field").click()
    send(page, "Tavenport")
    assert page.service.profile.learned_in == [""]


# Trouble


def test_trouble_is_told_once(page: Page) -> None:
    page.service.profile.trouble = "The disk is full."
    page.keys("a")
    page.wait(lambda: page.part("trouble").is_displayed())
    assert page.text("trouble-text") == "The disk is full."
    page.part("put-away").click()
    page.part("field").click()
    page.keys("b")
    time.sleep(SHOULD_STAY_SECONDS)
    assert not page.part("trouble").is_displayed()


def test_a_profile_that_is_only_read_offers_no_changes(page: Page) -> None:
    page.service.profile.learn("Brindlewick")
    page.service.profile.read_only = True
    page.driver.refresh()
    page.wait(lambda: page.text("words") == "Brindlewick")
    open_profile(page)
    page.wait(lambda: len(listed(page)) == 1)
    for name in ("pause", "forget", "forget-minutes", "import"):
        assert not page.part(name).is_enabled()
    assert page.part("export").is_enabled()
    assert (
        page.script("return document.querySelectorAll('#found .link:not(:disabled)').length") == 0
    )


# Carrying it away and back


def test_the_profile_is_downloaded_and_brought_back(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        carrying, "export_profile", lambda profile, path: path.write_text("Brindlewick")
    )
    monkeypatch.setattr(
        carrying, "import_profile", lambda profile, path: profile.learn(path.read_text())
    )
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    open_profile(page)
    page.part("export").click()
    file = tmp_path / "foretype-profile.jsonl"
    page.wait(file.exists)
    assert file.read_text() == "Brindlewick"
    page.part("import-file").send_keys(str(file))
    page.wait(lambda: page.text("words") == "Brindlewick")
    assert page.service.profile.messages == ["Brindlewick"]
    assert page.driver.get_log("browser") == []


# What was not typed

REPLAY = """
const [edits] = arguments;
return import("/untyped.js").then(({ Untyped, editBetween, inCodePoints }) => {
  const untyped = new Untyped();
  return JSON.parse(edits).map(([old, now, caret, typed]) => {
    untyped.edited(editBetween(old, now, caret), typed);
    return inCodePoints(now, untyped.ranges);
  });
});
"""
LETTERS = "aab 🎉"  # few, so that many edits could have happened in several places


def test_the_ranges_follow_every_insertion_and_deletion(page: Page) -> None:
    for seed in range(20):
        edits, expected = random_edits(random.Random(seed))
        assert page.script(REPLAY, json.dumps(edits)) == expected, f"seed {seed}"


def random_edits(chance: random.Random) -> tuple[list[list[Any]], list[list[list[int]]]]:
    """Edits as the page sees them, and what is not typed after each."""
    text: list[tuple[str, bool]] = []  # characters, and whether each was typed
    edits, expected = [], []
    for _ in range(200):
        old = "".join(letter for letter, _ in text)
        at = chance.randint(0, len(text))
        if chance.random() < 0.6 or not text:
            typed = chance.random() < 0.6
            added = [(chance.choice(LETTERS), typed) for _ in range(chance.randint(1, 4))]
            text[at:at] = added
            at += len(added)
        else:
            typed = True
            del text[at : at + chance.randint(1, 4)]
        now = "".join(letter for letter, _ in text)
        caret = len("".join(letter for letter, _ in text[:at]).encode("utf-16-le")) // 2
        edits.append([old, now, caret, typed])
        expected.append(untyped_ranges([typed for _, typed in text]))
    return edits, expected


def untyped_ranges(typed: list[bool]) -> list[list[int]]:
    """The ranges of characters that were not typed."""
    ranges: list[list[int]] = []
    for place, was_typed in enumerate(typed):
        if was_typed:
            continue
        if ranges and ranges[-1][1] == place:
            ranges[-1][1] += 1
        else:
            ranges.append([place, place + 1])
    return ranges


def test_more_ranges_than_are_told_are_joined(page: Page) -> None:
    told = page.script(
        "return import('/untyped.js').then(({ inCodePoints }) => inCodePoints('x'.repeat(4000),"
        " Array.from({length: 1000}, (_, n) => [4 * n, 4 * n + 1])))"
    )
    assert len(told) == 500
    assert told[-1] == [4 * 499, 4 * 999 + 1]
