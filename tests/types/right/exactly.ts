type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** `exactly<T>()(value)` compiles only where the type of `value` is `T`, and not `any`. */
export function exactly<T>(): <V>(value: V, ..._: Same<V, T> extends true ? [] : [never]) => void {
  return () => undefined;
}
