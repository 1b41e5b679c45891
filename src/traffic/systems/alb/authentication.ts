import { annotation } from './annotations';
import { Policy } from '../../network/action';
import { SystemInput } from '../../network/network';
import { ReadObject } from '../../read/objects';

/** Who has to say who he is before rules for a Service act; a string says what is wrong. Only HTTPS listeners ask. */
export function authentication(ingress: ReadObject, serviceName: string, { cluster }: SystemInput): Policy[] | string {
  const service = cluster.service(ingress.namespace, serviceName)?.object;
  const from = (key: string): Policy | undefined => {
    for (const object of [service, ingress]) {
      const value = object && annotation(object, key);
      if (object && value !== undefined) return { name: 'authentication', value, origin: { object: object.ref, at: 'metadata.annotations' } };
    }
    return undefined;
  };
  const type = from('auth-type');
  const token = from('jwt-validation');
  const asks = type !== undefined && type.value !== 'none';
  if (asks && token) return 'auth-type and jwt-validation exclude each other';
  if (asks && !['oidc', 'cognito'].includes(type.value)) return `auth-type must be none, oidc or cognito, got ${type.value}`;
  return token ? [{ ...token, value: 'JWT' }] : asks ? [type] : [];
}
