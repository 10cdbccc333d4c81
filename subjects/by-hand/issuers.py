"""What was found of token issuers, by hand: the issuer as its folder starts it, its clients and users as its own commands make them,
and requests from Python's own library, which also signs in and consents. Nothing of Authbed is needed.

Usage: issuers.py NAME        NAME: authlib, django-oauth-toolkit or canaille
"""
import base64
import hashlib
import html.parser
import http.cookiejar
import json
import re
import secrets
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from issuer import SUBJECTS, WORK, server_certificate

NAME = sys.argv[1]
HOME, BACK, RESOURCE = f"{SUBJECTS}/{NAME}", "http://127.0.0.1/back", "https://127.0.0.1:1/mcp"
TLS = server_certificate()
CONFIG = f"{WORK}/issuer.json"
with open(CONFIG, "w") as file:
    json.dump({"listen": {"host": "127.0.0.1", "port": 0}, "tls": TLS, "store": f"{WORK}/store"}, file)
with open(f"{HOME}/subject.yaml") as file:
    SUBJECT = file.read()


def words(key: str, **given: str) -> list[str]:
    """A command of subject.yaml, with its gaps filled; where one stands for several, the word is there for each."""
    line = re.search(rf"^ *{key}: \[(.*)\]$", SUBJECT, re.M).group(1)
    given |= {"subject": HOME, "config": CONFIG, "resource": RESOURCE, "redirect-uri": BACK, "user": "ann"}
    filled = []
    for word in line.split(", "):
        for scope in ("mcp:read", "mcp:write") if "{scope}" in word else ("",):
            filled.append(re.sub(r"\{([a-z-]+)\}", lambda gap: (given | {"scope": scope})[gap[1]], word.strip('"')))
    return filled


