"""Measures what the page adds to the engine, in a headless Chromium on this machine.

usage: python -m scripts.measure_page [KEYS]

The engine is the scripted one of the tests, which answers at once: so every millisecond is the
page's. Prints median and 95th percentile of
- an ask over the WebSocket, from sending to the parsed answer;
- the same way by HTTP: a POST of the same size, from fetch to the parsed answer;
- a real key, from its event to the end of the frame that shows the answer.
"""

import statistics
import sys
import threading
import time
from typing import Any, cast

from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from tests.end_to_end.browser import chromium
from tests.end_to_end.scripted_engine import ScriptedEngine
from tests.end_to_end.scripted_profile import ScriptedProfile

from foretype.serve import address, bind, create_app, new_token, server

PAUSE_SECONDS = 0.08
WARM_UP = 20

ROUND_TRIPS = """
const [token, keys, done] = arguments;
const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
const timed = async (work) => {
  const times = [];
  for (let key = 0; key < keys; key += 1) {
    const start = performance.now();
    await work(key);
    times.push(performance.now() - start);
    await pause();
  }
  return times;
};
const text = "x".repeat(800);
const post = () => fetch("/api/state", {
  method: "POST",
  headers: { "Content-Type": "application/json", "X-Foretype-Token": token },
  body: JSON.stringify({ text }),
}).then((response) => response.json());
const socket = new WebSocket(`ws://${location.host}/api/typing`,
  ["foretype", `foretype.token.${token}`]);
const ask = (turn) => new Promise((resolve) => {
  socket.onmessage = (event) => JSON.parse(event.data).turn === turn && resolve();
  socket.send(JSON.stringify({ kind: "ask", turn, before: text + turn, after: "" }));
});
socket.onopen = async () => done([await timed(ask), await timed(post)]);
"""


def main() -> None:
    """Measures and prints."""
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    listener, token = bind(0), new_token()
    port = listener.getsockname()[1]
    engine, profile = cast(Any, ScriptedEngine()), cast(Any, ScriptedProfile())
    running = server(create_app(engine, profile, port=port, token=token))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with chromium() as driver:
            driver.set_script_timeout(120)
            driver.get(address(listener, token))
            time.sleep(1)
            socket, fetch = driver.execute_async_script(ROUND_TRIPS, token, keys + WARM_UP)
            show("ask over the WebSocket", socket[WARM_UP:])
            show("the same by HTTP", fetch[WARM_UP:])
            show("key to screen", key_to_screen(driver, keys + WARM_UP)[WARM_UP:])
    finally:
        running.should_exit = True
        thread.join()


def key_to_screen(driver: Chrome, keys: int) -> list[float]:
    """What the page's panel says of each key."""
    times = []
    for number in range(keys):
        ActionChains(driver).send_keys("meeting at noon "[number % 16]).perform()
        time.sleep(PAUSE_SECONDS)
        shown = driver.execute_script("return document.getElementById('screen').textContent")
        times.append(float(shown.removesuffix(" ms")))
    return times


def show(what: str, times: list[float]) -> None:
    """Prints one line of the table."""
    cuts = statistics.quantiles(times, n=20)
    print(f"{what:24} {cuts[9]:6.1f} ms   p95 {cuts[18]:6.1f} ms", flush=True)


if __name__ == "__main__":
    main()
