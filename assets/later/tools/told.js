/* What lies within a shape, in the words that panels draw. */
(function (parktwin) {
  "use strict";

  const WHOLE = 0.995; // of its ground

  const quiet = (state) => state === "normal";

  /* Its gravest state, as a colour; what is silent counts after every alarm. */
  function worst(layer) {
    const [first] = Object.keys(layer.states);
    if (!first || quiet(first)) return null;
    return parktwin.palette.isRisk(first) ? first : "off";
  }

  function states(layer) {
    const loud = Object.entries(layer.states).filter(([state]) => !quiet(state));
    return loud.map(([state, n]) => parktwin.i18n.say({ key: "inside.state", args: { n, state: { key: `ui.state.${state}` } } })).join(parktwin.i18n.lang === "zh" ? "，" : ", ");
  }

  /* Who is there: people counted on the premises, who is at work, who lives or lies in a bed there. */
  function people({ people: said }) {
    const counted = said.counted
      ? { key: said.fewest === said.most ? "inside.counted" : "inside.between", args: { low: said.fewest, high: said.most, n: said.counted, of: said.touched, at: { at: said.collected_at } } }
      : { key: "inside.uncounted", args: { of: said.touched } };
    const items = [
      { key: "persons", label: { key: "inside.persons" }, value: { value: said.by_share, digits: 0 }, note: counted },
      { key: "workers", label: { key: "inside.workers" }, value: { value: said.workers, digits: 0 }, note: said.works === null ? { key: "inside.works.none" } : { key: "inside.works", args: { n: said.works } } },
      { key: "residents", label: { key: "inside.residents" }, value: { value: said.residents, digits: 0 }, note: { key: said.beds ? "inside.targets.beds" : "inside.targets", args: { n: said.targets, beds: said.beds } } },
    ];
    return { kind: "figure", form: "grid", items, title: { key: "inside.who" } };
  }

  function share(part) {
    return part >= WHOLE ? { key: "inside.whole" } : { key: "inside.share", args: { share: parktwin.i18n.measured({ value: Math.max(1, 100 * part), digits: 0, unit: "%" }) } };
  }

  /* The enterprises whose ground is touched, most people first. */
  function premises({ enterprises }) {
    const row = (each) => ({
      key: each.id, title: { zh: each.name_zh, en: each.name_en }, sub: share(each.share),
      right: each.persons === null ? "" : { key: "inside.heads", args: { n: each.persons } },
      right_sub: each.collected_at ? { at: each.collected_at } : null,
      pick: { layer: "enterprises", id: each.id },
    });
    const list = () => ({ kind: "list", rows: enterprises.map(row), total: enterprises.length });
    return { key: "premises", title: { key: "inside.enterprises" }, count: enterprises.length, worst: null, states: "", list };
  }

  function row(layer, each) {
    const said = quiet(each.state) ? "" : { key: `ui.state.${each.state}` };
    return {
      key: each.id, level: parktwin.palette.isRisk(each.state) ? each.state : null,
      title: { zh: each.name_zh, en: each.name_en }, sub: each.id === each.name_zh ? null : each.id,
      right: said, right_sub: each.share === null ? parktwin.drawPaint.lengthOf(each.distance_m) : share(each.share),
      pick: { layer: layer.id, id: each.id },
    };
  }

  /* A layer: the gravest and nearest by name; the rest is in the file. */
  function layer(said) {
    const list = () => ({ kind: "list", rows: said.features.map((each) => row(said, each)), total: said.count });
    return { key: said.id, title: { zh: said.title_zh, en: said.title_en }, count: said.count, worst: worst(said), states: states(said), list };
  }

  parktwin.insideTold = { people, premises, layer };
})((window.parktwin = window.parktwin || {}));
