"""The module's calls with the options of the command line; `wsconform server --help` says what each does."""

import os
from typing import Any, List, Literal, Mapping, Optional, Sequence, Union

from wsconform._binary import __version__ as __version__
from wsconform._binary import executable as executable
from wsconform._errors import Error as Error
from wsconform._errors import InstallationError as InstallationError
from wsconform._errors import RunError as RunError
from wsconform._errors import UsageError as UsageError
from wsconform._report import Case as Case
from wsconform._report import Cause as Cause
from wsconform._report import Passing as Passing
from wsconform._report import Report as Report
from wsconform._report import Requirement as Requirement
from wsconform._running import ClientServer as ClientServer

Folder = Union[str, "os.PathLike[str]"]
Words = Union[str, Sequence[str]]

__all__: List[str]

def run_server(
    url: Optional[str] = ...,
    command: Optional[Sequence[str]] = ...,
    *,
    out: Folder = ...,
    supervise: bool = ...,
    embedded: Optional[bool] = ...,
    cases: Optional[Words] = ...,
    repeat: Optional[int] = ...,
    debug: Optional[str] = ...,
    scenario: Optional[Words] = ...,
    exclude: Optional[Words] = ...,
    only_autobahn: Optional[bool] = ...,
    compression: Optional[Literal["on", "off"]] = ...,
    jobs: Optional[int] = ...,
    timeout: Optional[Union[int, float, str]] = ...,
    effort: Optional[Literal["quick", "full"]] = ...,
    seed: Optional[int] = ...,
    application: Optional[Literal["auto", "echo", "none"]] = ...,
    max_message: Optional[Union[int, str]] = ...,
    peer_limit: Optional[Union[int, str]] = ...,
    connect_to: Optional[str] = ...,
    proxy: Optional[str] = ...,
    rate: Optional[int] = ...,
    subprotocol: Optional[Words] = ...,
    headers: Optional[Mapping[str, str]] = ...,
    header: Optional[Words] = ...,
    cookies: Optional[Mapping[str, str]] = ...,
    cookie: Optional[Words] = ...,
    origin: Optional[str] = ...,
    first_message: Optional[str] = ...,
    ca: Optional[Folder] = ...,
    insecure: Optional[bool] = ...,
    server_name: Optional[str] = ...,
    client_cert: Optional[Folder] = ...,
    client_key: Optional[Folder] = ...,
    tls_min: Optional[Literal["1.2", "1.3"]] = ...,
    profile: Optional[Literal["rfc", "autobahn"]] = ...,
    fail_by_drop: Optional[bool] = ...,
    strict: Optional[bool] = ...,
    fail_on: Optional[Literal["must", "should", "never"]] = ...,
    fail_on_impact: Optional[Words] = ...,
    baseline: Optional[Folder] = ...,
    require: Optional[Words] = ...,
    agent: Optional[str] = ...,
    format: Optional[Words] = ...,
    config: Optional[Folder] = ...,
    no_config: Optional[bool] = ...,
    quiet: Optional[bool] = ...,
    no_color: Optional[bool] = ...,
    **options: Any,
) -> Report: ...
def run_client(
    command: Optional[Sequence[str]] = ...,
    *,
    out: Folder = ...,
    listen: str = ...,
    cert: Optional[Folder] = ...,
    key: Optional[Folder] = ...,
    tls_min: Optional[Literal["1.2", "1.3"]] = ...,
    driver: Optional[bool] = ...,
    embedded: Optional[bool] = ...,
    defect: Optional[Words] = ...,
    cases: Optional[Words] = ...,
    repeat: Optional[int] = ...,
    exclude: Optional[Words] = ...,
    only_autobahn: Optional[bool] = ...,
    compression: Optional[Literal["on", "off"]] = ...,
    jobs: Optional[int] = ...,
    timeout: Optional[Union[int, float, str]] = ...,
    effort: Optional[Literal["quick", "full"]] = ...,
    seed: Optional[int] = ...,
    max_message: Optional[Union[int, str]] = ...,
    peer_limit: Optional[Union[int, str]] = ...,
    subprotocol: Optional[Words] = ...,
    allow_origin: Optional[Words] = ...,
    profile: Optional[Literal["rfc", "autobahn"]] = ...,
    fail_by_drop: Optional[bool] = ...,
    strict: Optional[bool] = ...,
    fail_on: Optional[Literal["must", "should", "never"]] = ...,
    fail_on_impact: Optional[Words] = ...,
    baseline: Optional[Folder] = ...,
    require: Optional[Words] = ...,
    agent: Optional[str] = ...,
    format: Optional[Words] = ...,
    config: Optional[Folder] = ...,
    no_config: Optional[bool] = ...,
    quiet: Optional[bool] = ...,
    no_color: Optional[bool] = ...,
    **options: Any,
) -> Report: ...
def serve_clients(
    listen: str = ...,
    *,
    out: Folder = ...,
    cert: Optional[Folder] = ...,
    key: Optional[Folder] = ...,
    tls_min: Optional[Literal["1.2", "1.3"]] = ...,
    cases: Optional[Words] = ...,
    repeat: Optional[int] = ...,
    exclude: Optional[Words] = ...,
    only_autobahn: Optional[bool] = ...,
    compression: Optional[Literal["on", "off"]] = ...,
    jobs: Optional[int] = ...,
    timeout: Optional[Union[int, float, str]] = ...,
    effort: Optional[Literal["quick", "full"]] = ...,
    seed: Optional[int] = ...,
    max_message: Optional[Union[int, str]] = ...,
    peer_limit: Optional[Union[int, str]] = ...,
    subprotocol: Optional[Words] = ...,
    allow_origin: Optional[Words] = ...,
    profile: Optional[Literal["rfc", "autobahn"]] = ...,
    fail_by_drop: Optional[bool] = ...,
    strict: Optional[bool] = ...,
    fail_on: Optional[Literal["must", "should", "never"]] = ...,
    fail_on_impact: Optional[Words] = ...,
    baseline: Optional[Folder] = ...,
    require: Optional[Words] = ...,
    agent: Optional[str] = ...,
    format: Optional[Words] = ...,
    config: Optional[Folder] = ...,
    no_config: Optional[bool] = ...,
    quiet: Optional[bool] = ...,
    no_color: Optional[bool] = ...,
    **options: Any,
) -> ClientServer: ...
