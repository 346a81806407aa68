export type Shape = { sides: number };
export const square: Shape = { sides: 4 };
export let calls = 0;
export function count(): number {
  return (calls += 1);
}
count();
export { square as default };
