// Stands in for the module k6/ws by the browser's own WebSocket. It has those of k6's methods that the
// script calls, and is as strict as k6 about what it is given; any other call fails.
const running = [];

export const ended = () => Promise.all(running);

export default { connect };

function connect(url, params, use) {
  const response = { status: 0 };
  const real = new WebSocket(url);
  const handlers = new Map();
  const timers = [];
  const emit = (event, ...args) => (handlers.get(event) ?? []).forEach((handle) => handle(...args));
  const socket = {
    on: (event, handle) => handlers.set(event, [...(handlers.get(event) ?? []), handle]),
    send: (text) => {
      if (typeof text !== 'string') {
        throw new Error('send takes text');
      }
      real.send(text);
    },
    close: (code) => real.close(code),
    setTimeout: (act, ms) => timers.push([clearTimeout, setTimeout(act, positive(ms))]),
    setInterval: (act, ms) => timers.push([clearInterval, setInterval(act, positive(ms))]),
  };
  real.onopen = () => {
    response.status = 101;
    use(socket);
    emit('open');
  };
  real.onmessage = (e) => emit('message', e.data);
  real.onerror = () => emit('error', { error: () => 'the connection broke' });
  running.push(new Promise((done) => {
    real.onclose = (e) => {
      timers.forEach(([clear, timer]) => clear(timer));
      emit('close', e.code);
      done();
    };
  }));
  return response;
}

function positive(ms) {
  if (!(ms > 0)) {
    throw new Error('k6 takes only a time above 0');
  }
  return ms;
}
