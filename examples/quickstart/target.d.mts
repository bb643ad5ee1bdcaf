/** Types of what examples/chains uses. */
export class Target {
  readonly name: string;
  readonly pid: number | undefined;
  readonly isAlive: boolean;
  constructor(name: string, program: string, args: readonly string[], onEnded: (target: Target) => void);
  ready(probe: () => Promise<boolean>, deadlineMs?: number): Promise<void>;
  kill(): void;
  stop(): Promise<void>;
}
