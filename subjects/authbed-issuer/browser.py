"""Walks through login and consent with a real browser (pip install selenium; Debian's chromium and chromium-driver): wrong
password, login, consent, deny, a page that is out of date, and a client nobody vouches for. Writes screenshots of the pages,
wide and narrow, light and dark.

Usage: browser.py SCREENSHOT-FOLDER [BIN]     BIN holds the programs; .build/release if not given.
"""
import base64
import hashlib
import http.server
import json
import pathlib
import secrets
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request
import ssl

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESOURCE = "https://files.example/mcp"


class Callback(http.server.BaseHTTPRequestHandler):
    """The client's end: remembers what it was sent."""

    answers: list[dict] = []

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path == "/callback":
            Callback.answers.append(dict(urllib.parse.parse_qsl(url.query)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>Client</title>back at the client")

    def log_message(self, *_):
        pass


class Issuer:
    """The program, on loopback, with a user and two clients."""

    def __init__(self, binaries: pathlib.Path, folder: pathlib.Path, redirect: str) -> None:
        self.binaries, self.folder = binaries, folder
        self.run("certs-gen", "build", "--manifest", str(ROOT / "certs-gen/pki.yaml"), "--out", str(folder / "pki"))
        self.config = folder / "issuer.json"
        self.config.write_text(json.dumps({
            "store": str(folder / "issuer.sqlite"), "dynamic_registration": True,
            "tls": {"certificate": str(folder / "pki/issuer.pem"), "key": str(folder / "pki/issuer.key")},
        }))
        self.password = self.run("token-issuer", "users", "add", "ann", "--config", str(self.config))["password"]
        self.run("token-issuer", "clients", "add", "desk", "--public", "--name", "Desk app", "--redirect-uri", redirect,
                 "--scope", "mcp:read", "--scope", "mcp:write", "--config", str(self.config))
        self.process = subprocess.Popen(
            [binaries / "token-issuer", "serve", "--exit-with-parent", "--config", self.config],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["ready"]["url"]

    def run(self, program: str, *arguments: str) -> dict:
        done = subprocess.run([self.binaries / program, *arguments], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def register(self, redirect: str) -> str:
        """A client that registers itself, with a name that tries to be markup."""
        body = {"client_name": "<b>Trustworthy</b> & \"co\"", "redirect_uris": [redirect], "token_endpoint_auth_method": "none"}
        request = urllib.request.Request(
            self.url + "/oauth/register", json.dumps(body).encode(), {"Content-Type": "application/json"})
        trust = ssl.create_default_context(cafile=self.folder / "pki/ca.pem")
        return json.load(urllib.request.urlopen(request, context=trust, timeout=10))["client_id"]

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=10)


class Walk:
    def __init__(self, issuer: Issuer, redirect: str, screenshots: pathlib.Path, dark: bool) -> None:
        options = webdriver.ChromeOptions()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]:
            options.add_argument(argument)
        if dark:
            options.add_argument("--force-dark-mode")
        options.accept_insecure_certs = True
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.browser = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.browser.set_page_load_timeout(30)
        self.issuer, self.redirect, self.screenshots = issuer, redirect, screenshots
        self.mode = "dark" if dark else "light"

    def request(self, **changes: str) -> tuple[str, str]:
        state = secrets.token_urlsafe(8) + " &=+%#"
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        parameters = {
            "response_type": "code", "client_id": "desk", "redirect_uri": self.redirect, "code_challenge": challenge,
            "code_challenge_method": "S256", "resource": RESOURCE, "scope": "mcp:read mcp:write", "state": state, **changes,
        }
        return self.issuer.url + "/oauth/authorize?" + urllib.parse.urlencode(parameters), state

    def picture(self, name: str) -> None:
        for width in [1000, 360]:
            # The window of a headless browser may not be this narrow; the device's screen may. Second, as high as the page is.
            for height in [lambda: 700, lambda: self.extent("Height")]:
                self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": height(), "deviceScaleFactor": 1, "mobile": width < 500})
            wide = self.extent("Width")
            assert wide <= width, f"{name} is {wide} pixels wide where there are {width}"
            self.browser.save_screenshot(str(self.screenshots / f"{name}-{self.mode}-{width}.png"))
        self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def extent(self, side: str) -> int:
        return self.browser.execute_script(f"return document.documentElement.scroll{side}")

    def log_in(self, password: str) -> None:
        name = self.browser.find_element(By.ID, "username")
        name.clear()
        name.send_keys("ann")
        self.browser.find_element(By.ID, "password").send_keys(password)
        self.press("button.key")

    def press(self, selector: str) -> None:
        button = self.browser.find_element(By.CSS_SELECTOR, selector)
        button.click()
        WebDriverWait(self.browser, 20).until(lambda _: self.gone(button))

    @staticmethod
    def gone(element) -> bool:
        try:
            element.is_enabled()
            return False
        except Exception:
            return True

    def title(self) -> str:
        return self.browser.find_element(By.TAG_NAME, "h1").text

    def arrived(self, state: str) -> dict:
        WebDriverWait(self.browser, 20).until(lambda browser: browser.title == "Client")
        answer = Callback.answers.pop()
        assert not Callback.answers and answer["state"] == state and answer["iss"] == self.issuer.url, answer
        return answer

    def whole(self) -> None:
        url, state = self.request()
        self.browser.get(url)
        assert self.title() == "Sign in"
        assert self.browser.switch_to.active_element.get_attribute("id") == "username"
        self.picture("login")
        self.log_in("not the password")
        assert "wrong" in self.browser.find_element(By.CSS_SELECTOR, "[role=alert]").text
        self.picture("login-wrong")
        self.log_in(self.issuer.password)
        assert self.title() == "Allow Desk app to act for you?", self.title()
        self.picture("consent")
        self.press("button[value=deny]")
        assert self.arrived(state)["error"] == "access_denied"
        print(f"{self.mode}: wrong password, login, deny: ok")

        url, state = self.request()
        self.browser.get(url)
        self.press("button[value=allow]")
        assert len(self.arrived(state)["code"]) == 43
        print(f"{self.mode}: allow without another login: ok")

        # A form that is sent once its login is over is answered with the login form, not with a code.
        url, state = self.request()
        self.browser.get(url)
        self.browser.delete_all_cookies()
        self.press("button[value=allow]")
        assert self.title() == "Sign in" and not Callback.answers
        print(f"{self.mode}: consent without a login: ok")

    def others(self) -> None:
        url, state = self.request(client_id=self.issuer.register(self.redirect), scope="mcp:read mcp:write mcp:execute")
        self.browser.get(url)
        self.log_in(self.issuer.password)
        assert "Not verified" in self.browser.page_source and "<b>Trustworthy" not in self.browser.page_source
        self.picture("consent-unverified")
        self.press("button[value=allow]")
        assert len(self.arrived(state)["code"]) == 43
        self.browser.get(self.request(redirect_uri="https://elsewhere.example/")[0])
        assert self.title() == "This request cannot be answered"
        self.picture("error")
        # What the style allows is what is there: a policy that blocks anything of ours is reported on the console.
        blocked = [entry["message"] for entry in self.browser.get_log("browser") if "Security Policy" in entry["message"]]
        assert not blocked, blocked
        print(f"{self.mode}: a client nobody vouches for, an address that is not registered, nothing blocked: ok")

    def close(self) -> None:
        self.browser.quit()


def main() -> None:
    screenshots = pathlib.Path(sys.argv[1])
    binaries = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else ROOT / ".build/release").resolve()
    screenshots.mkdir(parents=True, exist_ok=True)
    client = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=client.serve_forever, daemon=True).start()
    redirect = f"http://127.0.0.1:{client.server_port}/callback"
    with tempfile.TemporaryDirectory() as folder:
        issuer = Issuer(binaries, pathlib.Path(folder), redirect)
        try:
            for dark in [False, True]:
                walk = Walk(issuer, redirect, screenshots, dark)
                try:
                    walk.whole()
                    walk.others()
                finally:
                    walk.close()
        finally:
            issuer.stop()


main()
