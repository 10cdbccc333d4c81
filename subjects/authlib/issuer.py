"""A token issuer as Authlib's documentation has it, on Flask: client credentials, authorization code with PKCE, refresh tokens
with rotation, revocation and introspection; signed access tokens with an audience. administer.py makes its clients and users.

Usage: issuer.py serve CONFIG      CONFIG is the bed's document; prints {"ready": {"url": …}}.
"""
import hmac
import json
import os
import secrets
import ssl
import sys
import threading
import time
import urllib.parse

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Flask, jsonify, render_template_string, request
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.serving import make_server

with open(sys.argv[2], encoding="utf-8") as file:
    CONFIG = json.load(file)
KEY = ECKey.generate_key("P-256", parameters={"kid": "authlib-1", "alg": "ES256", "use": "sig"})
LIFETIME = CONFIG.get("token_lifetime_seconds", 3600)
PAGE = """<title>Sign in</title><form method=post><input name=username><input name=password type=password>
<button>Sign in, and allow it</button></form>"""
codes, tokens, lock = {}, {}, threading.Lock()


def administered(kind):
    try:
        with open(CONFIG["store"] + ".json", encoding="utf-8") as known:
            return json.load(known)[kind]
    except FileNotFoundError:
        return {}


class Client(ClientMixin):
    def __init__(self, name, record):
        self.name, self.record = name, record

    def get_client_id(self):
        return self.name

    def get_default_redirect_uri(self):
        return (self.record["redirect_uris"] or [None])[0]

    def get_allowed_scope(self, scope):
        wanted = (scope or "").split()
        if scope and not set(wanted) <= set(self.record["scopes"]):
            raise InvalidScopeError()
        return " ".join(wanted or self.record["scopes"])

    def check_redirect_uri(self, uri):
        for known in self.record["redirect_uris"]:
            parts = urllib.parse.urlsplit(known)
            # RFC 8252 section 7.3: any port on loopback.
            if uri == known or parts.hostname == "127.0.0.1" and urllib.parse.urlsplit(uri).hostname == "127.0.0.1" and (
                    urllib.parse.urlsplit(uri)._replace(netloc="127.0.0.1").geturl() == known):
                return True
        return False

    def check_client_secret(self, secret):
        return hmac.compare_digest(self.record["secret"] or "", secret)

    def check_endpoint_auth_method(self, method, endpoint):
        if self.record["secret"] is None:
            return method == "none" and endpoint != "introspection"
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, kind):
        return kind == "code" and bool(self.record["redirect_uris"])

    def check_grant_type(self, kind):
        return kind in (("authorization_code", "refresh_token") if self.record["redirect_uris"] else ("client_credentials",))


class Code(AuthorizationCodeMixin):
    def __init__(self, **members):
        self.__dict__.update(members)

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class Token(TokenMixin):
    def __init__(self, **members):
        self.revoked = False
        self.__dict__.update(members)

    def check_client(self, client):
        return self.client == client.get_client_id()

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return LIFETIME

    def is_expired(self):
        return time.time() >= self.expires_at

    def is_revoked(self):
        return self.revoked


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]

    def save_authorization_code(self, code, oauth_request):
        data = oauth_request.payload.data
        codes[code] = Code(
            client=oauth_request.client.get_client_id(), redirect_uri=oauth_request.payload.redirect_uri,
            scope=oauth_request.payload.scope, user=oauth_request.user, resource=data.get("resource"),
            code_challenge=data.get("code_challenge"), code_challenge_method=data.get("code_challenge_method"),
            expires_at=time.time() + 60)

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.client == client.get_client_id() and time.time() < found.expires_at else None

    def delete_authorization_code(self, code):
        codes.pop(next((text for text, entry in list(codes.items()) if entry is code), None), None)

    def authenticate_user(self, code):
        request.resource = code.resource
        return code.user


class RefreshGrant(grants.RefreshTokenGrant):
    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]

    def authenticate_refresh_token(self, text):
        found = tokens.get(text)
        return found if found and found.kind == "refresh" and not found.revoked else None

    def authenticate_user(self, token):
        request.resource = token.resource
        return token.user

    def revoke_old_credential(self, token):
        token.revoked = True


