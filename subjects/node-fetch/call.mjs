// call.mjs URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]: one POST by the fetch that is built in. It takes a CA by the
// environment alone, which is read at the start; the agent, as the article has it, it passes over.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import https from "node:https";
import { fileURLToPath } from "node:url";

const [url, ca, headers, body, seconds, certificate, key] = process.argv.slice(2);

if (process.env.NODE_EXTRA_CA_CERTS !== ca) {
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
  const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    env: environment,
    stdio: "inherit",
  });
  process.exit(child.status ?? 1);
}

const fields = Object.fromEntries(readFileSync(headers, "utf8").trim().split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
const agent = certificate && new https.Agent({ ca: readFileSync(ca), cert: readFileSync(certificate), key: readFileSync(key) });
const answer = await fetch(url, {
  method: "POST",
  headers: fields,
  body: readFileSync(body, "utf8"),
  signal: AbortSignal.timeout(1000 * seconds),
  agent,
});
console.log(await answer.text());
process.exit(answer.ok ? 0 : 1);
