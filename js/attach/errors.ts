/** An attach spec that cannot be taken. The message names the program, the option, the value and what is accepted. */
export class AttachSpecError extends Error {
  override readonly name: string = 'AttachSpecError';
  readonly program: string | undefined;

  constructor(message: string, program?: string) {
    super(message);
    this.program = program;
  }
}