def made(hook: str, name: str = "") -> dict:
    done = subprocess.run(words(hook, **{"client-id": name}), cwd=WORK, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


class Form(html.parser.HTMLParser):
    """The fields of a page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        told = dict(attributes)
        if tag in ("input", "button") and told.get("name"):
            self.fields[told["name"]] = told.get("value", "")


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browser() -> urllib.request.OpenerDirector:
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=TLS["certificate"]))
    return urllib.request.build_opener(trusting, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), Stay)


def fetch(opener, url: str, form: dict | list | None = None, **fields: str):
    """Returns status, fields and text."""
    request = urllib.request.Request(url, data=None if form is None else urllib.parse.urlencode(form).encode(), headers=fields)
    try:
        answer = opener.open(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


def authorize(client: str, **change: str | None) -> dict:
    """Signs in, consents, and returns the parameters that the client gets."""
    asked = {"response_type": "code", "client_id": client, "redirect_uri": BACK, "scope": "mcp:read", "state": "s", "resource": RESOURCE,
             "code_challenge": CHALLENGE, "code_challenge_method": "S256"} | change
    opener = browser()
    url = f"{KNOWN['authorization_endpoint']}?{urllib.parse.urlencode({name: value for name, value in asked.items() if value is not None})}"
    form = None
    for _ in range(6):
        status, fields, page = fetch(opener, url, form, **({"Referer": url} if form else {}))
        where = urllib.parse.urljoin(url, fields.get("Location", ""))
        if where.startswith(BACK):
            return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        if status in (302, 303):
            url, form = where, None
            continue
        if status != 200:
            return {"error": f"HTTP {status}"}
        form = Form(page).fields
        if "password" in form:
            form |= {"username": ANN["user"], "password": ANN["password"]}
    return {"error": "no way through"}


VERIFIER = secrets.token_urlsafe(48)
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def post(where: str, form: dict | list, client: dict | None = None, query: str = ""):
    fields = {}
    if client and "client_secret" in client:
        pair = f"{client['client_id']}:{client['client_secret']}"
        fields["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    status, _, text = fetch(browser(), KNOWN[where] + query, form, **fields)
    try:
        return status, json.loads(text)
    except json.JSONDecodeError:
        return status, {}


def redeem(code: str, **change: str):
    """A code for tokens, by the client without a secret."""
    return post("token_endpoint", {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": APP["client_id"],
                                   "code_verifier": VERIFIER, "resource": RESOURCE} | change)


def is_active(token: str, client: dict) -> str:
    """What a client is told; one without a secret says who it is, and no more."""
    form = {"token": token} | ({} if "client_secret" in client else {"client_id": client["client_id"]})
    return f"active: {post('introspection_endpoint', form, client)[1].get('active')}"


def show(what: str, came) -> None:
    if isinstance(came, tuple):
        came = f"HTTP {came[0]}" + (f", {came[1]['error']}" if "error" in came[1] else ", a token" if "access_token" in came[1] else "")
    print(f"{NAME}: {what}: {came}", flush=True)


def machines() -> None:
    """What a client without a user can see."""
    asked = {"grant_type": "client_credentials", "scope": "mcp:read", "resource": RESOURCE}
    show("client credentials, as they should be", post("token_endpoint", asked, MACHINE))
    show("a wrong secret", post("token_endpoint", asked, MACHINE | {"client_secret": "wrong"}))
    show("a resource that nobody granted (RFC 8707 section 2)", post("token_endpoint", asked | {"resource": "https://elsewhere.example/"}, MACHINE))
    show("the parameters in the address (RFC 6749 section 3.2)", post("token_endpoint", {}, MACHINE, "?" + urllib.parse.urlencode(asked)))
    show("two scope parameters (RFC 6749 section 3.2)", post("token_endpoint", [*asked.items(), ("scope", "mcp:write")], MACHINE))
    show("two ways to authenticate at once (RFC 6749 section 2.3)", post("token_endpoint", asked | {"client_id": "machine", "client_secret": MACHINE["client_secret"]}, MACHINE))
    token = post("token_endpoint", asked, MACHINE)[1]["access_token"]
    show("a token is given back with the hint of another kind", post("revocation_endpoint", {"token": token, "token_type_hint": "refresh_token"}, MACHINE))
    show("the token, after that (RFC 7009 section 2.1: revoked)", is_active(token, ASKER))
    for _ in range(30):
        last = post("token_endpoint", asked, MACHINE | {"client_secret": "guess"})
    show("the thirtieth wrong secret (RFC 6749 section 2.3.1: protect against brute force)", last)


def people() -> None:
    """What a client with a user can see."""
    first = redeem(code := authorize("app")["code"])
    show("a code with its verifier", first)
    show("the code again", redeem(code))
    show("the token that it gave, after that (RFC 6749 section 4.1.2: SHOULD be revoked)", is_active(first[1]["access_token"], ASKER))
    show("another redirect_uri with a code (RFC 6749 section 5.2: invalid_grant)", redeem(authorize("app")["code"], redirect_uri="http://127.0.0.1/other"))
    refused = authorize("app", scope="mcp:nobody-knows")
    show("an error of the authorization endpoint (RFC 9207 section 2: names the issuer)", f"{refused.get('error')}, iss: {refused.get('iss')}")
    unproven = authorize("app", code_challenge=None, code_challenge_method=None)
    show("no code_challenge by a client without a secret (RFC 7636 section 4.4.1: refused)", "a code" if "code" in unproven else unproven.get("error"))
    refresh = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": redeem(authorize("app")["code"])[1]["refresh_token"]}
    successor = post("token_endpoint", refresh)[1]["refresh_token"]
    show("a refresh token that was used", post("token_endpoint", refresh))
    show("its successor, after that (RFC 9700 section 4.14.2: revoked)", post("token_endpoint", refresh | {"refresh_token": successor}))
    token = redeem(authorize("app")["code"])[1]["access_token"]
    show("another client asks to revoke a token (RFC 7009 section 2.1: refused)", post("revocation_endpoint", {"token": token}, MACHINE))
    show("the token, after that", is_active(token, ASKER))
    show("a client without a secret asks about it (RFC 7662 section 2.1)", is_active(token, {"client_id": "app"}))


HAS_USERS = "add-user:" in SUBJECT
MACHINE, ASKER = made("issue", "machine"), made("introspector", "asker")
ANN, APP = (made("add-user"), made("issue-public", "app")) if HAS_USERS else (None, None)
PROCESS = subprocess.Popen(words("start"), cwd=WORK, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(f"{WORK}/log", "w"), text=True)
try:
    BASE = json.loads(PROCESS.stdout.readline())["ready"]["url"]
    KNOWN = json.loads(fetch(browser(), f"{BASE}/.well-known/oauth-authorization-server")[2])
    if HAS_USERS:
        people()
    machines()
finally:
    PROCESS.terminate()
    PROCESS.wait(timeout=10)
