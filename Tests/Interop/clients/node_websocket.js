// Echo client on the W3C client of Node's `websocket`.
'use strict';

const { w3cwebsocket: WebSocket } = require('websocket');
const driving = require('./driving');

const limits = { maxReceivedFrameSize: driving.LIMIT, maxReceivedMessageSize: driving.LIMIT };

driving.main('websocket', (url, turn) => new Promise((resolve) => {
  const socket = new WebSocket(url, turn.subprotocols, undefined, undefined, undefined, limits);
  socket.binaryType = 'arraybuffer';
  // A refusal ends in `error` and `close`, in this order.
  socket.onclose = resolve;
  socket.onopen = () => {
    if (turn.greeting !== null) socket.send(turn.greeting);
    if (turn.close !== null) socket.close(...turn.close);
  };
  socket.onmessage = ({ data }) => {
    const answer = turn.answer(data);
    if (answer !== null && socket.readyState === socket.OPEN) socket.send(answer);
  };
}));
