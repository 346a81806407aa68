/* The platform in small: recording stand-ins, and a driver that runs a widget and hands its log to the frame around it. */
(function () {
  "use strict";
  var phase = "load";
  var entries = [];
  var variant = location.pathname.split("/")[3];
  // What the package's own platform.js says of the page: texts, settings, constants, underscore,
  // methods of a widget, given (callback -> arguments), shows(phase), ends(path).
  var own = window.PLATFORM || {};

  function shown(value, depth) {
    if (typeof value === "function") return "function/" + value.length;
    if (value === window) return "window";
    if (value instanceof Error) return value.name + ": " + value.message.split("\n")[0];
    if (value === undefined) return "undefined";
    if (value && typeof value === "object") {
      if (value.jquery) return "jQuery(" + value.length + ")";
      if (value.nodeType) return "<" + value.nodeName + ">";
      if (typeof value.then === "function") return "promise";
      if (depth > 3) return "...";
      if (Array.isArray(value)) return value.map(function (v) { return shown(v, depth + 1); });
      var out = {};
      Object.keys(value).sort().forEach(function (k) { out[k] = shown(value[k], depth + 1); });
      return out;
    }
    return value;
  }
  window.log = function () {
    var parts = [].slice.call(arguments).map(function (v) { return shown(v, 0); });
    entries.push([phase, JSON.stringify(parts).split("/" + variant + "/").join("/*/")]);
  };
  window.addEventListener("error", function (event) { window.log("error", event.message); });
  window.addEventListener("unhandledrejection", function (event) { window.log("rejection", event.reason); });

  function recorder(name) {
    return new Proxy(function () {}, {
      get: function (_, key) {
        if (typeof key === "symbol" || key === "then" || key === "prototype") return undefined;
        return recorder(name + "." + key);
      },
      apply: function (_, __, args) { window.log(name, args); return recorder(name + "()"); },
      construct: function (_, args) { window.log("new " + name, args); return {}; },
    });
  }

  if (location.search === "?sync") {
    // Scripts that arrive at once, in the order they are asked for: RequireJS' own depth-first order, without the network's.
    requirejs.load = function (context, name, url) {
      var request = new XMLHttpRequest();
      request.open("GET", url, false);
      request.send();
      if (request.status !== 200) return context.onError(new Error("no file " + url));
      var script = document.createElement("script");
      script.text = request.responseText;
      document.head.appendChild(script);
      context.completeLoad(name);
    };
  }
  define("moment", [], function () { return recorder("moment"); });
  define("twigjs", [], function () { return recorder("twigjs"); });
  define("underscore", [], function () { return own.underscore || { name: "underscore" }; });
  define("lib/components/base/modal", [], function () { return recorder("Modal"); });
  function plugin(read) {
    return {
      useXhr: function () { return false; },
      load: function (name, req, done) {
        var request = new XMLHttpRequest();
        request.open("GET", req.toUrl(name), false);
        request.send();
        done(read(request.responseText));
      },
    };
  }
  define("text", [], function () { return plugin(String); });
  define("json", [], function () { return plugin(JSON.parse); });

  window.Twig = { Templates: { registry: {} } };
  window.APP = {
    widgets: { system: { area: "lcard" } },
    cf_types: {}, element_types: {}, data: { current_card: {} },
    constant: function (name) { window.log("APP.constant", name); return (own.constants || {})[name] || {}; },
    notifications: recorder("APP.notifications"),
    getBaseEntity: function () { return "leads"; },
  };

  function settle(name, value) {
    window.log(name, value);
    if (!value || typeof value.then !== "function") return Promise.resolve();
    var limit = new Promise(function (done) { setTimeout(done, 400, "pending"); });
    return Promise.race([value, limit]).then(
      function (v) { window.log(name + " resolved", v); },
      function (e) { window.log(name + " rejected", e); }
    );
  }
  function call(widget, path, args) {
    var owner = path.length > 1 ? widget.callbacks[path[0]] : widget.callbacks;
    var result;
    try { result = owner[path[path.length - 1]].apply(widget, args); } catch (error) { result = error; }
    return settle(path.join("."), result);
  }
  // The platform gives these to the prototype, so that a constructor has them already.
  function equip(widget) {
    widget.params = { path: "/none", version: "1", widget_code: "code", status: "installed" };
    widget.langs = { widget: { name: "n" } };
    widget.i18n = function (key) { window.log("i18n", key); return (own.texts || {})[key] || "t:" + key; };
    widget.get_version = function () { return "1"; };
    ["render", "render_template", "crm_post", "set_status", "get_settings", "set_settings", "system", "$authorizedAjax"].concat(own.methods || []).forEach(function (name) {
      widget[name] = function () {
        window.log("self." + name, [].slice.call(arguments));
        if (name === "render_template" && own.shows) window.$("<div class='panel'>").html(arguments[0].body).appendTo("body");
        return name === "get_settings" && own.settings ? own.settings : {};
      };
    });
  }
  function drive(Widget) {
    window.log("value", Widget);
    if (typeof Widget !== "function" || Widget.plain) return Promise.resolve();
    var widget;
    if (Widget.prototype) equip(Widget.prototype);
    try { widget = new Widget(); } catch (error) { window.log("new", error); return Promise.resolve(); }
    equip(widget);
    var names = [];
    Object.keys(widget.callbacks || {}).forEach(function (name) {
      if (typeof widget.callbacks[name] === "function") names.push([name]);
      else Object.keys(widget.callbacks[name]).forEach(function (inner) { names.push([name, inner]); });
    });
    return names.reduce(function (done, path) {
      return done.then(function () { var given = own.given && own.given[path.join(".")];
        return call(widget, path, given ? given() : [{ active: "Y", fields: {} }]); }).then(function () {
        return own.shows && own.shows(path.join("."), widget);
      });
    }, Promise.resolve());
  }
  var over = false;
  function finish() {
    if (over) return;
    over = true;
    parent.postMessage(entries, "*");
  }
  require(["jquery"], function () {
    window.$ = window.jQuery;
    require([location.pathname.replace("page.html", "w/script.js")], function (Widget) {
      phase = "call";
      drive(Widget).then(function () { return own.ends && own.ends(location.pathname.replace("page.html", "w/script.js")); }).then(function () {
        setTimeout(finish, 200);
      });
    }, function (error) {
      window.log("failed", String(error.message).split("\n")[0]);
      finish();
    });
  });
  setTimeout(finish, 6000);
})();
