// The article's guard for access tokens, written anew from its description: Express, and what jsonwebtoken makes of a token with
// JWT_SECRET. The bed is the issuer and signs with a key pair, so JWT_SECRET is the public key of its set as of the start, which
// jsonwebtoken takes in the same place. Its endpoints take the tool's parameters as JSON: POST /mcp/tools/NAME.
//
// Usage: node server.js spaces|characters CONFIGURATION        prints {"ready": {"url": …}} when it listens
// The article's code can be read either way: that it splits scopes at spaces, or into characters.
const crypto = require('node:crypto');
const fs = require('node:fs');
const https = require('node:https');
const express = require('express');
const jwt = require('./jsonwebtoken.js');

const [reading, configurationPath] = process.argv.slice(2);
const separator = { spaces: ' ', characters: '' }[reading];
const configuration = JSON.parse(fs.readFileSync(configurationPath, 'utf8'));
if (configuration.scheme !== 'oauth-jwt') {
  console.error(`this server knows no scheme ${configuration.scheme}`);
  process.exit(2);
}
let JWT_SECRET;

const requireToken = (scope) => (request, response, next) => {
  const header = request.headers.authorization;
  if (!header?.startsWith('Bearer ')) return response.status(401).json({ error: 'invalid_token' });
  try {
    const claims = jwt.verify(header.slice(7), JWT_SECRET);
    if (!claims.scope.split(separator).includes(scope)) return response.status(403).json({ error: 'insufficient_scope', required: scope });
    next();
  } catch {
    return response.status(401).json({ error: 'invalid_token' });
  }
};

const application = express();
application.use(express.json());
application.post('/mcp/tools/read', requireToken('mcp:read'), (request, response) => response.json({ result: '…' }));
application.post('/mcp/tools/write', requireToken('mcp:write'), (request, response) => response.json({ result: '…' }));

async function read(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
  return answer.json();
}

async function main() {
  const { jwks_uri } = await read(`${configuration.issuers[0].issuer}/.well-known/oauth-authorization-server`);
  const { keys } = await read(jwks_uri);
  JWT_SECRET = crypto.createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const { certificate, key } = configuration.tls;
  const server = https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, application);
  server.listen(configuration.listen.port, '127.0.0.1', () => {
    const url = `https://127.0.0.1:${server.address().port}`;
    console.log(JSON.stringify({ ready: { url, mcp: `${url}/mcp` } }));
  });
}
main();
process.on('SIGTERM', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
