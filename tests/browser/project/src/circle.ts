import { second } from "./second";

export const first = (): string => `first ${second()}`;
export const name = (): string => "circle";
