"""Certificates for this machine, made by openssl for a run."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers import Trouble, last_line


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate for this machine, which signs itself, so that it is its own authority."""

    certificate: Path
    key: Path
    both: Path


def make(folder):
    """Make a certificate and its key, and a file that holds both."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem", folder / "both.pem")
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    words += ["-keyout", made.key, "-out", made.certificate, "-days", "2", "-subj", "/CN=localhost"]
    words += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    ended = subprocess.run(words, capture_output=True, text=True)
    if ended.returncode != 0:
        raise Trouble(f"openssl: {last_line(ended.stderr)}")
    made.both.write_text(made.certificate.read_text() + made.key.read_text())
    return made
