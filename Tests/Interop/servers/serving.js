// What the Node echo servers have in common: their options, the announcement, the end by SIGTERM.
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');

const HOST = process.env.WSCONFORM_SERVER_HOST || '127.0.0.1';

/** The largest message the suites send is 16 MiB. */
exports.LIMIT = 64 * 1024 * 1024;

/** Makes a server of HTTP/1.1, over TLS with a certificate, which answers with `refuse` what is no upgrade. */
const createHTTP1 = (secure, refuse) => (secure ? https.createServer(secure, refuse) : http.createServer(refuse));

/**
 * Parses the options, hands `attach` an HTTP server, and announces its port once it listens.
 *
 * `create` makes another server than one of HTTP/1.1, and `version` names another version than that of the package.
 */
exports.main = (name, attach, { create = createHTTP1, version } = {}) => {
  const [option, value, ...more] = process.argv.slice(2);
  if (option === '--version') {
    console.log(`${name} ${version || require(`${name}/package.json`).version}`);
    return;
  }
  const isUnix = option === '--unix' && value !== undefined;
  const port = option === undefined || isUnix ? 0 : Number(value);
  const isSecure = more.length === 4 && more[0] === '--tls-cert' && more[2] === '--tls-key';
  if ((option !== undefined && option !== '--port' && !isUnix) || !Number.isInteger(port) || (more.length > 0 && !isSecure)) {
    console.error(`usage: ${process.argv[1]} [--port N|--unix PATH [--tls-cert FILE --tls-key FILE] | --version]`);
    process.exit(64);
  }
  // What is no handshake comes here; 426 names the protocol and says in Connection that it does (RFC 9110, 15.5.22).
  const refusal = { Upgrade: 'websocket', Connection: 'Upgrade' };
  const refuse = (request, response) => response.writeHead(426, refusal).end();
  const secure = isSecure ? { cert: fs.readFileSync(more[1]), key: fs.readFileSync(more[3]) } : undefined;
  const server = create(secure, refuse);
  attach(server);
  if (isUnix) server.listen(value, () => console.log(`listening ${value}`));
  else server.listen(port, HOST, () => console.log(`listening ${HOST}:${server.address().port}`));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
};
