// Echo server on Node's `http2`, with the few lines that RFC 8441 takes, and the frames of `ws` on its streams.
'use strict';

const http2 = require('http2');
const path = require('path');
const WebSocket = require('ws');
const serving = require('./serving');

const library = path.join(path.dirname(require.resolve('ws/package.json')), 'lib');
const extension = require(path.join(library, 'extension'));
const PerMessageDeflate = require(path.join(library, 'permessage-deflate'));

/** What the answer says of compression, and what `ws` needs for it; nothing where the client offers none that fits. */
const compression = (headers) => {
  const field = headers['sec-websocket-extensions'];
  const offers = field && extension.parse(field)[PerMessageDeflate.extensionName];
  if (!offers) return {};
  const deflate = new PerMessageDeflate({}, true, serving.LIMIT);
  deflate.accept(offers);
  return { [PerMessageDeflate.extensionName]: deflate };
};

const open = (stream, headers) => {
  stream.on('error', () => {}); // A client that resets its stream ends this stream; it must not end the process.
  if (headers[':method'] !== 'CONNECT') return stream.respond({ ':status': 426 }, { endStream: true });
  if (headers[':protocol'] !== 'websocket') return stream.respond({ ':status': 501 }, { endStream: true });
  const refused = (status, more) => stream.respond({ ':status': status, ...more }, { endStream: true });
  if (headers['sec-websocket-version'] !== '13') return refused(400, { 'sec-websocket-version': '13' });
  let extensions;
  try {
    extensions = compression(headers);
  } catch {
    return refused(400);
  }
  const answer = { ':status': 200 };
  for (const [name, deflate] of Object.entries(extensions)) {
    answer['sec-websocket-extensions'] = extension.format({ [name]: [deflate.params] });
  }
  stream.respond(answer);
  stream.setNoDelay = () => {}; // A stream has no such option, and `ws` sets it on what it takes for a socket.
  const socket = new WebSocket(null);
  Object.assign(socket._extensions, extensions);
  socket.on('error', () => {}); // A protocol error closes this WebSocket; it must not end the process.
  socket.on('message', (data, binary) => socket.send(data, { binary }));
  socket.setSocket(stream, Buffer.alloc(0), { maxPayload: serving.LIMIT, skipUTF8Validation: false });
};

const settings = { enableConnectProtocol: true };
serving.main('node', (server) => server.on('stream', open), {
  create: (secure) => (secure ? http2.createSecureServer({ ...secure, settings }) : http2.createServer({ settings })),
  version: process.versions.node,
});
