"""A token issuer on Authlib and Flask (pip install authlib flask): authorization code with PKCE, refresh tokens with
rotation, signed access tokens with an audience. For trying mcp-client against an issuer that is not ours.

Usage: authlib_issuer.py CLIENT-ID REDIRECT-URI      prints {"ready": {"url": …}}; any name with password "open sesame" logs in.
"""
import json
import secrets
import sys
import time
import urllib.parse

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.serving import make_server

CLIENT_ID, REDIRECT_URI = sys.argv[1], sys.argv[2]
KEY = ECKey.generate_key("P-256", parameters={"kid": "authlib-1", "alg": "ES256", "use": "sig"})
SCOPES = {"mcp:read", "mcp:write"}
codes, refresh_tokens, counts = {}, {}, {"code": 0, "refresh": 0}


class Client(ClientMixin):
    def get_client_id(self):
        return CLIENT_ID

    def get_default_redirect_uri(self):
        return REDIRECT_URI

    def get_allowed_scope(self, scope):
        return " ".join(word for word in (scope or "").split() if word in SCOPES)

    def check_redirect_uri(self, uri):
        # RFC 8252 section 7.3: any port on loopback.
        return urllib.parse.urlsplit(uri)._replace(netloc="127.0.0.1").geturl() == REDIRECT_URI

    def check_client_secret(self, secret):
        return False

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "none"

    def check_response_type(self, kind):
        return kind == "code"

    def check_grant_type(self, kind):
        return kind in ("authorization_code", "refresh_token")


class Code(AuthorizationCodeMixin):
    def __init__(self, **members):
        self.__dict__.update(members)

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class Refresh(TokenMixin):
    def __init__(self, scope, user, resource):
        self.scope, self.user, self.resource = scope, user, resource

    def check_client(self, client):
        return True

    def get_scope(self):
        return self.scope


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def save_authorization_code(self, code, request):
        data = request.payload.data
        codes[code] = Code(
            redirect_uri=request.payload.redirect_uri, scope=request.payload.scope, user=request.user, resource=data.get("resource"),
            code_challenge=data.get("code_challenge"), code_challenge_method=data.get("code_challenge_method"))

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, code):
        codes.pop(next(text for text, entry in codes.items() if entry is code), None)

    def authenticate_user(self, code):
        request.resource = code.resource
        counts["code"] += 1
        return code.user


class RefreshGrant(grants.RefreshTokenGrant):
    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def authenticate_refresh_token(self, token):
        return refresh_tokens.get(token)

    def authenticate_user(self, token):
        request.resource = token.resource
        counts["refresh"] += 1
        return token.user

    def revoke_old_credential(self, token):
        refresh_tokens.pop(next(text for text, entry in refresh_tokens.items() if entry is token), None)


def generate_token(grant_type, client, user=None, scope=None, expires_in=None, include_refresh_token=True):
    now = int(time.time())
    claims = {
        "iss": base, "sub": user, "aud": request.resource, "client_id": CLIENT_ID, "iat": now, "exp": now + 90,
        "jti": secrets.token_urlsafe(16), "scope": scope or "",
    }
    token = jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": "authlib-1"}, claims, KEY)
    refresh = secrets.token_urlsafe(32)
    refresh_tokens[refresh] = Refresh(scope, user, request.resource)
    return {"token_type": "Bearer", "access_token": token, "expires_in": 90, "scope": scope, "refresh_token": refresh}


app = Flask(__name__)
server = AuthorizationServer(app, query_client=lambda name: Client() if name == CLIENT_ID else None, save_token=lambda *_: None)
server.register_token_generator("default", generate_token)
server.register_grant(CodeGrant, [CodeChallenge(required=True)])
server.register_grant(RefreshGrant)


@app.get("/.well-known/oauth-authorization-server")
def metadata():
    return jsonify(
        issuer=base, authorization_endpoint=f"{base}/authorize", token_endpoint=f"{base}/token", jwks_uri=f"{base}/jwks",
        response_types_supported=["code"], grant_types_supported=["authorization_code", "refresh_token"],
        code_challenge_methods_supported=["S256"], token_endpoint_auth_methods_supported=["none"],
        scopes_supported=sorted(SCOPES))


@app.get("/jwks")
def jwks():
    return jsonify(keys=[KEY.as_dict(private=False)])


@app.get("/counts")
def count():
    return jsonify(counts)


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    if request.method == "GET":
        return "<form method=post><input name=username><input name=password type=password><button>Log in</button></form>"
    if request.form.get("password") != "open sesame":
        return "wrong password", 403
    grant = server.get_consent_grant(end_user=request.form["username"])
    return server.create_authorization_response(grant_user=request.form["username"], grant=grant)


@app.post("/token")
def token():
    return server.create_token_response()


listener = make_server("127.0.0.1", 0, app, threaded=True)
base = f"http://127.0.0.1:{listener.server_port}"
import os

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
print(json.dumps({"ready": {"url": base}}), flush=True)
listener.serve_forever()
