"""Takes docs/play.png: the page in light colours, with ghost text on an invented message.

usage: python -m scripts.screenshot [FILE]

Uses the real engine.
"""

import re
import sys
import threading
import time
from pathlib import Path

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from tests.end_to_end.browser import chromium

from foretype import Engine
from foretype.serve import address, bind, create_app, new_token, server

SENT = (
    "Hi Odalys,\n\nthe Brindlewick migration is on track. The ledger sync has moved to Thursday "
    "morning, and Rufina will send the Tavenport invoices after the ledger sync."
)
WRITTEN = "Hi Rufina,\n\nthank you for the quick reply. The ledger sync is done, so the Tav"
SLOWEST_ANSWER_SECONDS = 1
LOOK_SECONDS = 0.06
GHOST = "return document.querySelector('.ghost')?.textContent ?? ''"


def main() -> None:
    """Starts engine and page, and takes the picture."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/play.png")
    engine, listener, token = Engine.open(), bind(0), new_token()
    port = listener.getsockname()[1]
    running = server(create_app(engine, engine.profile(), port=port, token=token))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        take(address(listener, token), picture)
    finally:
        running.should_exit = True
        thread.join()


def take(where: str, picture: Path) -> None:
    """Sends one message, begins another, and looks."""
    with chromium(width=1200, height=1040) as driver:
        driver.get(where)
        driver.execute_script("document.documentElement.dataset.theme = 'light'")
        time.sleep(SLOWEST_ANSWER_SECONDS)
        field = driver.find_element(By.ID, "field")
        write(driver, SENT)
        field.send_keys(Keys.CONTROL, Keys.ENTER, Keys.NULL)
        write(driver, WRITTEN)
        time.sleep(SLOWEST_ANSWER_SECONDS)
        driver.save_screenshot(str(picture))


def write(driver: Chrome, text: str) -> None:
    """Types `text`, taking each word of the ghost text that is right; not the last one."""
    field = driver.find_element(By.ID, "field")
    while left := text[len(str(field.get_property("value"))) :]:
        time.sleep(LOOK_SECONDS)
        word = re.match(r"\s*\w+", str(driver.execute_script(GHOST)))
        right = word is not None and re.match(rf"{re.escape(word[0])}\W", left)
        field.send_keys(Keys.TAB if right else left[0])


if __name__ == "__main__":
    main()
