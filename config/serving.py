"""`bangfu serve`: web workers, one worker for background jobs, and the schedule, ended together."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

from django.utils import timezone

NIGHT_HOUR = 1  # the night runs after one o'clock, once a day
SEAL_EVERY_S = 5


def serve(host: str, port: int, workers: int) -> int:
    """Serve until interrupted; returns the exit code. A part that dies ends the others, so that it is noticed."""
    folder = Path(sys.executable).parent
    web = [
        str(folder / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers",
        str(workers), "--blocking-threads", "4", "--backpressure", "64", "--no-ws", "--log-level", "warning",
        "--no-access-log", "--workers-kill-timeout", "5", "config.wsgi:application",
    ]  # fmt: skip
    jobs = [str(folder / "bangfu"), "manage", "db_worker", "--queue-name", "*", "--interval", "0.5"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    running = [subprocess.Popen(command, env=environment) for command in (web, jobs)]
    threading.Thread(target=_schedule, args=(folder,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"http://{host}:{port}", flush=True)
    try:
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
        return max((process.returncode or 0) for process in running if process.poll() is not None)
    except KeyboardInterrupt:
        return 0
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def _schedule(folder: Path) -> None:
    """Seal the audit, send up what ran out, tend exports and trials every few seconds; run the night once a day after
    NIGHT_HOUR."""
    from django.db import close_old_connections

    from bangfu.audit.actions import seal_chain
    from bangfu.cases.escalating import raise_overdue
    from bangfu.exports.tasks import tend_exports
    from bangfu.monitoring.queries import last_night
    from bangfu.monitoring.tasks import tend_trials

    ran: date | None = None
    raised = -1  # the minute in which what ran out was last sent up
    while True:
        time.sleep(SEAL_EVERY_S)
        close_old_connections()
        seal_chain()
        now = timezone.localtime()
        if now.minute != raised:
            raised = now.minute
            raise_overdue(at=now)
        tend_exports(at=now)
        tend_trials(at=now)
        if now.hour >= NIGHT_HOUR and ran != now.date():
            ran, night = now.date(), last_night()
            if night is None or night.acted_on < now.date():
                subprocess.run([str(folder / "bangfu"), "nightly"], check=False)
