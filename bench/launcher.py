"""Runs one program and tells its wall time and peak memory. Started as a bare interpreter.

The kernel counts what a process held before it became the program as the program's peak, so the
one that forks has to be small: this file imports next to nothing, and nothing of ours.
"""

import os
import sys
import time


def main(answer: int, cpus: str, command: list[str]) -> None:
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.close(answer)
        if cpus:
            os.sched_setaffinity(0, {int(cpu) for cpu in cpus.split(",")})
        try:
            os.execvp(command[0], command)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    code = os.waitstatus_to_exitcode(status)
    told = f"{seconds} {usage.ru_maxrss} {usage.ru_utime + usage.ru_stime} {code}"
    os.write(answer, told.encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
