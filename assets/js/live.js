/* Our own socket: what is watched stays watched through gaps and lost connections, and the page knows when it is old. */
(function (parktwin) {
  "use strict";

  const ACK_MS = 8000;
  const SILENCE_MS = 12000; // two heartbeats of the server, and some
  // why the server lets nobody in; what else goes wrong is tried again
  const REFUSED = ["not_signed_in", "session_idle", "session_old", "signed_in_elsewhere", "signed_out", "rights_changed", "account_locked", "password_change"];
  const watches = new Map();
  const listeners = new Set();
  const handlers = {};
  let socket = null;
  let build = null;
  let heardAt = null;
  let state = "connecting";

  function start(firstBuild) {
    build = firstBuild;
    socket = window.io("/live", { transports: ["websocket"], reconnectionDelay: 500, reconnectionDelayMax: 5000 });
    socket.on("connect", () => {
      tell("connect");
      watches.forEach(ask);
    });
    socket.on("disconnect", () => become("lost"));
    socket.on("connect_error", (error) => {
      become("lost");
      if (REFUSED.includes(error.message)) tell("refused", error.message);
    });
    socket.on("frame", take);
    ["alarm", "mode", "show", "ended", "told"].forEach((event) => socket.on(event, (said) => tell(event, said)));
    parktwin.ages.onTick(watchdog);
  }

  function tell(event, said) {
    if (handlers[event]) handlers[event](said);
  }

  function become(next) {
    if (state === next) return;
    state = next;
    listeners.forEach((listener) => listener(state, heardAt));
  }

  function watchdog() {
    if (state === "live" && heardAt !== null && Date.now() - heardAt > SILENCE_MS) become("lost");
  }

  function same(params, others) {
    return JSON.stringify(Object.entries(params).sort()) === JSON.stringify(Object.entries(others || {}).sort());
  }

  /* Begins to watch; ``onFrame(frame, whole)`` gets a snapshot first and patches after it. */
  function watch(screen, params, onFrame) {
    const before = watches.get(screen);
    if (before && same(before.params, params)) {
      before.onFrame = onFrame;
      return;
    }
    const one = { screen, params, onFrame, seq: null, asking: null, held: [] };
    watches.set(screen, one);
    if (socket && socket.connected) ask(one);
  }

  function leave(screen) {
    const one = watches.get(screen);
    if (!one) return;
    watches.delete(screen);
    if (socket && socket.connected) socket.emit("leave", { screen, params: one.params });
  }

  function ask(one) {
    const asking = {};
    one.asking = asking;
    one.held = [];
    const asked = { screen: one.screen, params: one.params };
    if (one.seq !== null) Object.assign(asked, { since: one.seq, build });
    socket.timeout(ACK_MS).emit("watch", asked, (error, frame) => {
      if (one.asking !== asking || watches.get(one.screen) !== one) return;
      one.asking = null;
      if (error) {
        if (socket.connected) ask(one);
      } else if (frame.error) {
        one.onFrame({ error: frame.error }, true);
      } else {
        welcome(one, frame);
      }
    });
  }

  function welcome(one, frame) {
    one.seq = frame.seq;
    hear(frame);
    one.onFrame(frame, !frame.partial);
    const held = one.held;
    one.held = [];
    held.sort((a, b) => a.seq - b.seq).forEach((each) => follow(one, each));
  }

  function hear(frame) {
    heardAt = Date.now();
    parktwin.ages.heard(frame.at);
    become("live");
    if (build && frame.build && frame.build !== build) {
      build = frame.build;
      tell("build", build);
    }
    if (frame.mode) tell("mode", { mode: frame.mode });
  }

  function take(frame) {
    const one = watches.get(frame.screen);
    if (!one || !same(one.params, frame.params)) return;
    if (one.asking) one.held.push(frame);
    else follow(one, frame);
  }

  /* The next number goes in, an old one is passed over, a gap asks again. */
  function follow(one, frame) {
    if (frame.whole && frame.seq > one.seq) {
      welcome(one, frame);
    } else if (frame.seq === one.seq + 1) {
      one.seq = frame.seq;
      hear(frame);
      one.onFrame(frame, false);
    } else if (frame.seq > one.seq) {
      ask(one);
    }
  }

  parktwin.live = {
    start, watch, leave,
    emit: (event, said) => { if (socket && socket.connected) socket.emit(event, said); },
    on: (event, handler) => { handlers[event] = handler; },
    onState: (listener) => listeners.add(listener),
    get state() { return state; },
    get heardAt() { return heardAt; },
    get socket() { return socket; },
  };
})((window.parktwin = window.parktwin || {}));
