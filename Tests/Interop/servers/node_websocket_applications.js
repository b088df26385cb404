// Applications on Node's `websocket` that do something else than echo; the first argument names one.
'use strict';

const { server: WebSocketServer } = require('websocket');
const serving = require('./serving');

const SUBPROTOCOL = 'chatting';
const PUSH_MILLISECONDS = 20;

const send = (connection, message) => {
  if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
  else connection.sendBytes(message.binaryData);
};

/** Accepts everybody, or those who offer the subprotocol; calls `connected` with each connection. */
const serve = (connected, subprotocol) => (httpServer) => {
  const sockets = new WebSocketServer({
    httpServer,
    maxReceivedFrameSize: serving.LIMIT,
    maxReceivedMessageSize: serving.LIMIT,
    autoAcceptConnections: subprotocol === undefined,
  });
  sockets.on('connect', (connection) => {
    connection.on('error', () => {}); // A protocol error closes this connection; it must not end the process.
    connected(connection, sockets);
  });
  sockets.on('request', (request) => {
    if (request.requestedProtocols.includes(subprotocol)) request.accept(subprotocol, request.origin);
    else request.reject(403, 'offer the subprotocol chatting');
  });
};

const applications = {
  // Each message goes to all connections, as in a chat.
  chatting: serve((connection, sockets) => {
    connection.on('message', (message) => sockets.connections.forEach((other) => send(other, message)));
  }, SUBPROTOCOL),
  // A chat as tutorials have it: it accepts with its subprotocol whatever was offered, which throws where that was not
  // among it, so that nobody catches it; texts go to all connections, everything else is dropped.
  careless: (httpServer) => {
    const limits = { maxReceivedFrameSize: serving.LIMIT, maxReceivedMessageSize: serving.LIMIT };
    const sockets = new WebSocketServer({ httpServer, ...limits, autoAcceptConnections: false });
    let connections = [];
    sockets.on('request', (request) => {
      const connection = request.accept(SUBPROTOCOL);
      connections.push(connection);
      connection.on('message', (message) => {
        if (message.type === 'utf8') connections.forEach((other) => other.sendUTF(message.utf8Data));
      });
      connection.on('close', () => {
        connections = connections.filter((other) => other !== connection);
      });
    });
  },
  // The same with an envelope around each message.
  wrapping: serve((connection, sockets) => {
    connection.on('message', (message) => {
      const text = JSON.stringify({ type: message.type, text: message.utf8Data });
      sockets.connections.forEach((other) => other.sendUTF(text));
    });
  }),
  // A greeting first, then an echo.
  greeting: serve((connection) => {
    connection.sendUTF('welcome');
    connection.on('message', (message) => send(connection, message));
  }),
  // Only sends, from the start on.
  sending: serve((connection) => {
    const push = () => connection.sendUTF(`the time is ${Date.now()}`);
    push();
    const timer = setInterval(push, PUSH_MILLISECONDS);
    connection.on('close', () => clearInterval(timer));
  }),
  // Only swallows.
  swallowing: serve((connection) => connection.on('message', () => {})),
};

const [name] = process.argv.splice(2, 1);
if (!(name in applications)) {
  console.error(`usage: ${process.argv[1]} ${Object.keys(applications).join('|')} [--port N | --version]`);
  process.exit(64);
}
serving.main('websocket', applications[name]);
