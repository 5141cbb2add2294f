"""Measuring whole processes: CPU and wall time of a fresh one, and the CPU that a running one takes."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]


def fresh(code: str, *arguments: str) -> tuple[float, float]:
    """Run Python code in a process of its own, offscreen; return its CPU and wall seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, env=environment(), cwd=ROOT)
    wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall_s


def fresh_output(code: str, *arguments: str) -> str:
    """Run Python code in a process of its own, offscreen; return what it prints."""
    command = [sys.executable, "-c", code, *arguments]
    ran = subprocess.run(command, check=True, env=environment(), cwd=ROOT, capture_output=True, text=True)
    return ran.stdout.strip()


def running(command: list[str], *, warm_up_s: float, measured_s: float) -> float:
    """Start a program, let it settle, and return the share of one core that it and its children take, in percent."""
    process = subprocess.Popen(
        command,
        env=environment(),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(warm_up_s)
        root = psutil.Process(process.pid)
        watched = [root, *root.children(recursive=True)]
        before, began = sum(map(_cpu_s, watched)), time.perf_counter()
        time.sleep(measured_s)
        return 100 * (sum(map(_cpu_s, watched)) - before) / (time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait()


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def environment() -> dict[str, str]:
    """Return the environment of a measured process: offscreen, with compiled modules as an installed program has."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "TERM": "xterm-256color", "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}


def verdict(name: str, ratio: float, target: float) -> str:
    """Return a line of a benchmark's table."""
    return f"{name:<58} {ratio:6.2f}   target ≤ {target:.2f}   {'met' if ratio <= target else 'MISSED'}"
