"""The page's server over an engine that a test speaks for, and the page in a real browser."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from tests.end_to_end import pixels
from tests.end_to_end.scripted_engine import ScriptedEngine
from tests.end_to_end.scripted_profile import ScriptedProfile

from foretype.serve import address, bind, create_app, new_token, server

PATIENCE_SECONDS = 10
# Long enough for an answer that should not come to come.
SHOULD_STAY_SECONDS = 0.25


class Service:
    """The page's server in a thread, over an engine that the test speaks for."""

    def __init__(self, engine: Any = None, profile: Any = None) -> None:
        self.token = new_token()
        self.port = 0
        self.engine = engine or ScriptedEngine()
        self.profile = profile or self.engine.profile()

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

    def paste(self, text: str) -> None:
        """Puts `text` on the clipboard by way of the field, as nothing else may write to it."""
        self.script("document.getElementById('field').value = arguments[0]", text)
        self.chord(Keys.CONTROL, "a")
        self.chord(Keys.CONTROL, "c")
        self.script("document.getElementById('field').value = ''")
        self.chord(Keys.CONTROL, "v")
        self.wait(lambda: len(self.value) == len(text))

    def paste_at_caret(self, text: str) -> None:
        """Pastes into what stands in the field; the clipboard is filled in the search field."""
        self.script(
            "const find = document.getElementById('find'); find.closest('details').open = true;"
            "find.value = arguments[0]; find.select()",
            text,
        )
        self.chord(Keys.CONTROL, "c")
        self.script(
            "document.getElementById('find').value = ''; document.getElementById('field').focus()"
        )
        before = len(self.value)
        self.chord(Keys.CONTROL, "v")
        self.wait(lambda: len(self.value) == before + len(text))

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
