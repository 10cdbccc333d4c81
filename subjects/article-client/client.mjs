// The article's client that refreshes its tokens, written anew from its description: one token, which it gets anew when it ends within a
// minute, and calls with it. As it stands it asks for tokens by JSON, and joins its scopes without a blank, which no issuer understands that
// goes by RFC 6749; here it sends a form, with blanks. What it is told by hand in the article, where its token endpoint is, is read once from
// the metadata of the server and its issuer.
//
// Usage: node client.mjs CONFIGURATION     prints {"ready": …}, then answers each line on standard input with one: {"id":1,"call":"canary.read","parallel":8}
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const configuration = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { ca, oauth, server } = configuration;

class McpOAuthClient {
  token = null;
  tokenExpiry = 0;
  requests = 0;

  constructor(findTokenUrl, clientId, clientSecret, scopes) {
    Object.assign(this, { findTokenUrl, clientId, clientSecret, scopes });
  }

  async getToken() {
    if (!this.token || Date.now() / 1000 > this.tokenExpiry - 60) await this.fetchToken();
    return this.token;
  }

  async fetchToken() {
    this.tokenUrl ??= await this.findTokenUrl();
    this.requests += 1;
    const response = await fetch(this.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: this.clientId,
        client_secret: this.clientSecret,
        scope: this.scopes.join(' '),
      }),
    });
    if (!response.ok) throw new Error(`Token fetch failed: ${response.status}`);
    const data = await response.json();
    this.token = data.access_token;
    this.tokenExpiry = Math.floor(Date.now() / 1000) + data.expires_in;
  }

  async callTool(name, params) {
    const token = await this.getToken();
    const client = { 'io.modelcontextprotocol/clientInfo': { name: 'article', version: '1' }, 'io.modelcontextprotocol/clientCapabilities': {} };
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', ...client };
    return fetch(server, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/call',
        'Mcp-Name': name,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: params, _meta } }),
    });
  }
}

async function read(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
  return answer.json();
}

async function tokenEndpoint() {
  const { origin, pathname } = new URL(server);
  const { authorization_servers } = await read(`${origin}/.well-known/oauth-protected-resource${pathname}`);
  const { token_endpoint } = await read(`${authorization_servers[0]}/.well-known/oauth-authorization-server`);
  return token_endpoint;
}

function serve() {
  const secret = readFileSync(oauth.client_secret_file, 'utf8').trim();
  const client = new McpOAuthClient(tokenEndpoint, oauth.client_id, secret, oauth.scopes ?? []);
  async function call(name, parameters) {
    try {
      const answer = await client.callTool(name, parameters);
      const text = await answer.text();
      if (!answer.ok) return { ok: false, kind: 'refused', status: answer.status, error: text.slice(0, 200) };
      const message = text.startsWith('{') ? JSON.parse(text) : JSON.parse(text.split('\n').find((line) => line.startsWith('data: {')).slice(6));
      return message.result && !message.result.isError ? { ok: true, result: message.result } : { ok: false, kind: 'protocol', error: 'an error' };
    } catch (error) {
      return { ok: false, kind: 'transport', error: `${error.message} ${error.cause?.code ?? ''}`.trim() };
    }
  }
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const { id, call: name, arguments: parameters = {}, parallel = 1 } = JSON.parse(line);
    const results = await Promise.all(Array.from({ length: parallel }, () => call(name, parameters)));
    console.log(JSON.stringify({ id, results, token_requests: client.requests, authorizations: 0 }));
  });
  process.stdin.on('end', () => process.exit(0));
  process.on('SIGTERM', () => process.exit(0));
  console.log(JSON.stringify({ ready: { client: true } }));
}

// The built-in fetch takes an authority by the environment alone, which is read at the start.
if (ca && process.env.NODE_EXTRA_CA_CERTS !== ca) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), process.argv[2]], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
    stdio: 'inherit',
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (status) => process.exit(status ?? 1));
} else {
  serve();
}
