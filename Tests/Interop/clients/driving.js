// What the Node clients have in common: their options, the turns they take, Autobahn's loop over all cases.
'use strict';

/** The largest message the suites send is 16 MiB. */
exports.LIMIT = 64 * 1024 * 1024;

const USAGE = 'URL | --all URL [--agent NAME] [--jobs N] | --version';

/** A turn that gives each message back, and does besides what the case asks for. */
const echo = (subprotocols = [], { send = null, sendBinary = null, close = null } = {}) => {
  const greeting = sendBinary === null ? send : Buffer.from(sendBinary, 'hex');
  return { subprotocols, greeting, close: close && closing(close), answer: (message) => message };
};

/** What `close` of a socket is called with. */
const closing = ({ code = null, reason = '' }) => (code === null ? [] : reason ? [code, reason] : [code]);

/** A turn that keeps what it is told and answers nothing. */
const question = () => {
  const turn = { subprotocols: [], greeting: null, close: null, told: null };
  turn.answer = (message) => { turn.told = message; return null; };
  return turn;
};

/** The `converse` of a client with the browser's interface, of which `open(url, subprotocols)` makes a socket. */
exports.onSockets = (open) => (url, turn) => new Promise((resolve) => {
  const socket = open(url, turn.subprotocols);
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
});

/**
 * Parses the options, then holds one conversation or all of them.
 *
 * `converse(url, turn)` opens `url`, offers `turn.subprotocols`, sends `turn.greeting` if there is one, answers each
 * message with `turn.answer(message)` unless that is null, calls `close` with `turn.close` if that is there, and
 * resolves when the connection has ended, however that came. `version()` is that of what is under test; by default the
 * package `name` tells it.
 */
exports.main = async (name, converse, version = () => require(`${name}/package.json`).version) => {
  const options = parse(process.argv.slice(2), name);
  if (options.version) {
    console.log(`${name} ${version()}`);
  } else if (options.all) {
    await runAll(converse, options);
  } else {
    const action = JSON.parse(process.env.WSCONFORM_ACTION || '{}') || {};
    const subprotocols = (process.env.WSCONFORM_SUBPROTOCOLS || '').split(',').filter((word) => word);
    await attempt(converse, options.url, echo(subprotocols, action));
  }
};

async function runAll(converse, { url, agent, jobs }) {
  const base = url.replace(/\/+$/, '');
  const count = question();
  await converse(`${base}/getCaseCount`, count);
  const total = Number(count.told);
  if (count.told === null || !Number.isInteger(total)) throw new Error(`${base}/getCaseCount gave no number`);
  let next = 1;
  const work = async () => {
    while (next <= total) {
      await attempt(converse, `${base}/runCase?case=${next++}&agent=${encodeURIComponent(agent)}`, echo());
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  await converse(`${base}/updateReports?agent=${encodeURIComponent(agent)}`, question());
}

/** Holds a conversation; how it ends is for the other side to see and no failure of ours. */
async function attempt(converse, url, turn) {
  try {
    await converse(url, turn);
  } catch (ended) {
    console.error(`${url}: ${ended}`);
  }
}

function parse(words, name) {
  const options = { url: null, all: false, agent: name, jobs: 1, version: false };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--version') options.version = true;
    else if (word === '--all') options.all = true;
    else if (word === '--agent') options.agent = words.shift();
    else if (word === '--jobs') options.jobs = Number(words.shift());
    else if (options.url === null && !word.startsWith('-')) options.url = word;
    else fail();
  }
  if (!options.version && options.url === null) fail();
  if (!options.agent || !(options.jobs >= 1)) fail();
  return options;
}

function fail() {
  console.error(`usage: ${process.argv[1]} ${USAGE}`);
  process.exit(64);
}
