import $ from "jquery";
import * as _ from "underscore";

import "./panel.css";
import { Kind, Panel } from "./panel";
import * as shapes from "./shapes";
import answers, { yes } from "./answers.json";
import flagged, { named } from "../vendor/flagged";
import plain from "../vendor/plain";
import universal from "../vendor/universal";
import { first } from "./circle";

log("loaded", Kind.Wide, Kind[1], first(), shapes, answers, yes, flagged, named, plain.twice(2), universal);

export const other = 1;

export default function Widget(this: Widget): void {
  const panel = new Panel<string>(Kind.Wide);
  this.callbacks = {
    render: () => {
      $(document.body).append('<div class="shown">' + this.i18n("title") + "</div>");
      log("colour", $(".shown").css("color"), document.querySelectorAll("style").length);
      return true;
    },
    init: () => panel.add("a", "b").count === 2 && _.name === "underscore",
    bind_actions: async () => {
      const lazy = require("../vendor/plain");
      const given = await Promise.all([panel.later(), import("./late").then((late) => late.default)]);
      return [...given, lazy === plain];
    },
    settings: () => {
      const { kind, ...rest } = { kind: panel.kind, a: 1, b: null as null | { c: number } };
      return [kind, rest, rest.b?.c ?? "none", 2 ** 5, [..."é😀"].length];
    },
    onSave: () => {
      throw new RangeError("not saved");
    },
    destroy: () => [...panel],
  };
}
