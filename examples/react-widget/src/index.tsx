import { createRoot, type Root } from "react-dom/client";

import { addNote } from "./notes";
import { QuickNote } from "./QuickNote";

const CLASS = "quick-note-panel";

/** The platform makes one of it for every card that is opened. */
export default function Widget(this: Widget): void {
  let root: Root | undefined;

  const save = (text: string): PromiseLike<unknown> => {
    const lead = APP.data.current_card?.id;
    const prefix = this.get_settings().prefix ?? "";
    return lead ? addNote(lead, `${prefix}${text}`) : Promise.reject(new Error("no lead is open"));
  };

  this.callbacks = {
    render: () => {
      this.render_template({ caption: { class_name: "quick-note" }, body: `<div class="${CLASS}"></div>`, render: "" });
      const place = document.querySelector(`.${CLASS}`);
      if (place) {
        root = createRoot(place);
        root.render(<QuickNote words={this.i18n("panel")} save={save} />);
      }
      return true;
    },
    init: () => true,
    bind_actions: () => true,
    settings: () => true,
    onSave: () => true,
    destroy: () => root?.unmount(),
  };
}
