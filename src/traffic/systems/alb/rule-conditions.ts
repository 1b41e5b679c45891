import { annotation, jsonAnnotation } from './annotations';
import { CustomTest, globMatches, Match, PathTest, ValueTest } from '../../network/match';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** What a path of an Ingress rule asks of a request; a string says what is wrong with it. */
export function ruleMatch(ingress: ReadObject, host: string | undefined, path: Record<string, any>, serviceName: string): Match | string {
  const hosts: string[] = host ? [host] : [];
  const paths = pathTests(ingress, path, host !== undefined);
  if (typeof paths === 'string') return paths;
  const values: ValueTest[] = [];
  const custom: CustomTest[] = [];
  const conditions = jsonAnnotation(ingress, `conditions.${serviceName}`);
  if (conditions instanceof Error) return `annotation conditions.${serviceName} is no JSON`;
  for (const condition of recordsOf(conditions)) {
    switch (condition.field) {
      case 'host-header': hosts.push(...strings(condition.hostheaderconfig?.values)); break;
      case 'path-pattern':
        paths.push(...strings(condition.pathpatternconfig?.values).map((pattern): PathTest => ({ kind: 'glob', pattern })));
        paths.push(...strings(condition.pathpatternconfig?.regexvalues).map((regex): PathTest => ({ kind: 'regex', regex, partial: true })));
        break;
      case 'http-header': {
        const config = condition.httpheaderconfig;
        if (!isRecord(config)) return 'condition http-header needs httpHeaderConfig';
        const regexes = strings(config.regexvalues);
        if (regexes.length > 0) values.push({ of: 'header', name: String(config.httpheadername), op: 'regex', value: regexes.map((each) => `(?:.*(?:${each}).*)`).join('|') });
        else values.push({ of: 'header', name: String(config.httpheadername), op: 'glob', values: strings(config.values), ignoreCase: true });
        break;
      }
      case 'http-request-method': values.push({ of: 'method', op: 'oneOf', values: strings(condition.httprequestmethodconfig?.values) }); break;
      case 'query-string': custom.push(queryTest(recordsOf(condition.querystringconfig?.values))); break;
      case 'source-ip': values.push({ of: 'sourceIp', op: 'cidr', values: strings(condition.sourceipconfig?.values) }); break;
      default: return `condition field must be host-header, path-pattern, http-header, http-request-method, query-string or source-ip, got ${condition.field}`;
    }
  }
  if (hosts.length > 0) values.unshift({ of: 'host', op: 'glob', values: hosts, ignoreCase: true });
  return { path: paths.length === 0 ? { kind: 'any' } : paths.length === 1 ? paths[0] : { kind: 'oneOf', tests: paths }, values, custom };
}

function pathTests(ingress: ReadObject, path: Record<string, any>, hosted: boolean): PathTest[] | string {
  const text = typeof path.path === 'string' ? path.path : '';
  const type = path.pathType;
  if (text === '') return hosted ? [] : [{ kind: 'glob', pattern: '/*' }];
  if (type === 'Exact' || type === 'Prefix') {
    if (/[*?]/.test(text)) return `path ${text}: pathType ${type} takes no * or ?`;
    if (type === 'Exact') return [{ kind: 'exact', path: text }];
    const bare = text.replace(/\/+$/, '');
    return bare === '' ? [{ kind: 'glob', pattern: '/*' }] : [{ kind: 'exact', path: bare }, { kind: 'prefix', prefix: `${bare}/` }];
  }
  if (annotation(ingress, 'use-regex-path-match') === 'true') return [{ kind: 'regex', regex: text.replace(/^\//, ''), partial: true }];
  return [/[*?]/.test(text) ? { kind: 'glob', pattern: text } : { kind: 'exact', path: text }];
}

// Keys and values without regard to case, wildcards in both, any of the pairs.
function queryTest(pairs: readonly Record<string, any>[]): CustomTest {
  return {
    text: `query ${pairs.map((pair) => `${pair.key ?? '*'}=${pair.value}`).join(' or ')}`,
    test: (request) => {
      const given = (request.query ?? '').split('&').filter((each) => each !== '').map((each) => [each.split('=')[0], each.split('=').slice(1).join('=')]);
      return pairs.some((pair) => given.some(([key, value]) =>
        (pair.key === undefined || globMatches(String(pair.key), key, true)) && globMatches(String(pair.value), value, true)));
    },
  };
}

function strings(value: any): string[] {
  return listOf(value).map(String);
}
