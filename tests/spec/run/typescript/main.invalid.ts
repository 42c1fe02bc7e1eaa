enum Color {
  Red = 1,
  Green,
}
const enum Fixed {
  Ten = 10,
}
namespace Space {
  export const inner = Color.Green;
}
import Alias = Space.inner;
abstract class Base {
  constructor(
    private readonly kept: number,
    public shown = 2,
  ) {}
  abstract name(): string;
  sum(): number {
    return this.kept + this.shown;
  }
}
function logged<This, Args extends unknown[], R>(method: (this: This, ...args: Args) => R, context: ClassMethodDecoratorContext) {
  return function (this: This, ...args: Args): R {
    console.log('calling', String(context.name));
    return method.apply(this, args);
  };
}
class Derived extends Base {
  declare absent: string;
  accessor level = 5;
  static #count = 0;
  @logged
  override name(): string {
    return `derived ${++Derived.#count}`;
  }
}
const made = new Derived(1);
console.log(Color[Color.Green], Fixed.Ten, Alias, made.sum(), made.name(), made.level, 'absent' in made);
{
  using resource = { [Symbol.dispose]: () => console.log('disposed') };
  console.log(typeof resource);
}
const checked = { a: 1 } satisfies Record<string, number>;
const value = <number>checked.a!;
type Shape = { kind: 'square' } | { kind: 'circle' };
interface Empty {}
const empty: Empty & Partial<Shape> = {};
console.log(value as unknown, empty, [1, 2, 3].at(-1)?.toFixed(1) ?? 'none');
export type { Shape };
