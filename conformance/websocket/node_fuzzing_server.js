// SPDX-License-Identifier: Apache-2.0
//
// Node's `ws` as a fuzzing server.
//
// Usage: node node_fuzzing_server.js [CERTIFICATE KEY]. What it prints is said
// in echo_program.py. The verdicts are its own: it compares what came back, and
// `ws` itself judges frames, masks and Close codes.
'use strict';

const http = require('http');
const https = require('https');
const fs = require('fs');
const {WebSocketServer} = require('ws');

const SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1 << 20, 1 << 24];
const report = {};
const verdicts = [];  // promises: a case may end after its connection

function expect(what, found, wanted) {
  const same = Buffer.isBuffer(wanted) ? wanted.equals(found)
      : JSON.stringify(found) === JSON.stringify(wanted);
  if (!same) {
    throw new Error(`${what}: found ${String(found).slice(0, 60)}, ` +
        `wanted ${String(wanted).slice(0, 60)}`);
  }
}

function next(ws, event) {
  return new Promise((resolve, reject) => {
    ws.once(event, (...values) => resolve(values));
    ws.once('error', reject);
    if (event !== 'close') {
      ws.once('close', (code) => reject(new Error(`closed with ${code}`)));
    }
  });
}

async function echo(ws, send, payload, binary) {
  const message = next(ws, 'message');
  send();
  const [data, isBinary] = await message;
  expect('opcode', isBinary, binary);
  expect('payload', data, payload);
}

function pattern(size, binary) {
  const out = Buffer.alloc(size);
  for (let i = 0; i < size; ++i) {
    out[i] = binary ? (i * 31 + (i >> 8)) & 0xff : 0x20 + (i % 95);
  }
  return out;
}

async function closed(ws, wanted) {
  const [code, reason] = await next(ws, 'close');
  expect('code', code, wanted);
  expect('reason', reason.toString(), '');
}

async function closes(ws, code, reason) {
  ws.close(code, reason);
  await closed(ws, code === undefined ? 1005 : code);
}

// Bytes that `ws` would not send itself; the echo must fail with `code`.
async function fails(ws, hex, code) {
  await echo(ws, () => ws.send('before'), Buffer.from('before'), false);
  const before = next(ws, 'message');
  const end = closed(ws, code);
  ws._socket.write(Buffer.concat([
    Buffer.from([0x81, 2, 0x6f, 0x6b]), Buffer.from(hex, 'hex')]));
  expect('message in front', (await before)[0], Buffer.from('ok'));
  await end;
}

const cases = [];
function add(name, run, endsItself) {
  cases.push({name, run, endsItself});
}

for (const size of SIZES) {
  for (const binary of [false, true]) {
    add(`${binary ? 'binary' : 'text'} of ${size}`, (ws) => {
      const payload = pattern(size, binary);
      return echo(ws, () => ws.send(payload, {binary}), payload, binary);
    });
  }
}
add('1000 messages at once', async (ws) => {
  const got = new Promise((resolve) => {
    let count = 0;
    ws.on('message', (data) => {
      expect('order', data.toString(), `${count}`);
      if (++count === 1000) resolve();
    });
  });
  for (let i = 0; i < 1000; ++i) ws.send(`${i}`);
  await got;
});
add('fragments with a ping between', async (ws) => {
  const pong = next(ws, 'pong');
  await echo(ws, () => {
    ws.send(Buffer.from('frag'), {binary: true, fin: false});
    ws.send(Buffer.from(''), {fin: false});
    ws.ping('between');
    ws.send(Buffer.from('ments'), {fin: true});
  }, Buffer.from('fragments'), true);
  expect('pong', (await pong)[0], Buffer.from('between'));
});
add('characters over fragments', async (ws) => {
  const payload = Buffer.from('µ@ßöäüàá 🜁 κόσμε');
  await echo(ws, () => {
    for (let i = 0; i < payload.length; ++i) {
      ws.send(payload.subarray(i, i + 1),
          {binary: false, fin: i + 1 === payload.length});
    }
  }, payload, false);
});
add('65536 fragments', (ws) => {
  const payload = pattern(65536, true);
  return echo(ws, () => {
    for (let i = 0; i < payload.length; ++i) {
      ws.send(payload.subarray(i, i + 1),
          {binary: true, fin: i + 1 === payload.length});
    }
  }, payload, true);
});
for (const size of [0, 1, 125]) {
  add(`ping of ${size}`, async (ws) => {
    const payload = pattern(size, true);
    const pong = next(ws, 'pong');
    ws.ping(payload);
    expect('pong', (await pong)[0], payload);
  });
}
add('a pong is no question', async (ws) => {
  ws.on('pong', () => { throw new Error('a pong for a pong'); });
  ws.pong('unasked');
  await echo(ws, () => ws.send('x'), Buffer.from('x'), false);
});
add('close without a code', (ws) => closes(ws), true);
for (const [code, reason] of [[1000, ''], [1001, 'going away'], [1011, 'é'],
                              [3000, 'x'.repeat(123)], [4999, '']]) {
  add(`close ${code}`, (ws) => closes(ws, code, reason), true);
}
add('we are failed for RSV1', (ws) => fails(ws, 'c100', 1002), true);
add('we are failed for a mask', (ws) => fails(ws, '818000000000', 1002), true);
add('we are failed for opcode 3', (ws) => fails(ws, '8300', 1002), true);
add('we are failed for a long ping', (ws) => fails(ws, '897e007e', 1002), true);
add('we are failed for a lone continuation', (ws) => fails(ws, '8000', 1002),
    true);
add('we are failed for a long length', (ws) => fails(ws, '827e0001', 1002),
    true);
add('we are failed for code 1006', (ws) => fails(ws, '880203ee', 1002), true);
add('we are failed in the middle of a text', (ws) => fails(ws, '817f0000000000' +
    '100000cec0', 1007), true);
add('we are failed for 16 MiB and 1', (ws) => fails(ws, '827f0000000001000001',
    1009), true);

async function judge(ws, one) {
  try {
    await one.run(ws);
    if (!one.endsItself) {
      await closes(ws, 1000, '');
    }
    report[one.name] = 'ok';
  } catch (error) {
    report[one.name] = error.message;
    ws.terminate();
  }
}

const [certificate, key] = process.argv.slice(2);
const server = certificate === undefined ? http.createServer() :
    https.createServer({cert: fs.readFileSync(certificate),
                        key: fs.readFileSync(key)});
const sockets = new WebSocketServer({server, maxPayload: 1 << 26});
sockets.on('connection', (ws, request) => {
  ws.on('error', () => {});
  const url = new URL(request.url, 'ws://server');
  if (url.pathname === '/getCaseCount') {
    ws.send(`${cases.length}`);
    ws.close(1000);
  } else if (url.pathname === '/runCase') {
    verdicts.push(judge(ws, cases[Number(url.searchParams.get('case')) - 1]));
  } else if (url.pathname === '/updateReports') {
    Promise.all(verdicts).then(() => {
      report.agent = url.searchParams.get('agent');
      process.stdout.write(JSON.stringify(report) + '\n');
      ws.close(1000);
    });
  }
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${server.address().port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
