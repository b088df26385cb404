// What the Node echo servers have in common: their options, the announcement, the end by SIGTERM.
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');

const HOST = process.env.WSCONFORM_SERVER_HOST || '127.0.0.1';

/** The largest message the suites send is 16 MiB. */
exports.LIMIT = 64 * 1024 * 1024;

/** Parses the options, hands `attach` an HTTP server, and announces its port once it listens. */
exports.main = (name, attach) => {
  const [option, value, ...more] = process.argv.slice(2);
  if (option === '--version') {
    console.log(`${name} ${require(`${name}/package.json`).version}`);
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
  const server = isSecure
    ? https.createServer({ cert: fs.readFileSync(more[1]), key: fs.readFileSync(more[3]) }, refuse)
    : http.createServer(refuse);
  attach(server);
  if (isUnix) server.listen(value, () => console.log(`listening ${value}`));
  else server.listen(port, HOST, () => console.log(`listening ${HOST}:${server.address().port}`));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
};
