"""Downloads against a real server on this machine, most of whose folders are up to no good."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from latentlab.core.errors import DataError
from latentlab.data import download

CONTENT = {f"/{name}.gz": name.encode() * 1000 for name in ("images", "labels")}
CHECKSUMS = {name: hashlib.md5(CONTENT[f"/{name}.gz"]).hexdigest() for name in ("images", "labels")}


class Server(ThreadingHTTPServer):
    """Serves CONTENT under /good, and under other folders what goes wrong in the world."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[str] = []
        self.closing = threading.Event()

    def home(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        folder, file = self.path[1:].split("/", 1)
        content = CONTENT[f"/{file}"]
        match folder:
            case "good":
                self.answer(content)
            case "wrong":
                self.answer(b"<html>" + content[6:])
            case "truncated":
                self.answer(content[:100], promised=len(content))
            case "short":
                self.answer(content[:100])
            case "silent":
                self.server.closing.wait(30)
            case "stalling":
                self.answer(content[:100], promised=len(content))
                self.server.closing.wait(30)
            case _:
                self.send_error(404)

    def answer(self, content: bytes, promised: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(promised or len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.closing.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def unreachable() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/"


def assert_whole(found: dict[str, Path], cache: Path) -> None:
    assert {path.name: path.read_bytes() for path in found.values()} == {
        name[1:]: content for name, content in CONTENT.items()
    }
    assert sorted(path.name for path in cache.iterdir()) == ["images.gz", "labels.gz"]


def test_fetches_each_file_once(server: Server, tmp_path: Path) -> None:
    cache = tmp_path / "new" / "cache"
    for _ in range(2):
        found = download.fetch(CHECKSUMS, [server.home("good")], cache)
        assert list(found) == ["images", "labels"]
        assert_whole(found, cache)
    assert server.requests == ["/good/images.gz", "/good/labels.gz"]


@pytest.mark.parametrize("bad", ["wrong", "truncated", "short", "missing", "silent", "stalling"])
def test_the_second_home_is_asked_when_the_first_fails(server: Server, tmp_path: Path, bad: str) -> None:
    found = download.fetch(CHECKSUMS, [server.home(bad), server.home("good")], tmp_path, timeout_s=0.3)
    assert_whole(found, tmp_path)


def test_the_second_home_is_asked_when_the_first_is_down(
    server: Server, unreachable: str, tmp_path: Path
) -> None:
    assert_whole(download.fetch(CHECKSUMS, [unreachable, server.home("good")], tmp_path), tmp_path)


@pytest.mark.parametrize(
    ("bad", "came"),
    [
        ("wrong", hashlib.md5(b"<html>" + CONTENT["/images.gz"][6:]).hexdigest()),
        ("truncated", r"IncompleteRead\(100 bytes read, 5900 more expected\)"),
        ("short", hashlib.md5(CONTENT["/images.gz"][:100]).hexdigest()),
        ("missing", "404 Client Error"),
        ("silent", "Read timed out"),
        ("stalling", "Read timed out"),
    ],
)
def test_failure_says_all_and_leaves_nothing(server: Server, tmp_path: Path, bad: str, came: str) -> None:
    home = server.home(bad)
    with pytest.raises(
        DataError, match=rf"(?s)^images.gz could not be fetched.*{home}images.gz: .*{came}"
    ) as caught:
        download.fetch(CHECKSUMS, [home], tmp_path, timeout_s=0.3)
    message = str(caught.value)
    assert f"Expected a file with MD5 {CHECKSUMS['images']}" in message
    assert "set data.source in params.yaml to mnist_sample" in message
    assert "idx with data.path" in message
    assert list(tmp_path.iterdir()) == []


def test_unreachable_homes_are_all_named(unreachable: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Connection refused") as caught:
        download.fetch(CHECKSUMS, [f"{unreachable}one/", f"{unreachable}two/"], tmp_path)
    assert f"{unreachable}one/images.gz" in str(caught.value)
    assert f"{unreachable}two/images.gz" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_hanging_home_is_left_in_time(server: Server, tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(DataError):
        download.fetch(CHECKSUMS, [server.home("silent")], tmp_path, timeout_s=0.3)
    assert time.monotonic() - start < 5


def test_a_damaged_file_in_the_cache_is_fetched_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "images.gz").write_bytes(CONTENT["/images.gz"][:100])
    assert_whole(download.fetch(CHECKSUMS, [server.home("good")], tmp_path), tmp_path)


def test_a_cache_that_is_no_folder_is_named(server: Server, tmp_path: Path) -> None:
    cache = tmp_path / "file"
    cache.touch()
    with pytest.raises(DataError, match=f"images.gz could not be fetched into {cache}"):
        download.fetch(CHECKSUMS, [server.home("good")], cache)


def test_a_log_gets_no_progress_bar(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    download.fetch(CHECKSUMS, [server.home("good")], tmp_path)
    assert "\r" not in capsys.readouterr().err


def test_a_terminal_gets_a_progress_bar(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    download.fetch(CHECKSUMS, [server.home("good")], tmp_path)
    assert "images.gz: 100%" in capsys.readouterr().err


def test_the_cache_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.setenv("LATENTLAB_CACHE", "/somewhere/else")
    assert download.cache_folder() == Path("/somewhere/else")
    monkeypatch.setenv("LATENTLAB_CACHE", "kept")
    assert download.cache_folder() == tmp_path / "kept"


def test_the_cache_is_the_users_own_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LATENTLAB_CACHE", raising=False)
    assert download.cache_folder().name == "latentlab"
    assert Path.home() in download.cache_folder().parents
