// The article's servers with API keys and with client certificates, written anew from its description: Express, a look-up of keys
// that compares each in constant time after padding to 64 characters, and certificates by Node's own TLS, callers known by their CN.
// Its endpoints take the tool's parameters as JSON: POST /mcp/tools/NAME.
//
// Usage: node server.js serve CONFIGURATION        prints {"ready": {"url": …}} when it listens
//        node server.js issue CONFIGURATION PRINCIPAL LIFETIME SCOPE…     the operator adds a key to the list
//        node server.js revoke CONFIGURATION KEY-ID                       and takes it out
const crypto = require('node:crypto');
const fs = require('node:fs');
const https = require('node:https');

const [verb, configurationPath, ...words] = process.argv.slice(2);
const configuration = JSON.parse(fs.readFileSync(configurationPath, 'utf8'));
// The article keeps its keys in a Map and says to use a database; here they are in a file, so that the operator's commands reach them.
const store = `${configuration.store}.keys.json`;
const readKeys = () => (fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, 'utf8')) : []);
function writeKeys(keys) {
  fs.writeFileSync(`${store}.new`, JSON.stringify(keys), { mode: 0o600 });
  fs.renameSync(`${store}.new`, store);
}

if (verb === 'issue') {
  const [principal, lifetime, ...scopes] = words;
  const key = `sk_prod_${crypto.randomBytes(24).toString('base64url')}`;
  const id = crypto.randomUUID();
  const expires = Date.now() / 1000 + parseFloat(lifetime);
  writeKeys([...readKeys(), { id, key, clientId: principal, scopes }]);
  console.log(JSON.stringify({ key, key_id: id, expires_at: expires }));
  process.exit(0);
}
if (verb === 'revoke') {
  writeKeys(readKeys().filter((entry) => entry.id !== words[0]));
  console.log('{}');
  process.exit(0);
}
if (!['api-key', 'mtls'].includes(configuration.scheme)) {
  console.error(`this server knows no scheme ${configuration.scheme}`);
  process.exit(2);
}

const express = require('express');
const application = express();
application.use(express.json());

function equalInConstantTime(one, other) {
  const [a, b] = [Buffer.from(one.padEnd(64)), Buffer.from(other.padEnd(64))];
  return crypto.timingSafeEqual(a, b) && one.length === other.length;
}

const requireKey = (scope) => (request, response, next) => {
  const header = request.headers.authorization;
  if (!header?.startsWith('Bearer ')) return response.status(401).json({ error: 'Missing Authorization header' });
  const shown = header.slice(7);
  let found;
  for (const entry of readKeys()) {
    if (equalInConstantTime(shown, entry.key)) {
      found = entry;
      break;
    }
  }
  if (!found) return response.status(401).json({ error: 'Invalid API key' });
  if (!found.scopes.includes(scope)) return response.status(403).json({ error: `Insufficient scope — requires ${scope}` });
  next();
};

const allowed = new Set(configuration.clients.map((client) => client.principal));
const requireCertificate = () => (request, response, next) => {
  const certificate = request.socket.getPeerCertificate();
  if (!certificate || !request.socket.authorized) return response.status(401).json({ error: 'Valid client certificate required' });
  if (!allowed.has(certificate.subject?.CN)) return response.status(403).json({ error: `Client ${certificate.subject?.CN} not authorized` });
  next();
};

const guard = configuration.scheme === 'mtls' ? requireCertificate : requireKey;
application.post('/mcp/tools/read', guard('mcp:read'), (request, response) => response.json({ content: '…' }));
application.post('/mcp/tools/write', guard('mcp:write'), (request, response) => response.json({ success: true }));

const read = (path) => (path ? fs.readFileSync(path) : undefined);
const tls = configuration.tls;
const certificates = configuration.scheme === 'mtls';
const server = https.createServer(
  {
    key: read(tls.key),
    cert: read(tls.certificate),
    // Node is told of the authorities that help to build a chain in the same list as of the one that is trusted.
    ca: certificates ? [read(tls.client_ca), read(tls.intermediates)].filter(Boolean) : undefined,
    requestCert: certificates,
    rejectUnauthorized: certificates,
  },
  application,
);
server.listen(configuration.listen.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ ready: { url: `https://127.0.0.1:${server.address().port}`, mcp: `https://127.0.0.1:${server.address().port}/mcp` } }));
});
process.on('SIGTERM', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
