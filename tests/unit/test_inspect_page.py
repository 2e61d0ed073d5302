"""The report's page: whole, private, without a network; and the files for other viewers."""

import io
import json
import re
import stat
from pathlib import Path

import numpy as np
import pytest
from inspect_samples import CD, SPACE_AB, tokens

from foretype.errors import SettingError
from foretype.inspect.export import export_tokens
from foretype.inspect.page import write
from foretype.inspect.page.parts import Plot, Section, Table, axis
from foretype.inspect.page.write import embedded, render, write_page
from foretype.inspect.projection import principal_components
from foretype.model.progress import no_progress

PLOT = Plot(
    "A <finding>",
    "How to read it.",
    [{"type": "scatter", "x": [1], "y": [2], "text": ["</script><script>alert(1)</script>"]}],
    {"xaxis": axis("x"), "yaxis": axis("y")},
)
SECTIONS = [
    Section("one", "First & foremost", "It says <this>.", [PLOT]),
    Section("two", "Second", "Nothing yet."),
    Section("three", "Third", "Rows.", [Table("T", "G.", ("a", "b"), [("1", "<2>")])]),
]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(write, "plotly_js", lambda: "/* the library */")
    return render(SECTIONS, about="About <it>.", words=True)


def test_the_page_escapes_what_it_is_given(page: str) -> None:
    for text in ("About &lt;it&gt;.", "First &amp; foremost", "A &lt;finding&gt;", "&lt;2&gt;"):
        assert text in page
    assert "alert(1)</script>" not in page
    (data,) = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', page)
    assert json.loads(data)[0]["data"][0]["text"] == ["</script><script>alert(1)</script>"]


def test_the_page_has_a_summary_contents_and_a_section_each(page: str) -> None:
    for section in SECTIONS:
        assert page.count(f'href="#{section.name}"') == 2
        assert page.count(f'<section id="{section.name}">') == 1
    assert page.count('class="none"') == 1  # the section without data


def test_the_page_says_on_top_whether_it_holds_words(page: str) -> None:
    assert "it holds words that you wrote" in page[: page.index("<nav")]
    assert "none of your words" in render(SECTIONS, about="", words=False)


def test_our_part_of_the_page_names_no_address(page: str) -> None:
    assert not re.findall(r"(?i)https?://|//[a-z]|@import|url\(", strip_comments(page))
    assert "connect-src" not in page
    assert "default-src 'none'" in page


def strip_comments(page: str) -> str:
    """Without the lines of our script that are comments."""
    return "\n".join(line for line in page.splitlines() if not line.lstrip().startswith("//"))


def test_only_the_two_scripts_may_run(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert len(re.findall("'sha256-[^']*'", policy)) == 2
    assert "unsafe-eval" not in policy
    assert "script-src 'sha256-" in policy


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_mistake_of_ours(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        embedded({"x": [value]})


def test_the_file_is_for_its_owner_alone_and_replaces_only_reports(tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    path = tmp_path / "report.html"
    for _ in range(2):
        write_page(path, SECTIONS, about="", words=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other = tmp_path / "letter.html"
    other.write_text("<p>Dear Odalys")
    with pytest.raises(SettingError, match="is no report"):
        write_page(other, SECTIONS, about="", words=True)
    assert other.read_text() == "<p>Dear Odalys"


def test_without_the_extra_one_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "plotly.offline", None)
    with pytest.raises(SettingError, match=re.escape("pip install 'foretype[inspect]'")):
        write_page(tmp_path / "report.html", SECTIONS, about="", words=True)
    assert not list(tmp_path.iterdir())


def exported(folder: Path, uses: np.ndarray | None) -> dict[str, str]:
    found = principal_components(tokens().embedding)
    chosen = np.array([1, SPACE_AB, CD])
    files = export_tokens(folder, tokens(), chosen, found, uses, no_progress)
    return {file.name: file.read_text() for file in files if file.suffix != ".parquet"}


def test_the_projector_gets_a_row_a_token(tmp_path: Path) -> None:
    pytest.importorskip("arro3.io")
    uses = np.zeros(len(tokens()), np.int64)
    uses[SPACE_AB] = 4
    files = exported(tmp_path / "out", uses)
    assert files["metadata.tsv"] == (
        "token\tid\tuses\tused\n“ ”\t1\t0\tno\n“ ab”\t7\t4\tyes\n“cd”\t8\t0\tno\n"
    )
    rows = np.loadtxt(io.StringIO(files["vectors.tsv"]), delimiter="\t")
    assert rows == pytest.approx(tokens().embedding[[1, SPACE_AB, CD]], abs=1e-4)
    assert 'metadata_path: "metadata.tsv"' in files["projector_config.pbtxt"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in (tmp_path / "out").iterdir())


def test_the_atlas_gets_places_and_uses(tmp_path: Path) -> None:
    arrow = pytest.importorskip("arro3.io")
    uses = np.arange(len(tokens()))
    exported(tmp_path, uses)
    table = arrow.read_parquet(tmp_path / "tokens.parquet").read_all()
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    places = principal_components(tokens().embedding).places[[1, SPACE_AB, CD]]
    assert columns["token"] == ["“ ”", "“ ab”", "“cd”"]
    assert columns["x"] == pytest.approx(places[:, 0].tolist())
    assert columns["y"] == pytest.approx(places[:, 1].tolist())
    assert columns["uses"] == [1, SPACE_AB, CD]


def test_an_export_without_words_tells_nothing_of_the_owner(tmp_path: Path) -> None:
    arrow = pytest.importorskip("arro3.io")
    files = exported(tmp_path, None)
    assert files["metadata.tsv"].splitlines()[0] == "token\tid"
    table = arrow.read_parquet(tmp_path / "tokens.parquet").read_all()
    assert table.column_names == ["token", "id", "x", "y"]
