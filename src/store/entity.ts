/** A JSON object in the service's wire form: members as `shapes.ts` lists them, timestamps in seconds since 1970. */
export type Message = Readonly<Record<string, unknown>>;

export type EntityKind = 'DataSource' | 'MLModel' | 'Evaluation' | 'BatchPrediction';

/** PENDING → INPROGRESS → COMPLETED or FAILED; each of them → DELETED, which is final. */
export type EntityStatus = 'PENDING' | 'INPROGRESS' | 'COMPLETED' | 'FAILED' | 'DELETED';

/** An object of the service. Times are milliseconds since 1970. */
export interface Entity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly name: string | undefined;
  readonly status: EntityStatus;
  /** INPROGRESS: how far the work is; FAILED: why, and what to do. */
  readonly message: string | undefined;
  /** The members of the create call, as given, without id, name and passwords. */
  readonly request: Message;
  /** What the work on it found and later calls changed, in wire form: SizeInBytes, PerformanceMetrics, EndpointInfo, … */
  readonly facts: Message;
  readonly createdAt: number;
  /** Last change of status, name or facts; progress messages do not count. */
  readonly lastUpdatedAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** Milliseconds of CPU time. */
  readonly computeTime?: number;
}

/** A tag of an object; the value is null when the tag was given without one. */
export interface Tag {
  readonly key: string;
  readonly value: string | null;
}

/** Work on an entity, as one runner has claimed it. A claim ends when the job is finished, failed, released, recovered or removed. */
export interface Job {
  readonly kind: EntityKind;
  readonly id: string;
  /** The runner that claimed it. */
  readonly runner: string;
  /** 1 the first time. */
  readonly attempt: number;
  /** Tells this claim from others on the same object. */
  readonly claim: number;
  /** The entity as it was when the job was claimed: INPROGRESS. */
  readonly entity: Entity;
}

/** What the work on an entity found; facts are laid over those it has. */
export interface JobOutcome {
  readonly facts: Message;
  /** Milliseconds of CPU time. */
  readonly computeTime: number;
}

/** What a create call gives. */
export interface NewEntity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly name: string | undefined;
  /** The members of the create call without id, name and passwords. What it depends on is read from its ids. */
  readonly request: Message;
  readonly facts?: Message;
  /** Text that equal create calls share. */
  readonly fingerprint: string;
  /** Values of the kind's filter variables other than CreatedAt, LastUpdatedAt, Status and Name; absent ones count as ''. */
  readonly filters: Readonly<Record<string, string>>;
}

/**
 * `created`: it was inserted; `same`: it exists, made by an equal call; `different`: it exists, made by another call, or was
 * deleted: the id of a deleted object stays taken, even for an equal call.
 */
export type Created = 'created' | 'same' | 'different';
