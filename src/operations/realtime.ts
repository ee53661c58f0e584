import type { Entity } from '../store/entity.js';
import type { Input, OperationContext } from './context.js';
import { alive, invalid, nameOf } from './errors.js';
import { seconds } from './reply.js';
import type { Message } from './service.js';

/** Requests per second that an endpoint is announced with (Amazon ML quotas). */
const PEAK_REQUESTS_PER_SECOND = 200;

/** Ready at once: any process with the model's file can predict. */
export function createRealtimeEndpoint({ store, endpointUrl }: OperationContext, input: Input): Message {
  const MLModelId = input.MLModelId as string;
  return store.transaction(() => {
    const model = alive(store.get('MLModel', MLModelId), 'MLModel', MLModelId);
    if (model.status !== 'COMPLETED') {
      throw invalid(
        `The ${nameOf('MLModel', MLModelId)} is ${model.status}; only a COMPLETED one can have an endpoint`,
      );
    }
    if (!hasEndpoint(model)) {
      const facts = { EndpointCreatedAt: seconds(Date.now()) };
      store.setFacts('MLModel', MLModelId, facts, { RealtimeEndpointStatus: 'READY' });
    }
    return { MLModelId, RealtimeEndpointInfo: endpointInfo(store.get('MLModel', MLModelId)!, endpointUrl) };
  });
}

export function deleteRealtimeEndpoint({ store, endpointUrl }: OperationContext, input: Input): Message {
  const MLModelId = input.MLModelId as string;
  return store.transaction(() => {
    const model = alive(store.get('MLModel', MLModelId), 'MLModel', MLModelId);
    if (hasEndpoint(model)) {
      store.setFacts('MLModel', MLModelId, { EndpointCreatedAt: undefined }, { RealtimeEndpointStatus: 'NONE' });
    }
    return { MLModelId, RealtimeEndpointInfo: endpointInfo(store.get('MLModel', MLModelId)!, endpointUrl) };
  });
}

export function hasEndpoint({ facts }: Entity): boolean {
  return facts.EndpointCreatedAt !== undefined;
}

/** `RealtimeEndpointInfo` of a model, with or without an endpoint. */
export function endpointInfo(model: Entity, endpointUrl: string): Message {
  if (!hasEndpoint(model)) return { PeakRequestsPerSecond: 0, EndpointStatus: 'NONE' };
  return {
    PeakRequestsPerSecond: PEAK_REQUESTS_PER_SECOND,
    CreatedAt: model.facts.EndpointCreatedAt,
    EndpointUrl: endpointUrl,
    EndpointStatus: 'READY',
  };
}
