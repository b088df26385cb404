// Echo client on the WebSocket that is built into Node: that of its fetch library, undici.
'use strict';

const driving = require('./driving');

driving.main('node', (url, turn) => new Promise((resolve) => {
  const socket = new WebSocket(url, turn.subprotocols);
  socket.binaryType = 'arraybuffer';
  // A refusal ends in `error` and `close`, in this order.
  socket.onclose = resolve;
  socket.onopen = () => {
    if (turn.greeting !== null) socket.send(turn.greeting);
    if (turn.close !== null) socket.close(...turn.close);
  };
  socket.onmessage = ({ data }) => {
    const answer = turn.answer(data);
    if (answer !== null && socket.readyState === WebSocket.OPEN) socket.send(answer);
  };
}), () => process.versions.node);
