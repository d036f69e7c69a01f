import socket
import ssl
import threading
import time
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from triggers.outside import net, pinned_http
from triggers.tests.receivers import Listener, answers, receiver

NAME = "hooks.example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The path of a PEM file: a certificate for NAME that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now()
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "receiver.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The certificate's authority is one of ours."""
    context = pinned_http.tls_context.__wrapped__()
    context.load_verify_locations(certificate)
    monkeypatch.setattr(pinned_http, "tls_context", lambda: context)


@pytest.fixture
def server_context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def secure(server_context, settings, monkeypatch):
    """An https server on loopback that every name leads to."""
    with HTTPServer(port=0, ssl_context=server_context) as server:
        settings.OUTGOING_ALLOW_LOOPBACK = True
        settings.OUTGOING_PORTS = [server.port]
        monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))
        server.expect_request("/").respond_with_data(b"well met")
        yield server


def test_tls_asks_for_the_name_in_the_url_and_believes_its_certificate(secure, server_context, trusted):
    asked = []
    server_context.sni_callback = lambda _sock, name, _context: asked.append(name)

    answer = net.send("GET", f"https://{NAME}.:{secure.port}/")

    assert (answer.body, asked) == (b"well met", [NAME])
    assert secure.log[0][0].headers["Host"] == f"{NAME}:{secure.port}"


def test_a_certificate_of_another_name_stops_the_request_before_it_is_sent(secure, trusted):
    with pytest.raises(net.NotSent, match=r"certificate of other\.example\.com is not valid: Hostname mismatch"):
        net.send("POST", f"https://other.example.com:{secure.port}/", body=b"x")

    assert secure.log == []


def test_a_certificate_of_an_unknown_authority_stops_the_request_before_it_is_sent(secure):
    with pytest.raises(net.NotSent, match=f"The certificate of {NAME} is not valid: self-signed certificate"):
        net.send("POST", f"https://{NAME}:{secure.port}/", body=b"x")

    assert secure.log == []


def test_a_receiver_that_does_not_speak_tls_was_not_sent_anything(httpserver, settings):
    settings.OUTGOING_ALLOW_LOOPBACK = True

    with pytest.raises(net.NotSent, match=r"^The connection to localhost broke: \[SSL"):
        net.send("POST", f"https://localhost:{httpserver.port}/", body=b"x")

    assert httpserver.log == []


def test_a_tls_body_that_drips_is_cut_at_the_time_allowed(server_context, trusted, settings, monkeypatch):
    settings.OUTGOING_ALLOW_LOOPBACK = True
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))
    pause = threading.Event()

    def drip(client):
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _byte in range(200):
            client.sendall(b"x")
            pause.wait(0.02)

    with receiver(drip, server_context) as port:
        settings.OUTGOING_PORTS = [port]
        started = time.monotonic()
        answer = net.send("GET", f"https://{NAME}:{port}/", timeout=(1, 0.4))

    assert 0.4 <= time.monotonic() - started < 30
    assert (answer.status, answer.truncated) == (200, True)


def test_a_connection_that_ends_up_elsewhere_is_closed_before_anything_is_sent(settings, monkeypatch):
    listener = Listener()
    settings.OUTGOING_ALLOW_LOOPBACK = False
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.215.14"))

    def diverted(sock, _address):
        socket.socket.connect(sock, ("127.0.0.1", listener.port))

    monkeypatch.setattr(pinned_http._Socket, "connect", diverted, raising=False)

    with pytest.raises(net.UnsafeUrl, match=f"{NAME} is not a public address"):
        net.send("POST", f"https://{NAME}/", body=b"x")

    (connection,) = listener.accept()
    assert connection.recv(100) == b""
    listener.close()


def test_time_left_runs_out():
    assert 0 < pinned_http.Route([], time.monotonic() + 5).seconds_left() <= 5
    with pytest.raises(TimeoutError):
        pinned_http.Route([], time.monotonic() - 1).seconds_left()
