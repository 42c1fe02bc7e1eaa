/** How one named program attaches, checked and lowered: what native code takes. */
export interface AttachSpec {
  readonly program: string;
  readonly lane: 'auto' | 'off';
}
