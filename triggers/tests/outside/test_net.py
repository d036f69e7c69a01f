import gzip
import logging
import socket
import threading
import time
import traceback

import pytest
from werkzeug import Response as Answer

from triggers.outside import net
from triggers.tests.receivers import DIALS, Listener, answers, receiver
from triggers.tests.spellings import CORPUS, PRIVATE

PUBLIC = "93.184.215.14"


@pytest.fixture
def loopback(settings):
    settings.OUTGOING_ALLOW_LOOPBACK = True


@pytest.fixture
def listener(settings):
    """A listener on a port that the settings allow, so that only the address can be refused."""
    opened = Listener()
    settings.OUTGOING_ALLOW_LOOPBACK = False
    settings.OUTGOING_ALLOW_HTTP = True
    settings.OUTGOING_PORTS = [opened.port]
    yield opened
    opened.close()


def test_a_request_arrives_as_it_was_given(loopback, httpserver):
    httpserver.expect_request("/hook").respond_with_data(
        b'{"ok": true}', 201, {"X-Trace": "7", "Content-Type": "application/json"}
    )

    answer = net.send(
        "POST",
        httpserver.url_for("/hook?a=1"),
        headers={"X-Key": "abc"},
        body='{"é": 1}'.encode(),
        timeout=(1, 5),
    )

    request, _reply = httpserver.log[0]
    assert (request.method, request.full_path, request.data) == ("POST", "/hook?a=1", '{"é": 1}'.encode())
    assert dict(request.headers) == {
        "Host": f"localhost:{httpserver.port}",
        "User-Agent": "Concours",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "X-Key": "abc",
        "Content-Length": "9",
    }
    assert (answer.status, answer.body, answer.truncated) == (201, b'{"ok": true}', False)
    assert (answer.headers["x-trace"], answer.headers["content-type"]) == ("7", "application/json")
    assert 0 <= answer.ms < 5000


@pytest.mark.parametrize("status", [204, 400, 404, 410, 429, 500, 503])
def test_every_status_is_an_answer(loopback, httpserver, status):
    httpserver.expect_request("/").respond_with_data(b"", status)

    assert net.send("GET", httpserver.url_for("/")).status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_returned_and_not_followed(loopback, httpserver, status):
    private = Listener()
    location = f"http://127.0.0.1:{private.port}/latest/meta-data/"
    httpserver.expect_request("/").respond_with_data(b"moved", status, {"Location": location})

    answer = net.send("POST", httpserver.url_for("/"), body=b"x")

    assert (answer.status, answer.headers["location"], answer.body) == (status, location, b"moved")
    assert private.accept() == []
    private.close()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_from_the_environment_is_not_used(loopback, httpserver, monkeypatch, name):
    proxy = Listener()
    monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    httpserver.expect_request("/").respond_with_data(b"direct")

    answer = net.send("GET", httpserver.url_for("/"))

    assert (answer.body, proxy.accept()) == (b"direct", [])
    proxy.close()


