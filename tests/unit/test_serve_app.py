"""Who may talk to the page's server, and what it answers; without a browser."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.end_to_end.scripted_engine import ScriptedEngine
from tests.end_to_end.scripted_profile import ScriptedProfile

from foretype.errors import DataError, StorageError
from foretype.serve import carrying, create_app
from foretype.serve.app import MAX_BODY_BYTES
from foretype.serve.profile_view import FOUND_WORDS
from foretype.serve.typing_socket import MAX_TABS, TOO_MANY_TABS

PORT = 7373
ORIGIN = f"http://127.0.0.1:{PORT}"
SOCKET = f"ws://127.0.0.1:{PORT}/api/typing"
OURS = {"Origin": ORIGIN, "X-Foretype-Token": "the-token"}
PROTOCOLS = ["foretype", "foretype.token.the-token"]
ASK = {"kind": "ask", "turn": 1, "before": "Our mee", "after": ""}


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def profile() -> ScriptedProfile:
    return ScriptedProfile()


@pytest.fixture
def client(engine: ScriptedEngine, profile: ScriptedProfile) -> Iterator[TestClient]:
    app = create_app(cast(Any, engine), cast(Any, profile), port=PORT, token="the-token")
    with TestClient(app, base_url=ORIGIN) as client:
        yield client


# The page's files


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/", "text/html"), ("/main.js", "text/javascript"), ("/tokens.css", "text/css")],
)
def test_the_page_is_served_with_security_headers(
    client: TestClient, path: str, media_type: str
) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(media_type)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("path", ["/..%2fapp.py", "/../app.py", "/static/main.js", "/index.html"])
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_needs_nothing_inline(client: TestClient) -> None:
    page = client.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert page.count("<script") == page.count('<script type="module" src=')
    assert "http://" not in page
    assert "https://" not in page


# Refusals


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**OURS}, 200),
        ({**OURS, "Host": f"localhost:{PORT}"}, 200),
        ({**OURS, "Origin": f"http://localhost:{PORT}"}, 200),
        ({**OURS, "Host": "evil.example"}, 403),
        ({**OURS, "Host": "127.0.0.1"}, 403),
        ({**OURS, "Host": f"127.0.0.1:{PORT}.evil.example"}, 403),
        ({**OURS, "Origin": "http://evil.example"}, 403),
        ({**OURS, "Origin": "null"}, 403),
        ({**OURS, "Origin": "http://127.0.0.1:1"}, 403),
        ({**OURS, "Origin": f"https://127.0.0.1:{PORT}"}, 403),
        ({"X-Foretype-Token": "the-token"}, 403),
        ({"Origin": ORIGIN}, 401),
        ({**OURS, "X-Foretype-Token": ""}, 401),
        ({**OURS, "X-Foretype-Token": "the-tokem"}, 401),
    ],
)
def test_requests_need_host_origin_and_token(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    response = client.post("/api/state", json={}, headers=headers)
    assert response.status_code == status
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_files_are_not_for_other_names_and_sites(
    client: TestClient, headers: dict[str, str]
) -> None:
    assert client.get("/", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("headers", "protocols"),
    [
        ({"Origin": "http://evil.example"}, PROTOCOLS),
        ({}, PROTOCOLS),
        ({"Origin": ORIGIN, "Host": "evil.example"}, PROTOCOLS),
        ({"Origin": ORIGIN}, ["foretype"]),
        ({"Origin": ORIGIN}, ["foretype", "foretype.token.another"]),
        ({"Origin": ORIGIN, "X-Foretype-Token": "the-token"}, ["foretype"]),
    ],
)
def test_the_socket_needs_host_origin_and_token(
    client: TestClient, headers: dict[str, str], protocols: list[str]
) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(SOCKET, subprotocols=protocols, headers=headers),
    ):
        pass


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{}", "application/json", 200),
        (b"{}", "application/json; charset=utf-8", 200),
        (b"{}", "text/plain", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b" " * (MAX_BODY_BYTES + 1), "application/json", 413),
    ],
)
def test_only_small_json_objects_are_read(
    client: TestClient, content: bytes, media_type: str, status: int
) -> None:
    headers = {**OURS, "Content-Type": media_type}
    assert client.post("/api/state", content=content, headers=headers).status_code == status


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/api/state", headers=OURS).status_code in (401, 405)


# Answers


def connect(client: TestClient) -> Any:
    return client.websocket_connect(SOCKET, subprotocols=PROTOCOLS, headers={"Origin": ORIGIN})


def receive(socket: Any, kind: str) -> dict[str, Any]:
    """The next message of this kind; others come between."""
    while True:
        message = socket.receive_json()
        if message["kind"] == kind:
            return dict(message)


def test_a_key_is_answered(client: TestClient) -> None:
    with connect(client) as socket:
        assert socket.accepted_subprotocol == "foretype"
        socket.send_json(ASK)
        answer = receive(socket, "answer")
    assert answer["turn"] == 1
    assert answer["suggestion"]["text"] == "ting at noon"
    assert answer["suggestion"]["words"] == ["ting", " at", " noon"]


def test_the_session_works_ahead_until_it_is_done(
    client: TestClient, engine: ScriptedEngine
) -> None:
    with connect(client) as socket:
        for turn in (1, 2):
            socket.send_json({**ASK, "turn": turn})
            receive(socket, "answer")
            end = time.monotonic() + 10
            while engine.thoughts < turn * 3 and time.monotonic() < end:
                time.sleep(0.001)
            assert engine.thoughts >= turn * 3


def test_a_lone_surrogate_goes_both_ways(client: TestClient, engine: ScriptedEngine) -> None:
    engine.says = "\ud83c!"
    with connect(client) as socket:
        socket.send_text('{"kind": "ask", "turn": 1, "before": "\\ud83c", "after": ""}')
        assert receive(socket, "answer")["suggestion"]["text"] == "\ud83c!"
    assert engine.asked == ["\ud83c"]


def test_a_finished_message_is_learned_and_told(
    client: TestClient, profile: ScriptedProfile
) -> None:
    with connect(client) as socket:
        socket.send_json({"kind": "finish", "turn": 2, "text": "Ask Brindlewick"})
        assert receive(socket, "finished")["turn"] == 2
        told = receive(socket, "profile")["profile"]
    assert profile.messages == ["Ask Brindlewick"]
    assert told["new_words"] == ["Brindlewick"]


def test_a_failing_engine_says_so_and_goes_on(client: TestClient, engine: ScriptedEngine) -> None:
    engine.fails = True
    with connect(client) as socket:
        socket.send_json(ASK)
        assert receive(socket, "trouble")["turn"] == 1
        engine.fails = False
        socket.send_json({**ASK, "turn": 2})
        assert receive(socket, "answer")["turn"] == 2


@pytest.mark.parametrize("raw", ["nonsense", '{"kind": "ask"}'])
def test_a_strange_message_ends_the_connection(client: TestClient, raw: str) -> None:
    with connect(client) as socket:
        socket.send_text(raw)
        with pytest.raises(WebSocketDisconnect) as ended:
            receive(socket, "answer")
    assert ended.value.code == 1008


def test_the_oldest_tab_makes_room(client: TestClient) -> None:
    with ExitStack() as tabs:
        oldest, *others = [tabs.enter_context(connect(client)) for _ in range(MAX_TABS + 1)]
        with pytest.raises(WebSocketDisconnect) as ended:
            receive(oldest, "answer")
        assert ended.value.code == TOO_MANY_TABS
        for tab in others:
            tab.send_json(ASK)
            assert receive(tab, "answer")["turn"] == 1


# Changes


def post(client: TestClient, path: str, fields: dict[str, Any]) -> Any:
    return client.post(path, json=fields, headers=OURS)


def change(client: TestClient, fields: dict[str, Any]) -> Any:
    return post(client, "/api/change", fields)


def test_learning_is_paused(client: TestClient, profile: ScriptedProfile) -> None:
    assert change(client, {"paused": True}).json()["profile"]["paused"] is True
    assert profile.paused
    with connect(client) as socket:
        socket.send_json({"kind": "finish", "turn": 1, "text": "Ask Brindlewick"})
        assert receive(socket, "profile")["profile"]["new_words"] == []
    change(client, {"paused": False})
    assert not profile.paused


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"forget": "kind regards "}, "kind regards"),
        ({"forget_minutes": 10}, timedelta(minutes=10)),
        ({"forget_context": "Acme"}, "context Acme"),
        ({"forget_everything": True}, "everything"),
    ],
)
def test_what_is_asked_is_forgotten_and_told(
    client: TestClient, profile: ScriptedProfile, fields: dict[str, Any], asked: object
) -> None:
    profile.learn("Kind regards Isaura", context="Acme")
    answer = change(client, fields).json()
    assert profile.forgotten == [asked]
    assert answer["forgotten"] == {"ngrams": 3, "messages": 1, "note": ""}
    assert answer["profile"]["ngrams"] == 0


@pytest.mark.parametrize("dial", [10, 12.5, None])
def test_the_dial_is_turned(client: TestClient, engine: ScriptedEngine, dial: float | None) -> None:
    assert change(client, {"wrong_per_100_words": dial}).json()["wrong_per_100_words"] == dial
    with connect(client) as socket:
        socket.send_json(ASK)
        receive(socket, "answer")
    assert engine.dial == dial


def test_words_are_blocked_and_unblocked(client: TestClient, profile: ScriptedProfile) -> None:
    assert change(client, {"block": "Tavenport"}).json()["profile"]["blocked"] == ["Tavenport"]
    assert change(client, {"unblock": "Tavenport"}).json()["profile"]["blocked"] == []
    assert change(client, {"block": "two words"}).status_code == 409


def test_a_context_is_made_private(client: TestClient, profile: ScriptedProfile) -> None:
    facts = change(client, {"context": "Acme", "private": True}).json()["profile"]
    assert ("Acme", True) in [(one["name"], one["private"]) for one in facts["contexts"]]


def test_private_words_are_no_news_elsewhere(client: TestClient, profile: ScriptedProfile) -> None:
    profile.learn("Tavenport")
    profile.learn("Farolux", context="Acme")
    profile.set_private("Acme", True)
    news = {
        here: post(client, "/api/state", {"here": here}).json()["profile"]["new_words"]
        for here in ("", "Acme", "Home")
    }
    assert news == {"": ["Tavenport"], "Acme": ["Farolux"], "Home": ["Tavenport"]}
    with connect(client) as socket:
        socket.send_json({**ASK, "context": "Acme"})
        assert receive(socket, "profile")["profile"]["new_words"] == ["Farolux"]
    here = change(client, {"paused": False, "here": "Acme"}).json()["profile"]
    assert here["new_words"] == ["Farolux"]


def test_a_message_is_learned_in_the_context_of_its_tab(
    client: TestClient, profile: ScriptedProfile
) -> None:
    message = {"kind": "finish", "turn": 1, "text": "Hi Acme", "untyped": [[0, 3]]}
    with connect(client) as socket:
        socket.send_json({**message, "context": "Acme"})
        receive(socket, "finished")
    assert (profile.messages, profile.learned_in) == (["Acme"], ["Acme"])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"paused": 1},
        {"paused": True, "block": "word"},
        {"forget": True},
        {"forget": " "},
        {"forget": "x" * 1000},
        {"forget_everything": False},
        {"forget_minutes": 0},
        {"forget_minutes": True},
        {"forget_minutes": 10.5},
        {"forget_minutes": 10**9},
        {"forget_context": ""},
        {"block": None},
        {"context": "Acme", "private": "yes"},
        {"wrong_per_100_words": -1},
        {"wrong_per_100_words": True},
        {"wrong_per_100_words": 1e9},
        {"wrong_per_100_words": "10"},
    ],
)
def test_no_other_change_is_made(
    client: TestClient, profile: ScriptedProfile, fields: dict[str, Any]
) -> None:
    assert change(client, fields).status_code == 400
    assert profile == ScriptedProfile()


def test_a_change_that_cannot_be_made_is_told_in_the_profile_s_words(
    client: TestClient, profile: ScriptedProfile
) -> None:
    def refuse(word: str) -> None:
        raise StorageError("The disk is full.")

    profile.block = refuse
    answer = change(client, {"block": "Tavenport"})
    assert (answer.status_code, answer.json()) == (409, {"error": "The disk is full."})


# What is known


def test_words_are_found(client: TestClient, profile: ScriptedProfile) -> None:
    profile.learn("Ask Tavenport and Tavenport")
    newest = post(client, "/api/words", {"prefix": ""}).json()
    assert newest == {
        "words": [{"word": "Tavenport", "uses": 2, "rung": "confirmed"}],
        "more": False,
    }
    found = post(client, "/api/words", {"prefix": "as"}).json()
    assert [word["word"] for word in found["words"]] == ["Ask"]


def test_only_so_many_words_are_told(client: TestClient, profile: ScriptedProfile) -> None:
    profile.learn(" ".join(f"Word{number}" for number in range(100)))
    found = post(client, "/api/words", {"prefix": "word"}).json()
    assert (len(found["words"]), found["more"]) == (FOUND_WORDS, True)


def test_why_a_word_is_known(client: TestClient, profile: ScriptedProfile) -> None:
    profile.learn("Tavenport", context="Acme")
    profile.block("Quenby")
    known = post(client, "/api/why", {"word": "tavenport"}).json()
    assert known["word"] == "Tavenport"
    assert "Learned in “Acme”." in known["reasons"]
    unknown = post(client, "/api/why", {"word": "quenby"}).json()
    assert unknown == {"word": "quenby", "reasons": [], "blocked": True}


@pytest.mark.parametrize("path", ["/api/words", "/api/why"])
def test_a_strange_question_is_refused(client: TestClient, path: str) -> None:
    assert post(client, path, {}).status_code == 400
    assert post(client, path, {"word": 1, "prefix": ["a"]}).status_code == 400


def test_half_a_character_is_told_too(client: TestClient, profile: ScriptedProfile) -> None:
    profile.learn("x", context="\ud83c")
    assert post(client, "/api/state", {}).json()["profile"]["contexts"][1]["name"] == "\ud83c"


def test_trouble_is_told_to_the_page(client: TestClient, profile: ScriptedProfile) -> None:
    with connect(client) as socket:
        socket.send_json(ASK)
        assert receive(socket, "profile")["profile"]["trouble"] is None
        profile.trouble = "The disk is full."
        socket.send_json({**ASK, "turn": 2})
        assert receive(socket, "profile")["profile"]["trouble"] == "The disk is full."


# The whole profile as a file

LINES = {**OURS, "Content-Type": "application/jsonl"}


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Where the profile was written to or read from; a scripted profile's file is its messages."""
    paths: list[Path] = []

    def export_profile(profile: ScriptedProfile, path: Path) -> None:
        paths.append(path)
        path.write_text("\n".join(profile.messages))

    def import_profile(profile: ScriptedProfile, path: Path) -> None:
        paths.append(path)
        if (text := path.read_text()) == "nonsense":
            raise DataError("line 1 is no part of a profile.")
        profile.learn(text)

    monkeypatch.setattr(carrying, "export_profile", export_profile)
    monkeypatch.setattr(carrying, "import_profile", import_profile)
    return paths


