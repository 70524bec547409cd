/* The sound of grave alarms. It says when it is off, and being silenced is not being acknowledged: the alarm stays as it is. */
(function (parktwin) {
  "use strict";

  const KEPT = "parktwin.sound";
  const AGAIN_MS = 20000;
  const TONES = [[880, 0], [660, 0.22], [880, 0.44]]; // Hz, s
  let context = null;
  let calling = new Set(); // ids of alarms that call
  let silenced = new Set(); // those of them that were silenced: a new one calls again
  let called = 0;

  function wanted() {
    return window.localStorage.getItem(KEPT) !== "off";
  }

  /* A browser lets nobody be loud before somebody has touched the page, unless its operator allows it. */
  function ready() {
    return Boolean(context) && context.state === "running";
  }

  function open() {
    if (!context) {
      context = new AudioContext();
      context.onstatechange = draw;
    }
    if (context.state === "suspended") context.resume().then(draw, () => {});
  }

  function beep() {
    TONES.forEach(([pitch, after]) => {
      const [tone, volume, at] = [context.createOscillator(), context.createGain(), context.currentTime + after];
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.21);
    });
  }

  /* ``ids``: the grave alarms that nobody has looked at. */
  function call(ids) {
    const fresh = ids.some((id) => !calling.has(id));
    calling = new Set(ids);
    silenced = new Set([...silenced].filter((id) => calling.has(id)));
    if (fresh) called = 0;
    sound();
    draw();
  }

  function sound() {
    const due = [...calling].some((id) => !silenced.has(id)) && Date.now() - called >= AGAIN_MS;
    if (!due || !wanted() || !ready()) return;
    called = Date.now();
    beep();
  }

  function silence() {
    silenced = new Set(calling);
    draw();
  }

  function toggle() {
    const on = !(wanted() && ready());
    window.localStorage.setItem(KEPT, on ? "on" : "off");
    if (on) open();
    draw();
  }

  function draw() {
    const box = parktwin.cid.place("sound");
    if (!box) return;
    const state = !wanted() ? "off" : ready() ? "on" : "blocked";
    parktwin.dom.say(box, { key: `ui.sound.${state}` });
    parktwin.dom.attr(box, "data-state", state);
  }

  function start() {
    if (wanted()) open();
    document.addEventListener("pointerdown", () => wanted() && open(), { capture: true, passive: true });
    parktwin.ages.onTick(sound);
    draw();
  }

  parktwin.sound = { start, call, silence, toggle, redraw: draw, get silent() { return [...calling].every((id) => silenced.has(id)); } };
})((window.parktwin = window.parktwin || {}));
