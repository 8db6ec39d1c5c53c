"""pulse.js in a real browser, on a website with a strict policy, beside a stub of the Messenger."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from pulsescore.ingest import bodies, script
from pulsescore.ingest.calls import Call
from pulsescore.ingest.storing import Key

pytestmark = [pytest.mark.browser]

# The website's own script: calls before pulse.js has come, and a Messenger that notes what it gets.
SITE = """
window.pulse = window.pulse || [];
pulse.push(["track", "Early", {n: 1}]);
window.told = [];
window.Intercom = function (command) {
  if (command === "getVisitorId") return "visitor-1";
  window.told.push([].slice.call(arguments));
};
"""
Answer = tuple[int, str, bytes, dict[str, str]]


@contextmanager
def serving(answer: Callable[[str, str, bytes], Answer]) -> Iterator[str]:
    """A server of this machine whose every answer the function decides."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            status, kind, body, headers = answer(self.command, self.path, self.rfile.read(length))
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_OPTIONS = do_GET  # noqa: N815 (the server's names)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Receiver:
    """The side of PulseScore: serves the script, and keeps the calls that it accepts."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.is_down = False
        self._arrived = threading.Condition()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        cors = {"Access-Control-Allow-Origin": "*"}
        if path.endswith(".js"):
            served = script.answer("wk_1", Key(1, 1, forwards_to_messenger=True))
            return 200, "text/javascript", served.raw, cors
        assert method == "POST", "nothing may need to ask beforehand"
        if self.is_down:
            return 503, "application/json", b"{}", cors
        assert bodies.write_key_of(body) == "wk_1"
        parsed = bodies.parse("batch", body, received_at=datetime.now(UTC))
        assert parsed.rejected == []
        with self._arrived:
            self.calls.update({call.message_id: call for call in parsed.calls})
            self._arrived.notify_all()
        return 200, "application/json", b"{}", cors

    def wait_for(self, *names: str) -> None:
        """Until calls of these types or names have arrived."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: set(names) <= self.names(), timeout=60), (
                set(names) - self.names()
            )

    def names(self) -> set[str]:
        return {call.name or call.type for call in self.calls.values()}

    def named(self, name: str) -> Call:
        (found,) = [one for one in self.calls.values() if name in (one.name, one.type)]
        return found


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def site(receiver: Receiver) -> Iterator[str]:
    """A website of two pages, with pulse.js of another origin."""
    with serving(receiver.answer) as pulse:
        policy = (
            f"default-src 'none'; img-src data:; script-src 'self' {pulse}; connect-src {pulse}"
        )
        html = (
            '<!doctype html><title>Shop</title><link rel="icon" href="data:,">'
            '<script src="/site.js"></script>'
            f'<script async src="{pulse}/v1/js/wk_1.js"></script>'
        )

        def answer(_method: str, path: str, _body: bytes) -> Answer:
            if path == "/site.js":
                return 200, "text/javascript", SITE.encode(), {}
            return 200, "text/html", html.encode(), {"Content-Security-Policy": policy}

        with serving(answer) as address:
            yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def ready(page: Page) -> None:
    page.wait_for_function("() => window.pulse && window.pulse.identify")


def test_calls_arrive_from_a_strict_page_and_the_messenger_hears_them_too(
    page: Page, site: str, receiver: Receiver
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{site}/pricing?x=1")
    ready(page)
    page.evaluate(
        """() => {
        pulse.identify(7, {email: "ann@example.com", plan: "pro"});
        pulse.track("Paid", {sum: 5});
        pulse.group("acme", {name: "Acme"});
    }"""
    )
    receiver.wait_for("Early", "Viewed page", "identify", "Paid", "group", "alias")

    early, paid = receiver.named("Early"), receiver.named("Paid")
    assert early.user_id is None
    assert (paid.user_id, paid.properties) == ("7", {"sum": 5})
    assert paid.anonymous_id == early.anonymous_id
    seen = receiver.named("Viewed page")
    assert (seen.properties["path"], seen.properties["search"]) == ("/pricing", "?x=1")
    link = receiver.named("alias")
    assert (link.user_id, link.previous_id) == ("visitor-1", early.anonymous_id)
    assert link.context == {"messenger": True}
    told = page.evaluate("() => window.told")
    assert ["trackEvent", "Paid", {"sum": 5}] in told
    assert ["update", {"email": "ann@example.com", "plan": "pro", "user_id": "7"}] in told
    assert ["update", {"company": {"name": "Acme", "company_id": "acme"}}] in told
    page.wait_for_function("() => !Object.keys(localStorage).some((k) => k.includes('.q.'))")
    assert faults == []


def test_what_happens_just_before_leaving_arrives(
    page: Page, site: str, receiver: Receiver
) -> None:
    page.goto(site)
    ready(page)
    page.evaluate("() => { pulse.track('Left'); location.href = 'about:blank'; }")
    receiver.wait_for("Left")


def test_what_could_not_be_sent_is_sent_with_a_later_page_by_the_same_visitor(
    page: Page, site: str, receiver: Receiver
) -> None:
    receiver.is_down = True
    page.goto(site)
    ready(page)
    page.evaluate("() => { pulse.identify('7'); pulse.track('Lost?'); }")
    page.goto(f"{site}/second")
    ready(page)
    assert receiver.calls == {}
    receiver.is_down = False
    page.goto(f"{site}/third")
    ready(page)
    page.evaluate("() => pulse.track('Found')")
    receiver.wait_for("Lost?", "Found")
    lost, found = receiver.named("Lost?"), receiver.named("Found")
    assert (lost.user_id, lost.anonymous_id) == (found.user_id, found.anonymous_id)
    assert lost.at < found.at


def test_after_a_reset_the_visitor_is_somebody_else(
    page: Page, site: str, receiver: Receiver
) -> None:
    page.goto(site)
    ready(page)
    page.evaluate("() => { pulse.identify('7'); pulse.reset(); pulse.track('After'); }")
    receiver.wait_for("identify", "After")
    after = receiver.named("After")
    assert after.user_id is None
    assert after.anonymous_id != receiver.named("identify").anonymous_id
