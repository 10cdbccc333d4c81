"""A token issuer on Django OAuth Toolkit as its documentation puts one together, in one file: SQLite, Django's own sign-in view, the
toolkit's own consent page, and its gates for RFC 9700 closed, which will be its defaults.

Usage: issuer.py serve CONFIG      CONFIG is the bed's document; prints {"ready": {"url": …}} when it listens
       issuer.py client CONFIG ID [--public] [--redirect-uri=URI …]      prints the client and its secret as one JSON object
       issuer.py user CONFIG NAME
"""
import argparse
import json
import os
import secrets
import socketserver
import ssl
import sys
import threading
import wsgiref.simple_server

import django
from django.conf import settings

parser = argparse.ArgumentParser()
parser.add_argument("verb", choices=["serve", "client", "user"])
parser.add_argument("config")
parser.add_argument("name", nargs="?")
parser.add_argument("--public", action="store_true")
parser.add_argument("--redirect-uri", action="append", default=[])
given = parser.parse_args()
with open(given.config, encoding="utf-8") as file:
    CONFIG = json.load(file)
STORE = CONFIG["store"] + ".django"
GATES = ["IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE"]
SIGN_IN = """<title>Sign in</title><form method=post>{% csrf_token %}<input name=username><input name=password type=password>
<button>Sign in</button></form>"""

settings.configure(
    SECRET_KEY=secrets.token_urlsafe(50),
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": STORE, "OPTIONS": {"timeout": 10}}},
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [
            ("django.template.loaders.locmem.Loader", {"registration/login.html": SIGN_IN}),
            "django.template.loaders.app_directories.Loader"]}}],
    LOGIN_URL="/sign-in",
    STATIC_URL="/static/",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    OAUTH2_PROVIDER={
        "SCOPES": {"mcp:read": "To read", "mcp:write": "To write", "mcp:execute": "To execute"},
        "ACCESS_TOKEN_EXPIRE_SECONDS": CONFIG.get("token_lifetime_seconds", 3600),
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "ALLOW_LOCALHOST_LOOPBACK": True,
        "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "client_credentials", "refresh_token"],
        "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    } | {f"COMPLIANT_BCP_RFC9700_{gate}": True for gate in GATES},
)
django.setup()

from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from oauth2_provider.models import get_application_model
from oauth2_provider.urls import base_urlpatterns, metadata_urlpatterns

urlpatterns = [
    path("sign-in", LoginView.as_view()),
    path("", include((metadata_urlpatterns + base_urlpatterns, "oauth2_provider"), namespace="oauth2_provider")),
]


def administer() -> dict:
    if not os.path.exists(STORE):
        os.close(os.open(STORE, os.O_CREAT | os.O_WRONLY, 0o600))
    call_command("migrate", verbosity=0)
    secret = secrets.token_urlsafe(32)
    if given.verb == "user":
        User.objects.create_user(given.name, password=secret)
        return {"user": given.name, "password": secret}
    Application = get_application_model()
    users = bool(given.redirect_uri)
    Application.objects.create(
        client_id=given.name, client_secret="" if given.public else secret,
        client_type=Application.CLIENT_PUBLIC if given.public else Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE if users else Application.GRANT_CLIENT_CREDENTIALS,
        redirect_uris=" ".join(given.redirect_uri))
    return {"client_id": given.name} | ({} if given.public else {"client_secret": secret})


class Listener(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def finish_request(self, request, address):
        # The handshake is a matter of the connection's own thread.
        super().finish_request(self.context.wrap_socket(request, server_side=True), address)


class Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def get_environ(self):
        return super().get_environ() | {"HTTPS": "on", "wsgi.url_scheme": "https"}

    def log_message(self, *_):
        pass


def serve() -> None:
    call_command("migrate", verbosity=0)
    Listener.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Listener.context.load_cert_chain(CONFIG["tls"]["certificate"], CONFIG["tls"]["key"])
    listener = wsgiref.simple_server.make_server(
        CONFIG["listen"]["host"], CONFIG["listen"]["port"], get_wsgi_application(), server_class=Listener, handler_class=Quiet)
    listener.base_environ["HTTPS"] = "on"
    print(json.dumps({"ready": {"url": f"https://{CONFIG['listen']['host']}:{listener.server_port}"}}), flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    listener.serve_forever()


if given.verb == "serve":
    serve()
else:
    print(json.dumps(administer()))
