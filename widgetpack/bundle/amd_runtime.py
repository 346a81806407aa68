"""What a linked script needs at run time: JavaScript with places for free names."""

from __future__ import annotations

from typing import Final

HELPERS: Final = {
    "call": """function %(call)s(f, a, x, m) {
if ({}.toString.call(f) != "[object Function]") return f;
f = f.apply(x, a);
return f === void 0 ? m ? m.exports : x : f;
}
""",
    "catch": """function %(catch)s(run) {
var f;
function define() { f = arguments[arguments.length - 1]; }
define.amd = { jQuery: true };
run.call(window, define);
return f;
}
""",
    "require": """var %(table)s = {};
function %(require)s(base) {
function at(id) { var i = id.indexOf("!") + 1; return /^\\.\\.?\\//.test(id.slice(i)) ? id.slice(0, i) + "./" + base + id.slice(i) : id; }
function key(id) {
var i = id.indexOf("!") + 1, out = [];
if (!/^\\.\\.?\\//.test(id.slice(i))) return "";
(base + id.slice(i)).split("/").forEach(function (s) { if (s == "..") out.pop(); else if (s != ".") out.push(s); });
id = id.slice(0, i) + out.join("/");
return [id, id + ".js"].filter(function (k) { return {}.hasOwnProperty.call(%(table)s, k); })[0] || "";
}
function local(ids, ok, fail) {
if (typeof ids == "string") return key(ids) ? %(table)s[key(ids)] : %(outer)s(at(ids));
var rest = [], slots = ids.map(function (id) { return key(id) || rest.push(at(id)) - 1; });
%(outer)s(rest, ok && function () { var got = arguments; return ok.apply(this, slots.map(function (s) { return typeof s == "string" ? %(table)s[s] : got[s]; })); }, fail);
return local;
}
local.toUrl = function (id) { return %(outer)s.toUrl(at(id)); };
local.defined = function (id) { return !!key(id) || %(outer)s.defined(at(id)); };
local.specified = function (id) { return !!key(id) || %(outer)s.specified(at(id)); };
local.undef = function (id) { return %(outer)s.undef(at(id)); };
local.isBrowser = true;
return local;
}
""",
}
"""What the linked script needs at run time, each only where something uses it."""
