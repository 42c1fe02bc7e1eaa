export interface Shape {
  sides: number;
}
export type Other = number;
export const make = (): Shape => ({ sides: 4 });
