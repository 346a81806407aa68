// What this widget uses of the platform (developers.kommo.com/docs/script-js).

interface Panel {
  caption: { class_name: string };
  body: string;
  render: string;
}

interface Widget {
  callbacks: Record<string, (...given: never[]) => unknown>;
  get_settings(): Record<string, string | undefined>;
  i18n(group: string): Record<string, string>;
  render_template(panel: Panel): void;
}

declare const APP: { data: { current_card?: { id: number } } };

declare module "*.module.css" {
  const names: Record<string, string>;
  export default names;
}
