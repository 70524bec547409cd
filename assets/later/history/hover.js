/* The crosshair over the large trend: one moment, and what every series says about it. */
(function (parktwin) {
  "use strict";

  const { el, say, text, attr, keyed, part } = parktwin.dom;
  const QUALITIES = ["good", "uncertain", "bad"];

  /* The sample nearest to a moment, or the bucket that holds it; -1 where nothing was heard. */
  function sampleAt({ cols, holes }, ms) {
    if (holes.some(({ from, to }) => ms > from && ms < to)) return -1;
    let [low, high] = [0, cols.ms.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cols.ms[middle] <= ms) low = middle + 1;
      else high = middle;
    }
    if (cols.step) return low - 1;
    if (low === cols.ms.length || (low && ms - cols.ms[low - 1] <= cols.ms[low] - ms)) return low - 1;
    return low;
  }

  /* Shows the crosshair at a moment within ``box``; null takes it away. */
  function show(box, ms, drawn, view) {
    const line = part(box, "cross", () => el("i", "cross"));
    const table = part(box, "told", () => attr(el("div", "told"), "role", "status"));
    line.hidden = table.hidden = ms === null || !drawn;
    if (line.hidden) return;
    const { place } = drawn;
    const share = (ms - view.from) / (view.to - view.from);
    Object.assign(line.style, { left: `${place.margin.l + share * place.width}px`, top: `${place.margin.t}px`, height: `${place.height}px` });
    text(part(table, "when", () => el("b", "when")), parktwin.i18n.stamp(ms));
    keyed(part(table, "rows", () => el("div", "told-rows")), drawn.told, ({ id }) => id, makeRow, (row, each) => fill(row, each, ms, drawn));
    toggleSide(table, share, place);
  }

  function makeRow() {
    return el("div", "told-row", el("i", "swatch"), el("span", "name"), el("span", "value"), el("span", "range"), el("span", "quality"));
  }

  function fill(row, each, ms, { place }) {
    const [swatch, name, value, range, quality] = row.children;
    const at = sampleAt(each, ms);
    const axes = place.rows.find(({ series }) => series.includes(each));
    const shown = (number) => parktwin.historyPicture.valueText(number, axes);
    const bare = (number) => parktwin.i18n.number(number, parktwin.historyPicture.digits(axes.range));
    swatch.style.background = each.colour;
    text(name, parktwin.historyPicture.nameOf(each));
    text(value, at < 0 ? "—" : shown(each.cols.value[at]));
    text(range, at >= 0 && each.cols.step ? `${bare(each.cols.low[at])} – ${bare(each.cols.high[at])}` : "");
    say(quality, { key: at < 0 ? "trend.mark.gap" : `quality.${QUALITIES[each.cols.quality[at]]}` });
    attr(row, "data-quality", at < 0 ? "none" : QUALITIES[each.cols.quality[at]]);
  }

  function toggleSide(table, share, place) {
    const right = share > 0.5;
    table.style.left = right ? "auto" : `${place.margin.l + share * place.width + 12}px`;
    table.style.right = right ? `${place.box.width - place.margin.l - share * place.width + 12}px` : "auto";
    table.style.top = `${place.margin.t}px`;
  }

  parktwin.historyHover = { show, sampleAt };
})((window.parktwin = window.parktwin || {}));