def test_the_profile_is_downloaded(
    client: TestClient, profile: ScriptedProfile, files: list[Path]
) -> None:
    profile.learn("Ask Tavenport")
    answer = client.post("/api/export", headers=OURS)
    assert answer.text == "Ask Tavenport"
    assert not files[0].parent.exists()


def test_the_profile_is_uploaded(
    client: TestClient, profile: ScriptedProfile, files: list[Path]
) -> None:
    answer = client.post("/api/import", content=b"Ask Tavenport", headers=LINES)
    assert answer.json()["profile"]["new_words"] == ["Tavenport"]
    assert profile.messages == ["Ask Tavenport"]
    assert not files[0].parent.exists()


def test_another_file_is_refused_in_a_sentence(client: TestClient, files: list[Path]) -> None:
    answer = client.post("/api/import", content=b"nonsense", headers=LINES)
    assert (answer.status_code, answer.json()) == (
        409,
        {"error": "line 1 is no part of a profile."},
    )


def test_an_upload_has_its_type_and_its_limit(
    client: TestClient, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post("/api/import", content=b"x", headers=OURS).status_code == 415
    monkeypatch.setattr(carrying, "MAX_IMPORT_BYTES", 10)
    assert client.post("/api/import", content=b"x" * 11, headers=LINES).status_code == 413
    assert files == []


@pytest.mark.parametrize("path", ["/api/export", "/api/import", "/api/words", "/api/why"])
def test_only_the_page_may_ask(client: TestClient, path: str) -> None:
    assert client.post(path, json={}, headers={"Origin": ORIGIN}).status_code == 401
    assert client.post(path, json={}, headers={"X-Foretype-Token": "the-token"}).status_code == 403