class ClientCredentialsGrant(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ["none", "client_secret_basic", "client_secret_post"]

    def query_token(self, text, hint):
        return tokens.get(text)

    def revoke_token(self, token, oauth_request):
        token.revoked = True


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    def query_token(self, text, hint):
        return tokens.get(text)

    def check_permission(self, token, client, oauth_request):
        return client.record["introspection"]

    def introspect_token(self, token):
        return {"active": True, "scope": token.scope, "client_id": token.client, "sub": token.user or token.client,
                "aud": token.resource, "iss": base, "iat": token.issued_at, "exp": token.expires_at, "token_type": "Bearer"}


class Issuer(IssuerParameter):
    def get_issuer(self):
        return base


def generate_token(grant_type, client, user=None, scope=None, expires_in=None, include_refresh_token=True):
    scope = client.get_allowed_scope(scope)
    now = int(time.time())
    resource = getattr(request, "resource", None) or request.form.get("resource")
    members = {"client": client.get_client_id(), "user": user, "scope": scope or "", "resource": resource, "issued_at": now}
    claims = {
        "iss": base, "sub": user or client.get_client_id(), "aud": resource, "client_id": client.get_client_id(), "iat": now,
        "exp": now + LIFETIME, "jti": secrets.token_urlsafe(16), "scope": scope or "",
    }
    access = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "authlib-1"}, claims, KEY)
    tokens[access] = Token(kind="access", expires_at=now + LIFETIME, **members)
    answer = {"token_type": "Bearer", "access_token": access, "expires_in": LIFETIME, "scope": scope or ""}
    if grant_type != "client_credentials":
        answer["refresh_token"] = secrets.token_urlsafe(32)
        tokens[answer["refresh_token"]] = Token(kind="refresh", expires_at=now + 30 * 86400, **members)
    return answer


app = Flask(__name__)


def query_client(name):
    record = administered("clients").get(name)
    return Client(name, record) if record else None


server = AuthorizationServer(app, query_client=query_client, save_token=lambda *_: None)
server.register_token_generator("default", generate_token)
server.register_grant(CodeGrant, [CodeChallenge(required=True)])
server.register_grant(RefreshGrant)
server.register_grant(ClientCredentialsGrant)
server.register_endpoint(Revocation)
server.register_endpoint(Introspection)
named = Issuer()
server.register_extension(named)


@app.after_request
def unframed(response):
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


@app.get("/.well-known/oauth-authorization-server")
def metadata():
    methods = ["client_secret_basic", "client_secret_post", "none"]
    return jsonify(
        issuer=base, authorization_endpoint=f"{base}/authorize", token_endpoint=f"{base}/token", jwks_uri=f"{base}/jwks",
        revocation_endpoint=f"{base}/revoke", introspection_endpoint=f"{base}/introspect", response_types_supported=["code"],
        grant_types_supported=["authorization_code", "refresh_token", "client_credentials"],
        code_challenge_methods_supported=["S256"], token_endpoint_auth_methods_supported=methods,
        authorization_response_iss_parameter_supported=True)


@app.get("/jwks")
def jwks():
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    try:
        grant = server.get_consent_grant(end_user=None)
    except OAuth2Error as error:
        response = server.handle_error_response(request, error)
        # What the extension does by itself to answers that end well.
        named.add_issuer_parameter(server, response)
        return response
    if request.method == "GET":
        return render_template_string(PAGE)
    name = request.form.get("username", "")
    if not hmac.compare_digest(administered("users").get(name, ""), request.form.get("password", "")) or not name:
        return render_template_string(PAGE), 403
    return server.create_authorization_response(grant_user=name, grant=grant)


@app.post("/token")
def token():
    with lock:
        return server.create_token_response()


@app.post("/revoke")
def revoke():
    return server.create_endpoint_response("revocation")


@app.post("/introspect")
def introspect():
    return server.create_endpoint_response("introspection")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CONFIG["tls"]["certificate"], CONFIG["tls"]["key"])
listener = make_server(CONFIG["listen"]["host"], CONFIG["listen"]["port"], app, threaded=True, ssl_context=context)
base = f"https://{CONFIG['listen']['host']}:{listener.server_port}"
print(json.dumps({"ready": {"url": base}}), flush=True)


def end_with_the_bed():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_the_bed, daemon=True).start()
listener.serve_forever()
