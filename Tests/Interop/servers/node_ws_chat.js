// A chat on Node's `ws` that speaks JSON, wants a token and a subprotocol, and refuses after the 101 by Close frames,
// because browsers cannot see a status.
'use strict';

const { WebSocketServer } = require('ws');
const serving = require('./serving');

const SUBPROTOCOL = 'chat.v2';
const TOKEN = 'Bearer let-me-in';

serving.main('ws', (server) => {
  const handleProtocols = (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false);
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: serving.LIMIT, handleProtocols });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => {}); // A protocol error closes this connection; it must not end the process.
    if (request.headers.authorization !== TOKEN) return socket.close(4401, 'token');
    if (socket.protocol !== SUBPROTOCOL) return socket.close(4001, `${SUBPROTOCOL} only`);
    socket.on('message', (data, binary) => {
      try {
        if (binary) throw new TypeError('binary');
        const said = JSON.parse(data);
        sockets.clients.forEach((other) => other.send(JSON.stringify({ said })));
      } catch {
        socket.close(4000, 'JSON only');
      }
    });
  });
});
