/* Ids of components on the client; the twin of twin/ids.py. */
(function (parktwin) {
  "use strict";

  const SHELL = "shell";

  function of(role, screen, name) {
    return { role, screen, name };
  }

  /* Dash writes dict ids into the page as JSON with sorted keys. */
  function asText(id) {
    return JSON.stringify(Object.fromEntries(Object.keys(id).sort().map((key) => [key, id[key]])));
  }

  function element(role, screen, name) {
    return document.getElementById(asText(of(role, screen, name)));
  }

  function place(name) {
    return element("place", SHELL, name);
  }

  /* Hands data to a store, so that the callback that listens to it runs. */
  function store(name, data) {
    window.dash_clientside.set_props(of("store", SHELL, name), { data });
  }

  parktwin.cid = { SHELL, of, asText, element, place, store };
})((window.parktwin = window.parktwin || {}));
