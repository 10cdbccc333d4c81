// call.mjs [--insecure] URL CA HEADER-FILE BODY-FILE SECONDS [CERTIFICATE KEY]: one POST by node:https, with an agent as the article
// has it.
import { readFileSync } from "node:fs";
import https from "node:https";

const words = process.argv.slice(2);
const rejectUnauthorized = words[0] !== "--insecure";
const [url, ca, headers, body, seconds, certificate, key] = rejectUnauthorized ? words : words.slice(1);
const read = (path) => path && readFileSync(path);
const fields = Object.fromEntries(readFileSync(headers, "utf8").trim().split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
const agent = new https.Agent({ ca: read(ca), cert: read(certificate), key: read(key), rejectUnauthorized });
const request = https.request(url, { method: "POST", headers: fields, agent, timeout: 1000 * seconds }, (answer) => {
  answer.pipe(process.stdout);
  answer.on("end", () => (process.exitCode = answer.statusCode < 300 ? 0 : 1));
});
// A time that is up is only told; to give up is the caller's part.
request.on("timeout", () => request.destroy(new Error(`no answer within ${seconds} s`)));
request.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
request.end(read(body));