def test_credentials_kept_on_this_machine_are_not_sent(loopback, httpserver, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine localhost login me password hush\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    httpserver.expect_request("/").respond_with_data(b"")

    net.send("GET", httpserver.url_for("/"))

    assert "Authorization" not in httpserver.log[0][0].headers


def test_the_corpus_is_as_wide_as_promised():
    assert len(CORPUS) >= 80


@pytest.mark.parametrize("form", CORPUS)
def test_no_spelling_reaches_a_place_that_is_not_public(listener, form):
    url = form.replace("{port}", str(listener.port))

    with DIALS.watched() as dials, pytest.raises(net.NotSent) as refusal:
        net.send("POST", url, body=b"x", timeout=(1, 2))

    assert isinstance(refusal.value, net.UnsafeUrl)
    assert (dials.addresses, listener.accept()) == ([], [])
    with pytest.raises(net.UnsafeUrl):
        net.check_url(url)


def test_the_listener_would_have_counted(listener, settings):
    for host in ("127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0", "127.0.0.1."[:-1]):
        socket.create_connection((host, listener.port), 1).close()
    settings.OUTGOING_ALLOW_LOOPBACK = True
    with pytest.raises(net.MaybeSent):
        net.send("GET", f"http://127.0.0.1:{listener.port}/", timeout=(1, 0.2))

    assert len(listener.accept()) == 7


@pytest.mark.parametrize("address", [address for address in PRIVATE if "%" not in address])
@pytest.mark.parametrize("others", [(), (PUBLIC,)])
def test_a_name_is_refused_for_one_private_answer_among_any(listener, monkeypatch, address, others):
    monkeypatch.setattr(socket, "getaddrinfo", answers(*others, address))

    with (
        DIALS.watched() as dials,
        pytest.raises(net.UnsafeUrl, match=r"^hooks\.example\.com is not a public"),
    ):
        net.send("POST", f"http://hooks.example.com:{listener.port}/", timeout=(1, 2))

    assert (dials.addresses, listener.accept()) == ([], [])


def test_a_name_whose_answer_alternates_is_looked_up_once_and_only_that_answer_dialled(listener, monkeypatch):
    asked = []

    def alternating(*args, **kwargs):
        asked.append(args)
        return answers(PUBLIC if len(asked) % 2 else "127.0.0.1")(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", alternating)
    url = f"http://rebind.example.com:{listener.port}/"

    with DIALS.watched() as dials, pytest.raises(net.NotSent, match="refused the connection"):
        net.send("POST", url, timeout=(1, 2))
    with pytest.raises(net.UnsafeUrl):
        net.send("POST", url, timeout=(1, 2))

    assert dials.addresses == [(PUBLIC, listener.port)]
    assert (len(asked), listener.accept()) == (2, [])


def test_the_next_address_is_tried_when_one_refuses(loopback, httpserver, monkeypatch):
    httpserver.expect_request("/").respond_with_data(b"second")
    url = httpserver.url_for("/")
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.77", "127.0.0.1"))

    assert net.send("GET", url).body == b"second"


def test_a_refused_connection_was_not_sent(loopback):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(net.NotSent, match=r"^127\.0\.0\.1 refused the connection\.$") as failure:
        net.send("POST", f"http://127.0.0.1:{port}/")

    assert not isinstance(failure.value, net.UnsafeUrl)


def test_an_unknown_name_was_not_sent(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(net.NotSent, match=r"^The name gone\.example\.com cannot be found\.$"):
        net.send("POST", "https://gone.example.com/")


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: release.wait(10))
    started = time.monotonic()

    with pytest.raises(net.NotSent, match=r"^Looking up slow\.example\.com took too long\.$"):
        net.send("POST", "https://slow.example.com/", timeout=(0.1, 1))

    release.set()
    assert time.monotonic() - started < 30


def test_a_connection_closed_after_the_request_may_have_been_sent(loopback):
    with (
        receiver(lambda client: None) as port,
        pytest.raises(net.MaybeSent, match=r"^The connection to .* broke:"),
    ):
        net.send("POST", f"http://127.0.0.1:{port}/", body=b"x")


def test_an_answer_that_is_not_http_may_have_been_sent(loopback):
    with (
        receiver(lambda client: client.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")) as port,
        pytest.raises(net.MaybeSent, match=r"broke: SSH-2\.0-OpenSSH_9\.6"),
    ):
        net.send("POST", f"http://127.0.0.1:{port}/")


def test_no_answer_in_time_may_have_been_sent(loopback):
    listener = Listener()

    with pytest.raises(net.MaybeSent, match=r"^127\.0\.0\.1 did not answer in time\.$"):
        net.send("POST", f"http://127.0.0.1:{listener.port}/", timeout=(1, 0.2))

    listener.close()


def drip(start):
    """Send `start`, then one byte each 20 ms for 4 s, or until the caller hangs up."""

    def answer(client):
        client.sendall(start)
        pause = threading.Event()
        for _byte in range(200):
            client.sendall(b"x")
            pause.wait(0.02)

    return answer


def test_headers_that_drip_end_with_the_time_allowed(loopback):
    started = time.monotonic()

    with (
        receiver(drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")) as port,
        pytest.raises(net.MaybeSent, match="in time"),
    ):
        net.send("POST", f"http://127.0.0.1:{port}/", timeout=(1, 0.4))

    assert 0.4 <= time.monotonic() - started < 30


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found\r\nLocation: /elsewhere"])
def test_a_body_that_drips_is_cut_at_the_time_allowed_and_the_answer_stands(loopback, status):
    started = time.monotonic()

    with receiver(drip(b"HTTP/1.1 " + status + b"\r\nContent-Length: 9999\r\n\r\n")) as port:
        answer = net.send("POST", f"http://127.0.0.1:{port}/", timeout=(1, 0.4))

    assert (str(answer.status).encode(), answer.truncated) == (status[:3], True)
    assert 0 < len(answer.body) < 100
    assert set(answer.body) == {ord("x")}
    assert 0.4 <= time.monotonic() - started < 30


def test_a_body_that_breaks_off_is_marked_truncated(loopback):
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"

    with receiver(lambda client: client.sendall(reply)) as port:
        answer = net.send("POST", f"http://127.0.0.1:{port}/")

    assert (answer.status, answer.body, answer.truncated) == (200, b"half", True)


@pytest.mark.parametrize(("size", "truncated"), [(65536, False), (65537, True), (5_000_000, True)])
@pytest.mark.parametrize("status", [200, 302])
def test_a_body_is_read_up_to_its_limit(loopback, httpserver, size, truncated, status):
    httpserver.expect_request("/").respond_with_data(b"y" * size, status, {"Location": "/"})

    answer = net.send("GET", httpserver.url_for("/"))

    assert (answer.body, answer.truncated) == (b"y" * 65536, truncated)


def test_a_chunked_body_is_joined(loopback, httpserver):
    httpserver.expect_request("/").respond_with_response(Answer(iter([b"one ", b"two"])))

    assert net.send("GET", httpserver.url_for("/")).body == b"one two"


def test_a_compressed_body_stays_compressed(loopback, httpserver):
    bomb = gzip.compress(bytes(10_000_000))
    httpserver.expect_request("/").respond_with_data(bomb, 200, {"Content-Encoding": "gzip"})

    assert net.send("GET", httpserver.url_for("/")).body == bomb


def test_control_characters_in_answered_headers_become_spaces(loopback):
    reply = b"HTTP/1.1 200 OK\r\nX-Odd: a\x00b\x1fc\r\nContent-Length: 0\r\n\r\n"

    with receiver(lambda client: client.sendall(reply)) as port:
        answer = net.send("POST", f"http://127.0.0.1:{port}/")

    assert answer.headers == {"x-odd": "a b c", "content-length": "0"}


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            {"X-A": "b\r\nX-Evil: 1"},
            "The value of X-A is not one line of plain ASCII without spaces around it.",
        ),
        ({"X-A": "b\n"}, "The value of X-A is not one line of plain ASCII without spaces around it."),
        ({"X-A": "b\x00"}, "The value of X-A is not one line of plain ASCII without spaces around it."),
        ({"X-A": " b"}, "The value of X-A is not one line of plain ASCII without spaces around it."),
        ({"X-A": "é"}, "The value of X-A is not one line of plain ASCII without spaces around it."),
        ({"X A": "b"}, "“X A” is not a header name. Use letters, digits and hyphens."),
        ({"X-A:": "b"}, "“X-A:” is not a header name. Use letters, digits and hyphens."),
        ({"": "b"}, "“” is not a header name. Use letters, digits and hyphens."),
        ({"Host": "internal"}, "The header Host follows from the URL and the body. Take it out."),
        (
            {"content-LENGTH": "0"},
            "The header content-LENGTH follows from the URL and the body. Take it out.",
        ),
        (
            {"Transfer-Encoding": "chunked"},
            "The header Transfer-Encoding follows from the URL and the body. Take it out.",
        ),
    ],
)
def test_a_header_that_http_cannot_carry_is_refused_before_anything_is_sent(loopback, headers, message):
    listener = Listener()

    with pytest.raises(net.UnsafeHeader) as refusal:
        net.send("POST", f"http://127.0.0.1:{listener.port}/", headers=headers)

    assert (str(refusal.value), listener.accept()) == (message, [])
    listener.close()


def test_headers_in_use_elsewhere_pass():
    net.check_headers({"Authorization": "Bearer a.b-c_d=", "X-Empty": "", "webhook-signature": "v1,aGk= v1,aG8="})


def test_neither_logs_nor_errors_show_the_query(loopback, httpserver, caplog):
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/hook").respond_with_data(b"", 200, {"X-Bad\x00 :": "1"})
    url = httpserver.url_for("/hook?key=hush")
    not_tls = url.replace("http:", "https:")

    net.send("GET", url)
    with pytest.raises(net.NotSent) as failure:
        net.send("GET", not_tls)

    ours = [record.getMessage() for record in caplog.records if record.name == "triggers.outside.net"]
    assert ours[0].startswith(f"GET http://localhost:{httpserver.port}/hook answered 200 in ")
    assert ours[1].startswith(f"GET https://localhost:{httpserver.port}/hook failed: SSLError(")
    outgoing = [record for record in caplog.records if record.name.startswith(("triggers", "urllib3", "requests"))]
    assert [record for record in outgoing if "hush" in record.getMessage()] == []
    assert "hush" not in "".join(traceback.format_exception(failure.value))
