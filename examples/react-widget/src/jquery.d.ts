declare module "jquery" {
  const $: { ajax(request: Record<string, unknown>): PromiseLike<unknown> };
  export default $;
}
