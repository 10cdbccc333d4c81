"""What was found of token issuers, by hand: the issuer as its folder starts it, its clients and users as its own commands make them,
and requests from Python's own library, which also signs in and consents. Nothing of Authbed is needed.

Usage: issuers.py NAME        NAME: authlib, django-oauth-toolkit, canaille or article-issuer
"""
import base64
import concurrent.futures
import glob
import hashlib
import html.parser
import http.cookiejar
import json
import os
import secrets
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import common
from common import WORK, Subject, said, server_certificate, show, write

NAME = sys.argv[1]
BACK, RESOURCE, ELSEWHERE = "http://127.0.0.1/back", "https://127.0.0.1:1/mcp", "https://127.0.0.1:2/mcp"
TLS = server_certificate()
STORE = f"{WORK}/store"
# The commands that make clients and users read the same document as the issuer.
CONFIG = write("issuer.json", {"listen": {"host": "127.0.0.1", "port": 0}, "tls": TLS, "store": STORE})
OFFERS = {key: f"{key}:" in said(NAME) for key in ("add-user", "introspector")}


def made(hook: str, name: str = "", resource: str = RESOURCE, scopes: tuple = ("mcp:read", "mcp:write")) -> dict:
    words = common.command(NAME, hook, config=CONFIG, client_id=name, resource=resource, redirect_uri=BACK, user="ann", scope=list(scopes))
    done = subprocess.run(words, cwd=WORK, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


class Form(html.parser.HTMLParser):
    """The first form of a page: where it is sent, its fields, and what they are for."""

    ASSENTS = ("allow", "accept", "authorize", "approve", "yes")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields, self.user, self.password, self.state = "", {}, None, None, "before"
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        told = {name: value or "" for name, value in attributes}
        name, kind = told.get("name"), told.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "form" and self.state == "before":
            self.state, self.action = "in", told.get("action", "")
        elif self.state == "in" and tag in ("input", "button") and name:
            if kind == "hidden":
                self.fields[name] = told.get("value", "")
            elif kind == "password":
                self.password = name
            elif kind in ("text", "email"):
                self.user = self.user or name
            elif kind == "submit" and (told.get("value", "").lower() in self.ASSENTS or name in self.ASSENTS):
                self.fields[name] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.state == "in":
            self.state = "after"


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
        answer = opener.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer.headers, answer.read().decode()


def authorize(client: str, user: str = "", password: str = "", **change: str | None) -> dict:
    """Signs in, consents, and returns the parameters that the client gets, and how the last answer came."""
    asked = {"response_type": "code", "client_id": client, "redirect_uri": BACK, "scope": "mcp:read", "state": "s", "resource": RESOURCE,
             "code_challenge": CHALLENGE, "code_challenge_method": "S256"} | change
    opener, form = browser(), None
    url = f"{KNOWN['authorization_endpoint']}?{urllib.parse.urlencode({name: value for name, value in asked.items() if value is not None})}"
    for _ in range(4 if password else 10):
        status, fields, page = fetch(opener, url, form, **({"Referer": url} if form else {}))
        where = urllib.parse.urljoin(url, fields.get("Location", ""))
        if where.startswith((BACK, asked["redirect_uri"] or BACK)):
            return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
        if status in (302, 303):
            url, form = where, None
            continue
        found = Form(page)
        if status != 200 or found.state == "before":
            return {"error": f"HTTP {status}"}
        url, form = urllib.parse.urljoin(url, found.action), found.fields
        form |= ({found.user: user or ANN["user"]} if found.user else {}) | ({found.password: password or ANN["password"]} if found.password else {})
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


def said_of(came) -> str:
    if not isinstance(came, tuple):
        return str(came)
    return f"HTTP {came[0]}" + (f", {came[1]['error']}" if "error" in came[1] else ", a token" if "access_token" in came[1] else "")


def worked(act) -> float:
    """Seconds that the issuer's process spent on the processors meanwhile."""
    def spent() -> float:
        with open(f"/proc/{issuer.process.pid}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    before = spent()
    act()
    return spent() - before


def row(checks: str, what: str, came) -> None:
    show(NAME, checks, what, said_of(came))


def machines() -> None:
    """What a client without a user can see."""
    asked = {"grant_type": "client_credentials", "scope": "mcp:read", "resource": RESOURCE}
    row("", "client credentials, as they should be", post("token_endpoint", asked, MACHINE))
    wrong, unknown = post("token_endpoint", asked, MACHINE | {"client_secret": "wrong"}), post("token_endpoint", asked, {"client_id": "nobody", "client_secret": "wrong"})
    row("", "a wrong secret", wrong)
    row("issuer.clients-alike", "a wrong secret, and a client that nobody knows (they should not be told apart)", f"{wrong[1].get('error_description')}; {unknown[1].get('error_description')}")
    row("issuer.resource", "a resource that nobody granted (RFC 8707 section 2)", post("token_endpoint", asked | {"resource": "https://elsewhere.example/"}, MACHINE))
    row("issuer.method", "the parameters in the address (RFC 6749 section 3.2)", post("token_endpoint", {}, MACHINE, "?" + urllib.parse.urlencode(asked)))
    row("issuer.repeated-parameter", "two scope parameters (RFC 6749 section 3.2)", post("token_endpoint", [*asked.items(), ("scope", "mcp:write")], MACHINE))
    row("issuer.one-authentication", "two ways to authenticate at once (RFC 6749 section 2.3)", post("token_endpoint", asked | {"client_id": "machine", "client_secret": MACHINE["client_secret"]}, MACHINE))
    if ASKER:
        states(asked)
    for _ in range(30):
        last = post("token_endpoint", asked, MACHINE | {"client_secret": "guess"})
    row("issuer.guesses", "the thirtieth wrong secret (RFC 6749 section 2.3.1: MUST protect against brute force)", last)


def states(asked: dict) -> None:
    """What it says of tokens."""
    token = post("token_endpoint", asked, MACHINE)[1]["access_token"]
    row("issuer.introspection-allowed", "a client that is no resource server asks about its own token (RFC 7662 section 2.1)", is_active(token, MACHINE))
    others = post("token_endpoint", {"grant_type": "client_credentials", "scope": "mcp:read", "resource": ELSEWHERE}, made("issue", "elsewhere", ELSEWHERE))[1]["access_token"]
    row("issuer.introspection-audience", "a resource server asks about a token for another one (RFC 7662 section 4)", is_active(others, ASKER))
    row("issuer.revocation", "a token is given back with the hint of another kind", post("revocation_endpoint", {"token": token, "token_type_hint": "refresh_token"}, MACHINE))
    row("issuer.revocation", "the token, after that (RFC 7009 section 2.1: revoked)", is_active(token, ASKER))


def tokens() -> None:
    """What is in a token, and how it is handed out."""
    asked = {"grant_type": "client_credentials", "scope": "mcp:read", "resource": RESOURCE}
    pair = base64.b64encode(f"machine:{MACHINE['client_secret']}".encode()).decode()
    status, fields, answer = fetch(browser(), KNOWN["token_endpoint"], asked, Authorization=f"Basic {pair}")
    row("issuer.not-stored", "the Cache-Control of an answer with a token (RFC 6749 section 5.1: no-store)", f"HTTP {status}, {fields.get('Cache-Control')}")
    token = json.loads(answer)["access_token"]
    if token.count(".") == 2:
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
        row("issuer.token-type", "typ of its tokens (RFC 9068 section 2.1: at+jwt)", header.get("typ"))
        row("issuer.token-algorithm", "alg of its tokens (RFC 9068 section 2.1: one with a key pair)", header.get("alg"))
        row("issuer.token-audience, issuer.token-claims, issuer.token-identifiers", "what its tokens say (RFC 9068 section 2.2: iss, exp, aud, sub, client_id, iat, jti)", ", ".join(claims))
    status, fields, _ = fetch(browser(), KNOWN["token_endpoint"], asked | {"client_id": "machine", "client_secret": "wrong"})
    row("", "a wrong secret in the form", f"HTTP {status}")
    pair = base64.b64encode(b"machine:wrong").decode()
    status, fields, _ = fetch(browser(), KNOWN["token_endpoint"], asked, Authorization=f"Basic {pair}")
    row("issuer.challenge", "a wrong secret in the header (RFC 6749 section 5.2: a challenge)", f"HTTP {status}, WWW-Authenticate: {fields.get('WWW-Authenticate')}")
    row("issuer.grant-type, issuer.not-stored, issuer.survives", "an empty form (RFC 6749 section 5.2: invalid_request)", post("token_endpoint", {}, MACHINE))
    reader = made("issue", "reader", scopes=("mcp:read",))
    came = post("token_endpoint", asked | {"scope": "mcp:write"}, reader)
    got = post("introspection_endpoint", {"token": came[1]["access_token"]}, ASKER)[1] if "access_token" in came[1] and ASKER else {}
    row("issuer.scope", "a scope that its client is not registered for (RFC 6749 section 3.3), and that of the token", f"{said_of(came)}, {got.get('scope')}")
    came = post("token_endpoint", {name: value for name, value in asked.items() if name != "scope"}, reader)
    got = post("introspection_endpoint", {"token": came[1]["access_token"]}, ASKER)[1] if "access_token" in came[1] and ASKER else {}
    row("issuer.scope-unasked", "no scope, by a client that is registered for mcp:read, and that of the token (RFC 6749 section 3.3)", f"{said_of(came)}, {got.get('scope')}")
    row("issuer.secret-missing, issuer.survives", "a client's name without its secret", post("token_endpoint", asked | {"client_id": "machine"}))
    status, _, _ = fetch(browser(), KNOWN["token_endpoint"])
    row("issuer.method", "GET (RFC 6749 section 3.2: POST; RFC 9110 section 15.5.6: 405)", f"HTTP {status}")


def as_it_stands() -> None:
    """The article's code in front of which nothing stands."""
    words = [word.replace("translated", "as-it-stands") for word in common.command(NAME, "start", config=CONFIG)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(process.stdout.readline())["ready"]["url"] + "/oauth/token"
        asked = {"grant_type": "client_credentials", "client_id": "machine", "client_secret": MACHINE["client_secret"], "scope": "mcp:read"}
        status, _, answer = fetch(browser(), url, asked)
        row("", "as it stands, asked by a form (RFC 6749 section 4.4.2)", f"HTTP {status}, {json.loads(answer).get('error')}")
        request = urllib.request.Request(url, data=json.dumps(asked).encode(), headers={"Content-Type": "application/json"})
        try:
            answer = browser().open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        row("", "as it stands, asked by JSON, as the article's client does", f"HTTP {answer.status}, {json.loads(answer.read()).get('error')}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def people() -> None:
    """What a client with a user can see."""
    for which, password in (("wrong", "wrong"), ("right", ANN["password"])):
        form = {"grant_type": "password", "username": ANN["user"], "password": password, "scope": "mcp:read"}
        row("issuer.grant-type", f"a user's {which} password, by a client that may ask for itself only (RFC 9700 section 2.4: MUST NOT be used)", post("token_endpoint", form, MACHINE))
    first = redeem(code := authorize("app")["code"])
    row("issuer.introspection-expired", "a code with its verifier; how long its token lives", f"{said_of(first)}, {first[1].get('expires_in')} s")
    row("", "the code again", redeem(code))
    row("issuer.code-again-ends-access, issuer.code-again-ends-the-grant, replay.code-again-ends-the-grant", "the token that it gave, after that (RFC 6749 section 4.1.2: SHOULD be revoked)", is_active(first[1]["access_token"], ASKER))
    row("issuer.code-redirect", "another redirect_uri with a code (RFC 6749 section 5.2: invalid_grant)", redeem(authorize("app")["code"], redirect_uri="http://127.0.0.1/other"))
    row("issuer.code-resource", "another resource with a code (RFC 8707 section 2.2)", redeem(authorize("app")["code"], resource=ELSEWHERE))
    refused = authorize("app", scope="mcp:nobody-knows")
    row("issuer.answer-names-issuer", "an error of the authorization endpoint (RFC 9207 section 2: names the issuer)", f"{refused.get('error')}, iss: {refused.get('iss')}")

    def unproven(checks: str, what: str, client: str, **change) -> None:
        came = authorize(client, **change)
        row(checks, what, "a code" if "code" in came else came.get("error"))

    other = authorize("app", response_type="token")
    row("issuer.response-type", "a response_type that it does not have (RFC 6749 section 4.1.2.1)", other)
    elsewhere = authorize("app", redirect_uri="http://127.0.0.1:49152/back")
    row("issuer.loopback-port", "another port of the loopback address (RFC 8252 section 7.3: any)", "a code" if "code" in elsewhere else elsewhere.get("error"))
    unproven("issuer.proof-key", "no code_challenge by a client without a secret (RFC 7636 section 4.4.1: refused)", "app", code_challenge=None, code_challenge_method=None)
    unproven("issuer.proof-key-plain", "a challenge by the method plain (RFC 9700 section 2.1.1)", "app", code_challenge=VERIFIER, code_challenge_method="plain")
    unproven("issuer.proof-key-confidential", "no code_challenge by a client with a secret (RFC 9700 section 2.1.1)", KEEPER["client_id"], code_challenge=None, code_challenge_method=None)
    got = redeem(authorize("app")["code"])[1]
    refresh = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": got["refresh_token"]}
    row("issuer.refresh-resource", "another resource with a refresh token (RFC 8707 section 2.2)", post("token_endpoint", {**refresh, "refresh_token": redeem(authorize("app")["code"])[1]["refresh_token"], "resource": ELSEWHERE}))
    came = post("token_endpoint", refresh)
    successor = came[1].get("refresh_token", got["refresh_token"])
    row("", "a refresh token", f"{said_of(came)}{', and another refresh token' if successor != got['refresh_token'] else ''}")
    row("issuer.refresh-rotates, issuer.refresh-used, replay.rotated-refresh-token", "the same again (RFC 9700 section 4.14.2: refused, once it was used)", post("token_endpoint", refresh))
    row("issuer.refresh-reuse-ends-the-grant, replay.reuse-ends-the-grant", "its successor, after that (RFC 9700 section 4.14.2: revoked)", post("token_endpoint", refresh | {"refresh_token": successor}))
    got = redeem(authorize("app")["code"])[1]
    row("issuer.revocation-cascade, issuer.revocation-refresh-token, issuer.refresh-revoked", "a refresh token is given back by a client without a secret (RFC 7009 section 2.1)", post("revocation_endpoint", {"token": got["refresh_token"], "client_id": "app"}))
    row("issuer.revocation-cascade", "the access token of its grant, after that (RFC 7009 section 2.1: SHOULD be revoked)", is_active(got["access_token"], ASKER))
    token = redeem(authorize("app")["code"])[1]["access_token"]
    row("issuer.revocation-owner", "another client asks to revoke a token (RFC 7009 section 2.1: refused)", post("revocation_endpoint", {"token": token}, MACHINE))
    row("issuer.revocation-owner", "the token, after that", is_active(token, ASKER))
    row("issuer.introspection-public", "a client without a secret asks about it (RFC 7662 section 2.1)", is_active(token, {"client_id": "app"}))
    # How much its process works, for somebody it knows and for nobody, with a password that is wrong.
    work = [min(worked(lambda: authorize("app", user=user, password="wrong")) for _ in range(2)) for user in (ANN["user"], "nobody")]
    row("issuer.users-by-work", "what a wrong password costs it, of a known user and of an unknown one", f"{work[0] * 1000:.0f} ms, {work[1] * 1000:.0f} ms")
    if MOVED:
        idle = redeem(authorize("app")["code"])[1]["refresh_token"]
        move("+366d")
        row("issuer.refresh-idle", "a refresh token that nobody used for a year (RFC 9700 section 4.14.2: SHOULD expire)", post("token_endpoint", refresh | {"refresh_token": idle}))
        move("+0")

    def redeemed(code: str) -> str:
        try:
            return said_of(redeem(code))
        except OSError:
            return "no answer"

    code = authorize("app")["code"]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        at_once = list(pool.map(redeemed, [code] * 10))
    row("issuer.code-at-once", "a code ten times at once", ", ".join(f"{at_once.count(came)} times {came}" for came in sorted(set(at_once))))


def move(clock: str) -> None:
    with open(CLOCK + ".new", "w") as file:
        file.write(clock)
    os.replace(CLOCK + ".new", CLOCK)


# The issuer's clock goes by a file, as libfaketime (Debian: faketime) has it.
CLOCK = write("clock", "+0")
FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
MOVED = {"LD_PRELOAD": FAKETIME[0], "FAKETIME_TIMESTAMP_FILE": CLOCK, "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if FAKETIME and "  clock: " not in said(NAME) else {}
MACHINE = made("issue", "machine")
ASKER = made("introspector", "asker") if OFFERS["introspector"] else None
if OFFERS["add-user"]:
    ANN, APP, KEEPER = made("add-user"), made("issue-public", "app"), made("issue-confidential", "keeper")
with Subject(NAME, {"tls": TLS, "store": STORE}, **MOVED) as issuer:
    KNOWN = json.loads(fetch(browser(), f"{issuer.url}/.well-known/oauth-authorization-server")[2])
    tokens()
    machines()
    if OFFERS["add-user"]:
        people()
if NAME == "article-issuer":
    as_it_stands()
if NAME == "canaille":
    with Subject(NAME, {"tls": TLS, "store": STORE}, more=["--as-it-stands"]) as issuer:
        KNOWN = json.loads(fetch(browser(), f"{issuer.url}/.well-known/oauth-authorization-server")[2])
        codes = [authorize("app")["code"] for _ in range(4)]
        row("", "as it stands: four codes that one user gave one client, redeemed one after the other", ", ".join(said_of(redeem(code)) for code in codes))
