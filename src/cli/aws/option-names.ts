/**
 * The option of a member, without its dashes: `MLModelId` is `ml-model-id`, `RDSData` is `rds-data`, `EQ` is `eq`.
 *
 * botocore: xform_name
 */
export function optionName(member: string): string {
  return member
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
