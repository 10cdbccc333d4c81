"""How many signals to reload HAProxy takes up where they follow each other closely, by hand. Nothing of Authbed is needed.

Usage: reloads.py
"""
import json
import os
import signal
import socket
import subprocess
import sys
import time

from issuer import SUBJECTS, WORK, server_certificate

TLS = server_certificate()
with open(f"{WORK}/told.json", "w") as file:
    json.dump({"scheme": "mtls", "tls": TLS | {"client_ca": TLS["certificate"]}}, file)
sent = taken = 0
for turn in range(25):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = f"{WORK}/log-{turn}"
    process = subprocess.Popen([sys.executable, f"{SUBJECTS}/haproxy/start.py", f"{WORK}/told.json", str(port)], stderr=open(log, "w"), start_new_session=True)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.05)
    for _ in range(4):
        process.send_signal(signal.SIGUSR2)
        time.sleep(0.12)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=10)
    with open(log) as file:
        sent, taken = sent + 4, taken + file.read().count("Reloading HAProxy")
print(f"haproxy: {sent} signals to reload, 0.12 s apart in fours: {taken} were taken up")
