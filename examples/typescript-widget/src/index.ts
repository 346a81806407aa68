import $ from "jquery";

import { clockIn } from "./clock";
import body from "./panel.twig";
import "./style.css";

function show(widget: Widget): void {
  const words = widget.i18n("panel");
  widget.render_template({ caption: { class_name: "office-hours-caption" }, body, render: "" });
  const clock = clockIn(widget.get_settings().zone ?? "", new Date());
  const panel = $(".office-hours");
  panel.attr("aria-label", words.title).toggleClass("office-hours--closed", !clock?.open);
  panel.find(".office-hours__time").text(clock?.time ?? "");
  panel.find(".office-hours__state").text(clock ? (clock.open ? words.open : words.closed) : words.unknown);
}

/** The platform makes one of it for every card that is opened. */
export default function OfficeHours(this: Widget): void {
  this.callbacks = {
    render: () => {
      show(this);
      return true;
    },
    init: () => true,
    bind_actions: () => true,
    settings: () => true,
    onSave: () => true,
    destroy: () => undefined,
  };
}
