"""Bench `pages`: users who think, read and write at a served register; and the most it answers in time.

Needs a home of its own (BANGFU_HOME): it fills the register and answers work rounds in it.
"""

import http.client
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.utils import timezone

from bangfu.accounts.actions import create_user
from bangfu.bench.register import fill_register
from bangfu.people.models import Person, Standing

USERS, THINK_S, WRITES, MINUTE_S = 50, 3.0, 0.10, 60
PASSWORD = "bench-pages-only-1"  # noqa: S105  users of a register that holds nobody real
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_STEPS = (2, 4, 8, 16, 32)
_STEP_S = 8
_SLOW_MS = 500


@dataclass
class Visitor:
    """One signed-in user with a connection and a cookie jar; `times` are milliseconds by kind of request."""

    port: int
    username: str
    persons: Sequence[int]
    village: str
    names: Sequence[str]
    draw: random.Random
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, path: str, data: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> bytes:
        """One request; redirects are followed, as a browser does. Answers of 400 and more count as errors."""
        for _ in range(4):
            body = urlencode({**data, "csrfmiddlewaretoken": self.token}) if data is not None else None
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
            if body is not None:
                sent |= {"Content-Type": "application/x-www-form-urlencoded"}
            response = self._answer(path, body, sent)
            content = response.read()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            if response.status in (301, 302, 303):
                path, data = response.getheader("Location") or "/", None
                continue
            if response.status >= http.client.BAD_REQUEST:
                self.errors.append(f"{response.status} {path.partition('?')[0]}")
            found = _TOKEN.search(content)
            if found:
                self.token = found.group(1).decode()
            return content
        self.errors.append("redirects without end")
        return b""

    def _answer(self, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Send it; a connection that the server closed while the user was thinking is opened anew, as browsers do."""
        for fresh in (False, True):
            try:
                self.connection.request("GET" if body is None else "POST", path, body, headers)
                return self.connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection.close()
                if fresh:
                    raise
        raise AssertionError(path)

    def sign_in(self) -> None:
        """Enter by the form. Raises RuntimeError where the entry is refused."""
        self.ask("/sign-in/")
        self.ask("/sign-in/", {"username": self.username, "login": self.username, "password": PASSWORD})
        if "sessionid" not in self.cookies:
            raise RuntimeError("the bench user was not let in")
        self.ask("/")

    def act(self) -> None:
        """One read or write by the shares of the bench; its time is kept."""
        if self.draw.random() < WRITES:
            self._timed("write", self._write)
            return
        kind = self.draw.choice(("worklist", "person", "search", "list"))
        deeds: dict[str, Callable[[], Any]] = {
            "worklist": lambda: self.ask("/"),
            "person": lambda: self.ask(f"/persons/{self.draw.choice(self.persons)}/"),
            "search": lambda: self.ask("/search/", {"q": self.draw.choice(self.names)}),
            "list": lambda: self.ask("/people/?work=jobless"),
        }
        self._timed(kind, deeds[kind])

    def _write(self) -> None:
        self.ask(
            "/people/work-round/answer/",
            {
                "person": str(self.draw.choice(self.persons)), "month": f"{timezone.localdate():%Y-%m}",
                "answer": "confirmed", "client_key": str(uuid4()),
            },
            {"HX-Request": "true"},
        )  # fmt: skip

    def _timed(self, kind: str, deed: Callable[[], Any]) -> None:
        began = time.perf_counter()
        deed()
        self.times[kind].append((time.perf_counter() - began) * 1000)


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Fill the register of this home, serve it, and measure; a minute of thinking users, then rising steps."""
    added = fill_register(size, on=timezone.localdate())
    visitors, process = [], None
    port = _free_port()
    try:
        process = _serve(port)
        visitors = _visitors(port, USERS)
        _together(visitors, MINUTE_S, THINK_S)
        thinking, errors = _collected(visitors)
        steps = _most(visitors)
    finally:
        if process:
            process.terminate()
            process.wait(timeout=20)
    reads = [one for kind, times in thinking.items() if kind != "write" for one in times]
    return {
        "persons": Person.objects.count(), "added": added, "users": USERS, "think_s": THINK_S,
        "reads": _summary(reads), "writes": _summary(thinking.get("write", [])),
        **{kind: _summary(times) for kind, times in sorted(thinking.items())},
        "errors": len(errors), "error_examples": sorted(set(errors))[:5], **steps,
        "python": platform.python_version(), "load": os.getloadavg()[0],
    }  # fmt: skip


def _summary(times: Sequence[float]) -> dict[str, float]:
    if len(times) < 2:
        return {"n": len(times)}
    cuts = statistics.quantiles(times, n=100)
    return {"n": len(times), "p50_ms": round(cuts[49], 1), "p95_ms": round(cuts[94], 1), "p99_ms": round(cuts[98], 1)}


def _most(visitors: Sequence[Visitor]) -> dict[str, Any]:
    """The highest throughput at which 95 of 100 requests take at most half a second, without thinking."""
    best: dict[str, Any] = {"most_per_s": 0.0, "most_at_users": 0}
    for users in _STEPS:
        part = visitors[:users]
        for one in part:
            one.times.clear()
        _together(part, _STEP_S, 0)
        times = [ms for one in part for kind in one.times.values() for ms in kind]
        rate = len(times) / _STEP_S
        if times and statistics.quantiles(times, n=100)[94] <= _SLOW_MS and rate > best["most_per_s"]:
            best = {"most_per_s": round(rate, 1), "most_at_users": users}
    return best


def _together(visitors: Sequence[Visitor], seconds: float, think: float) -> None:
    end = time.monotonic() + seconds

    def live(one: Visitor) -> None:
        if think:
            time.sleep(one.draw.uniform(0, think))
        while time.monotonic() < end:
            one.act()
            if think:
                time.sleep(one.draw.expovariate(1 / think))

    threads = [threading.Thread(target=live, args=(one,)) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _collected(visitors: Sequence[Visitor]) -> tuple[dict[str, list[float]], list[str]]:
    together: dict[str, list[float]] = defaultdict(list)
    for one in visitors:
        for kind, times in one.times.items():
            together[kind] += times
    return together, [error for one in visitors for error in one.errors]


def _visitors(port: int, count: int) -> list[Visitor]:
    """Officers of as many counties; each knows persons, a village and names of the own one."""
    counties = sorted({code[:6] for code in _some_divisions()})
    found = []
    for number in range(count):
        county = counties[number % len(counties)]
        username = f"bench{number:02d}"
        create_user(
            username, PASSWORD, name="刘敏", office="", role="county_officer", division=f"{county}000000",
            since=timezone.localdate(), by=None, at=timezone.now(), is_demo=True,
        )  # fmt: skip
        rows = Standing.objects.filter(division__startswith=county, work_status="at_work").select_related("person")
        people = list(rows[:200])
        names = [one.person.name for one in people[:20]] + [one.person.id_last4 for one in people[:5]]
        names += [one.person.name_initials for one in people[:5]]
        visitor = Visitor(
            port, username, [one.person_id for one in people], people[0].division, names, random.Random(number)
        )
        visitor.sign_in()
        found.append(visitor)
    return found


def _some_divisions() -> Sequence[str]:
    return list(Standing.objects.values_list("division", flat=True).distinct())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(port: int) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "bangfu"), "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(120):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            return process
    raise RuntimeError("the pages are not served")
