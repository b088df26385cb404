// Echo client on Node's `ws`.
'use strict';

const WebSocket = require('ws');
const driving = require('./driving');

driving.main('ws', (url, turn) => new Promise((resolve) => {
  const socket = new WebSocket(url, turn.subprotocols);
  // A refusal ends in `error` and `close`, in this order.
  socket.on('error', () => {});
  socket.on('close', resolve);
  socket.on('open', () => {
    if (turn.greeting !== null) socket.send(turn.greeting);
    if (turn.close !== null) socket.close(...turn.close);
  });
  socket.on('message', (data, binary) => {
    const answer = turn.answer(data);
    if (answer !== null) socket.send(answer, { binary });
  });
}));
