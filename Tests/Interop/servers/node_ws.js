// Echo server on Node's `ws`.
'use strict';

const { WebSocketServer } = require('ws');
const serving = require('./serving');

serving.main('ws', (server) => {
  const sockets = new WebSocketServer({ server, perMessageDeflate: true, maxPayload: serving.LIMIT });
  sockets.on('connection', (socket) => {
    socket.on('error', () => {}); // A protocol error closes this connection; it must not end the process.
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
});
