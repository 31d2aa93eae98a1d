// SPDX-License-Identifier: Apache-2.0
//
// OVOC played by the `ws` library of Node, over TLS.
//
// Usage: node node_ovoc.js ADDRESS PORT CERTIFICATE KEY USER PASSWORD. Does and
// logs what python_ovoc.py beside it does and logs.

'use strict';

const fs = require('fs');
const https = require('https');
const { WebSocketServer } = require('ws');

const SUBPROTOCOL = 'ovoc.audiocodes.com';
const ANSWERS = 3;       // on the first connection
const ECHO_REQUEST = 8;  // RFC 792
const ICMP = 1;

const [address, port, certificate, key, user, password] =
    process.argv.slice(2);

function say(name, fields = {}) {
  const words = Object.entries(fields).map(([k, v]) => `${k}=${v}`);
  console.log([`event=${name}`, ...words].join(' '));
}

// The reply to an ICMP echo request; null for any other packet.
function echoReply(packet) {
  const start = (packet[0] & 0x0f) * 4;
  if (packet[9] !== ICMP || packet[start] !== ECHO_REQUEST) {
    return null;
  }
  const reply = Buffer.from(packet);
  packet.copy(reply, 12, 16, 20);
  packet.copy(reply, 16, 12, 16);
  reply[start] = 0;
  reply.writeUInt16BE(0, start + 2);
  let total = 0;
  for (let i = start; i < reply.length; i += 2) {
    total += (reply[i] << 8) | (i + 1 < reply.length ? reply[i + 1] : 0);
  }
  total = (total & 0xffff) + (total >>> 16);
  total = (total & 0xffff) + (total >>> 16);
  reply.writeUInt16BE(~total & 0xffff, start + 2);
  return reply;
}

// Sends the reply in fragments, a ping between two of them.
function answer(peer, reply, number) {
  const part = { binary: true, fin: false };
  peer.send(reply.subarray(0, 1), part);
  peer.ping(`ping ${number}`);
  peer.send(reply.subarray(1, 30), part);
  peer.send(reply.subarray(30), { binary: true, fin: true });
  say('answered', { bytes: reply.length });
}

let connections = 0;

function serve(peer) {
  connections += 1;
  const first = connections === 1;
  let answered = 0;
  say('peer_up', { subprotocol: peer.protocol });
  peer.on('message', (message, isBinary) => {
    say('frame', { opcode: isBinary ? 2 : 1, fin: 1, bytes: message.length });
    const reply = echoReply(message);
    if (reply !== null) {
      answer(peer, reply, answered);
      answered += 1;
    }
  });
  peer.on('ping', (data) => {
    say('frame', { opcode: 9, fin: 1, bytes: data.length });
  });
  peer.on('pong', (data) => {
    // `ws` hands over any pong: that it echoes the last ping is looked at here.
    if (data.toString() === `ping ${answered - 1}`) {
      say('pong', { number: answered - 1 });
    }
    if (first && answered === ANSWERS) {
      peer.close(1001, 'moving to another machine');
    }
  });
  peer.on('error', (error) => say('error', { detail: `"${error.message}"` }));
  peer.on('close', (code) => say('peer_down', { code, answered }));
}

const login = Buffer.from(`${user}:${password}`).toString('base64');
const server = https.createServer(
    { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) });
const sockets = new WebSocketServer({
  server,
  path: '/tun',
  handleProtocols: (offered) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false,
  verifyClient: ({ req }, done) =>
      done(req.headers.authorization === `Basic ${login}`, 401),
});
sockets.on('headers', (headers) => headers.push(
    'X-Audc-OverlayIP: 169.254.0.2', 'X-Audc-OverlayPrefix: 18'));
sockets.on('connection', serve);
server.listen(Number(port), address, () => say('listening'));
