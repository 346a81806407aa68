declare module "jquery" {
  interface Found {
    attr(name: string, value: string | undefined): Found;
    find(selector: string): Found;
    text(value: string | undefined): Found;
    toggleClass(name: string, on: boolean): Found;
  }
  export default function $(selector: string): Found;
}

// What this widget uses of the platform (developers.kommo.com/docs/script-js), and the files that its script carries.

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

declare module "*.twig" {
  const text: string;
  export default text;
}

declare module "*.css";
