"""Canaille as a token issuer, in SQLite and under Hypercorn as its documentation has it; its models make clients, so that no secret stands in an
argument.

Usage: issuer.py serve CONFIG [--as-it-stands]      CONFIG is the bed's document; prints {"ready": {"url": …}} when it listens
       issuer.py client CONFIG ID [--public] [--scope=S …] [--resource=URI …] [--redirect-uri=URI …]
                                  prints the client and its secret, if it has one, as one JSON object
       issuer.py introspector CONFIG ID
       issuer.py user CONFIG NAME
"""
import argparse
import asyncio
import json
import os
import secrets
import socket
import sys
import threading
import time
from datetime import UTC, datetime

parser = argparse.ArgumentParser()
parser.add_argument("verb", choices=["serve", "client", "introspector", "user"])
parser.add_argument("config")
parser.add_argument("name", nargs="?")
parser.add_argument("--scope", action="append", default=[])
parser.add_argument("--resource", action="append", default=[])
parser.add_argument("--redirect-uri", action="append", default=[])
parser.add_argument("--public", action="store_true")
parser.add_argument("--as-it-stands", action="store_true")
given = parser.parse_args()
with open(given.config, encoding="utf-8") as file:
    CONFIG = json.load(file)
STORE = CONFIG["store"] + ".canaille"
# What an administration command leaves for the server, and the other way round.
SECRETS = STORE + ".secrets"

from asgiref.wsgi import WsgiToAsgi
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from hypercorn.asyncio import serve
from hypercorn.config import Config
from joserfc.jwk import RSAKey


def own_secrets() -> dict:
    """The signing key and the key of sessions, made once."""
    try:
        with open(SECRETS, encoding="utf-8") as known:
            return json.load(known)
    except FileNotFoundError:
        made = {"key": RSAKey.generate_key(2048, parameters={"kid": "canaille-1", "alg": "RS256", "use": "sig"}).as_dict(private=True), "session": secrets.token_urlsafe(48)}
        with os.fdopen(os.open(SECRETS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        return made


def application(server_name: str | None = None):
    mine = own_secrets()
    if not os.path.exists(STORE):
        os.close(os.open(STORE, os.O_CREAT | os.O_WRONLY, 0o600))
    return create_app(config={
        "SECRET_KEY": mine["session"], "SERVER_NAME": server_name, "PREFERRED_URL_SCHEME": "https",
        "CANAILLE": {"DATABASE": "sql", "LOGGING": {"version": 1, "handlers": {"err": {"class": "logging.StreamHandler"}}, "root": {"level": "WARNING", "handlers": ["err"]}}},
        "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{STORE}", "AUTO_MIGRATE": True},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [mine["key"]]},
    })


def client(name: str, back: tuple | list = (), public: bool = False, **more) -> tuple:
    """With a redirection endpoint it is one for users, and otherwise one for itself."""
    secret = None if public else secrets.token_urlsafe(32)
    made = models.Client(
        client_id=name, client_name=name, client_secret=secret, client_id_issued_at=datetime.now(UTC), redirect_uris=list(back),
        grant_types=["authorization_code", "refresh_token"] if back else ["client_credentials"], response_types=["code"] if back else [],
        token_endpoint_auth_method="none" if public else "client_secret_basic", **more)
    Backend.instance.save(made)
    return made, secret


def administer() -> dict:
    """Its audiences are clients, and who is one may introspect: so a resource is a client by its address, and whoever introspects is in
    the audience of all, of tokens that there are already, too."""
    with application().app_context(), Backend.instance.session():
        if given.verb == "user":
            password = secrets.token_urlsafe(24)
            Backend.instance.save(models.User(user_name=given.name, formatted_name=given.name, family_name=given.name, emails=[f"{given.name}@example.org"], password=password))
            return {"user": given.name, "password": password}
        known = Backend.instance.query(models.Client)
        askers = [one for one in known if one.software_id == "introspector"]
        if given.verb == "introspector":
            made, secret = client(given.name, software_id="introspector")
            for one in [*known, *Backend.instance.query(models.Token)]:
                one.audience = [*one.audience, made]
                Backend.instance.save(one)
        else:
            resources = [next((one for one in known if one.client_id == uri), None) or client(uri, software_id="resource")[0] for uri in given.resource]
            made, secret = client(given.name, given.redirect_uri, given.public, scope=given.scope, audience=[*resources, *askers])
    return {"client_id": given.name} | ({"client_secret": secret, "token_endpoint_auth_method": made.token_endpoint_auth_method} if secret else {})


class OneASecond:
    """Two signed access tokens of one user and client that are made in the same second are the same text, and the second one is answered
    HTTP 500 (README.md). So answers with one are held back until the second is over, and the rest can be judged."""

    def __init__(self, application) -> None:
        self.application = application

    def __call__(self, environ, start_response):
        statuses = []

        def noted(status, *more):
            statuses.append(status)
            return start_response(status, *more)

        answer = self.application(environ, noted)
        if environ["PATH_INFO"] != "/oauth/token" or not statuses[0].startswith("200"):
            return answer
        body = b"".join(answer)
        answer.close()
        if json.loads(body)["access_token"].count(".") == 2:
            time.sleep(1.01 - time.time() % 1)
        return [body]


def run() -> None:
    listener = socket.create_server((CONFIG["listen"]["host"], CONFIG["listen"]["port"]))
    name = f"{CONFIG['listen']['host']}:{listener.getsockname()[1]}"
    serving = Config()
    serving.bind = [f"fd://{listener.fileno()}"]
    serving.certfile, serving.keyfile = CONFIG["tls"]["certificate"], CONFIG["tls"]["key"]
    mine = application(name)
    app = WsgiToAsgi(mine if given.as_it_stands else OneASecond(mine))
    print(json.dumps({"ready": {"url": f"https://{name}"}}), flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    asyncio.run(serve(app, serving))


if given.verb == "serve":
    run()
else:
    print(json.dumps(administer()))
