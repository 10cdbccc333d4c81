// The article's token endpoint, written anew from its description: Express, a list of clients with hashed secrets, and what jsonwebtoken
// signs with JWT_SECRET by HS256. As it stands it reads JSON alone, and splits scopes into characters, so that nobody gets a token from it.
// In the reading "translated" something stands in front of it that turns what clients send by RFC 6749 into what it reads, and it splits
// scopes at spaces; so the rest of it can be judged. A metadata document, which the article does not have, says where the endpoint is.
//
// Usage: node server.js serve translated|as-it-stands CONFIGURATION         prints {"ready": {"url": …}} when it listens
//        node server.js client CONFIGURATION CLIENT-ID SCOPE…  the operator adds a client to the list; prints it with its secret
const crypto = require('node:crypto');
const fs = require('node:fs');
const https = require('node:https');

const [verb, ...words] = process.argv.slice(2);
const read = (path) => JSON.parse(fs.readFileSync(path, 'utf8'));
const hashed = (secret) => crypto.createHash('sha256').update(secret).digest('hex');
// The article keeps its clients in a Map; here they are in a file, so that the operator's command reaches them.
const list = (configuration) => `${configuration.store}.clients.json`;
const known = (configuration) => (fs.existsSync(list(configuration)) ? read(list(configuration)) : {});

if (verb === 'client') {
  const [path, id, ...allowedScopes] = words;
  const configuration = read(path);
  const secret = crypto.randomBytes(24).toString('base64url');
  const clients = { ...known(configuration), [id]: { clientSecret: hashed(secret), allowedScopes } };
  fs.writeFileSync(`${list(configuration)}.new`, JSON.stringify(clients), { mode: 0o600 });
  fs.renameSync(`${list(configuration)}.new`, list(configuration));
  console.log(JSON.stringify({ client_id: id, client_secret: secret }));
  process.exit(0);
}

const [reading, path] = words;
const configuration = read(path);
const separator = { translated: ' ', 'as-it-stands': '' }[reading];
const JWT_SECRET = crypto.randomBytes(32).toString('base64url');
const TOKEN_TTL = configuration.token_lifetime_seconds ?? 3600;

function sign(claims) {
  const now = Math.floor(Date.now() / 1000);
  const parts = [{ alg: 'HS256', typ: 'JWT' }, { ...claims, exp: now + TOKEN_TTL }];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${crypto.createHmac('sha256', JWT_SECRET).update(signed).digest('base64url')}`;
}

// A form, and name and secret in the Authorization field (RFC 6749 section 2.3.1), become members of a JSON object; the first of a name counts.
function translate(request, response, next) {
  const form = typeof request.body === 'string' ? new URLSearchParams(request.body) : new URLSearchParams();
  const told = Object.fromEntries([...form.keys()].map((name) => [name, form.get(name)]));
  const [, basic] = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (basic) {
    const [name, secret] = Buffer.from(basic, 'base64').toString().split(/:(.*)/s);
    const words = (text) => decodeURIComponent(text.replaceAll('+', ' '));
    Object.assign(told, { client_id: words(name), client_secret: words(secret ?? '') });
  }
  request.body = told;
  next();
}

const express = require('express');
const application = express();
application.use(express.json());
if (reading === 'translated') application.use('/oauth/token', express.text({ type: 'application/x-www-form-urlencoded' }), translate);

application.post('/oauth/token', (request, response) => {
  const { grant_type, client_id, client_secret, scope } = request.body;
  if (grant_type !== 'client_credentials') return response.status(400).json({ error: 'unsupported_grant_type' });
  const client = known(configuration)[client_id];
  if (!client) return response.status(401).json({ error: 'invalid_client' });
  if (hashed(client_secret) !== client.clientSecret) return response.status(401).json({ error: 'invalid_client' });
  const granted = (scope?.split(separator) ?? []).filter((one) => client.allowedScopes.includes(one));
  if (granted.length === 0) return response.status(400).json({ error: 'invalid_scope' });
  const token = sign({ sub: client_id, scope: granted.join(separator), iat: Math.floor(Date.now() / 1000) });
  response.json({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_TTL, scope: granted.join(separator) });
});

application.get('/.well-known/oauth-authorization-server', (request, response) => {
  const issuer = `https://${request.headers.host}`;
  response.json({
    issuer,
    token_endpoint: `${issuer}/oauth/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
  });
});

const server = https.createServer({ cert: fs.readFileSync(configuration.tls.certificate), key: fs.readFileSync(configuration.tls.key) }, application);
server.listen(configuration.listen.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ ready: { url: `https://127.0.0.1:${server.address().port}` } }));
});
process.on('SIGTERM', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
