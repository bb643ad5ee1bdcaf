/**
 * One monitor. The only owner of its state: what is wanted is stored, what to do is derived from
 * the present state, one step at a time, so a later wish replaces an earlier one. At most one
 * worker of it is alive at any time.
 */
import { type MonitorSpec, type Placement, type RestartCause, type SerialisedError } from '@vedette/contract';
import { Account } from './account.js';
import { aftermathOf, FIRST_START, type NextStart } from './aftermath.js';
import { monitorError, verdictError } from './errors.js';
import type { OfMonitor } from './events.js';
import { firstRoundDelayMs } from './first-round.js';
import type { WorkerExit } from './hosts/host.js';
import { receive } from './inbox.js';
import { reconnectSpreadMs } from './reconnect-spread.js';
import { Lifecycle } from './lifecycle.js';
import { NO_HISTORY, type RestartHistory } from './restart.js';
import { Run, type ForcedStep, type RunEnd, type RunListener } from './run.js';
import { PRIORITY, type Ticket } from './start-gate.js';
import { startDataOf } from './start-data.js';
import { statusOf, type MonitorStatus } from './status.js';
import type { Surroundings } from './surroundings.js';
import type { BadVerdict } from './watch-decision.js';
import { Wellbeing } from './wellbeing.js';
import { Wish } from './wish.js';

export class Supervised {
  readonly #shared: Surroundings;
  readonly #account: Account;
  readonly #life: Lifecycle;
  readonly #wellbeing: Wellbeing;
  readonly #changes: (() => void)[] = [];
  #isActing = false;
  readonly #wish: Wish;
  #attempt = 0;
  #run: Run | null = null;
  #placement: Placement | null = null;
  #ticket: Ticket | null = null;
  #history: RestartHistory = NO_HISTORY;
  #next: NextStart = FIRST_START;
  #cancelWait: () => void = () => undefined;

  constructor(spec: MonitorSpec, shared: Surroundings) {
    this.#wish = new Wish(spec);
    this.#shared = shared;
    this.#account = new Account((revision) => shared.initialState(spec.id, revision));
    this.#life = new Lifecycle(shared, () => this.#about());
    this.#wellbeing = new Wellbeing(shared, (from, to) => {
      shared.emit('monitor.health-changed', { ...this.#about(), from, to });
    });
  }

  get spec(): MonitorSpec {
    return this.#wish.spec;
  }

  get isWanted(): boolean {
    return this.#wish.isWanted;
  }

  /** Its worker was killed long ago and is still there. */
  get isAbandoned(): boolean {
    return this.#run?.isAbandoned ?? false;
  }

