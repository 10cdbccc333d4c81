"""Envoy as a gate before a service: a client certificate of the bed's authority with a name on the list, and not revoked, or an access
token of its issuer for this server; no entry without.

Usage: start.py CONFIGURATION PORT       becomes envoy, in the foreground
"""
import ctypes
import json
import os
import signal
import ssl
import sys
import urllib.parse
import urllib.request

configuration, port = sys.argv[1], int(sys.argv[2])
with open(configuration) as file:
    told = json.load(file)
if told["scheme"] not in ("mtls", "mtls-crl", "oauth-jwt"):
    sys.exit(f"this server knows no scheme {told['scheme']}")
tls = told["tls"]
folder = os.path.join(os.path.dirname(configuration), f"envoy-{port}")
os.makedirs(folder, mode=0o700, exist_ok=True)
TYPES = "type.googleapis.com/envoy.extensions"


def secret(name: str, **content) -> dict:
    """Lies in a file of its own, and is read again when a file that it names is replaced."""
    resource = {"@type": f"{TYPES}.transport_sockets.tls.v3.Secret", "name": name, **content}
    path = f"{folder}/{name}.json"
    with open(path, "w") as file:
        json.dump({"resources": [resource]}, file)
    return {"name": name, "sds_config": {"path_config_source": {"path": path}, "resource_api_version": "V3"}}


def watched(path: str) -> dict:
    return {"watched_directory": {"path": os.path.dirname(path)}}


certificate = {"certificate_chain": {"filename": tls["certificate"]}, "private_key": {"filename": tls["key"]}, **watched(tls["certificate"])}
transport = {"common_tls_context": {"tls_certificate_sds_secret_configs": [secret("server", tls_certificate=certificate)]}}
if told["scheme"] != "oauth-jwt":
    kinds = {"uri": "URI", "dns": "DNS", "email": "EMAIL", "ip": "IP_ADDRESS"}
    names = [{"san_type": kinds[kind], "matcher": {"exact": client[kind]}} for client in told["clients"] for kind in kinds if client.get(kind)]
    callers = {"trusted_ca": {"filename": tls["client_ca"]}, "match_typed_subject_alt_names": names, **watched(tls["client_ca"])}
    if tls.get("crl"):
        callers["crl"] = {"filename": tls["crl"]}
    # It does not count the caller's own certificate, and the document counts all of a chain.
    callers["max_verify_depth"] = tls.get("max_chain", 6) - 1
    transport["require_client_certificate"] = True
    transport["common_tls_context"]["validation_context_sds_secret_config"] = secret("callers", validation_context=callers)

filters, clusters = [], []
if told["scheme"] == "oauth-jwt":
    issuer = told["issuers"][0]
    where = urllib.parse.urlsplit(issuer["issuer"])
    metadata = f"{issuer['issuer']}/.well-known/oauth-authorization-server"
    with urllib.request.urlopen(metadata, context=ssl.create_default_context(cafile=issuer.get("ca")), timeout=5) as answer:
        known = json.load(answer)
    clusters.append({
        "name": "issuer", "type": "STATIC", "connect_timeout": "2s", "load_assignment": {"cluster_name": "issuer", "endpoints": [{"lb_endpoints": [
            {"endpoint": {"address": {"socket_address": {"address": where.hostname, "port_value": where.port}}}}]}]}})
    if where.scheme == "https":
        trusted = {"trusted_ca": {"filename": issuer["ca"]}, "match_typed_subject_alt_names": [{"san_type": "IP_ADDRESS", "matcher": {"exact": where.hostname}}]}
        clusters[0]["transport_socket"] = {"name": "envoy.transport_sockets.tls", "typed_config": {
            "@type": f"{TYPES}.transport_sockets.tls.v3.UpstreamTlsContext", "common_tls_context": {"validation_context": trusted}}}
    filters.append({"name": "envoy.filters.http.jwt_authn", "typed_config": {
        "@type": f"{TYPES}.filters.http.jwt_authn.v3.JwtAuthentication",
        "providers": {"issuer": {
            "issuer": issuer["issuer"], "audiences": [told.get("resource") or f"https://127.0.0.1:{port}/"], "require_expiration": True,
            # It takes no zero; without it, it allows a minute.
            "clock_skew_seconds": max(1, told.get("leeway_seconds", 0)),
            "remote_jwks": {
                "http_uri": {"uri": known["jwks_uri"], "cluster": "issuer", "timeout": "2s"},
                "cache_duration": {"seconds": told.get("jwks_max_age_seconds", 300)}}}},
        "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "issuer"}}]}})
filters.append({"name": "envoy.filters.http.router", "typed_config": {"@type": f"{TYPES}.filters.http.router.v3.Router"}})
routes = [{"match": {"path": f"/{path}"}, "direct_response": {"status": 200, "body": {"inline_string": f"{path}\n"}}} for path in ("read", "write")]
manager = {
    "@type": f"{TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager", "stat_prefix": "gate", "http_filters": filters,
    "route_config": {"virtual_hosts": [{"name": "gate", "domains": ["*"], "routes": routes}]}}
chain = {
    "filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}],
    "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": {"@type": f"{TYPES}.transport_sockets.tls.v3.DownstreamTlsContext", **transport}}}
if told.get("handshake_seconds"):
    chain["transport_socket_connect_timeout"] = f"{told['handshake_seconds']}s"
bootstrap = {"node": {"id": "gate", "cluster": "gate"}, "static_resources": {
    # It would share its port with another one.
    "listeners": [{
        "name": "gate", "enable_reuse_port": False, "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "filter_chains": [chain]}], "clusters": clusters}}
with open(f"{folder}/envoy.json", "w") as file:
    json.dump(bootstrap, file)
# It is to end when the bed does.
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
program = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".installed/bin/envoy")
os.execv(program, ["envoy", "-c", f"{folder}/envoy.json", "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"])
