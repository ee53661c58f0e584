/** The four attribute types of Amazon Machine Learning. */
export const ATTRIBUTE_TYPES = ['BINARY', 'CATEGORICAL', 'NUMERIC', 'TEXT'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

/** One column of the data. */
export interface Attribute {
  readonly attributeName: string;
  readonly attributeType: AttributeType;
}

/** A data schema, in the JSON spelling of Amazon Machine Learning (API 2014-12-12, "Creating a data schema"). */
export interface Schema {
  readonly version: '1.0';
  /** Attribute copied to prediction output as `tag` and never learned from. */
  readonly rowId: string | null;
  readonly rowWeight: string | null;
  readonly targetAttributeName: string | null;
  readonly dataFormat: 'CSV';
  readonly dataFileContainsHeader: boolean;
  /** One per column, in column order. */
  readonly attributes: readonly Attribute[];
  /** Attributes that occupy a column and are not used. */
  readonly excludedAttributeNames: readonly string[];
}
