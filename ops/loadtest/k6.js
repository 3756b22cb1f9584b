// A chat load for k6 (https://k6.io), as it is against a node on this machine:
//
//   k6 run ops/loadtest/k6.js
//   k6 run -e URL=wss://chat.example.org/chat -e USERS=500 -e ROOMS=20 -e RATE=0.5 -e DURATION=2m ops/loadtest/k6.js
//
// Each user joins a room, writes now and then, checks that what it is shown comes in order, and that
// everything it has written is acknowledged. It fails when one of the thresholds below is crossed.
import ws from 'k6/ws';
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';

const url = __ENV.URL || 'ws://localhost:3001/chat';
const users = Number(__ENV.USERS || 50);
const rooms = Number(__ENV.ROOMS || 5);
const rate = Number(__ENV.RATE || 0.5); // messages a second and user
const duration = __ENV.DURATION || '30s';

const ackTime = new Trend('chat_ack_time', true);
const deliveryTime = new Trend('chat_delivery_time', true);
const sent = new Counter('chat_sent');
const acked = new Counter('chat_acked');
const delivered = new Counter('chat_delivered');
const disorder = new Counter('chat_disorder'); // places of the room's order left out, doubled or swapped
const refused = new Counter('chat_refused');
const unanswered = new Counter('chat_unanswered');

export const options = {
  scenarios: {
    chat: { executor: 'per-vu-iterations', vus: users, iterations: 1, maxDuration: '1h' },
  },
  thresholds: {
    checks: ['rate==1'],
    chat_ack_time: ['p(99)<1000'],
    chat_delivery_time: ['p(99)<1000'],
    chat_disorder: ['count==0'],
    chat_refused: ['count==0'],
    chat_unanswered: ['count==0'],
  },
};

// seconds reads 90s, 2m or 1h.
function seconds(text) {
  const found = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  if (!found) {
    throw new Error(`DURATION must be like 30s, 2m or 1h, not ${text}`);
  }
  return Number(found[1]) * { s: 1, m: 60, h: 3600 }[found[2]];
}

const life = seconds(duration) * 1000;
const patience = 10000; // ms for the last answers
const run = Date.now().toString(36);

export default function chat() {
  const room = `k6-${(__VU - 1) % rooms}`;
  const pending = new Map(); // id → when it was sent
  let at = null; // the place in the room's order
  let count = 0;
  const end = Date.now() + life;

  const take = {
    connected: (frame, socket) => {
      socket.setInterval(() => socket.send('{"type":"ping"}'), frame.pingMs * 0.6);
    },
    message_history: (frame, socket) => {
      if (at === null) {
        // The first message comes after a random time, so that users do not write in step.
        socket.setTimeout(() => socket.setInterval(write, 1000 / rate), (Math.random() * 1000) / rate + 1);
      }
      at = frame.seq;

      function write() {
        if (Date.now() > end) {
          return; // wait for the answers
        }
        const id = `${run}-${__VU}-${count}`;
        count += 1;
        pending.set(id, Date.now());
        sent.add(1);
        socket.send(JSON.stringify({ type: 'send_message', id, room, message: `k6 ${Date.now()} user ${__VU} message ${count}` }));
      }
    },
    new_message: (frame) => {
      place(frame.seq);
      delivered.add(1);
      const due = /^k6 (\d+) /.exec(frame.data.message);
      if (due) {
        deliveryTime.add(Date.now() - Number(due[1]));
      }
    },
    message_updated: (frame) => place(frame.seq),
    message_deleted: (frame) => place(frame.seq),
    bulk_delete: (frame) => place(frame.seq),
    ack: (frame) => {
      if (pending.has(frame.id)) {
        ackTime.add(Date.now() - pending.get(frame.id));
        acked.add(1);
        pending.delete(frame.id);
      }
    },
    throttled: (frame) => refuse(frame),
    error: (frame) => refuse(frame),
  };

  function place(seq) {
    if (seq === undefined) {
      return; // provisional: it has no place yet
    }
    if (at !== null && seq !== at + 1) {
      disorder.add(1);
    }
    at = seq;
  }

  function refuse(frame) {
    refused.add(1);
    pending.delete(frame.id);
  }

  const response = ws.connect(`${url}?room=${room}`, {}, (socket) => {
    socket.on('message', (text) => {
      const frame = JSON.parse(text);
      if (take[frame.type]) {
        take[frame.type](frame, socket);
      }
    });
    socket.on('error', (e) => {
      if (e.error() !== 'websocket: close sent') {
        console.error(e.error());
      }
    });
    socket.setInterval(() => {
      const over = Date.now() - end;
      if (over > patience || (over > 1000 && pending.size === 0)) {
        unanswered.add(pending.size);
        socket.close(1000);
      }
    }, 100);
  });
  check(response, { 'upgraded': (r) => r !== null && r.status === 101 });
}
