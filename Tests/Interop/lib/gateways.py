"""Proxies that speak HTTP/2 to clients, and HTTP/1.1 to the server behind them, and how one of them is run."""

import shutil
import subprocess
import os
from contextlib import contextmanager
from dataclasses import dataclass

import peers
from peers import PEERS, Missing
from wstest import await_listener, free_port

HAPROXY = """defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 60s
listen front
  bind 127.0.0.1:{port} {speaks}
  server one {behind}
"""
# Envoy sends no key to the server behind it, which one of HTTP/1.1 needs; a fixed one stands in.
ENVOY = """static_resources:
  listeners:
  - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          codec_type: AUTO
          http2_protocol_options: {{allow_connect: true}}
          upgrade_configs: [{{upgrade_type: websocket}}]
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {{prefix: "/"}}
                route: {{cluster: one, timeout: 0s}}
                request_headers_to_add:
                - header: {{key: sec-websocket-key, value: "dGhlIHNhbXBsZSBub25jZQ=="}}
                  append_action: OVERWRITE_IF_EXISTS_OR_ADD
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
      {socket}
  clusters:
  - name: one
    connect_timeout: 5s
    load_assignment:
      cluster_name: one
      endpoints:
      - lb_endpoints:
        - endpoint: {{address: {{socket_address: {{address: {host}, port_value: {backend}}}}}}}
"""
ENVOY_TLS = """transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            alpn_protocols: [h2, http/1.1]
            tls_certificates:
            - certificate_chain: {{filename: {certificate}}}
              private_key: {{filename: {key}}}
"""


@dataclass(frozen=True)
class Gateway:
    """A proxy: its name for `setup`, its program, the text of its configuration, and its arguments.

    Of the last two there are one without TLS and one with it.
    """

    name: str
    program: str
    config: str
    plain: dict
    secure: dict
    arguments: tuple[str, ...]
    version: tuple[str, ...]

    def found(self):
        """Where the program is."""
        # Debian keeps servers where not every user looks for programs.
        path = os.pathsep.join([str(PEERS / "envoy/bin"), os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"])
        found = shutil.which(self.program, path=path)
        if not found:
            raise Missing(f"{self.program} is not installed; run Tests/Interop/setup {self.name}")
        return found

    def stated(self):
        """The version, as the program itself states it."""
        said = subprocess.run([self.found(), *self.version], capture_output=True, text=True, timeout=peers.START_SECONDS)
        line = (said.stdout.strip() or said.stderr.strip()).splitlines()[0]
        # Envoy writes its version between slashes, HAProxy as the third word, nghttpx behind a slash.
        words = [part for word in line.split() for part in word.split("/") if part[:1].isdigit() and "." in part]
        return words[0].split("-")[0] if words else line


ALL = {
    gateway.name: gateway
    for gateway in (
        Gateway(
            "nghttpx",
            "nghttpx",
            "# Everything stands in the arguments.\n",
            {"speaks": "--frontend=127.0.0.1,{port};no-tls"},
            {"speaks": "--frontend=127.0.0.1,{port}"},
            ("--conf={config}", "{speaks}", "--backend={host},{backend}", "--workers=1", "{key}", "{certificate}"),
            ("--version",),
        ),
        Gateway(
            "haproxy",
            "haproxy",
            HAPROXY,
            {"speaks": "proto h2"},
            {"speaks": "ssl crt {both} alpn h2,http/1.1"},
            ("-db", "-f", "{config}"),
            ("-v",),
        ),
        Gateway(
            "envoy",
            "envoy",
            ENVOY,
            {"socket": ""},
            {"socket": ENVOY_TLS},
            ("-c", "{config}", "-l", "error", "--concurrency", "1", "--disable-hot-restart"),
            ("--version",),
        ),
    )
}


@contextmanager
def running(gateway, behind, folder, certificate):
    """Run a proxy before the server at an address; yields its address without TLS, or with it and a certificate."""
    folder.mkdir(parents=True, exist_ok=True)
    host, backend = behind.split(":")
    port, config = free_port(), folder / "config.yaml"
    values = {"port": port, "behind": behind, "host": host, "backend": backend, "config": config}
    values |= {"key": "", "certificate": "", "both": ""}
    if certificate:
        values |= {"certificate": certificate.certificate, "key": certificate.key, "both": certificate.both}
    chosen = gateway.secure if certificate else gateway.plain
    values |= {name: text.format(**values) for name, text in chosen.items()}
    config.write_text(gateway.config.format(**values))
    words = [word.format(**values) for word in gateway.arguments]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [gateway.found(), *filter(None, words)], stdout=log, stderr=subprocess.STDOUT, env=peers.environment()
        )
    try:
        await_listener(f"127.0.0.1:{port}", process, folder / "log")
        yield f"wss://localhost:{port}" if certificate else f"h2c+ws://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
