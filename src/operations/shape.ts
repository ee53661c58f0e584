/** A value that goes over the wire. `timestamp`: seconds since 1970 as a JSON number. */
export interface SimpleShape {
  readonly type: 'string' | 'boolean' | 'integer' | 'long' | 'float' | 'timestamp';
  /** The only values allowed. */
  readonly enum?: readonly string[];
  /** Regular expression of the whole value. */
  readonly pattern?: string;
  /** Characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ListShape {
  readonly type: 'list';
  readonly item: Shape;
  readonly maxItems?: number;
}

export interface MapShape {
  readonly type: 'map';
  readonly key: SimpleShape;
  readonly value: SimpleShape;
}

export interface StructureShape {
  readonly type: 'structure';
  /** In the order in which clients show them. */
  readonly members: Members;
}

export type Shape = SimpleShape | ListShape | MapShape | StructureShape;

/** A shape in its place: a member of a structure, or of an operation's input. */
export type Member = Shape & { readonly required?: true };
export type Members = Readonly<Record<string, Member>>;
