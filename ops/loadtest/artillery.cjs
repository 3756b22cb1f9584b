// What a user of artillery.yml does. Artillery's own steps take whatever frame comes next for the
// answer; in a chat that is mostly somebody else's message, so answers are found by their id here.
'use strict';

const messages = 10; // of each user
const pause = 500; // ms between them
const patience = 10000; // ms for an answer

module.exports = { chat };

async function chat(context, events) {
  const { ws } = context;
  const answers = new Map(); // id → what takes the answer
  let at = null; // the place in the room's order

  ws.on('message', (text) => {
    const frame = JSON.parse(text);
    if (frame.type === 'message_history') {
      at = frame.seq;
    } else if (frame.data && frame.seq !== undefined) {
      events.emit('counter', 'chat.delivered', 1);
      if (at !== null && frame.seq !== at + 1) {
        events.emit('error', 'out of order');
      }
      at = frame.seq;
    }
    answers.get(frame.id)?.(frame);
  });

  for (let i = 0; i < messages; i += 1) {
    const id = crypto.randomUUID();
    const begun = performance.now();
    const answer = waitFor(answers, id);
    ws.send(JSON.stringify({ type: 'send_message', id, message: `artillery message ${i}` }));
    events.emit('counter', 'chat.sent', 1);
    const frame = await answer;
    if (frame.type !== 'ack') {
      throw new Error(frame.type === 'error' ? `error ${frame.code}` : frame.type);
    }
    events.emit('counter', 'chat.acked', 1);
    events.emit('histogram', 'chat.ack_ms', performance.now() - begun);
    await new Promise((go) => setTimeout(go, pause));
  }
}

// waitFor is the frame that answers id.
function waitFor(answers, id) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), patience);
    answers.set(id, (frame) => {
      clearTimeout(timer);
      answers.delete(id);
      resolve(frame);
    });
  });
}
