"""A workbench for a benchmark: the server as a user starts it, in a process of its own."""

import subprocess
import sys
from contextlib import contextmanager

COMMAND = [sys.executable, "-c", "from muqabala.cli import main; main()"]


@contextmanager
def served(folder, *invited):
    """Serve a project; gives the address, and the tokens of the invited."""
    words = [word for name in invited for word in ("--invite", name)]
    with subprocess.Popen([*COMMAND, "review", str(folder), "--no-open", *words], stdout=subprocess.PIPE, text=True) as server:
        try:
            address = server.stdout.readline().strip()
            yield address, [server.stdout.readline().strip().rpartition("=")[2] for _ in invited]
        finally:
            server.terminate()
