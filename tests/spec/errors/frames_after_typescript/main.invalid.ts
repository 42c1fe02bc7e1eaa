enum Color {
  Red,
  Green,
}
interface Wide {
  a: number;
  b: string;
}
function plain(_: unknown, context: ClassDecoratorContext): void {
  void context.name;
}
@plain
class Shape<T extends Wide = Wide> {
  accessor color: Color = Color.Green;
  constructor(private readonly wide: Partial<T> = {}) {}
  fail<U>(this: Shape, by: U): never {
    const text: string = `${by}`; throw new RangeError(text + this.color);
  }
  static make(): Shape {
    return new Shape({ a: 1 } as Wide);
  }
}

function call(shape: Shape): void {
  [1].forEach((n: number): void => {
    shape.fail<number>(n as number);
  });
}

call(Shape.make());
