// Echo client on the W3C client of Node's `websocket`.
'use strict';

const { w3cwebsocket: WebSocket } = require('websocket');
const driving = require('./driving');

const limits = { maxReceivedFrameSize: driving.LIMIT, maxReceivedMessageSize: driving.LIMIT };
const open = (url, subprotocols) => new WebSocket(url, subprotocols, undefined, undefined, undefined, limits);

driving.main('websocket', driving.onSockets(open));
