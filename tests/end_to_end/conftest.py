"""One server and one browser for all tests of the page."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from tests.end_to_end import browser
from tests.end_to_end.page_driver import Page, Service


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    running = Service()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def driver() -> Iterator[Chrome]:
    with browser.chromium() as driver:
        yield driver


@pytest.fixture
def page(driver: Chrome, service: Service) -> Page:
    service.reset()
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page = Page(driver, service)
    page.open()
    driver.get_log("browser")
    return page
