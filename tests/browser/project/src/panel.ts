export enum Kind {
  Narrow,
  Wide = 1,
}

abstract class Base {
  static made = 0;
  #inner = 3;
  constructor(readonly kind: Kind) {
    Base.made += 1;
    log("made", new.target.name === "Base", Base.made, this.#inner);
  }
  abstract get count(): number;
}

export class Panel<T> extends Base {
  private items: T[] = [];
  get count(): number {
    return this.items.length;
  }
  add(...items: T[]): this {
    this.items.push(...items);
    return this;
  }
  async later(): Promise<string> {
    await null;
    return `${this.items.join("-")}!`;
  }
  *[Symbol.iterator](): Generator<T> {
    yield* this.items;
  }
}
