"""`foretype inspect` as a person runs it: a small model, an invented profile, a browser."""

import re
import stat
from datetime import date
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait
from tests.end_to_end import browser

from foretype import Engine
from foretype.cli import main
from foretype.model import read_info
from foretype.reference.tiny_model import write_tiny_model

pytest.importorskip("plotly", reason="the extra is not installed: foretype[inspect]")

SLOWEST_SECONDS = 60
LETTER = "Dear Odalys, the Brindlewick ledger is on its way to Tavenport. Best regards, Wren"
HOVERED = """
    const place = document.querySelector(".plot");
    Plotly.Fx.hover(place, [{curveNumber: 1, pointNumber: 0}]);
    return place.querySelector(".hoverlayer .hovertext").textContent;
"""
DRAWN = (
    "return [...document.querySelectorAll('.plot')]"
    ".map(place => place.querySelectorAll('.main-svg').length > 0)"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspect")
    write_tiny_model(folder / "model.safetensors")
    with Engine.open(language_model=False).open_profile(folder / "profile") as profile:
        for day in (3, 4, 20):
            profile.learn(LETTER, day=date(2026, 3, day))
    return folder


def inspected(folder: Path, *options: str, output: str = "report.html") -> int:
    return main(
        [
            "inspect",
            *("--model", str(folder / "model.safetensors")),
            *("--profile", str(folder / "profile")),
            *("--output", str(folder / output)),
            *options,
        ]
    )


def test_it_writes_one_private_page_and_the_export(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert inspected(folder, "--export", str(folder / "export")) == 0
    said = capsys.readouterr()
    assert not said.err
    files = [Path(line.split("  ")[0]) for line in said.out.splitlines()]
    assert [file.name for file in files] == [
        "report.html", "vectors.tsv", "metadata.tsv", "projector_config.pbtxt", "tokens.parquet",
    ]  # fmt: skip
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert files[0].stat().st_size < 8_000_000
    page = files[0].read_text("utf-8")
    assert "it holds words that you wrote" in page
    assert "No suggestion has been shown yet" in page


def test_outside_the_library_the_page_names_no_address(folder: Path) -> None:
    from foretype.inspect.page.write import plotly_js

    inspected(folder)
    page = (folder / "report.html").read_text("utf-8")
    library = plotly_js()
    assert page.count(library) == 1
    own = page.replace(library, "")
    assert not re.findall(r"(?i)https?:", own)
    assert not re.findall(r"(?i)<(?:link|img|iframe|object|embed|script[^>]* src)", own)


def test_without_words_none_is_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--no-words", "--export", str(folder / "plain"))
    assert inspected(folder, *options, output="plain.html") == 0
    page = (folder / "plain.html").read_text("utf-8")
    assert "none of your words" in page
    assert "used 3 times" not in page
    for word in re.findall(r"\w{5,}", LETTER):
        assert word not in page.partition('id="figures">')[2].partition("</script>")[0]
    assert (folder / "plain" / "metadata.tsv").read_text().startswith("token\tid\n")


def test_a_missing_model_a_missing_report_and_a_file_of_others_are_told_in_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "notes.html").write_text("mine")
    assert inspected(folder, "--replay", str(folder / "none.json")) == 1
    assert inspected(folder, "--model", str(folder / "none.safetensors")) == 1
    assert inspected(folder, output="notes.html") == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith("foretype: ") for line in lines] == [True] * 3
    assert "Cannot read" in lines[0]
    assert "There is no model at" in lines[1]
    assert "is no report" in lines[2]
    assert (folder / "notes.html").read_text() == "mine"


def test_a_model_with_damaged_weights_is_told_in_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = bytearray((folder / "model.safetensors").read_bytes())
    scales = next(
        t for t in read_info(folder / "model.safetensors").tensors if t.name == "head.scale"
    )
    data[scales.file_offset : scales.file_offset + 2] = b"\xff\x7f"  # not a number
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(data)
    assert inspected(folder, "--model", str(damaged)) == 1
    assert "is damaged: its embedding holds numbers that are none" in capsys.readouterr().err


@pytest.mark.skipif(bool(browser.missing()), reason=f"{browser.missing()} not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_draws_every_plot_and_asks_nobody_for_anything(folder: Path, scheme: str) -> None:
    inspected(folder)
    with browser.chromium() as driver:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        driver.get((folder / "report.html").as_uri())
        WebDriverWait(driver, SLOWEST_SECONDS).until(
            lambda driver: driver.execute_script("return document.body.dataset.drawn")
        )
        drawn = driver.execute_script(DRAWN)
        assert drawn
        assert all(drawn)
        assert driver.get_log("browser") == []
        asked = driver.execute_script(
            "return performance.getEntriesByType('resource').map(entry => entry.name)"
        )
        assert asked == []
        shown = driver.execute_script(HOVERED)
        assert re.fullmatch("“.+”, used [0-9]+ times?", shown)
        buttons = driver.execute_script(
            "return [...document.querySelectorAll('.modebar-btn')].map(b => b.dataset.title)"
        )
        assert {re.split(r"\W", title)[0] for title in buttons} <= {
            "Zoom", "Pan", "Reset", "Download",
        }  # fmt: skip
        ground = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        brightness = sum(int(part) for part in re.findall(r"\d+", ground)[:3]) / 3
        assert (brightness < 128) == (scheme == "dark")
