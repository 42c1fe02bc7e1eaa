/** The BTF itself is wrong or asks for something that cannot be decoded. The message says what; the caller adds which object. */
export class BtfError extends Error {
  override readonly name: string = 'BtfError';
}

/** A value given by a script does not fit its C type. The message starts with the path of the value: `value.addr.port: …`. */
export class ValueError extends Error {
  override readonly name: string = 'ValueError';
}
