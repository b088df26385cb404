// Echo client on the WebSocket that is built into Node: that of its fetch library, undici.
'use strict';

const driving = require('./driving');

const open = (url, subprotocols) => new WebSocket(url, subprotocols);

driving.main('node', driving.onSockets(open), () => process.versions.node);
