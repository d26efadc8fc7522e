"""What a benchmark says of the process that it runs in."""

from pathlib import Path


def peak_mb() -> int:
    """The peak of memory of this process alone, in MB: what `getrusage` says is inherited from the process that
    started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
