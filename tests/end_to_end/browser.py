"""A real Chromium, without a window, for tests and screenshots.

Needs Debian's packages `chromium` and `chromium-driver`, or others of these names on the PATH.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# No sandbox: containers lack the rights for it. The rest keeps the browser off the network.
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--lang=en",
)


def missing() -> str:
    """What of Chromium is not installed here; "" when all is there."""
    lacking = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return " and ".join(lacking)


@contextmanager
def chromium(*, width: int = 1280, height: int = 900) -> Iterator[webdriver.Chrome]:
    """A fresh browser with a fresh profile, closed at the end."""
    with TemporaryDirectory(prefix="foretype-browser-", ignore_cleanup_errors=True) as folder:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for option in (*OPTIONS, f"--window-size={width},{height}", f"--user-data-dir={folder}"):
            options.add_argument(option)
        driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        driver.set_script_timeout(30)
        try:
            yield driver
        finally:
            driver.quit()
