import { ValueError } from '../../btf/mod.ts';
import { show } from '../../text.ts';
import type { Shape } from './shape.ts';

/** One value per possible CPU, each rounded up to 8 bytes as the kernel copies them. */
export function perCpuShape(one: Shape, cpus: number): Shape {
  const { size } = one;
  const stride = (size + 7) & ~7;
  return {
    size: stride * cpus,
    decode(views, offset) {
      const values = new Array<unknown>(cpus);
      for (let cpu = 0; cpu < cpus; cpu++) values[cpu] = one.decode(views, offset + cpu * stride);
      return values;
    },
    encode(views, offset, value, path) {
      const length = lengthOf(value);
      if (length !== cpus) {
        const given = length === undefined ? show(value) : `an array of ${length}`;
        throw new ValueError(`${path}: must be an array of info().num_cpus = ${cpus} values, not ${given}`);
      }
      const values = value as ArrayLike<unknown>;
      for (let cpu = 0; cpu < cpus; cpu++) {
        const at = offset + cpu * stride;
        views.u8.fill(0, at + size, at + stride);
        one.encode(views, at, values[cpu], `${path}[${cpu}]`);
      }
    },
  };
}

function lengthOf(value: unknown): number | undefined {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  return isList ? (value as unknown as ArrayLike<unknown>).length : undefined;
}
