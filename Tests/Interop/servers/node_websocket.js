// Echo server on Node's `websocket`.
'use strict';

const { server: WebSocketServer } = require('websocket');
const serving = require('./serving');

serving.main('websocket', (httpServer) => {
  const sockets = new WebSocketServer({
    httpServer,
    maxReceivedFrameSize: serving.LIMIT,
    maxReceivedMessageSize: serving.LIMIT,
    autoAcceptConnections: true,
  });
  sockets.on('connect', (connection) => {
    connection.on('error', () => {}); // A protocol error closes this connection; it must not end the process.
    connection.on('message', (message) => {
      if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
      else connection.sendBytes(message.binaryData);
    });
  });
});
