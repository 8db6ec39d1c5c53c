// Tells PulseScore what visitors of a website do. Calls wait in localStorage until the server has
// them, so that a closed page, a lost network or a full stop loses none; the server counts each once.
(function (w, d, settings) {
  "use strict";
  var tag = d.currentScript;
  var data = (tag && tag.dataset) || {};
  var base = new URL(data.host || (tag && tag.src) || w.location.href).origin;
  var address = base + "/v1/batch";
  var memory = {}, sending = false, failures = 0, timer = 0, linked = "";
  var MOST = 1000, BYTES = 60000, CALL = 32000;

  // Private windows may forbid storage; then calls live as long as the page.
  var store = {
    get: function (key) {
      try { return w.localStorage.getItem("pulse." + key) || memory[key] || null; } catch (e) { return memory[key] || null; }
    },
    set: function (key, value) {
      memory[key] = value;
      try { w.localStorage.setItem("pulse." + key, value); delete memory[key]; } catch (e) { /* kept in memory */ }
    },
    remove: function (key) {
      delete memory[key];
      try { w.localStorage.removeItem("pulse." + key); } catch (e) { /* was in memory only */ }
    },
    waiting: function () {
      var keys = Object.keys(memory);
      try { keys = keys.concat(Object.keys(w.localStorage).map(function (key) { return key.slice(0, 6) === "pulse." ? key.slice(6) : ""; })); } catch (e) { /* memory only */ }
      return keys.filter(function (key) { return key.slice(0, 2) === "q."; }).sort();
    }
  };

  function unique() {
    if (w.crypto.randomUUID) return w.crypto.randomUUID();
    return Array.from(w.crypto.getRandomValues(new Uint8Array(16)), function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
  }
  function anonymous() {
    var known = store.get("anonymous");
    if (!known) store.set("anonymous", known = unique());
    return known;
  }
  function context() {
    var here = w.location, zone;
    try { zone = Intl.DateTimeFormat().resolvedOptions().timeZone; } catch (e) { /* unknown */ }
    return {
      library: { name: "pulse.js", version: "1" }, userAgent: w.navigator.userAgent, locale: w.navigator.language, timezone: zone,
      page: { url: here.href, path: here.pathname, search: here.search, title: d.title, referrer: d.referrer }
    };
  }

  // One entry per call: tabs never write over one another.
  function enqueue(type, fields) {
    var call = { type: type, messageId: unique(), anonymousId: anonymous(), originalTimestamp: new Date().toISOString(), context: context() };
    var user = store.get("user"), key, text, waiting;
    if (user) call.userId = user;
    for (key in fields) if (fields[key] !== undefined && fields[key] !== null) call[key] = fields[key];
    text = JSON.stringify(call);
    if (new Blob([text]).size > CALL) { if (w.console) w.console.warn("pulse: a call has at most 32 kB"); return; }
    waiting = store.waiting();
    if (waiting.length >= MOST) store.remove(waiting[0]);
    store.set("q." + Date.now() + "." + call.messageId, text);
    soon(200);
  }
  function soon(wait) {
    if (!timer) timer = w.setTimeout(function () { timer = 0; send(); }, wait);
  }
  function portion(done) {
    var keys = [], texts = [], size = 0;
    store.waiting().some(function (key) {
      var text = done[key] ? null : store.get(key);
      if (!text) return false;
      size += new Blob([text]).size;
      if (keys.length && size > BYTES) return true;
      keys.push(key); texts.push(text);
      return keys.length >= 100;
    });
    return keys.length && {
      keys: keys,
      body: '{"writeKey":' + JSON.stringify(settings.key) + ',"sentAt":"' + new Date().toISOString() + '","batch":[' + texts.join(",") + "]}"
    };
  }
  // What the server refuses for good would be refused again; everything else is kept.
  function send() {
    var next = !sending && portion({});
    if (!next) return;
    sending = true;
    w.fetch(address, { method: "POST", body: next.body, keepalive: true, credentials: "omit", headers: { "Content-Type": "text/plain" } }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429 || answer.status === 401) throw answer;
      next.keys.forEach(store.remove);
      failures = 0; sending = false; send();
    }).catch(function () {
      sending = false;
      failures += 1;
      soon(Math.min(60000, 1000 * Math.pow(2, failures)));
    });
  }
  // A page that goes away sends beacons; their calls stay until some page hears that they arrived.
  function leave() {
    var done = {}, next;
    while (w.navigator.sendBeacon && (next = portion(done))) {
      if (!w.navigator.sendBeacon(address, next.body)) return;
      next.keys.forEach(function (key) { done[key] = 1; });
    }
  }

  // Intercom's Messenger: whose visitor this is, and the same calls for it where that is switched on.
  function messenger() {
    if (settings.forward && typeof w.Intercom === "function") w.Intercom.apply(w, arguments);
  }
  function link() {
    var visitor;
    try { visitor = typeof w.Intercom === "function" && w.Intercom("getVisitorId"); } catch (e) { return; }
    if (!visitor || visitor === linked || visitor === store.get("visitor")) return;
    linked = visitor;
    store.set("visitor", visitor);
    enqueue("alias", { userId: visitor, previousId: anonymous(), context: { messenger: true } });
  }

  var pulse = {
    identify: function (user, traits) {
      if (user && typeof user === "object") { traits = user; user = null; }
      if (user) store.set("user", String(user));
      enqueue("identify", { traits: traits || {} });
      var told = Object.assign({}, traits);
      if (user) told.user_id = String(user);
      messenger("update", told);
    },
    track: function (event, properties) {
      enqueue("track", { event: event, properties: properties || {} });
      messenger("trackEvent", event, properties || {});
    },
    page: function (name, properties) {
      if (name && typeof name === "object") { properties = name; name = null; }
      enqueue("page", { name: name, properties: Object.assign({}, context().page, properties) });
      messenger("update");
    },
    group: function (group, traits) {
      enqueue("group", { groupId: String(group), traits: traits || {} });
      messenger("update", { company: Object.assign({}, traits, { company_id: String(group) }) });
    },
    alias: function (user, previous) {
      enqueue("alias", { userId: String(user), previousId: previous || store.get("user") || anonymous() });
      store.set("user", String(user));
    },
    reset: function () {
      ["user", "anonymous", "visitor"].forEach(store.remove);
      linked = "";
      messenger("shutdown");
    },
    anonymousId: anonymous,
    flush: send,
    push: function (call) { pulse[call[0]].apply(pulse, call.slice(1)); }
  };
  var before = w.pulse;
  w.pulse = pulse;
  if (Array.isArray(before)) before.forEach(pulse.push);
  if (data.page !== "off") pulse.page();
  w.addEventListener("pagehide", leave);
  d.addEventListener("visibilitychange", function () { if (d.visibilityState === "hidden") leave(); });
  w.addEventListener("online", send);
  w.setInterval(link, 2000);
  link();
  soon(0);
})(window, document, __SETTINGS__);
