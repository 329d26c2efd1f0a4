"""deploy/nginx.conf as it is shipped, with only names and places of this machine put in, in front of a site."""

import datetime as dt
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.browser.site import free_port
from tests.house.source import ROOT

SHIPPED = ROOT / "deploy" / "nginx.conf"
PATIENCE = 20


def nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass(frozen=True)
class Front:
    """``plain`` and ``secure`` are its two addresses."""

    folder: Path
    http: int
    https: int

    @property
    def plain(self) -> str:
        return f"http://localhost:{self.http}"

    @property
    def secure(self) -> str:
        return f"https://localhost:{self.https}"

    @property
    def certificate(self) -> Path:
        return self.folder / "site.crt"

    def check(self) -> "subprocess.CompletedProcess[str]":
        return self._nginx("-t")

    def log(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def _nginx(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [nginx() or "nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def prepare(folder: Path, site: str) -> Front:
    """Certificate and configuration; nothing runs yet."""
    front = Front(folder, free_port(), free_port())
    _certify(folder)
    shipped = SHIPPED.read_text(encoding="utf-8")
    for ours, here in {
        "listen 80;": f"listen 127.0.0.1:{front.http};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{front.https} ssl http2;",
        "http://web:8000": site,
        "/etc/nginx/tls/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
    }.items():
        assert ours in shipped, ours
        shipped = shipped.replace(ours, here)
    (folder / "site.conf").write_text(shipped, encoding="utf-8")
    (folder / "nginx.conf").write_text(_around(folder), encoding="utf-8")
    return front


@contextmanager
def running(front: Front) -> Iterator[Front]:
    """nginx for as long as the block, in the foreground of its own process."""
    command = [nginx() or "nginx", "-c", str(front.folder / "nginx.conf"), "-p", str(front.folder)]
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        until = time.monotonic() + PATIENCE
        while not (front.folder / "nginx.pid").exists():
            assert process.poll() is None and time.monotonic() < until, front.log("start.log")
            time.sleep(0.05)
        yield front
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _around(folder: Path) -> str:
    """What Debian's and the image's own nginx.conf do around a site."""
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/start.log warn;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ {places} include {folder}/site.conf; }}\n"
    )


def _certify(folder: Path) -> None:
    """Self-signed, for this machine, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
    (folder / "site.crt").write_bytes(certificate.public_bytes(pem))
    (folder / "site.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def megabytes_accepted() -> int:
    found = re.search(r"client_max_body_size (\d+)m;", SHIPPED.read_text(encoding="utf-8"))
    assert found is not None
    return int(found.group(1))
