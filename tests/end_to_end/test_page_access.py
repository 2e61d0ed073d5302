"""The page for everyone: names, contrast, widths, screen readers, tabs; and nothing is fetched."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from tests.end_to_end import browser
from tests.end_to_end.page_driver import SHOULD_STAY_SECONDS, Page

pytestmark = pytest.mark.skipif(
    bool(browser.missing()) and not os.environ.get("CI"),
    reason=f"needs {browser.missing()}: apt-get install chromium chromium-driver",
)


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
