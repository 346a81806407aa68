declare function log(...given: unknown[]): void;
declare module "jquery";
declare module "underscore";
declare module "*.css";
declare module "*.json";
interface Widget {
  callbacks: Record<string, (...given: never[]) => unknown>;
  i18n(key: string): string;
  get_settings(): Record<string, string>;
}
