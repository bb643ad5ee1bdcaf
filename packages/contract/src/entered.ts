/**
 * Which of the monitors that share a thread runs. Promise: where a thread holds one monitor, all of this does
 * nothing. Bundles have copies of this file, so the account itself lies in a place all of them know.
 */
export interface Entered {
  /** Key of the monitor whose code ran last. */
  readonly current: number;
  enter(key: number): void;
}

const PLACE = Symbol.for('vedette.entered');

export function offerEntered(entered: Entered): void {
  Reflect.set(globalThis, PLACE, entered);
}

/**
 * To be called where a monitor begins to wait; the function it gives is called just before its code goes on, so
 * that what it then computes is on its account and not on that of whoever ran meanwhile.
 */
export function reentry(): () => void {
  const entered = Reflect.get(globalThis, PLACE) as Entered | undefined;
  if (entered === undefined) return () => undefined;
  const key = entered.current;
  return () => {
    entered.enter(key);
  };
}
