import { name } from "./circle";

export const second = (): string => `second of ${name()}`;