  /** Sets the wish; null: it shall not run. The work goes on by itself. */
  want(spec: MonitorSpec | null): void {
    this.#act(() => {
      this.#wish.set(spec);
    });
  }

  /** Stops it until `resume`, whatever its settings become. False if it is not wanted or is paused already. */
  pause(): boolean {
    if (!this.#wish.shallRun) return false;
    this.#act(() => {
      this.#wish.pause(true);
    });
    this.#shared.emit('monitor.paused', this.#about());
    return true;
  }

  /** Ends a pause; its next start is a first one. False if it is not paused. */
  resume(): boolean {
    if (!this.#wish.isPaused) return false;
    this.#shared.emit('monitor.resumed', this.#about());
    this.#act(() => {
      this.#wish.pause(false);
    });
    return true;
  }

  /** A new run as soon as possible, also out of `backoff` and `failed`. False if it is not wanted or is paused. */
  restart(): boolean {
    if (!this.#wish.shallRun) return false;
    this.#act(() => {
      this.#wish.askRestart();
    });
    return true;
  }

  /** Asks for a round now; false unless it is running. */
  runRound(): boolean {
    if (this.#run === null || this.#life.word !== 'running') return false;
    this.#run.send({ type: 'round' });
    return true;
  }

  /** The deadline of a stop has come: kills what is left of it. */
  force(): void {
    this.#run?.force();
  }

  status(): MonitorStatus {
    const { clock } = this.#shared;
    const isWaiting = this.#run === null && this.#wish.shallRun && this.#life.word !== 'failed';
    const waitMs = isWaiting ? this.#next.dueAt - clock.monotonic() : 0;
    return statusOf({
      spec: this.#wish.spec,
      state: this.#life.state,
      isPaused: this.#wish.isPaused,
      health: this.#wellbeing.word,
      attempt: this.#attempt,
      account: this.#account,
      nextStartAt: waitMs > 0 ? clock.now() + waitMs : null,
      vitals: this.#run?.vitals.read() ?? null,
      placement: this.#placement,
    });
  }

  /** Every word from outside comes through here: one change, one look at what it means, then the next. */
  #act(change: () => void): void {
    this.#changes.push(change);
    if (this.#isActing) return;
    this.#isActing = true;
    try {
      for (let next = this.#changes.shift(); next !== undefined; next = this.#changes.shift()) {
        next();
        this.#reconcile();
      }
    } finally {
      this.#isActing = false;
    }
    if (!this.#wish.isWanted && this.#run === null) this.#shared.onGone(this);
  }

  readonly #wake = (): void => {
    this.#act(() => undefined);
  };

  #reconcile(): void {
    if (this.#run !== null) this.#steer(this.#run);
    else if (this.#wish.shallRun) this.#approachStart();
    else this.#settle();
  }

  /** There is a worker: let it be, or stop it. */
  #steer(run: Run): void {
    if (this.#life.word === 'stopping') return;
    if (!this.#wish.shallRun) {
      this.#dropTicket();
      this.#stop(run, 'removed');
    } else if (this.#wish.isRestartAsked) {
      this.#stop(run, 'requested');
    } else if (!this.#isUpToDate(run.spec)) {
      // The old one works on until there is room for the new: a mass change leaves no long gap.
      this.#ticket ??= this.#askToStart(PRIORITY.first);
      if (this.#ticket.isGranted) this.#stop(run, 'config-changed');
    } else if (this.#ticket?.isGranted === false) {
      this.#dropTicket();
    }
  }

  /** Wanted, and no worker: start when it is due and there is room. */
  #approachStart(): void {
    const { clock } = this.#shared;
    this.#cancelWait();
    if (this.#wish.isRestartAsked || this.#next.revision !== this.#wish.spec.revision) {
      this.#history = NO_HISTORY;
      this.#next = { ...this.#next, dueAt: -Infinity };
    } else if (this.#life.word === 'failed') {
      this.#dropTicket();
      return;
    }
    const waitMs = this.#next.dueAt - clock.monotonic();
    if (waitMs > 0) {
      this.#dropTicket();
      this.#cancelWait = clock.after(waitMs, this.#wake);
      return;
    }
    this.#ticket ??= this.#askToStart(this.#next.priority);
    if (this.#ticket.isGranted) this.#start();
  }

  /** Not to run, and no worker. */
  #settle(): void {
    this.#cancelWait();
    this.#dropTicket();
    this.#wish.forgetRestart();
    this.#next = FIRST_START;
    if (this.#life.word !== 'stopped') this.#life.moveTo({ state: 'stopped' });
  }

  #start(): void {
    const { clock, emit, wantedCount } = this.#shared;
    const { why } = this.#next;
    const spec = this.#wish.spec;
    this.#wish.forgetRestart();
    this.#attempt += 1;
    this.#account.begin();
    this.#life.moveTo({ state: 'starting', attempt: this.#attempt, since: clock.now() });
    // One that was refused did not run, so nothing is run again.
    const isAgain = why !== null && why.cause !== 'refused';
    if (isAgain) {
      this.#account.restarted(why.cause);
      emit('monitor.restarted', { ...this.#about(), ...why });
    }
    const delayMs = isAgain ? 0 : firstRoundDelayMs(spec.id, spec.periodMs, wantedCount());
    this.#wellbeing.begin(spec, delayMs);
    const start = startDataOf(
      {
        spec,
        attempt: this.#attempt,
        state: this.#account.stateFor(spec.revision),
        firstRoundDelayMs: delayMs,
        reconnectSpreadMs: reconnectSpreadMs(wantedCount()),
      },
      this.#shared,
    );
    this.#run = new Run(start, this.#shared, this.#runListener);
    this.#placement = this.#run.placement;
  }

  #isUpToDate(ran: MonitorSpec): boolean {
    const { keyOf } = this.#shared;
    return ran === this.#wish.spec || keyOf(ran) === keyOf(this.#wish.spec);
  }

  /** A run's words; those of an older run find another run here, or none, and are dropped. */
  readonly #runListener: RunListener = {
    onReady: (run) => {
      this.#ofRun(run, () => {
        this.#ready(run);
      });
    },
    onMessage: (run, message) => {
      if (run !== this.#run) return;
      receive(
        run,
        message,
        this.#about(),
        { account: this.#account, wellbeing: this.#wellbeing },
        this.#shared,
      );
    },
    onForced: (run, step) => {
      this.#ofRun(run, () => {
        this.#wasForced(run, step);
      });
    },
    onEnded: (run, exit) => {
      this.#ofRun(run, () => {
        this.#ended(run, exit);
      });
    },
  };

  #ofRun(run: Run, change: () => void): void {
    this.#act(() => {
      if (run === this.#run) change();
    });
  }

  #ready(run: Run): void {
    if (this.#life.word !== 'starting') return;
    this.#dropTicket();
    this.#wellbeing.up(run, (verdict, forMs) => {
      this.#ofRun(run, () => {
        this.#judged(run, verdict, forMs);
      });
    });
    const since = this.#shared.clock.now();
    this.#life.moveTo({ state: 'running', attempt: run.attempt, since, hostId: run.hostId });
  }

  #judged(run: Run, verdict: BadVerdict, forMs: number): void {
    if (this.#life.word !== 'running' || run.end !== null) return;
    const error = verdictError(verdict, run.spec, forMs, run.vitals.read());
    if (verdict === 'memory-mark') {
      this.#stop(run, verdict, error);
      return;
    }
    this.#wellbeing.hung();
    this.#shared.emit('monitor.hung', { ...this.#about(), cause: verdict, forMs });
    run.abort(
      { cause: verdict, error, isPermanent: false },
      () => this.#wellbeing.hasMoved(verdict),
      () => {
        this.#ofRun(run, () => {
          this.#wellbeing.recovered();
        });
      },
    );
  }

  #stop(run: Run, cause: RunEnd['cause'], error: SerialisedError | null = null): void {
    const { stopTimeoutMs } = run.spec.limits;
    this.#toStopping(stopTimeoutMs, cause === 'removed' ? null : cause, error);
    run.stop({ cause, error, isPermanent: false }, stopTimeoutMs);
  }

  #toStopping(deadlineMs: number, cause: RestartCause | null, error: SerialisedError | null): void {
    const since = this.#shared.clock.now();
    this.#wellbeing.down();
    this.#life.moveTo({ state: 'stopping', since, deadline: since + deadlineMs }, cause, error);
  }

  #wasForced(run: Run, step: ForcedStep): void {
    const text = step === 'terminated' ? 'did not stop in time' : 'cannot be ended';
    const error = monitorError('MONITOR_STOP_TIMEOUT', run.spec, text, { step });
    this.#account.lastError = error;
    this.#shared.emit('monitor.forced', { ...this.#about(), step, error });
    if (step === 'abandoned' && this.#life.word !== 'stopping') {
      const cause = run.end?.cause ?? 'removed';
      this.#toStopping(0, cause === 'removed' ? null : cause, error);
    }
  }

  #ended(run: Run, exit: WorkerExit): void {
    const { clock, policy, random } = this.#shared;
    const after = aftermathOf(run, exit, this.#history, policy, clock.monotonic(), random());
    const isStopping = this.#life.word === 'stopping';
    this.#run = null;
    this.#account.ended(after.why?.error ?? null);
    this.#wellbeing.down();
    this.#history = after.history;
    this.#next = after;
    // The room taken for a planned restart is kept for the new worker; a crash queues again.
    if (!after.isPlanned) this.#dropTicket();

    const cause = after.why?.cause ?? null;
    const { error } = after;
    if (isStopping) this.#life.moveTo({ state: 'stopped' }, cause, after.why?.error ?? null);
    else if (after.isFinal) this.#life.moveTo({ state: 'failed', error }, cause, error);
    else {
      const until = clock.now() + after.delayMs;
      this.#life.moveTo({ state: 'backoff', attempt: run.attempt, until, reason: error }, cause, error);
    }
  }

  #askToStart(priority: number): Ticket {
    const { journal, gate, host } = this.#shared;
    const { spec } = this.#wish;
    journal.startAsked(spec.id, this.#attempt + 1);
    return gate.request(priority, this.#wake, host.connectionsOf?.(spec));
  }

  #dropTicket(): void {
    this.#ticket?.release();
    this.#ticket = null;
  }

  #about(): OfMonitor {
    return { id: this.#wish.spec.id, spec: this.#run?.spec ?? this.#wish.spec, attempt: this.#attempt };
  }
}
