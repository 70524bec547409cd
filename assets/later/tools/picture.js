/* The map as a picture, exactly as it is seen, to keep or to print; what stands round it tells what it shows. */
(function (parktwin) {
  "use strict";

  const { el } = parktwin.dom;
  let told = null; // what was last heard of the sources, for a print that cannot wait
  let sheet = null;

  /* The pictures that lie on the flat map, the lowest first. */
  function laid(box) {
    const order = (node) => {
      const pane = node.closest(".leaflet-pane:not(.leaflet-map-pane)");
      return pane ? Number(getComputedStyle(pane).zIndex) || 0 : 0;
    };
    const all = [...box.querySelectorAll("canvas, img.leaflet-tile-loaded")];
    return all.filter((node) => node.checkVisibility({ visibilityProperty: true })).map((node, at) => [order(node), at, node]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , node]) => node);
  }

  /* Every picture where it stands on the map, its motion and opacity included. */
  function stamp(pen, node, origin) {
    const { left, top, width, height } = node.getBoundingClientRect();
    if (!width || !height) return;
    pen.globalAlpha = Number(getComputedStyle(node).opacity);
    pen.drawImage(node, left - origin.left, top - origin.top, width, height);
    pen.globalAlpha = 1;
  }

  /* The map alone, on a canvas of its own, as many pixels as the screen has. Tiles of servers that do not share them
     are left out, since a canvas that holds them cannot be read: ``tiles`` says how many. */
  function map() {
    const box = parktwin.map.leaflet.getContainer();
    const origin = box.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const canvas = el("canvas");
    [canvas.width, canvas.height] = [origin.width, origin.height].map((each) => Math.round(each * ratio));
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = parktwin.palette.colour("ground");
    pen.fillRect(0, 0, origin.width, origin.height);
    const missing = parktwin.map.inSpace ? space(pen, origin) : flat(pen, box, origin);
    return { canvas, width: origin.width, height: origin.height, ratio, missing };
  }

  function flat(pen, box, origin) {
    const shown = laid(box);
    const foreign = shown.filter((node) => node.tagName === "IMG" && !shared(node));
    shown.filter((node) => !foreign.includes(node)).forEach((node) => stamp(pen, node, origin));
    return foreign.length;
  }

  function shared(image) {
    return new URL(image.src, window.location.href).origin === window.location.origin || image.crossOrigin !== null;
  }

  /* The 3-D map draws itself anew into the same moment, since its canvas is empty once it has been shown. */
  function space(pen, origin) {
    [parktwin.deckView.picture(), parktwin.surface.canvas].filter(Boolean).forEach((each) => pen.drawImage(each, 0, 0, origin.width, origin.height));
    return 0;
  }

  /* What is known of the sources now, or was at the moment shown. */
  async function hear() {
    const { at } = parktwin.url.state;
    const strip = at ? await parktwin.dom.fetchJson(`/api/v1/screens/strip/frame?${new URLSearchParams({ at })}`) : null;
    const health = at ? null : await parktwin.dom.fetchJson("/healthz");
    told = { at, freshness: strip ? strip.panels.freshness : parktwin.strip.panels.freshness, sources: health ? health.sources : [] };
    return told;
  }

  function known() {
    const now = { at: parktwin.url.state.at, freshness: parktwin.url.state.at ? null : parktwin.strip.panels.freshness, sources: [] };
    return told && told.at === now.at ? told : now;
  }

  async function save() {
    const done = parktwin.strip.wait();
    try {
      await hear();
      const canvas = parktwin.frame.compose(map(), known());
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      const when = parktwin.i18n.toLocal(parktwin.ages.shown()).replace(/[-:]/g, "").replace("T", "-");
      const { key } = parktwin.shell.screenAt(parktwin.url.state.path) || { key: "map" };
      hand(blob, `parktwin-${key}-${when}.png`);
      parktwin.strip.notice("picture", null);
    } catch (error) {
      window.console.warn(error);
      parktwin.strip.notice("picture", { key: "ui.error.picture" }, { key: "ui.close" }, () => parktwin.strip.notice("picture", null));
    } finally {
      done();
    }
  }

  function hand(blob, name) {
    const address = URL.createObjectURL(blob);
    const link = Object.assign(el("a"), { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  /* On paper stands the same picture. The browser asks for it without patience. */
  function spread() {
    fold();
    sheet = el("div", "print-sheet", parktwin.frame.compose(map(), known()));
    document.body.append(sheet);
  }

  function fold() {
    if (sheet) sheet.remove();
    sheet = null;
  }

  async function print() {
    await hear().catch(() => null);
    window.print();
  }

  function start() {
    window.addEventListener("beforeprint", spread);
    window.addEventListener("afterprint", fold);
  }

  parktwin.picture = { start, save, print, hand, map };
})((window.parktwin = window.parktwin || {}));
