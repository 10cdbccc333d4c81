"""Runs what the READMEs of subjects say under "Reproduce", as it stands there, and says which pinned findings no line of it names.

Usage: all.py [NAME …]        NAME: a subject's folder; all that are installed if none is given
Exit status 1 if a script fails or a finding is shown by none. What is pinned as inconclusive is no finding.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

from common import SUBJECTS

HOME = os.path.dirname(SUBJECTS)


def look(name: str) -> tuple[str, list[str]]:
    """What its scripts print, and what is wrong with it."""
    with open(f"{SUBJECTS}/{name}/README.md") as file:
        commands = re.findall(r"^\$ (\S*python3? subjects/by-hand/[^#\n]*?) *(?:#.*)?$", file.read(), re.M)
    printed, trouble = "", []
    for command in commands:
        try:
            done = subprocess.run(command.split(), cwd=HOME, capture_output=True, text=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            trouble.append(f"{name}: {command} has no end")
            continue
        printed += f"$ {command}\n{done.stdout}"
        if done.returncode:
            trouble.append(f"{name}: {command} fails: {done.stderr.strip().splitlines()[-1:]}")
    shown = set(re.findall(r"[a-z-]+\.[a-z0-9-]+", " ".join(line.split(": ")[1] for line in printed.splitlines() if line.count(": ") > 1)))
    pinned = set()
    if os.path.exists(f"{SUBJECTS}/{name}/baseline.yaml"):
        with open(f"{SUBJECTS}/{name}/baseline.yaml") as file:
            pinned = {check for check, verdict in re.findall(r"check: ([a-z0-9.-]+),.*?verdict: (\w+)", file.read()) if verdict != "inconclusive"}
    return printed, trouble + [f"{name}: {check} is pinned, and nothing here shows it" for check in sorted(pinned - shown)]


names = sys.argv[1:] or sorted(name for name in os.listdir(SUBJECTS) if os.path.exists(f"{SUBJECTS}/{name}/.installed"))
trouble = []
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for printed, wrong in pool.map(look, names):
        print(printed, end="", flush=True)
        trouble += wrong
print(f"\n{len(names)} subjects, {len(trouble)} findings without a line")
sys.exit("\n".join(trouble) or None)
