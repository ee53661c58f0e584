import type { EntityKind, Tag } from '../store/entity.js';
import type { Input, OperationContext } from './context.js';
import { alive, nameOf } from './errors.js';
import { type Message, ServiceError } from './service.js';

/** Tags that an object can have (Amazon ML developer guide, "Tagging your Amazon ML objects"). */
const MOST_TAGS = 50;
const RESERVED_PREFIX = 'aws:';

interface Resource {
  readonly ResourceId: string;
  readonly ResourceType: EntityKind;
}

export function addTags({ store }: OperationContext, input: Input): Message {
  const { ResourceId, ResourceType, Tags } = input as unknown as Resource & {
    Tags: { Key?: string; Value?: string }[];
  };
  const tags = Tags.map(readTag);
  const keys = tags.map(({ key }) => key);
  const repeated = keys.find((key, i) => keys.indexOf(key) !== i);
  if (repeated !== undefined) throw invalidTag(`the key '${repeated}' is given twice`);
  return store.transaction(() => {
    alive(store.get(ResourceType, ResourceId), ResourceType, ResourceId);
    const count = new Set([...store.tags(ResourceType, ResourceId).map(({ key }) => key), ...keys]).size;
    if (count > MOST_TAGS) {
      throw new ServiceError(
        'TagLimitExceededException',
        `The ${nameOf(ResourceType, ResourceId)} would have ${count} tags; ${MOST_TAGS} are allowed`,
      );
    }
    store.putTags(ResourceType, ResourceId, tags);
    return { ResourceId, ResourceType };
  });
}

function readTag({ Key, Value }: { Key?: string; Value?: string }, index: number): Tag {
  if (Key === undefined) throw invalidTag(`Tags[${index}] has no Key`);
  if (Key.toLowerCase().startsWith(RESERVED_PREFIX)) {
    throw invalidTag(`the key '${Key}' begins with '${RESERVED_PREFIX}', which is reserved`);
  }
  return { key: Key, value: Value ?? null };
}

export function deleteTags({ store }: OperationContext, input: Input): Message {
  const { ResourceId, ResourceType, TagKeys } = input as unknown as Resource & { TagKeys: string[] };
  return store.transaction(() => {
    alive(store.get(ResourceType, ResourceId), ResourceType, ResourceId);
    store.removeTags(ResourceType, ResourceId, TagKeys);
    return { ResourceId, ResourceType };
  });
}

export function describeTags({ store }: OperationContext, input: Input): Message {
  const { ResourceId, ResourceType } = input as unknown as Resource;
  alive(store.get(ResourceType, ResourceId), ResourceType, ResourceId);
  const Tags = store
    .tags(ResourceType, ResourceId)
    .map(({ key, value }) => (value === null ? { Key: key } : { Key: key, Value: value }));
  return { ResourceId, ResourceType, Tags };
}

function invalidTag(what: string): ServiceError {
  return new ServiceError('InvalidTagException', `Invalid tag: ${what}`);
}
