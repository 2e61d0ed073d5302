"""Takes docs/inspect.png: the beginning of the report of an invented person, in light colours.

usage: python -m scripts.inspect_picture [FILE [FOLDER]]

The messages of scripts/invented_mail.py are learned, and the last of them typed, with the real
engine. FOLDER keeps the profile and the report;
where it holds a profile already, that one is looked at.
"""

import base64
import sys
import tempfile
from itertools import islice
from pathlib import Path

from scripts.invented_mail import messages
from selenium.webdriver.support.ui import WebDriverWait
from tests.end_to_end.browser import chromium

from foretype import Engine, Profile, Session
from foretype.inspect import inspect, sections, write_page
from foretype.model import default_path

LEARNED, TYPED = 136, 24
WRONG_PER_100_WORDS = 40.0
SLOWEST_SECONDS = 60
WIDTH, HEIGHT, SCALE = 1120, 1560, 0.56
THINK_STEPS = 2  # between two keys, as the page does


def main() -> None:
    """Fills the profile, writes the report, takes the picture."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/inspect.png")
    if len(sys.argv) > 2:
        take(Path(sys.argv[2]), picture)
        return
    with tempfile.TemporaryDirectory() as folder:
        take(Path(folder), picture)


def take(folder: Path, picture: Path) -> None:
    """The picture of the report of the profile in `folder`, which is filled if it is not there."""
    page = folder / "report.html"
    fresh = not (folder / "profile").exists()
    engine = Engine.open()
    with engine.open_profile(folder / "profile") as profile:
        if fresh:
            fill(engine, profile)
        profile.flush()
        found = inspect(default_path(), profile)
    about = "An invented profile: nobody wrote these messages."
    write_page(page, sections(found), about=about, words=True)
    with chromium(width=WIDTH, height=HEIGHT) as driver:
        driver.get(page.resolve().as_uri())
        WebDriverWait(driver, SLOWEST_SECONDS).until(
            lambda driver: driver.execute_script("return document.body.dataset.drawn")
        )
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": SCALE}
        options = {"clip": clip, "captureBeyondViewport": True}
        taken = driver.execute_cdp_cmd("Page.captureScreenshot", options)
        picture.write_bytes(base64.b64decode(taken["data"]))


def fill(engine: Engine, profile: Profile) -> None:
    """Learns most messages, and types the others."""
    mail = messages(LEARNED + TYPED)
    for day, text in islice(mail, LEARNED):
        profile.learn(text, day=day)
    for _, text in mail:
        session = engine.session(profile, wrong_per_100_words=WRONG_PER_100_WORDS)
        write(session, text)
        session.finish()


def write(session: Session, text: str) -> None:
    """Types it, taking each word that is offered and right."""
    place = 0
    while place < len(text):
        offer = session.suggest()
        word = offer.words[0] if offer and offer.words else ""
        end = place + len(word)
        right = text.startswith(word, place) and not text[end - 1 : end + 1].isalnum()
        if word and right:
            place += len(session.accept())
        else:
            session.type(text[place])
            place += 1
        for _ in range(THINK_STEPS):
            session.think()


if __name__ == "__main__":
    main()
